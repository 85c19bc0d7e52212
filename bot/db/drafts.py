"""Drafts that wait for their editor, and the content folder as it was last read."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.article.model import ArticleId
from bot.db.database import Database
from bot.db.engine import Connection, Row
from bot.db.entries import UNLESS_SEEN
from bot.db.times import from_ms, to_ms
from bot.editing.model import (
    Appointment,
    Draft,
    Edited,
    FileRow,
    Opened,
    Pending,
    PendingDeposit,
    PendingEntry,
    PendingGathering,
    PendingLink,
    text_hash,
)
from bot.errors import NotFound
from bot.sources.model import Origin, dump_origin, origin_in

RETENTION: Final = timedelta(days=30)
"""How long an editor may think about a draft."""

_ADDED: Final = """INSERT INTO drafts
        (editor, name, title, text, origin, article, edits, edits_version, saved_at)
    VALUES (:editor, :name, :title, :text, :origin, :article, :edits, :version, :now) RETURNING *"""

_CHANGED: Final = """UPDATE drafts SET name = :name, title = :title, text = :text, origin = :origin,
    article = :article WHERE id = :id RETURNING *"""
"""The draft that was made of the same messages before they changed; none where :id is NULL."""


class DraftStore:
    """Documents on their way."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self,
        *,
        editor: int | None,
        name: str,
        title: str,
        text: str,
        origin: Origin,
        replaces: ArticleId | None,
        now: datetime,
        pending: Pending | None = None,
        edited: Edited | None = None,
    ) -> Draft:
        """Keep a document until its editor decides; a newer draft of a file ends its older one.

        What waited for it ends with this; NotFound when that is gone or has changed. Messages that were
        changed afterwards change the draft that was made of them.
        """
        async with self._database.transaction() as db:
            if pending is not None and not await _end(db, pending):
                raise NotFound(pending.id)
            before = await _draft_before(db, pending)
            await db.run(
                """DELETE FROM drafts
                WHERE (editor IS NOT NULL OR json_extract(origin, '$.kind') = 'feed') AND saved_at < :old
                    AND publish_at IS NULL
                OR :from_folder = 1 AND origin = :origin AND name = :name""",
                old=to_ms(now - RETENTION),
                from_folder=origin.kind == "folder",
                origin=dump_origin(origin),
                name=name,
            )
            text_of = {
                "name": name, "title": title, "text": text, "origin": dump_origin(origin), "article": replaces
            }  # fmt: skip
            rows = await db.all(_CHANGED, id=before, **text_of)
            [row] = rows or await db.all(
                _ADDED,
                editor=editor,
                edits=edited.article if edited else None,
                version=edited.version if edited else None,
                now=to_ms(now),
                **text_of,
            )
            if isinstance(pending, PendingEntry):
                await db.run(
                    "UPDATE entries SET draft = :draft WHERE feed = :feed AND key = :key",
                    draft=row["id"],
                    feed=pending.feed,
                    key=pending.key,
                )
                await db.many(
                    "INSERT INTO draft_sketches (hash, draft) VALUES (:hash, :draft)",
                    [{"hash": one, "draft": row["id"]} for one in pending.sketch],
                )
            if isinstance(pending, PendingDeposit):
                await db.run(
                    "UPDATE deposits SET draft = :draft WHERE id = :id", draft=row["id"], id=pending.id
                )
            if isinstance(pending, PendingGathering):
                await db.run(
                    "UPDATE gatherings SET draft = :draft WHERE id = :id", draft=row["id"], id=pending.id
                )
        return _draft(row)

    async def change(self, draft: Draft) -> None:
        """Keep what an editor has changed in a draft's metadata, and what it could replace since."""
        await self._database.run(
            "UPDATE drafts SET title = :title, fields = :fields, article = :article WHERE id = :id",
            id=draft.id,
            title=draft.title,
            fields=json.dumps(dict(draft.fields), ensure_ascii=False),
            article=draft.replaces,
        )

    async def waiting(self) -> Sequence[Draft]:
        """Return all drafts but those of feeds, the newest first."""
        rows = await self._database.all(
            """SELECT * FROM drafts WHERE editor IS NOT NULL OR json_extract(origin, '$.kind') <> 'feed'
            ORDER BY id DESC"""
        )
        return [_draft(row) for row in rows]

    async def of_article(self, article: ArticleId) -> Draft | None:
        """Return the draft that was made of an article, to change it."""
        row = await self._database.one(
            "SELECT * FROM drafts WHERE edits = :article ORDER BY id DESC LIMIT 1", article=article
        )
        return _draft(row) if row else None

    async def open(self, number: int, editor: int, now: datetime) -> Draft | None:
        """Note who has a draft on their screen; return it as it was before, None when it is gone."""
        async with self._database.transaction() as db:
            row = await db.one("SELECT * FROM drafts WHERE id = :id", id=number)
            await db.run(
                "UPDATE drafts SET opened_by = :editor, opened_at = :now WHERE id = :id",
                id=number,
                editor=editor,
                now=to_ms(now),
            )
        return _draft(row) if row else None

    async def appoint(self, number: int, appointment: Appointment | None) -> bool:
        """Set when a draft is to be published, or that it is not; False when it is gone."""
        return bool(
            await self._database.run(
                "UPDATE drafts SET publish_at = :at, publish_by = :by, publish_as = :how WHERE id = :id",
                id=number,
                at=to_ms(appointment.at) if appointment else None,
                by=appointment.by if appointment else None,
                how=appointment.publish_as if appointment else None,
            )
        )

    async def due(self, now: datetime) -> Sequence[Draft]:
        """Return the drafts that are to be published by now, the longest due first."""
        rows = await self._database.all(
            "SELECT * FROM drafts WHERE publish_at <= :now ORDER BY publish_at, id LIMIT 20", now=to_ms(now)
        )
        return [_draft(row) for row in rows]

    async def get(self, number: int) -> Draft | None:
        """Return a draft that waits for its editor."""
        row = await self._database.one("SELECT * FROM drafts WHERE id = :id", id=number)
        return _draft(row) if row else None

    async def drop(self, number: int) -> bool:
        """Forget a draft; False when it was gone."""
        return bool(await self._database.run("DELETE FROM drafts WHERE id = :id", id=number))

    async def files(self) -> Mapping[str, FileRow]:
        """Return what the content folder held when it was last read, by path."""
        rows = await self._database.all(
            """SELECT f.path, f.hash, f.article, a.removed_at, v.hash AS live FROM files AS f
            LEFT JOIN articles AS a ON a.id = f.article
            LEFT JOIN versions AS v ON v.article = a.id AND v.number = a.version"""
        )
        return {
            row["path"]: FileRow(
                hash=row["hash"],
                article=ArticleId(row["article"]) if row["article"] else None,
                live=row["live"],
                removed=row["removed_at"] is not None,
            )
            for row in rows
        }

    async def note_file(self, path: str, text: str, article: ArticleId | None) -> None:
        """Remember that a file was read as it is now."""
        await self._database.run(
            """INSERT INTO files (path, hash, article) VALUES (:path, :hash, :article)
            ON CONFLICT (path) DO UPDATE
            SET hash = excluded.hash, article = coalesce(excluded.article, files.article)""",
            path=path,
            hash=text_hash(text),
            article=article,
        )

    async def forget_file(self, path: str) -> None:
        """Forget a file that is gone from the folder."""
        await self._database.run("DELETE FROM files WHERE path = :path", path=path)


async def _end(db: Connection, pending: Pending) -> bool:
    """End what waited for a draft; False when it is gone, or has changed since it was read."""
    match pending:
        case PendingLink():
            return bool(await db.run("DELETE FROM links WHERE id = :id", id=pending.id))
        case PendingGathering():
            return bool(
                await db.run(
                    """UPDATE gatherings SET due_at = NULL, is_open = 0
                    WHERE id = :id AND revision = :revision""",
                    id=pending.id,
                    revision=pending.revision,
                )
            )
        case PendingEntry():
            return await _take_entry(db, pending)
        case PendingDeposit():
            waits = "SELECT 1 FROM deposits WHERE id = :id AND draft IS NULL"
            return await db.one(waits, id=pending.id) is not None


async def _take_entry(db: Connection, pending: PendingEntry) -> bool:
    """Note that an entry of a feed becomes a draft; False when it did already, or its feed is gone."""
    return bool(
        await db.run(
            f"""INSERT INTO entries (feed, key, address, outcome, seen_at)
            SELECT id, :key, :address, 'taken', :now FROM feeds WHERE id = :feed {UNLESS_SEEN}""",  # noqa: S608  # ours
            feed=pending.feed,
            key=pending.key,
            address=pending.address,
            now=to_ms(pending.seen_at),
        )
    )


async def _draft_before(db: Connection, pending: Pending | None) -> int | None:
    """Return the draft that was made of the same messages before they changed."""
    if not isinstance(pending, PendingGathering):
        return None
    [row] = await db.all("SELECT draft FROM gatherings WHERE id = :id", id=pending.id)
    return int(row["draft"]) if row["draft"] is not None else None


def _draft(row: Row) -> Draft:
    return Draft(
        id=row["id"],
        editor=row["editor"],
        name=row["name"],
        title=row["title"],
        text=row["text"],
        fields=json.loads(row["fields"]),
        origin=origin_in(row["origin"]),
        replaces=ArticleId(row["article"]) if row["article"] else None,
        saved_at=from_ms(row["saved_at"]),
        edited=Edited(ArticleId(row["edits"]), row["edits_version"]) if row["edits"] else None,
        opened=Opened(row["opened_by"], from_ms(row["opened_at"])) if row["opened_by"] else None,
        appointment=Appointment(from_ms(row["publish_at"]), row["publish_by"], row["publish_as"])
        if row["publish_at"]
        else None,
    )
