"""Wakes the doers. What is due, they know themselves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, Pulse
from bot.errors import StoreDamaged, StoreError

log = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=5)


class Timer:
    """Calls `tick` every so often, one call at a time, whatever happens to it."""

    def __init__(
        self, clock: Clock, *, tick: Callable[[], Awaitable[None]], every: timedelta = EVERY
    ) -> None:
        self._tick = tick
        self._every = every
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._turn = asyncio.Lock()
        self._rung: asyncio.Task[None] | None = None
        self.pulse = Pulse(clock)
        """When a tick last ended."""

    def start(self) -> None:
        """Tick from now on."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        seconds = self._every.total_seconds()
        self._scheduler.add_job(
            self._ring, "interval", seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more; a tick that is under way finishes first."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        async with self._turn:
            return

    async def restart(self) -> None:
        """Begin anew: the scheduler falls silent when the wall clock goes back."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self.start()

    async def _ring(self) -> None:
        """Tick unless one is under way; in a task of its own, which the scheduler does not cut off."""
        if not self._turn.locked():
            self._rung = asyncio.create_task(self.wake(), name="tick")

    async def wake(self) -> None:
        """Tick now; who calls while a tick is under way gets one of their own after it."""
        async with self._turn:
            try:
                await self._tick()
            except StoreDamaged as error:
                log.exception("A tick failed, and no other can do better.")
                self.pulse.hopeless = error
            except StoreError as error:
                log.error("A tick failed; the next one tries again: %s", error.__cause__ or error)  # noqa: TRY400  # the cause says it all
                self.pulse.beat(well=False)
            except Exception:
                log.exception("A tick failed; the next one tries again.")
                self.pulse.beat(well=False)
            else:
                self.pulse.beat()
