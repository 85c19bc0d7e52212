"""Delivery that was stopped because suspiciously many were refused, and what that minute did."""

from collections.abc import Sequence
from datetime import datetime

from bot.article.library import Card
from bot.db import deliveries
from bot.db.cards import card_of_row
from bot.db.database import Database
from bot.db.readers import reader_of
from bot.db.times import from_ms, to_ms
from bot.reader.model import Reader

_FACT = "stopped"


class StopStore:
    """Remembers over a restart that delivery is stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self) -> datetime | None:
        """Return since when refusals are in doubt; None while delivery is not stopped."""
        row = await self._database.one("SELECT value FROM facts WHERE name = :name", name=_FACT)
        return from_ms(int(row["value"])) if row else None

    async def stop(self, since: datetime) -> None:
        """Write down that delivery is stopped; what was written before stays."""
        await self._database.run(
            "INSERT INTO facts (name, value) VALUES (:name, :since) ON CONFLICT (name) DO NOTHING",
            name=_FACT,
            since=str(to_ms(since)),
        )

    async def go_on(self) -> bool:
        """End the stop; False when it was over."""
        return bool(await self._database.run("DELETE FROM facts WHERE name = :name", name=_FACT))

    async def suspended_since(self, since: datetime) -> Sequence[Reader]:
        """Return the readers whom a delivery suspended since then."""
        rows = await self._database.all(
            "SELECT * FROM readers WHERE suspended IS NOT NULL AND suspended_at >= :since", since=to_ms(since)
        )
        return [reader_of(row) for row in rows]

    async def release(self, since: datetime) -> Sequence[Card]:
        """Announce again what was quarantined since then; return its cards. What was refused is settled."""
        async with self._database.transaction() as db:
            await db.run(
                """UPDATE readers SET news_limit = NULL WHERE news_limit IS NOT NULL AND id IN (
                    SELECT reader FROM deliveries WHERE state = 'failed' AND finished_at >= :since)""",
                since=to_ms(since),
            )
            await deliveries.settle_since(db, since)
            rows = await db.all(
                """UPDATE articles SET quarantine = NULL, quarantined_at = NULL
                WHERE quarantined_at >= :since AND removed_at IS NULL RETURNING *""",
                since=to_ms(since),
            )
        return [card_of_row(row) for row in rows]
