"""Digests leave evenly, and nothing bursts after a pause."""

import asyncio
from datetime import timedelta

from bot.delivery.pacer import Pacer
from tests.clock import StillClock


async def taken(pacer: Pacer, clock: StillClock, turns: int) -> list[float]:
    times: list[float] = []

    async def take() -> None:
        await pacer.turn()
        times.append(clock.monotonic())

    tasks = [asyncio.create_task(take()) for _ in range(turns)]
    while len(times) < turns:
        await clock.advance(seconds=0.05)
    await asyncio.gather(*tasks)
    return times


async def test_turns_come_at_the_rate(clock: StillClock) -> None:
    times = await taken(Pacer(clock, rate=10), clock, 11)
    assert 0.99 <= times[-1] - times[0] <= 1.2


async def test_turns_that_nobody_took_are_not_saved_up(clock: StillClock) -> None:
    pacer = Pacer(clock, rate=10)
    await clock.advance(hours=1)
    times = await taken(pacer, clock, 6)
    assert times[-1] - times[0] >= 0.49


async def test_a_pause_holds_and_a_shorter_one_does_not_end_it(clock: StillClock) -> None:
    pacer = Pacer(clock, rate=10)
    pacer.pause(timedelta(seconds=5))
    pacer.pause(timedelta(seconds=1))
    start = clock.monotonic()
    times = await taken(pacer, clock, 1)
    assert times[0] - start >= 5
