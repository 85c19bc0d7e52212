"""Chats that take nothing before some moment, because Telegram said so."""

from datetime import datetime

from bot.db import deliveries
from bot.db.database import Database
from bot.db.times import moment, stamp, stamp_up


class CooldownStore:
    """What the pacer must know after a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, now: datetime) -> dict[int | None, datetime]:
        """Return those that are not over; the others are forgotten."""
        await self._database.run("DELETE FROM cooldowns WHERE until <= :now", now=stamp(now))
        rows = await self._database.all("SELECT chat, until FROM cooldowns")
        return {row["chat"]: moment(row["until"]) for row in rows}

    async def lift(self) -> None:
        """End all cooldowns; what was postponed for one is due now."""
        async with self._database.transaction() as verbs:
            await deliveries.undo_postponing(verbs)
            await verbs.run("DELETE FROM cooldowns")

    async def keep(self, chat: int | None, until: datetime) -> None:
        """Let a chat cool down, or (None) the digests of all; a shorter one does not end a longer."""
        async with self._database.transaction() as verbs:
            before = await verbs.one("SELECT until FROM cooldowns WHERE chat IS :chat", chat=chat)
            if before and before["until"] >= stamp_up(until):
                return
            await verbs.run("DELETE FROM cooldowns WHERE chat IS :chat", chat=chat)
            await verbs.run(
                "INSERT INTO cooldowns (chat, until) VALUES (:chat, :until)", chat=chat, until=stamp_up(until)
            )
            if chat is not None:
                await deliveries.postpone(verbs, chat, until)
