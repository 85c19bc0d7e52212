"""The timer wakes the doers: again and again, one call at a time, whatever becomes of a call."""

import asyncio
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.errors import StoreDamaged
from bot.timer import Timer
from tests.clock import StillClock

OFTEN = timedelta(milliseconds=10)


class Ticks:
    """Counts ticks; `happen` waits for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self.under_way = 0
        self.most = 0
        self._came = asyncio.Event()

    async def tick(self) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await SystemClock().sleep(0.02)
        self.under_way -= 1
        self.count += 1
        self._came.set()
        if self.count == 1:
            raise OSError("the first one fails")

    async def happen(self, times: int) -> None:
        for _ in range(times):
            self._came.clear()
            await asyncio.wait_for(self._came.wait(), 5)


async def test_it_ticks_on_after_a_tick_that_failed(
    clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    ticks = Ticks()
    timer = Timer(clock, tick=ticks.tick, every=OFTEN)
    timer.start()
    await ticks.happen(3)
    await timer.stop()
    assert "A tick failed" in caplog.text


async def test_it_ticks_again_when_it_is_started_anew(clock: StillClock) -> None:
    ticks = Ticks()
    timer = Timer(clock, tick=ticks.tick, every=OFTEN)
    timer.start()
    await ticks.happen(1)
    await timer.stop()
    await timer.restart()
    await ticks.happen(2)
    await timer.restart()
    await ticks.happen(2)
    await timer.stop()
    before = ticks.count
    await SystemClock().sleep(0.02)
    assert ticks.count == before


async def test_two_who_wake_it_get_a_tick_each_one_after_the_other(clock: StillClock) -> None:
    ticks = Ticks()
    timer = Timer(clock, tick=ticks.tick)
    await asyncio.gather(timer.wake(), timer.wake())
    assert (ticks.count, ticks.most) == (2, 1)


async def test_its_pulse_tells_a_tick_that_failed_from_one_that_did_not(clock: StillClock) -> None:
    ticks = Ticks()
    timer = Timer(clock, tick=ticks.tick)
    start = timer.pulse.tried
    await clock.advance(seconds=9)
    await timer.wake()
    assert (timer.pulse.tried - start, timer.pulse.succeeded - start) == (9, 0)
    await timer.wake()
    assert timer.pulse.succeeded - start == 9


async def test_a_tick_that_found_damage_is_told_to_who_watches(clock: StillClock) -> None:
    error = StoreDamaged("error.store_damaged")

    async def fail() -> None:
        raise error

    timer = Timer(clock, tick=fail)
    await timer.wake()
    assert timer.pulse.hopeless is error


async def test_a_tick_that_takes_long_is_neither_doubled_nor_cut_short(
    clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    ticks, go, begun = Ticks(), asyncio.Event(), asyncio.Event()

    async def long() -> None:
        begun.set()
        await go.wait()
        await ticks.tick()

    timer = Timer(clock, tick=long, every=OFTEN)
    timer.start()
    await begun.wait()
    await SystemClock().sleep(0.05)
    stop = asyncio.create_task(timer.stop())
    await SystemClock().sleep(0.05)
    assert not stop.done()
    go.set()
    await stop
    assert (ticks.count, ticks.most) == (1, 1)
    assert [record.name for record in caplog.records] == ["bot.timer"]  # of the first, which fails
