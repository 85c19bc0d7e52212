"""Which ids of messages are known, on the disk before whoever knows them acts on it."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from bot.db.database import Database
from bot.db.engine import Connection
from bot.db.times import to_ms
from bot.delivery.message_ids import MessageIds, Range, Unwritten, ranges

_PRUNED_EVERY: Final = 512
"""Writes between two looks at what nobody will ask for."""

_KEPT: Final = """INSERT INTO known_ids (first, last) VALUES (:first, :last)
    ON CONFLICT (first) DO UPDATE SET last = max(known_ids.last, excluded.last)"""

_STRAYED: Final = """INSERT INTO strays (chat, at) VALUES (:chat, :at)
    ON CONFLICT (chat) DO UPDATE SET at = excluded.at"""

_PRUNED: Final = """DELETE FROM known_ids WHERE last < coalesce(
        (SELECT min(after_id) FROM deliveries WHERE state = 'sending' OR doubt = 1), :highest)
    AND last < (SELECT max(last) FROM known_ids)"""
"""Deletes all below what a message on its way, or in doubt, could have; the highest stays."""


class MessageIdStore:
    """The ids in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writes = 0
        self.ids = MessageIds()

    async def load(self) -> None:
        """Read the highest."""
        row = await self._database.one("SELECT max(last) AS last FROM known_ids")
        self.ids.highest = max(self.ids.highest, row["last"] or 0) if row else self.ids.highest

    async def keep(self, now: datetime) -> None:
        """Write down what is known; it is on the disk when this returns."""
        if self.ids.is_written:
            return
        # Together with what others note; what another transaction is just writing is written twice.
        unwritten = self.ids.unwritten()
        await asyncio.gather(
            *(self._database.note(_KEPT, **each) for each in _rows(unwritten.ids)),
            *(self._database.note(_STRAYED, **each) for each in _strays(unwritten, now)),
        )
        self.ids.written(unwritten)
        if self._is_time_to_prune():
            await self._database.note(_PRUNED, highest=self.ids.highest)

    async def write(self, db: Connection, now: datetime) -> Unwritten:
        """Write the same within a transaction; return what is to be told `written` once it is committed."""
        unwritten = self.ids.unwritten()
        if unwritten.ids:
            await db.many(_KEPT, _rows(unwritten.ids))
        if unwritten.strays:
            await db.many(_STRAYED, _strays(unwritten, now))
        if self._is_time_to_prune():
            await db.run(_PRUNED, highest=self.ids.highest)
        return unwritten

    def _is_time_to_prune(self) -> bool:
        self._writes += 1
        return self._writes % _PRUNED_EVERY == 0


async def write_ids(db: Connection, ids: Iterable[int]) -> None:
    """Within a transaction: these ids are known from its end on."""
    if rows := _rows(ranges(ids)):
        await db.many(_KEPT, rows)


async def forget_strays(db: Connection, before: datetime) -> None:
    """Within a transaction: forget the chats that had a message of unknown id before a moment."""
    await db.run("DELETE FROM strays WHERE at < :before", before=to_ms(before))


def _rows(of: Sequence[Range]) -> list[dict[str, Any]]:
    return [{"first": first, "last": last} for first, last in of]


def _strays(unwritten: Unwritten, now: datetime) -> list[dict[str, Any]]:
    return [{"chat": chat, "at": to_ms(now)} for chat in sorted(unwritten.strays)]
