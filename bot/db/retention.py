"""Old rows of the ledger become sums: what became of how many messages of a day, and no longer of whose."""

from datetime import datetime
from typing import Final

from bot.db.database import Database
from bot.db.times import to_ms

BATCH: Final = 2_000
"""Rows that go in one transaction, which keeps everybody else from writing."""

DAY_MS: Final = 86_400_000

_OLD: Final = """SELECT id FROM (SELECT * FROM deliveries ORDER BY id LIMIT :window) AS d
    WHERE planned_at < :before AND state IN ('sent', 'failed', 'uncertain', 'excluded')
    AND doubt <> 1 AND (state <> 'failed' OR kind <> 'digest' OR settled = 1)
    AND NOT EXISTS (SELECT 1 FROM campaigns AS c WHERE c.id = d.campaign
        AND c.state NOT IN ('done', 'cancelled'))
    AND id < (SELECT max(id) FROM deliveries) LIMIT :most"""
"""Rows that nothing looks at any more. The newest stays, whose number says where the next ones begin."""


class RetentionStore:
    """Sums up what is old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sum_up(self, before: datetime, most: int = BATCH) -> int:
        """Replace final rows that were planned before a moment by sums; return how many, `most` at a time."""
        async with self._database.transaction() as db:
            rows = await db.all(_OLD, before=to_ms(before), most=most, window=2 * most)
            if not rows:
                return 0
            ids = [row["id"] for row in rows]
            await db.run(
                """INSERT INTO ledger_sums (day, kind, state, reason, number)
                SELECT planned_at / CAST(:day AS BIGINT), kind, state, coalesce(reason, ''), count(*)
                FROM deliveries WHERE id IN numbers(:ids) GROUP BY 1, 2, 3, 4
                ON CONFLICT (day, kind, state, reason) DO UPDATE SET
                number = ledger_sums.number + excluded.number""",
                ids=ids,
                day=DAY_MS,
            )
            for table, column in (("delivery_articles", "delivery"), ("deliveries", "id")):
                await db.run(
                    f"DELETE FROM {table} WHERE {column} IN numbers(:ids)",  # noqa: S608  # ours
                    ids=ids,
                )
        return len(rows)
