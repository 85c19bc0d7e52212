"""Which ids of messages are known, on the disk before whoever knows them acts on it."""

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.db.database import Database
from bot.db.engine import Connection
from bot.delivery.message_ids import MessageIds, Range

_PRUNED_EVERY: Final = 512
"""Writes between two looks at what nobody will ask for."""

_KEPT: Final = """INSERT INTO known_ids (first, last) VALUES (:first, :last)
    ON CONFLICT (first) DO UPDATE SET last = max(known_ids.last, excluded.last)"""

_PRUNED: Final = """DELETE FROM known_ids WHERE last < coalesce(
        (SELECT min(after_id) FROM deliveries WHERE state = 'sending'), :highest)
    AND last < (SELECT max(last) FROM known_ids)"""
"""Deletes all below what a message on its way could have; the highest stays."""


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

    async def keep(self) -> None:
        """Write down what is known; it is on the disk when this returns."""
        if self.ids.is_written:
            return
        # Together with what others note; what another transaction is just writing is written twice.
        unwritten = self.ids.unwritten()
        await asyncio.gather(
            *(self._database.note(_KEPT, first=first, last=last) for first, last in unwritten)
        )
        self.ids.written(unwritten)
        if self._is_time_to_prune():
            await self._database.note(_PRUNED, highest=self.ids.highest)

    async def write(self, db: Connection) -> Sequence[Range]:
        """Write the same within a transaction; return what is to be told `written` once it is committed."""
        unwritten = self.ids.unwritten()
        if unwritten:
            await db.many(_KEPT, [{"first": first, "last": last} for first, last in unwritten])
        if self._is_time_to_prune():
            await db.run(_PRUNED, highest=self.ids.highest)
        return unwritten

    def _is_time_to_prune(self) -> bool:
        self._writes += 1
        return self._writes % _PRUNED_EVERY == 0
