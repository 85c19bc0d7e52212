"""What a crash costs: `python -m tools.soak_claims [SEED]`, or `make soak`. What it counts is what the server took.

At 25, 100 and 1,000 messages a second, over a server that takes 20 ms for an answer, the process is killed twenty
times while it sends. A kill counts once the process that was started anew is sending. Nothing is found out; all is let
go out, and whoever is uncertain in the ledger and got no message is without: what was claimed and had not left.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from bot.clock import SystemClock, randbelow
from bot.config import DATABASE
from bot.db.beside import reading
from tests.chat import server_running
from tools.soak import Soak

KILLS: Final = 20
LATENCY: Final = 0.02
MOST_WITHOUT: Final = {25: 3.0, 100: 10.0, 1_000: 80.0}
"""Readers a kill, on average, who may be left without their digest, by messages a second."""

_SECONDS_BETWEEN: Final = (0.3, 1.0)
_READERS_A_SECOND: Final = 2.5
"""Per kill, in messages a second: enough that something is left to be sent."""


async def cost(rate: int, seed: int) -> tuple[float, float, int]:
    """Return who is uncertain and who is without, a kill, and who got more than one."""
    readers = int(rate * KILLS * _READERS_A_SECOND) + 100
    with tempfile.TemporaryDirectory() as data:
        async with server_running(SystemClock(), range(1, readers + 1)) as server:
            soak = Soak(server, Path(data), seed, readers, rate=rate, latency=LATENCY, SETTLING="off")
            await soak.fill()
            await soak.make_due()
            for _ in range(KILLS):
                await soak.kill_while_sending(soak.dice.uniform(*_SECONDS_BETWEEN))
            await soak.let_go_out()
            got = {int(entry.arguments["chat_id"]) for entry in soak.digests(0)}
            async with reading(Path(data) / DATABASE) as connection:
                rows = await connection.all(
                    "SELECT reader FROM deliveries WHERE state = 'uncertain' AND kind = 'digest'"
                )
            uncertain = {row["reader"] for row in rows}
            return len(uncertain) / KILLS, len(uncertain - got) / KILLS, soak.doubled(0)


async def main(seed: int) -> int:
    """The exit code: 1 when anybody had a digest twice, or more are without than may be."""
    faults = 0
    for rate, most in MOST_WITHOUT.items():
        uncertain, without, doubled = await cost(rate, seed)
        print(f"{rate:,} a second, {KILLS} kills: {without:.1f} readers a kill without their digest "
              f"({most:g} may be), {uncertain:.1f} uncertain, {doubled} doubled.", flush=True)  # fmt: skip
        faults += doubled + (without > most)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else randbelow(10**6))))
