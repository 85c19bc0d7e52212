"""Jobs run again and again, one run of each at a time, whatever becomes of a run."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.errors import StoreDamaged
from bot.jobs import Job, Scheduler
from tests.clock import StillClock

OFTEN = timedelta(milliseconds=10)


class Work:
    """Counts its runs, of which the first fails; `happen` waits for the next ones."""

    def __init__(self) -> None:
        self.count = 0
        self.running = 0
        self.max_running = 0
        self._came = asyncio.Event()

    async def run(self) -> None:
        self.running += 1
        self.max_running = max(self.max_running, self.running)
        await SystemClock().sleep(0.02)
        self.running -= 1
        self.count += 1
        self._came.set()
        if self.count == 1:
            raise OSError("the first one fails")

    async def happen(self, times: int) -> None:
        for _ in range(times):
            self._came.clear()
            await asyncio.wait_for(self._came.wait(), 20)


def job(clock: StillClock, work: Callable[[], Awaitable[None]]) -> Job:
    return Job("tea", work, clock=clock, interval=OFTEN)


async def test_job_runs_on_after_a_run_that_failed(
    clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work()
    scheduler = Scheduler(job(clock, work.run))
    scheduler.start()
    await work.happen(3)
    await scheduler.stop()
    assert "The job tea failed" in caplog.text


async def test_stuck_or_failing_job_leaves_the_others_running(clock: StillClock) -> None:
    work, go = Work(), asyncio.Event()

    async def wait() -> None:
        await go.wait()

    async def fail() -> None:
        raise RuntimeError

    scheduler = Scheduler(job(clock, wait), job(clock, fail), job(clock, work.run))
    scheduler.start()
    await work.happen(3)
    go.set()
    await scheduler.stop()


async def test_each_job_has_its_own_interval(clock: StillClock) -> None:
    often, seldom = Work(), Work()
    scheduler = Scheduler(
        job(clock, often.run), Job("rare", seldom.run, clock=clock, interval=timedelta(hours=1))
    )
    scheduler.start()
    await often.happen(3)
    await scheduler.stop()
    assert seldom.count == 0


async def test_jobs_run_again_when_they_are_started_anew(clock: StillClock) -> None:
    work = Work()
    scheduler = Scheduler(job(clock, work.run))
    scheduler.start()
    await work.happen(1)
    await scheduler.stop()
    await scheduler.restart()
    await work.happen(2)
    await scheduler.restart()
    await work.happen(2)
    await scheduler.stop()
    before = work.count
    await SystemClock().sleep(0.05)
    assert work.count == before


async def test_two_callers_get_a_run_each_one_after_the_other(clock: StillClock) -> None:
    work = Work()
    tea = job(clock, work.run)
    await asyncio.gather(tea.run(), tea.run())
    assert (work.count, work.max_running) == (2, 1)


async def test_pulse_tells_a_run_that_failed_from_one_that_did_not(clock: StillClock) -> None:
    tea = job(clock, Work().run)
    start = tea.heartbeat.tried
    await clock.advance(seconds=9)
    await tea.run()
    assert (tea.heartbeat.tried - start, tea.heartbeat.succeeded - start) == (9, 0)
    await tea.run()
    assert tea.heartbeat.succeeded - start == 9


async def test_damage_that_a_job_found_is_told_to_the_watchdog(clock: StillClock) -> None:
    error = StoreDamaged("error.store_damaged")

    async def fail() -> None:
        raise error

    tea = job(clock, fail)
    await tea.run()
    assert tea.heartbeat.fatal_error is error


async def test_long_run_is_neither_doubled_nor_cut_short(
    clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    work, go, begun = Work(), asyncio.Event(), asyncio.Event()

    async def long() -> None:
        begun.set()
        await go.wait()
        await work.run()

    scheduler = Scheduler(job(clock, long))
    scheduler.start()
    await begun.wait()
    await SystemClock().sleep(0.05)
    stop = asyncio.create_task(scheduler.stop())
    await SystemClock().sleep(0.05)
    assert not stop.done()
    go.set()
    await stop
    assert (work.count, work.max_running) == (1, 1)
    assert [record.name for record in caplog.records] == ["bot.jobs"]  # of the first run, which fails
