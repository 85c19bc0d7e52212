"""What owners are told of: how each cause is looked at, and what a start finds."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from bot.alerts import Alerts, Cause
from bot.app.backups import EVERY, newest_backup
from bot.app.delivery import LATE_AFTER, Delivery
from bot.app.stores import Stores, free_bytes
from bot.clock import Clock
from bot.config import Settings
from bot.db.alerts import AlertStore
from bot.health import last_sign_of_life
from bot.notices import Notices
from bot.tg.arrivals import Arrivals

MIN_FREE: Final = 500_000_000
"""Bytes below which the disk counts as nearly full."""

MAX_LOST_SHARE: Final = 0.05
"""Share of the digests of the last half hour from which on owners hear that they did not arrive."""

UNHEARD_AFTER: Final = timedelta(minutes=2)
"""After so long without updates, for a reason that is known, owners hear that nobody is heard."""

BACKUP_LATE: Final = timedelta(hours=2)
DOWN_AFTER: Final = timedelta(minutes=5)
"""After so long without a sign of life, a start says that the bot was down."""

_WINDOW: Final = timedelta(minutes=30)


@dataclass(slots=True)
class LostDigests:
    """Messages of digests that did not arrive of late, for reasons that do not lie with their readers."""

    store: AlertStore
    clock: Clock
    is_stopped: Callable[[], bool] = lambda: False
    _marks: deque[tuple[datetime, int]] = field(default_factory=deque)
    """When which number was the last one, the oldest first."""

    async def look(self) -> Mapping[str, object] | None:
        """Return how many, of how many; None when they are few."""
        if self.is_stopped():
            # Of refusals, and of what was due while the bot was down, owners hear anyhow.
            self._marks.clear()
            return None
        now = self.clock.now()
        # At first what waits counts, too.
        number = await (self.store.last_number() if self._marks else self.store.last_before_open())
        self._marks.append((now, number))
        while len(self._marks) > 1 and self._marks[1][0] <= now - _WINDOW:
            self._marks.popleft()
        fared = await self.store.fared(self._marks[0][1])
        lost = fared.failed + fared.uncertain + fared.late
        ended = lost + fared.sent
        if not lost or lost <= ended * MAX_LOST_SHARE:
            return None
        return {
            "count": lost,
            "of": ended,
            "failed": fared.failed,
            "uncertain": fared.uncertain,
            "late": fared.late,
        }


def alerts_of(
    stores: Stores, delivery: Delivery, arrivals: Arrivals, settings: Settings, clock: Clock
) -> Alerts:
    """Return what looks at everything that owners are told of."""
    began = clock.now()

    async def held_up() -> Mapping[str, object] | None:
        # Stopped by the breaker or after a restore, owners are asked by those.
        if delivery.breaker.is_open or not await delivery.is_late():
            return None
        return {"count": await stores.digests.waiting(), "minutes": LATE_AFTER // timedelta(minutes=1)}

    async def updates() -> Mapping[str, object] | None:
        silent = timedelta(seconds=clock.monotonic() - arrivals.heartbeat.succeeded)
        if not arrivals.reason or silent < UNHEARD_AFTER:
            return None
        return {"minutes": silent // timedelta(minutes=1), "reason": arrivals.reason}

    async def disk() -> Mapping[str, object] | None:
        free = await free_bytes(settings.data_dir)
        return {"megabytes": free // 1_000_000} if free < MIN_FREE else None

    async def backup() -> Mapping[str, object] | None:
        if not settings.kept_backups or clock.now() - began < BACKUP_LATE:
            return None
        newest = await asyncio.to_thread(newest_backup, settings.backup_folder)
        if newest is not None and newest > clock.now() - EVERY - BACKUP_LATE:
            return None
        return {"since": f"{newest:%Y-%m-%d %H:%M}" if newest else "–"}

    async def standby() -> Mapping[str, object] | None:
        seen = await stores.database.engine.lease.standby_missing_since()
        return {"since": f"{seen:%Y-%m-%d %H:%M}"} if seen is not None else None

    return Alerts(
        causes=(
            Cause(name="held_up", look=held_up),
            Cause(
                name="undelivered",
                look=LostDigests(
                    stores.alerts, clock, lambda: delivery.breaker.is_open or not delivery.freshness.is_known
                ).look,
            ),
            Cause(name="updates", look=updates),
            Cause(name="settling", look=partial(_failed_control, stores)),
            Cause(name="disk", look=disk),
            Cause(name="backup", look=backup),
            Cause(name="standby", look=standby),
        ),
        store=stores.alerts,
        people=stores.people,
        readers=stores.readers,
        clock=clock,
    )


async def _failed_control(stores: Stores) -> Mapping[str, object] | None:
    control = await stores.doubts.failed_control()
    return {"control": control} if control else None


@dataclass(slots=True)
class Absence:
    """Tells owners, once, that the bot was down: from when on, and how many digests it could not send."""

    store: AlertStore
    notices: Notices
    clock: Clock
    since: datetime | None
    began: datetime
    first: int = 0
    is_told: bool = False

    async def tick(self) -> None:
        """Tell once what was due meanwhile has been planned or left out."""
        if self.is_told or self.since is None or self.clock.now() - self.began < timedelta(minutes=1):
            return
        self.is_told = True
        fared = await self.store.fared(self.first)
        merged = await self.store.merged(self.first)
        await self.notices.was_down(self.since, self.began, left_out=fared.late, merged=merged)


async def absence_of(stores: Stores, notices: Notices, record: Path, clock: Clock) -> Absence:
    """Look at the last sign of life in a data folder, before this start gives one of its own."""
    seen = await asyncio.to_thread(last_sign_of_life, record)
    was_away = seen is not None and clock.now() - seen > DOWN_AFTER
    first = await stores.alerts.last_number()
    return Absence(stores.alerts, notices, clock, seen if was_away else None, clock.now(), first)
