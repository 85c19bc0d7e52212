"""Run periodic work: each job at its own interval, one run at a time, whatever becomes of a run.

A job decides itself what is due; APScheduler only starts its runs.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, Heartbeat
from bot.errors import StoreDamaged, StoreError

log = logging.getLogger(__name__)

INTERVAL: Final = timedelta(seconds=5)


class Job:
    """Periodic work under a name."""

    def __init__(
        self, name: str, work: Callable[[], Awaitable[None]], *, clock: Clock, interval: timedelta = INTERVAL
    ) -> None:
        self.name = name
        self.interval = interval
        self.heartbeat = Heartbeat(clock)
        """When a run last ended."""
        self._work = work
        self._running = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run now; a caller during a run gets a run of its own after it."""
        async with self._running:
            try:
                await self._work()
            except StoreDamaged as error:
                log.exception("The job %s failed, and no later run can do better.", self.name)
                self.heartbeat.fatal_error = error
            except StoreError as error:
                cause = error.__cause__ or error
                log.error("The job %s failed; the next run tries again: %s", self.name, cause)  # noqa: TRY400  # the cause says it all
                self.heartbeat.beat(well=False)
            except Exception:
                log.exception("The job %s failed; the next run tries again.", self.name)
                self.heartbeat.beat(well=False)
            else:
                self.heartbeat.beat()

    async def begin(self) -> None:
        """Start a run unless one is under way; in a task of its own, which the scheduler does not cancel."""
        # A run that takes longer than its interval is not joined by a second one.
        if not self._running.locked():
            self._task = asyncio.create_task(self.run(), name=self.name)

    async def finish(self) -> None:
        """Wait for a run that is under way."""
        async with self._running:
            return


class Scheduler:
    """Starts the runs of jobs, each at its own interval."""

    def __init__(self, *jobs: Job) -> None:
        self.jobs: Sequence[Job] = jobs
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Start runs from now on."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        for job in self.jobs:
            self._scheduler.add_job(
                job.begin,
                "interval",
                seconds=job.interval.total_seconds(),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Start no more runs; those under way finish first."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for job in self.jobs:
            await job.finish()

    async def restart(self) -> None:
        """Start anew: APScheduler falls silent when the wall clock goes back."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self.start()

    async def run_all(self) -> None:
        """Run every job now, one after another."""
        for job in self.jobs:
            await job.run()
