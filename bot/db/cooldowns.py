"""Chats that take nothing before some moment, because Telegram said so."""

from datetime import datetime
from typing import Final

from bot.db import deliveries
from bot.db.database import Database
from bot.db.times import from_ms, to_ms, to_ms_rounded_up

_SAME: Final = "(chat = :chat OR (CAST(:chat AS BIGINT) IS NULL AND chat IS NULL))"
"""The cooldown of a chat, or of all."""


class CooldownStore:
    """What the pacer must know after a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, now: datetime) -> dict[int | None, datetime]:
        """Return those that are not over; the others are forgotten."""
        await self._database.run("DELETE FROM cooldowns WHERE until <= :now", now=to_ms(now))
        rows = await self._database.all("SELECT chat, until FROM cooldowns")
        return {row["chat"]: from_ms(row["until"]) for row in rows}

    async def lift(self) -> None:
        """End all cooldowns; what was postponed for one is due now."""
        async with self._database.transaction() as db:
            await deliveries.undo_postponing(db)
            await db.run("DELETE FROM cooldowns")

    async def keep(self, chat: int | None, until: datetime) -> None:
        """Let a chat cool down, or (None) the digests of all; a shorter one does not end a longer."""
        async with self._database.transaction() as db:
            before = await db.one(f"SELECT until FROM cooldowns WHERE {_SAME}", chat=chat)  # noqa: S608  # ours
            if before and before["until"] >= to_ms_rounded_up(until):
                return
            await db.run(f"DELETE FROM cooldowns WHERE {_SAME}", chat=chat)  # noqa: S608  # ours
            await db.run(
                "INSERT INTO cooldowns (chat, until) VALUES (:chat, :until)",
                chat=chat,
                until=to_ms_rounded_up(until),
            )
            if chat is not None:
                await deliveries.postpone(db, chat, until)
