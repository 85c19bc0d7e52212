"""What editors send, until it is a draft, and as long as that waits for a decision."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.db.database import Database
from bot.db.engine import Row
from bot.db.times import from_ms, to_ms
from bot.editing.model import Gathering
from bot.editing.pieces import Piece, dump_piece, piece_in


class GatheringStore:
    """Messages on their way to drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_message(self, editor: int, message: int) -> Gathering | None:
        """Return the gathering that an editor's message belongs to, while its draft is undecided."""
        row = await self._database.one(
            """SELECT g.* FROM gatherings AS g JOIN pieces AS p ON p.gathering = g.id
            WHERE g.editor = :editor AND p.message = :message""",
            editor=editor,
            message=message,
        )
        return _gathering(row) if row else None

    async def open_of(self, editor: int) -> Gathering | None:
        """Return the gathering to which an editor's next message belongs."""
        row = await self._database.one(
            """SELECT * FROM gatherings WHERE editor = :editor AND (draft IS NULL OR is_open = 1)
            ORDER BY id DESC LIMIT 1""",
            editor=editor,
        )
        return _gathering(row) if row else None

    async def begin(self, piece: Piece, *, editor: int, chat: int, message: int, due_at: datetime) -> None:
        """Write down the first piece of a gathering."""
        async with self._database.transaction() as db:
            [row] = await db.all(
                """INSERT INTO gatherings (editor, chat, message, due_at)
                VALUES (:editor, :chat, :message, :due) RETURNING id""",
                editor=editor,
                chat=chat,
                message=message,
                due=to_ms(due_at),
            )
            await db.run(
                "INSERT INTO pieces (gathering, message, body) VALUES (:gathering, :message, :body)",
                gathering=row["id"],
                message=piece.message,
                body=dump_piece(piece),
            )

    async def put(self, gathering: int, piece: Piece, *, due_at: datetime) -> bool:
        """Add a piece, or put it where its message stood before; False when that said the same."""
        async with self._database.transaction() as db:
            changed = await db.run(
                """INSERT INTO pieces (gathering, message, body)
                SELECT id, :message, :body FROM gatherings WHERE id = :gathering
                ON CONFLICT (gathering, message) DO UPDATE SET body = excluded.body
                WHERE pieces.body <> excluded.body""",
                gathering=gathering,
                message=piece.message,
                body=dump_piece(piece),
            )
            if changed:
                await db.run(
                    "UPDATE gatherings SET revision = revision + 1, due_at = :due WHERE id = :gathering",
                    gathering=gathering,
                    due=to_ms(due_at),
                )
        return bool(changed)

    async def pieces(self, gathering: int) -> Sequence[Piece]:
        """Return the pieces in the order in which they were sent."""
        rows = await self._database.all(
            "SELECT body FROM pieces WHERE gathering = :gathering ORDER BY message", gathering=gathering
        )
        return [piece_in(row["body"]) for row in rows]

    async def due(self) -> Sequence[Gathering]:
        """Return the gatherings of which drafts are to be made, the earliest first."""
        rows = await self._database.all("SELECT * FROM gatherings WHERE due_at IS NOT NULL ORDER BY due_at")
        return list(map(_gathering, rows))

    async def of_draft(self, draft: int, *, editor: int) -> Gathering | None:
        """Return the gathering of which an editor's draft was made."""
        row = await self._database.one(
            "SELECT * FROM gatherings WHERE draft = :draft AND editor = :editor", draft=draft, editor=editor
        )
        return _gathering(row) if row else None

    async def wait(
        self, gathering: int, *, is_open: bool, due_at: datetime, message: int | None = None
    ) -> bool:
        """Change until when it waits, and our message in which its draft appears; False when it is gone."""
        return bool(
            await self._database.run(
                """UPDATE gatherings
                SET is_open = :open, due_at = :due, message = coalesce(:message, message)
                WHERE id = :gathering""",
                gathering=gathering,
                open=is_open,
                due=to_ms(due_at),
                message=message,
            )
        )

    async def postpone(self, until: datetime) -> None:
        """Let whatever is due wait so long: what belongs to it may have come while nobody was listening."""
        await self._database.run(
            "UPDATE gatherings SET due_at = max(due_at, :until) WHERE due_at IS NOT NULL", until=to_ms(until)
        )

    async def settle(self, gathering: int) -> None:
        """Note that nothing is to be made of it now."""
        await self._database.run(
            "UPDATE gatherings SET due_at = NULL, is_open = 0 WHERE id = :gathering", gathering=gathering
        )

    async def drop(self, gathering: int) -> None:
        """Forget a gathering that is no draft yet."""
        await self._database.run(
            "DELETE FROM gatherings WHERE id = :gathering AND draft IS NULL", gathering=gathering
        )

    async def tags_of(self, channel: int) -> Sequence[str]:
        """Return the tags that every post of a channel gets."""
        row = await self._database.one(
            "SELECT tags FROM channel_tags WHERE channel = :channel", channel=channel
        )
        return tuple(json.loads(row["tags"])) if row else ()

    async def keep_tags(self, channel: int, tags: Sequence[str]) -> None:
        """Give every post of a channel these tags from now on."""
        await self._database.run(
            """INSERT INTO channel_tags (channel, tags) VALUES (:channel, :tags)
            ON CONFLICT (channel) DO UPDATE SET tags = excluded.tags""",
            channel=channel,
            tags=json.dumps(list(tags), ensure_ascii=False),
        )

    async def drop_all(self, editor: int) -> int:
        """Forget those of an editor that are no drafts yet; return how many there were."""
        return await self._database.run(
            "DELETE FROM gatherings WHERE editor = :editor AND draft IS NULL", editor=editor
        )


def _gathering(row: Row) -> Gathering:
    return Gathering(
        id=row["id"],
        editor=row["editor"],
        chat=row["chat"],
        message=row["message"],
        revision=row["revision"],
        draft=row["draft"],
        is_open=bool(row["is_open"]),
        due_at=from_ms(row["due_at"]) if row["due_at"] is not None else None,
    )
