"""The program as it is, in a process of its own, but for how long it waits."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final, Protocol

from tests.chat import TOKEN

ROOT: Final = Path(__file__).parents[2]

_STARTED: Final = """
import sys
from bot.cli import main
from bot.settling import settler
from bot.tg import prober
usual = prober.INTERVAL_S
settler.WAIT_S, settler.LOOK_S, prober.INTERVAL_S = map(float, sys.argv[1:])
prober.WAITS_S = tuple(each * prober.INTERVAL_S / usual for each in prober.WAITS_S)
sys.exit(main(["run"]))
"""


class Server(Protocol):
    """A server of bots that listens."""

    address: str


async def launch(
    server: Server, folder: Path, *, wait: float, look: float = 0.1, interval: float = 0.0, **settings: str
) -> asyncio.subprocess.Process:
    """Start it; it says on its output when it is ready.

    `wait`, `look` and `interval` are the seconds of the settler and its questions.
    Where questions follow each other faster than usual, those without an answer are repeated as much sooner.
    """
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", _STARTED, str(wait), str(look), str(interval),
        env={**os.environ, "BOT_TOKEN": TOKEN, "BOT_API_URL": server.address, "DATA_DIR": str(folder), "BACKUPS": "0", **settings},
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
