"""So many sends, so many at a time: what every sender that is measured has in common."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from typing import Final

TOKEN: Final = "10000:bench"
CHAT: Final = 11
TEXT: Final = "x" * 200

Send = Callable[[int], Awaitable[object]]


def core(number: int) -> str:
    """The name of one of the cores that this process may use, for `pinned`: who is measured has the first."""
    cores = sorted(os.sched_getaffinity(0))
    return str(cores[number % len(cores)])


def pinned(core: str) -> None:
    """Stay on one core; the sink has the other."""
    os.sched_setaffinity(0, {int(core)})


async def measured(send: Send, count: int, side_by_side: int) -> None:
    """Send; print messages a second, and microseconds of this process for each."""
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            await send(number)

    await send(0)  # connections and caches are warm, as in a bot that runs
    start, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(side_by_side)))
    tell(count, start, cpu)


def tell(count: int, start: float, cpu: float) -> None:
    """Print what was measured since then, as JSON."""
    spent, burnt = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"rate": count / spent, "cpu": burnt / count * 1e6}), flush=True)
