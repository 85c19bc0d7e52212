"""Figures about everybody: kept a row a day, and counted now."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.db.alerts import AlertStore
from bot.db.database import Database
from bot.db.engine import Row
from bot.db.retention import DAY_MS
from bot.db.times import NEVER, to_ms
from bot.delivery.status import Fared
from bot.figures import Counts, DayFigures
from bot.usage import Usage, Used

KEPT: Final = timedelta(days=400)
"""How long the figures of a day are kept."""

_EPOCH: Final = date(1970, 1, 1)
_BATCH: Final = 20_000
"""Rows that are counted at a time: others read between two batches."""


class FigureStore:
    """Keeps and counts them."""

    def __init__(self, database: Database, ledger: AlertStore) -> None:
        """`ledger` tells how digests fared."""
        self._database = database
        self._ledger = ledger

    async def counts(self, now: datetime) -> Counts:
        """Count what there is, each by an index or in a small table."""
        [row] = await self._database.all(
            """SELECT (SELECT count(*) FROM readers WHERE chat <> 0) AS readers,
            (SELECT count(*) FROM readers WHERE next_at IS NOT NULL) AS subscribed"""
        )
        return Counts(
            readers=row["readers"],
            subscribed=row["subscribed"],
            bytes=await self._database.size(),
            outbox=await self._named(
                """SELECT count(*) FILTER (WHERE due_at <= :now) AS due,
                count(*) FILTER (WHERE due_at > :now AND due_at < :never) AS planned,
                count(*) FILTER (WHERE due_at = :never) AS held,
                (SELECT count(*) FROM deliveries WHERE state = 'sending') AS sending
                FROM deliveries WHERE state = 'planned'""",
                now=to_ms(now),
                never=NEVER,
            ),
            feeds=await self._named(
                """SELECT count(*) FILTER (WHERE is_paused = 1) AS paused,
                count(*) FILTER (WHERE is_paused = 0 AND failures > 0) AS failing,
                count(*) FILTER (WHERE is_paused = 0 AND failures = 0) AS well FROM feeds"""
            ),
            alerts={
                row["cause"]: 1
                for row in await self._database.all("SELECT cause FROM alerts WHERE since IS NOT NULL")
            },
        )

    async def _named(self, sql: str, **values: int) -> dict[str, int]:
        [row] = await self._database.all(sql, **values)
        return {name: row[name] for name in row.keys()}  # noqa: SIM118  # a row is no mapping

    # By day ------------------------------------------------------------------------------------------------

    async def take_down(self, usage: Usage, now: datetime) -> None:
        """Add what was used to the counts of today; what cannot be written is counted again."""
        used = usage.take()
        try:
            if used:
                await self._use(used, now)
        except BaseException:
            usage.put_back(used)
            raise

    async def _use(self, used: Mapping[tuple[Used, int], int], now: datetime) -> None:
        await self._database.many(
            """INSERT INTO usage (day, what, article, number) VALUES (:day, :what, :article, :number)
            ON CONFLICT (day, what, article) DO UPDATE SET number = usage.number + excluded.number""",
            [
                {"day": _number(now), "what": what, "article": article, "number": number}
                for (what, article), number in used.items()
            ],
        )

    async def close_day(self, now: datetime) -> None:
        """Write down how today stands, and how the digests of yesterday fared in the end."""
        counts = await self.counts(now)
        await self._database.run(
            """INSERT INTO daily_figures (day, readers, subscribed, bytes)
            VALUES (:day, :readers, :subscribed, :bytes) ON CONFLICT (day) DO UPDATE SET
            readers = excluded.readers, subscribed = excluded.subscribed, bytes = excluded.bytes""",
            day=_number(now),
            readers=counts.readers,
            subscribed=counts.subscribed,
            bytes=counts.bytes,
        )
        midnight = datetime.combine(now.astimezone(UTC), datetime.min.time(), UTC)
        borders = [
            await self._ledger.number_at(midnight - timedelta(days=1)),
            await self._ledger.number_at(midnight),
            await self._ledger.last_number(),
        ]
        for day, after, upto in zip((-1, 0), borders, borders[1:], strict=False):
            fared = await self._fared(after, upto)
            await self._database.run(
                """UPDATE daily_figures SET sent = :sent, failed = :failed, uncertain = :uncertain,
                late = :late WHERE day = :day""",
                day=_number(now) + day,
                sent=fared.sent,
                failed=fared.failed,
                uncertain=fared.uncertain,
                late=fared.late,
            )
        oldest = _number(now - KEPT)
        await self._database.run("DELETE FROM usage WHERE day < :oldest", oldest=oldest)
        await self._database.run("DELETE FROM daily_figures WHERE day < :oldest", oldest=oldest)

    async def _fared(self, after: int, upto: int) -> Fared:
        """Return how messages of digests with a number above `after`, up to `upto`, fared."""
        whole = Fared()
        for first in range(after, upto, _BATCH):
            whole += await self._ledger.fared(first, min(first + _BATCH, upto))
        return whole

    async def days(self, since: datetime) -> list[DayFigures]:
        """Return the days since a moment, the oldest first; a day without the bot is missing."""
        rows = await self._database.all(
            "SELECT * FROM daily_figures WHERE day >= :day ORDER BY day", day=_number(since)
        )
        return [_day(row) for row in rows]

    async def used(self, since: datetime) -> Mapping[date, Mapping[Used, int]]:
        """Return how often what was used on each day since that of a moment; a day without use is missing."""
        rows = await self._database.all(
            """SELECT day, what, CAST(sum(number) AS BIGINT) AS number FROM usage WHERE day >= :day
            GROUP BY day, what""",
            day=_number(since),
        )
        found: dict[date, dict[Used, int]] = {}
        for row in rows:
            found.setdefault(_EPOCH + timedelta(days=row["day"]), {})[row["what"]] = row["number"]
        return found

    async def most_used(self, since: datetime, most: int) -> list[tuple[int, int]]:
        """Return the articles that were opened most, each with how often."""
        rows = await self._database.all(
            """SELECT article, CAST(sum(number) AS BIGINT) AS number FROM usage
            WHERE day >= :day AND article > 0 AND what IN ('summary', 'section') GROUP BY article
            ORDER BY 2 DESC, 1 DESC LIMIT :most""",
            day=_number(since),
            most=most,
        )
        return [(row["article"], row["number"]) for row in rows]


def _number(moment: datetime) -> int:
    return to_ms(moment) // DAY_MS


def _day(row: Row) -> DayFigures:
    values = {name: row[name] for name in row.keys() if name != "day"}  # noqa: SIM118  # as above
    return DayFigures(day=_EPOCH + timedelta(days=row["day"]), **values)
