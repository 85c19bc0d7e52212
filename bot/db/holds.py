"""Chats that take nothing before some moment, because Telegram said so."""

from datetime import datetime

from bot.db import deliveries
from bot.db.database import Database
from bot.db.times import moment, stamp, stamp_up


class HoldStore:
    """What the pacer must know after a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, now: datetime) -> dict[int, datetime]:
        """Those that are not over; the others are forgotten."""
        await self._database.run("DELETE FROM holds WHERE until <= :now", now=stamp(now))
        rows = await self._database.all("SELECT chat, until FROM holds")
        return {row["chat"]: moment(row["until"]) for row in rows}

    async def lift(self) -> None:
        """Hold no chat any more; what was postponed for a hold is due now."""
        async with self._database.transaction() as verbs:
            await deliveries.undo_postponing(verbs)
            await verbs.run("DELETE FROM holds")

    async def keep(self, chat: int, until: datetime) -> None:
        """Hold a chat, and what is planned for it; a shorter hold does not end a longer one."""
        async with self._database.transaction() as verbs:
            await verbs.run(
                """INSERT INTO holds (chat, until) VALUES (:chat, :until)
                ON CONFLICT (chat) DO UPDATE SET until = max(until, excluded.until)""",
                chat=chat,
                until=stamp_up(until),
            )
            await deliveries.postpone(verbs, chat, until)
