"""The only place that knows what time it is, how to wait and how to roll dice."""

import asyncio
import contextlib
import secrets
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What every doer is given instead of the system's clock."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards; only differences mean something."""

    async def sleep(self, seconds: float) -> None:
        """Wait; at once when `seconds` is not positive."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the seconds since some moment before."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait; others run meanwhile."""
        await asyncio.sleep(max(seconds, 0))


async def within(clock: Clock, seconds: float, event: asyncio.Event) -> None:
    """Wait until something happens, or so long."""
    sleep = asyncio.ensure_future(clock.sleep(seconds))
    woken = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait((sleep, woken), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in (sleep, woken):
            waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await waiting


class Heartbeat:
    """When something that runs again and again last ran, and last ran well, in monotonic seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.tried = self.succeeded = clock.monotonic()
        self.fatal_error: Exception | None = None
        """Why it can never run well again in this process."""

    def beat(self, *, well: bool = True) -> None:
        """Note that it has just run."""
        self.tried = self._clock.monotonic()
        if well:
            self.succeeded = self.tried


def uptime() -> float:
    """Return seconds that go on while the machine sleeps; only differences mean something."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def new_token() -> str:
    """Return 43 characters that nobody guesses, safe in links (256 bits)."""
    return secrets.token_urlsafe(32)


def randbelow(limit: int) -> int:
    """Return a random whole number from 0 to below `limit`."""
    return secrets.randbelow(limit)
