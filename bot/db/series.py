"""Which paragraphs articles share: what each piece of a series has is neither its summary nor a quote."""

from collections.abc import Sequence
from typing import Final

from bot.article.library import Card
from bot.article.model import ArticleId, Fingerprint
from bot.article.recurring import MIN_OTHERS, Recurring
from bot.db.database import Database
from bot.db.engine import Connection
from bot.editing.prepared import Prepared

_MAX_SLUGS: Final = 4
"""Articles that are named for a paragraph: more than are needed to tell that it recurs."""


class SeriesStore:
    """The paragraphs of all articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recurring(self, paragraphs: Sequence[Fingerprint]) -> Recurring:
        """Return those of these paragraphs that two live articles have or more, with the slugs of some."""
        found: dict[Fingerprint, set[str]] = {}
        for one in paragraphs:
            rows = await self._database.all(
                """SELECT slug FROM paragraphs JOIN articles ON id = article
                WHERE fingerprint = :one AND removed_at IS NULL LIMIT :most""",
                one=one,
                most=_MAX_SLUGS,
            )
            if len(rows) >= MIN_OTHERS:
                found[one] = {row["slug"] for row in rows}
        return found

    async def outdated(self, article: ArticleId) -> Sequence[ArticleId]:
        """Return other articles that show what this one and a third have too; not those edited by hand."""
        rows = await self._database.all(
            """SELECT DISTINCT a.id FROM paragraphs AS mine
            JOIN paragraphs AS theirs ON theirs.fingerprint = mine.fingerprint AND theirs.used = 1
                AND theirs.article <> mine.article
            JOIN articles AS a ON a.id = theirs.article AND a.removed_at IS NULL
            JOIN versions AS v ON v.article = a.id AND v.number = a.version
            WHERE mine.article = :article AND (a.version = 1 OR v.editor IS NULL) AND (
                SELECT count(*) FROM paragraphs AS every JOIN articles AS live ON live.id = every.article
                WHERE every.fingerprint = mine.fingerprint AND live.removed_at IS NULL) > :others""",
            article=article,
            others=MIN_OTHERS,
        )
        return [ArticleId(row["id"]) for row in rows]


async def write_paragraphs(db: Connection, card: Card, prepared: Prepared) -> None:
    """Remember the paragraphs of an article in place of those that it had."""
    await db.run("DELETE FROM paragraphs WHERE article = :article", article=card.id)
    used = set(prepared.used)
    await db.many(
        "INSERT INTO paragraphs (fingerprint, article, used) VALUES (:fingerprint, :article, :used)",
        [
            {"fingerprint": one, "article": card.id, "used": one in used}
            for one in dict.fromkeys((*prepared.paragraphs, *prepared.used))
        ],
    )
