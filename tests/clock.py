"""A clock for tests: it stands still until it is moved, and whoever sleeps on it wakes when it is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import SystemClock

NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)


class MovedClock(SystemClock):
    """The machine's clock, moved on by days: what sleeps sleeps for real, what is due is due at once."""

    def __init__(self) -> None:
        self._moved = timedelta()

    def now(self) -> datetime:
        """Aware, in UTC."""
        return super().now() + self._moved

    def move(self, by: timedelta) -> None:
        """From now on it is so much later."""
        self._moved += by


class StillClock:
    """Noon; `advance` moves it, and wakes those whose time has come."""

    def __init__(self) -> None:
        self._now = NOON
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Aware, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since noon, plus a number that is not 0."""
        return 1000 + (self._now - NOON).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has moved the clock so far; a moment for others when it is not positive."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), woken))
        await woken

    async def advance(self, **time: float) -> None:
        """Move on by a `timedelta(**time)` at once, and wake those whose time has come."""
        self._now += timedelta(**time)
        due = sorted((s for s in self._sleepers if s[0] <= self._now), key=lambda sleeper: sleeper[0])
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self._now]
        for _, woken in due:
            if not woken.done():
                woken.set_result(None)
        await self.settle()

    async def skip(self, late: float) -> None:
        """Move on to when the next sleeper wakes, and a little further: timers ring late."""
        due = min((due for due, woken in self._sleepers if not woken.done()), default=self._now)
        await self.advance(seconds=max((due - self._now).total_seconds(), 0) + late)

    async def asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for no more than so long."""
        until = self._now + timedelta(seconds=seconds)
        async with asyncio.timeout(20):
            while not any(due <= until and not woken.done() for due, woken in self._sleepers):  # noqa: ASYNC110
                await asyncio.sleep(0.002)

    async def settle(self) -> None:
        """Let everything that can run now run."""
        for _ in range(20):
            await asyncio.sleep(0)
