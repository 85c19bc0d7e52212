"""One falls, the other takes over: `python -m tools.soak_failover [SEED [FALL …]]`, or `make soak`.

Two bots have one database on a server. While 2,000 digests go out at 300 a second, over a server that takes 20 ms,
at a random moment the leader is killed, paused for 10 s, or cut off from the database, or that crashes and comes
back. What counts is what Telegram's server took, and the ledger.
"""

import asyncio
import contextlib
import random  # noqa: TID251  # a seed makes it repeatable
import re
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from bot.clock import randbelow
from tests.failover import Pair, Way, readers_due
from tests.postgres import Cluster, running_cluster, server_programs
from tests.test_kill import accepted

READERS: Final = 2_000
RATE: Final = 300
EACH: Final = 5
_PAUSE_S: Final = 10.0

Fall = Callable[[Pair, Cluster, Way, asyncio.subprocess.Process], Awaitable[None]]


async def killed(_: Pair, __: Cluster, ___: Way, leader: asyncio.subprocess.Process) -> None:
    """The process is gone at once."""
    leader.kill()


async def paused(_: Pair, __: Cluster, ___: Way, leader: asyncio.subprocess.Process) -> None:
    """The process stands still, and goes on as if nothing had been."""
    leader.send_signal(signal.SIGSTOP)
    await asyncio.sleep(_PAUSE_S)  # noqa: TID251  # real processes take real time
    leader.send_signal(signal.SIGCONT)


async def cut_off(_: Pair, __: Cluster, way: Way, ___: asyncio.subprocess.Process) -> None:
    """Nothing is heard between the leader and the database for a while."""
    way.cut()
    await asyncio.sleep(_PAUSE_S)  # noqa: TID251  # as above
    way.mend()


async def crashed(_: Pair, cluster: Cluster, __: Way, ___: asyncio.subprocess.Process) -> None:
    """The database is gone, and comes back."""
    await asyncio.to_thread(cluster.kill)
    await asyncio.sleep(2)  # noqa: TID251  # as above
    await asyncio.to_thread(cluster.start)


FALLS: Final[tuple[Fall, ...]] = (killed, paused, cut_off, crashed)


async def fall(how: Fall, dice: random.Random) -> tuple[list[str], int, int, float]:
    """Return what went wrong, who is uncertain, who of them got nothing, and the longest silence in seconds."""
    with contextlib.ExitStack() as stack:
        cluster = await asyncio.to_thread(stack.enter_context, running_cluster(server_programs(), ()))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = f"{cluster.address}/postgres"
        way = Way(cluster.port)
        await way.open()
        async with readers_due(store, folder, readers=READERS, rate=RATE) as pair:
            leader = await pair.start(0, STORE_URL=re.sub(r":\d+/", f":{way.port}/", store))
            await pair.sent(1)
            await pair.start(1)
            await pair.stands_by(1)
            await pair.sent(dice.randrange(READERS // 8, READERS // 2))
            await how(pair, cluster, way, leader)
            states = await pair.outcome()
            got = accepted(pair.server)
            uncertain = [chat for chat, state in states.items() if state == "uncertain"]
            without = sum(not got[chat] for chat in uncertain)
            result = pair.faults(states), len(uncertain), without, pair.silence()
        await way.close()
        return result


async def main(seed: int, names: Sequence[str] = ()) -> int:
    """The exit code: 1 when anybody had a digest twice or none without a trace, or silence was too long."""
    dice, faults = random.Random(seed), 0  # noqa: S311  # nothing secret
    for how in (how for how in FALLS if not names or how.__name__ in names):
        for _ in range(EACH):
            found, uncertain, without, silence = await fall(how, dice)
            faults += len(found)
            print(f"{how.__name__}: {uncertain} uncertain, {without} of them without; "
                  f"silent for {silence:.1f} s; {', '.join(found) or 'nothing doubled, nothing lost'}", flush=True)  # fmt: skip
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else randbelow(10**6), sys.argv[2:])))
