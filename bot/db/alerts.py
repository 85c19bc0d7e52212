"""What owners were told of, and how digests fared of late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.actions.staff import AlertCause
from bot.db.database import Database
from bot.db.times import from_ms, to_ms
from bot.delivery.status import Fared
from bot.reader.model import SUSPENSIONS, ReaderId

_FARED: Final = """SELECT count(*) AS number,
    count(*) FILTER (WHERE state = 'sent') AS sent,
    count(*) FILTER (WHERE state = 'failed' AND reason NOT IN words(:own)) AS failed,
    count(*) FILTER (WHERE state = 'uncertain' AND doubt <> 1) AS uncertain,
    count(*) FILTER (WHERE state = 'excluded') AS late,
    count(*) FILTER (WHERE state IN ('planned', 'sending') OR doubt = 1) AS waiting,
    count(*) FILTER (WHERE doubt = 2) AS found,
    count(*) FILTER (WHERE doubt = 3) AS again
    FROM deliveries WHERE kind = 'digest' AND id > :after AND id <= :upto
    AND (state <> 'excluded' OR reason IN ('late', 'unreachable', 'token_refused'))"""
"""Of messages of digests within numbers; those that were left out for a good reason do not count."""

_NEWEST: Final = 2**63 - 1
"""Above every number."""

_OWN: Final = list(SUSPENSIONS)
"""Reasons that lie with a reader or a chat."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that owners are told of: since when it shows, when they were told, since when it is calm.

    Without `since` it does not show, and is only muted.
    """

    cause: AlertCause
    since: datetime | None
    told_at: datetime | None = None
    calm_since: datetime | None = None
    muted_until: datetime | None = None


class AlertStore:
    """Alerts, and the figures that they are judged by."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Mapping[AlertCause, Alert]:
        """Return what shows, or is muted, by its cause."""
        rows = await self._database.all("SELECT * FROM alerts")
        return {
            row["cause"]: Alert(
                row["cause"],
                from_ms(row["since"]),
                from_ms(row["told_at"]),
                from_ms(row["calm_since"]),
                from_ms(row["muted_until"]),
            )
            for row in rows
        }

    async def keep(self, alert: Alert) -> None:
        """Write down how an alert stands; an owner's wish to hear nothing of it stays as it is."""
        await self._database.run(
            """INSERT INTO alerts (cause, since, told_at, calm_since) VALUES (:cause, :since, :told, :calm)
            ON CONFLICT (cause) DO UPDATE SET since = excluded.since, told_at = excluded.told_at,
            calm_since = excluded.calm_since""",
            cause=alert.cause,
            since=to_ms(alert.since) if alert.since else None,
            told=to_ms(alert.told_at) if alert.told_at else None,
            calm=to_ms(alert.calm_since) if alert.calm_since else None,
        )

    async def mute(self, cause: AlertCause, until: datetime) -> None:
        """Tell nothing of a cause until then."""
        await self._database.run(
            """INSERT INTO alerts (cause, muted_until) VALUES (:cause, :until)
            ON CONFLICT (cause) DO UPDATE SET muted_until = excluded.muted_until""",
            cause=cause,
            until=to_ms(until),
        )

    async def end(self, cause: AlertCause, now: datetime) -> None:
        """Forget an alert that is over, but not for how long it is muted."""
        async with self._database.transaction() as db:
            await db.run(
                "UPDATE alerts SET since = NULL, told_at = NULL, calm_since = NULL WHERE cause = :cause",
                cause=cause,
            )
            await db.run(
                "DELETE FROM alerts WHERE cause = :cause AND coalesce(muted_until, 0) <= :now",
                cause=cause,
                now=to_ms(now),
            )

    async def fared(self, after: int, upto: int = _NEWEST) -> Fared:
        """Return how messages of digests with a number above `after`, up to `upto`, fared."""
        [row] = await self._database.all(_FARED, after=after, upto=upto, own=_OWN)
        return Fared(**{name: row[name] for name in row.keys()})  # noqa: SIM118  # a row is no mapping

    async def merged(self, after: int) -> int:
        """Return how many digests were not sent since another of the same reader told of the same."""
        row = await self._database.one(
            """SELECT count(*) AS number FROM deliveries
            WHERE kind = 'digest' AND id > :after AND state = 'excluded' AND reason = 'merged'""",
            after=after,
        )
        return int(row["number"]) if row else 0

    async def last_number(self) -> int:
        """Return the number of the newest message; 0 when there is none."""
        [row] = await self._database.all("SELECT coalesce(max(id), 0) AS number FROM deliveries")
        return int(row["number"])

    async def last_before_open(self) -> int:
        """Return the number before the first message whose end is open; else of the newest one."""
        # State by state, as the indexes are.
        [row] = await self._database.all(
            """SELECT min(id) AS first FROM (
                SELECT id FROM deliveries WHERE state = 'planned'
                UNION ALL SELECT id FROM deliveries WHERE state = 'sending'
                UNION ALL SELECT id FROM deliveries WHERE doubt = 1) AS open_"""
        )
        return await self.last_number() if row["first"] is None else int(row["first"]) - 1

    async def number_at(self, moment: datetime) -> int:
        """Return the number of the last message that was planned before a moment; 0 when there is none."""
        # Numbers ascend with the time, and no index tells more.
        low, high = 0, await self.last_number()
        while low < high:
            middle = (low + high + 1) // 2
            row = await self._database.one(
                "SELECT id, planned_at FROM deliveries WHERE id <= :id ORDER BY id DESC LIMIT 1", id=middle
            )
            if row is None or row["planned_at"] < to_ms(moment):
                low = middle
            else:
                high = row["id"] - 1
        return low

    # A line a day ------------------------------------------------------------------------------------------

    async def wants_line(self, reader: ReaderId) -> bool:
        """Return whether an owner wants figures each day."""
        return (
            await self._database.one("SELECT 1 FROM readers WHERE id = :id AND daily_line = 1", id=reader)
            is not None
        )

    async def want_line(self, reader: ReaderId, *, wanted: bool) -> None:
        """Send an owner figures each day, or no longer."""
        await self._database.run(
            "UPDATE readers SET daily_line = :wanted WHERE id = :id", id=reader, wanted=int(wanted)
        )

    async def line_wanted_by(self) -> list[ReaderId]:
        """Return the readers who want figures each day."""
        rows = await self._database.all("SELECT id FROM readers WHERE daily_line = 1 AND chat <> 0")
        return [ReaderId(row["id"]) for row in rows]

    async def was_told(self, reader: ReaderId, occasion: str) -> bool:
        """Return whether a notice of an occasion was written for a reader."""
        return (
            await self._database.one(
                "SELECT 1 FROM deliveries WHERE reader = :reader AND kind = 'notice' AND occasion = :name",
                reader=reader,
                name=occasion,
            )
            is not None
        )

    async def subscribed(self) -> int:
        """Return how many chats get digests."""
        [row] = await self._database.all(
            "SELECT count(*) AS number FROM readers WHERE subscribed = 1 AND suspended IS NULL"
        )
        return int(row["number"])
