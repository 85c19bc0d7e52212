"""Articles with all their versions; what they say is in their edition."""

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from bot.article.library import Card
from bot.article.metadata.slug import MAX_SLUG_CHARS
from bot.article.model import ArticleId
from bot.db.acts import record_act
from bot.db.cards import card_of_row, dump_card, live_cards
from bot.db.database import Database
from bot.db.deposits import note_published
from bot.db.engine import Connection
from bot.db.origins import write_origin
from bot.db.series import write_paragraphs
from bot.db.times import from_ms, to_ms
from bot.editing.model import Version, text_hash
from bot.editing.prepared import Prepared
from bot.errors import NotFound, RightLost
from bot.message.codec import dump_text
from bot.sources.model import Origin


class ArticleStore:
    """The articles in the database."""

    def __init__(self, database: Database, *, owners: AbstractSet[int] | None = None) -> None:
        """`owners` may edit beside the editors; when None, nobody is asked whether they may."""
        self._database = database
        self._index = database.full_text()
        self._owners = owners

    async def cards(self) -> list[Card]:
        """Return every live article."""
        return await live_cards(self._database)

    async def text(self, article: ArticleId, version: int | None = None) -> str:
        """Return an article's document, of its present version or another. NotFound when there is none."""
        row = await self._database.one(
            """SELECT v.text FROM versions AS v JOIN articles AS a ON a.id = v.article
            WHERE a.id = :id AND v.number = coalesce(:version, a.version)""",
            id=article,
            version=version,
        )
        if row is None:
            raise NotFound(article)
        return str(row["text"])

    async def versions(self, article: ArticleId) -> Sequence[Version]:
        """Return all versions of an article, the newest first."""
        rows = await self._database.all(
            "SELECT number, editor, saved_at FROM versions WHERE article = :id ORDER BY number DESC",
            id=article,
        )
        return [
            Version(number=row["number"], editor=row["editor"], saved_at=from_ms(row["saved_at"]))
            for row in rows
        ]

    async def add(
        self,
        prepared: Prepared,
        *,
        edition: int,
        editor: int | None,
        origin: Origin,
        now: datetime,
        draft: int | None = None,
        quiet: bool = False,
    ) -> Card | None:
        """Insert a new article, `quiet` if no digest shall tell of it; where its slug is taken, it gets one.

        It comes from a draft, which ends with it; None when that is gone.
        """
        async with self._database.transaction() as db:
            # Rights are checked in the transaction that uses them: reading the document may have taken
            # seconds.
            await self._must_edit(db, editor)
            if not await _end_draft(db, draft):
                return None
            [row] = await db.all(
                """SELECT coalesce(max(id), 0) + 1 AS id, CASE WHEN :quiet = 1
                THEN min(0, coalesce(min(news), 0)) - 1 ELSE max(0, coalesce(max(news), 0)) + 1 END AS news
                FROM articles""",
                quiet=quiet,
            )
            slug = await _free_slug(db, prepared.card.slug)
            card = replace(
                prepared.card, id=ArticleId(row["id"]), news=row["news"], version=1, slug=slug, added_at=now
            )
            await db.run(
                """INSERT INTO articles (id, slug, news, version, edition, card, summary, published_at)
                VALUES (:id, :slug, :news, 1, :edition, :card, :summary, :now)""",
                id=card.id,
                slug=card.slug,
                news=card.news,
                edition=edition,
                card=dump_card(card),
                summary=json.dumps(dump_text(prepared.summary), ensure_ascii=False),
                now=to_ms(now),
            )
            await _write_version(db, card, prepared.text, editor, now)
            await write_paragraphs(db, card, prepared)
            await self._index.write(db, edition, prepared.columns)
            await write_origin(db, card, prepared, origin)
            await record_act(db, editor, "published", card.slug, now)
            await note_published(db, draft, card, "published")
        return card

    async def replace(
        self,
        article: ArticleId,
        prepared: Prepared,
        *,
        edition: int,
        editor: int | None,
        origin: Origin | None,
        now: datetime,
        draft: int | None = None,
    ) -> Card | None:
        """Write a new version in place of the present one, whose pages go; its name stays.

        It is no news unless the article was removed or refused. It comes from a draft, which ends with it;
        None when that is gone. NotFound without such an article.
        """
        async with self._database.transaction() as db:
            await self._must_edit(db, editor)
            row = await db.one(
                """SELECT a.*, (SELECT max(number) FROM versions WHERE article = a.id) AS newest,
                (SELECT max(0, max(news)) + 1 FROM articles) AS next_news
                FROM articles AS a WHERE id = :id""",
                id=article,
            )
            if row is None:
                raise NotFound(article)
            if not await _end_draft(db, draft):
                return None
            # Readers were told that it is gone, or never told of it: its return is news.
            hidden = row["news"] > 0 and (row["removed_at"] is not None or row["quarantine"] is not None)
            card = replace(
                prepared.card,
                id=article,
                news=row["next_news"] if hidden else row["news"],
                version=row["newest"] + 1,
                slug=row["slug"],
                added_at=from_ms(row["published_at"]),
            )
            await db.run(
                """UPDATE articles SET news = :news, version = :version, edition = :edition, card = :card,
                summary = :summary, removed_at = NULL, quarantine = NULL WHERE id = :id""",
                id=article,
                news=card.news,
                version=card.version,
                edition=edition,
                card=dump_card(card),
                summary=json.dumps(dump_text(prepared.summary), ensure_ascii=False),
            )
            # Cascades to its sections, pages and quotes.
            await db.run("DELETE FROM editions WHERE id = :id", id=row["edition"])
            await _write_version(db, card, prepared.text, editor, now)
            await write_paragraphs(db, card, prepared)
            await self._index.write(db, edition, prepared.columns)
            await write_origin(db, card, prepared, origin)
            await record_act(db, editor, "replaced", card.slug, now)
            await note_published(db, draft, card, "replaced")
        return card

    async def refresh(self, card: Card, prepared: Prepared, *, edition: int) -> bool:
        """Show the same text as it is read now; False when it is gone, or another version stands by then."""
        async with self._database.transaction() as db:
            row = await db.one(
                "SELECT edition FROM articles WHERE id = :id AND version = :version AND removed_at IS NULL",
                id=card.id,
                version=card.version,
            )
            if row is None:
                return False
            await db.run(
                "UPDATE articles SET edition = :edition, card = :card, summary = :summary WHERE id = :id",
                id=card.id,
                edition=edition,
                card=dump_card(card),
                summary=json.dumps(dump_text(prepared.summary), ensure_ascii=False),
            )
            await db.run("DELETE FROM editions WHERE id = :id", id=row["edition"])
            await write_paragraphs(db, card, prepared)
            await self._index.write(db, edition, prepared.columns)
        return True

    async def remove(self, article: ArticleId, now: datetime, *, editor: int | None) -> bool:
        """Leave a tombstone; False when the article was not live."""
        async with self._database.transaction() as db:
            await self._must_edit(db, editor)
            rows = await db.all(
                "UPDATE articles SET removed_at = :now WHERE id = :id AND removed_at IS NULL RETURNING slug",
                id=article,
                now=to_ms(now),
            )
            for row in rows:
                await record_act(db, editor, "removed", row["slug"], now)
        return bool(rows)

    async def restore(self, article: ArticleId, now: datetime, *, editor: int | None) -> Card | None:
        """Bring a removed article back, as news if it was any; None when it is not removed."""
        async with self._database.transaction() as db:
            await self._must_edit(db, editor)
            rows = await db.all(
                """UPDATE articles SET removed_at = NULL,
                news = CASE WHEN news > 0 THEN (SELECT max(news) + 1 FROM articles) ELSE news END
                WHERE id = :id AND removed_at IS NOT NULL RETURNING *""",
                id=article,
            )
            for row in rows:
                await record_act(db, editor, "restored", row["slug"], now)
        return card_of_row(rows[0]) if rows else None

    async def announce(self, articles: Sequence[ArticleId], *, editor: int, now: datetime) -> list[Card]:
        """Make articles news that came in quietly and are live; return them as they are then."""
        async with self._database.transaction() as db:
            await self._must_edit(db, editor)
            rows = [
                row
                for article in articles
                for row in await db.all(
                    """UPDATE articles SET news = (SELECT max(0, max(news)) + 1 FROM articles)
                    WHERE id = :id AND news < 0 AND removed_at IS NULL RETURNING *""",
                    id=article,
                )
            ]
            if rows:
                await record_act(db, editor, "announced", str(len(rows)), now)
        return [card_of_row(row) for row in rows]

    async def quarantine(self, article: ArticleId, reason: str, now: datetime) -> Card | None:
        """Announce it no more; None when it is quarantined or removed already."""
        async with self._database.transaction() as db:
            rows = await db.all(
                """UPDATE articles SET quarantine = :reason, quarantined_at = :now
                WHERE id = :id AND quarantine IS NULL AND removed_at IS NULL RETURNING *""",
                id=article,
                reason=reason,
                now=to_ms(now),
            )
        return card_of_row(rows[0]) if rows else None

    async def _must_edit(self, db: Connection, editor: int | None) -> None:
        """Raise RightLost for who was dismissed since they began: reading a document takes a while."""
        if editor is None or self._owners is None or editor in self._owners:
            return
        if await db.one("""SELECT 1 FROM people WHERE "user" = :user""", user=editor) is None:
            raise RightLost("error.not_editor")


async def _end_draft(db: Connection, draft: int | None) -> bool:
    return draft is None or bool(await db.run("DELETE FROM drafts WHERE id = :id", id=draft))


async def _write_version(db: Connection, card: Card, text: str, editor: int | None, now: datetime) -> None:
    await db.run(
        """INSERT INTO versions (article, number, text, hash, editor, saved_at)
        VALUES (:article, :number, :text, :hash, :editor, :now)""",
        article=card.id,
        number=card.version,
        text=text,
        hash=text_hash(text),
        editor=editor,
        now=to_ms(now),
    )


async def _free_slug(db: Connection, slug: str) -> str:
    number, free = 1, slug
    while await db.one("SELECT 1 FROM articles WHERE slug = :slug", slug=free):
        number += 1
        free = f"{slug[: MAX_SLUG_CHARS - len(str(number)) - 1]}-{number}"
    return free
