"""Where articles came from, and which one a text or an address belongs to already."""

from typing import Final

from bot.article.library import Card
from bot.article.model import ArticleId
from bot.article.sketch import Sketch, resemblance
from bot.db.database import Database
from bot.db.engine import Connection
from bot.editing.prepared import Prepared
from bot.sources.addresses import address_key
from bot.sources.model import Origin, dump_origin, origin_in

_MAX_CANDIDATES: Final = 5
"""Articles with most hashes in common, whose whole sketches are compared."""


class OriginStore:
    """Addresses and sketches of all live articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, article: ArticleId) -> Origin | None:
        """Return where an article came from, if that is known."""
        row = await self._database.one("SELECT origin FROM articles WHERE id = :id", id=article)
        return origin_in(row["origin"]) if row and row["origin"] else None

    async def at_address(self, address: str) -> ArticleId | None:
        """Return the newest live article of a page, whichever of its addresses is given."""
        key = address_key(address)
        row = await self._database.one(
            "SELECT id FROM articles WHERE address = :key AND removed_at IS NULL ORDER BY id DESC LIMIT 1",
            key=key,
        )
        return ArticleId(row["id"]) if row else None

    async def most_alike(self, sketch: Sketch) -> tuple[ArticleId, float] | None:
        """Return the live article nearest to a text, and which share of their runs both have in common."""
        candidates = await self._database.all(
            """SELECT article, count(*) AS shared FROM sketches JOIN articles ON id = article
            WHERE hash IN numbers(:sketch) AND removed_at IS NULL
            GROUP BY article ORDER BY shared DESC LIMIT :most""",
            sketch=list(sketch),
            most=_MAX_CANDIDATES,
        )
        best: tuple[ArticleId, float] | None = None
        for candidate in candidates:
            rows = await self._database.all(
                "SELECT hash FROM sketches WHERE article = :article ORDER BY hash",
                article=candidate["article"],
            )
            share = resemblance(sketch, tuple(row["hash"] for row in rows))
            if best is None or share > best[1]:
                best = ArticleId(candidate["article"]), share
        return best


async def write_origin(db: Connection, card: Card, prepared: Prepared, origin: Origin | None) -> None:
    """Remember where an article came from (None: from where it did before), its address and its sketch."""
    address = origin.address if origin and origin.address else card.url
    await db.run(
        """UPDATE articles SET origin = coalesce(:origin, origin), address = coalesce(:address, address)
        WHERE id = :id""",
        id=card.id,
        origin=dump_origin(origin) if origin else None,
        address=address_key(address) if address else None,
    )
    await db.run("DELETE FROM sketches WHERE article = :article", article=card.id)
    await _write_sketch(db, card, prepared.sketch)


async def write_missing_identity(db: Connection, card: Card, sketch: Sketch) -> None:
    """Write the address and the sketch of an article that has none."""
    if card.url:
        await db.run(
            "UPDATE articles SET address = :key WHERE id = :id AND address IS NULL",
            id=card.id,
            key=address_key(card.url),
        )
    if not await db.one("SELECT 1 FROM sketches WHERE article = :article LIMIT 1", article=card.id):
        await _write_sketch(db, card, sketch)


async def _write_sketch(db: Connection, card: Card, sketch: Sketch) -> None:
    await db.many(
        "INSERT INTO sketches (hash, article) VALUES (:hash, :article)",
        [{"hash": one, "article": card.id} for one in sketch],
    )
