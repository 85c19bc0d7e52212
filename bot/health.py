"""The one place that knows whether the bot is alive: restarts what stands still, and keeps a record of it."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock, Heartbeat, SystemClock
from bot.errors import HealthError
from bot.files import own_file

log = logging.getLogger(__name__)

RECORD: Final = "health.json"
"""Where in the data folder the record is."""

_MILLISECOND: Final = timedelta(milliseconds=1)

CHECK_INTERVAL: Final = timedelta(seconds=15)
MAX_RECORD_AGE: Final = timedelta(seconds=60)
"""How old the record may be before the process counts as dead."""

MAX_LOOP_LAG: Final = timedelta(seconds=5)
"""How late the event loop may be before the process counts as unwell."""

MAX_RESTARTS: Final = 3
"""Restarts in a row that may come to nothing before the process ends: its supervisor starts it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Something that must run again and again, the latest after `patience`; `restart` begins it anew.

    Where it runs but fails (no network, a full disk), a restart would not help: the record says it, no more.
    """

    name: str
    heartbeat: Heartbeat
    patience: timedelta
    restart: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """Something that is seen from what comes out, whatever the parts say of themselves."""

    name: str
    shows: Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Standby:
    """Whom a process waits for, and since when."""

    leader: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the bot is: what is wrong, how late the event loop was, when each part last did its work."""

    troubles: Sequence[str]
    lag_ms: int
    ages: Mapping[str, float]
    """Seconds since each part last ran well."""
    standby: Standby | None = None
    """Set while it waits to take over."""


class Watchdog:
    """Looks every 15 seconds."""

    def __init__(
        self,
        clock: Clock,
        file: Path,
        watched: Sequence[Probe],
        worst_lag: Callable[[], float],
        symptoms: Sequence[Symptom] = (),
    ) -> None:
        """`worst_lag` returns how many seconds the event loop was late at worst since it was last asked."""
        self._symptoms = symptoms
        self._clock = clock
        self._worst_lag = worst_lag
        self._file = file
        self._watched = watched
        self._restarts = dict.fromkeys((each.name for each in watched), 0)
        self._restarted_at = dict.fromkeys((each.name for each in watched), clock.monotonic())
        self._found: Sequence[str] = ("the start is under way",)
        self._lag_ms = 0
        self._looked_at = clock.monotonic()

    def health(self) -> Health:
        """Return how the bot is: what the last look found, and whether there still are looks."""
        troubles = list(self._found)
        if self._age(self._looked_at) > MAX_RECORD_AGE:
            troubles.append("nobody looks")
        ages = {each.name: self._age(each.heartbeat.succeeded).total_seconds() for each in self._watched}
        return Health(troubles=troubles, lag_ms=self._lag_ms, ages=ages)

    async def run(self) -> None:
        """Watch for ever. HealthError when something cannot be brought back, or its own error."""
        while True:
            for each in self._watched:
                if each.heartbeat.fatal_error is not None:
                    raise each.heartbeat.fatal_error
                await self._look_after(each)
            late = [
                each.name for each in self._watched if self._age(each.heartbeat.succeeded) > each.patience
            ]
            late += [each.name for each in self._symptoms if await self._shows(each)]
            self._write(late, timedelta(seconds=self._worst_lag()))
            await self._clock.sleep(CHECK_INTERVAL.total_seconds())

    async def _look_after(self, each: Probe) -> None:
        # It has run since its last restart, so that one has helped.
        if each.heartbeat.tried > self._restarted_at[each.name]:
            self._restarts[each.name] = 0
        if self._age(max(each.heartbeat.tried, self._restarted_at[each.name])) <= each.patience:
            return
        if each.restart is None or self._restarts[each.name] >= MAX_RESTARTS:
            raise HealthError("error.stale", name=each.name)
        log.error("%s stands still; it is started anew.", each.name)
        self._restarts[each.name] += 1
        self._restarted_at[each.name] = self._clock.monotonic()
        try:
            await asyncio.wait_for(each.restart(), CHECK_INTERVAL.total_seconds())
        except Exception:
            log.exception("%s could not be started anew.", each.name)

    async def _shows(self, symptom: Symptom) -> bool:
        try:
            return await symptom.shows()
        except Exception as error:  # noqa: BLE001  # whatever it is, the record must still be written
            log.warning("Whether %s cannot be told: %s", symptom.name, error)
            return True

    def _age(self, moment: float) -> timedelta:
        return timedelta(seconds=self._clock.monotonic() - moment)

    def _write(self, stale: Sequence[str], lag: timedelta) -> None:
        if lag > MAX_LOOP_LAG:
            stale = [*stale, "the event loop"]
        self._found, self._lag_ms, self._looked_at = stale, lag // _MILLISECOND, self._clock.monotonic()
        write_record(self._file, stale, self._lag_ms, self._clock.now())


def write_record(
    file: Path, stale: Sequence[str], lag_ms: int, now: datetime, standby: Standby | None = None
) -> None:
    """Replace the record in one step: a supervisor never reads half of it."""
    record = {"stale": stale, "lag_ms": lag_ms, "at": now.isoformat()}
    if standby is not None:
        record["standby"] = {"leader": standby.leader, "since": standby.since.isoformat()}
    try:
        half = file.with_suffix(".part")
        with own_file(half) as written:
            written.truncate()
            json.dump(record, written)
        half.replace(file)
    except OSError as error:
        log.warning("The record of health cannot be written: %s", error.strerror)


def last_sign_of_life(file: Path) -> datetime | None:
    """Return when a record was written, by the clock of the process that wrote it; None without any."""
    try:
        moment = datetime.fromisoformat(json.loads(file.read_text("utf-8"))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return moment if moment.tzinfo else None


def standby_in(file: Path) -> Standby | None:
    """Return whom the process that wrote a record waits for; None when it leads, or there is no record."""
    try:
        waits = json.loads(file.read_text("utf-8"))["standby"]
        return Standby(waits["leader"], datetime.fromisoformat(waits["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_record(file: Path) -> int:
    """Read the record; return how late the event loop was at worst of late, in milliseconds.

    HealthError when there is no record, when it is old, or when it names something stale.
    """
    try:
        # Either way off: a clock that was set back makes the record look as if from the future.
        age = abs(SystemClock().now().timestamp() - file.stat().st_mtime)
        record = json.loads(file.read_text("utf-8"))
        stale, lag = record["stale"], int(record["lag_ms"])
    except (OSError, ValueError, KeyError, TypeError):
        raise HealthError("error.no_health", file=file) from None
    if age > MAX_RECORD_AGE.total_seconds():
        raise HealthError("error.old_health", seconds=round(age))
    if stale:
        raise HealthError("error.unhealthy", names=", ".join(stale))
    return lag
