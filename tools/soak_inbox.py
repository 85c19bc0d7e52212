"""Many people wrote while the bot was down; it is killed twice and stopped once while it catches up.

`python -m tools.soak_inbox [PEOPLE]`, part of `make soak`. What it counts is what the server took.
"""

import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from bot.demo.server import BotApiServer
from tests.chat import server_running
from tests.test_kill import launch

PEOPLE: Final = 20_000
RATE: Final = 100
MAX_TWICE: Final = 20
"""People who may be answered twice for each kill."""

MAX_GROWTH_MIB: Final = 60
"""Of which two thirds come with the first answers, and the rest with all who wrote within a minute."""

_PATIENCE_S: Final = 600.0
_COMMANDS: Final = ("/quote", "/summary", "/articles", "/help")


def answers(server: BotApiServer) -> Counter[int]:
    """How many messages each person was sent."""
    sent = (each for each in server.ledger if each.method == "sendmessage" and each.accepted)
    return Counter(int(each.arguments["chat_id"]) for each in sent)


def memory_mib(process: asyncio.subprocess.Process) -> float:
    """What a process holds."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


async def main(people: int) -> int:
    """The exit code: 1 when somebody was not answered, or too many twice."""
    with tempfile.TemporaryDirectory() as data:
        folder = Path(data)
        async with server_running(SystemClock(), range(1, people + 1)) as server:
            process = await launch(server, folder, rate=RATE)  # it begins with an empty inbox
            await ready(process)
            idle = memory_mib(process)
            process.terminate()
            await process.wait()
            for person in range(1, people + 1):
                server.world.say(person, person, _COMMANDS[person % len(_COMMANDS)])
            return await _catch_up(server, folder, people, idle)


async def ready(process: asyncio.subprocess.Process) -> None:
    """Wait until it says that it answers."""
    if process.stdout is None or b"is ready" not in await process.stdout.readline():
        raise RuntimeError("the bot did not start")


async def _catch_up(server: BotApiServer, folder: Path, people: int, idle: float) -> int:
    start, most = time.perf_counter(), 0.0
    for blow in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
        begun = len(answers(server))
        process = await launch(server, folder, rate=RATE)
        while len(answers(server)) < begun + people // 5:
            await SystemClock().sleep(0.2)
            most = max(most, memory_mib(process))
        process.send_signal(blow)
        await process.wait()
        print(
            f"{blow.name} after {len(answers(server))} answers, {time.perf_counter() - start:.0f} s",
            flush=True,
        )
    process = await launch(server, folder, rate=RATE)
    while len(answers(server)) < people and time.perf_counter() - start < _PATIENCE_S:
        await SystemClock().sleep(0.5)
        most = max(most, memory_mib(process))
    await SystemClock().sleep(3)
    process.terminate()
    await process.wait()
    counted = answers(server)
    unanswered, twice = people - len(counted), sum(count > 1 for count in counted.values())
    print(f"{people} people: {unanswered} unanswered, {twice} answered more than once, "
          f"memory + {most - idle:.0f} MiB at most, {time.perf_counter() - start:.0f} s", flush=True)  # fmt: skip
    return int(bool(unanswered or twice > 3 * MAX_TWICE or most - idle > MAX_GROWTH_MIB))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)))
