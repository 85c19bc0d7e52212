"""How fast messages leave from one core, beside the libraries that others send with."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bench.load import core
from tools.bench.rows import Row

_SIDE_BY_SIDE: Final = (8, 32, 128)
_CAMPAIGN: Final = 20_000
_PERSONAL: Final = 5_000
_LATENCY: Final = 0.05
_PACED: Final = 1_000
_SECONDS: Final = 10


@dataclass(frozen=True)
class Speed:
    """Messages a second, and microseconds of the sending process for each."""

    rate: float
    cpu: float


def rows(peers: Path) -> Iterator[Row]:
    """Yield every figure on sending; `peers` is the Python of the environment where they are installed."""
    rate = "messages/s"
    with sink() as address:
        # Side by side it sends as it does always; it has as many chances as the others.
        ours = _best(lambda _: run(sender("outbox", address, _CAMPAIGN, 64)))
        yield Row("one message to all, from the outbox to the ledger", ours.rate, rate)
        yield Row("  of this process for each", ours.cpu, "µs")
        library = _best(lambda n: run(sender("library", address, 1_500, n)))
        yield _times("  against python-telegram-bot's send_message", ours, library, 6)
        aiogram = _best(lambda n: run(_peer(peers, "aiogram", address, 5_000, n)))
        yield _times("  against aiogram", ours, aiogram, 1.5)
        telebot = _best(lambda n: run(_peer(peers, "telebot", address, 8_000, n)))
        yield _times("  against pyTelegramBotAPI", ours, telebot, 1.15)
        bare = _best(lambda n: run(sender("bare", address, 12_000, n)))
        yield _times("  against aiohttp with a body made beforehand", ours, bare, 0.6)
        carried = _best(lambda n: run(sender("library_on_ours", address, 5_000, n)))
        yield Row("  python-telegram-bot on our transport", carried.rate, rate, None, library.rate)
        campaign = run(sender("campaign", address, _CAMPAIGN, 64))
        yield Row("a /broadcast: planned, copied and counted on the way", campaign.rate, rate)
        yield _times("  against one message to all", campaign, ours, 0.7)
        personal = run(sender("personal", address, _PERSONAL, 64))
        yield Row("a digest of one's own for each, from being due to the ledger", personal.rate, rate)
        yield _times("  against one message to all", personal, ours, 0.15)
        limit = _best(
            lambda n: run([sys.executable, "-m", "tools.bench.drive", address, "60000", str(n), core(0)])
        )
        yield _times("the sink, driven over raw sockets, against our figure", limit, ours, 1.5)
    with sink(_LATENCY) as address:
        paced = run(sender("outbox_paced", address, _PACED * _SECONDS, _PACED))
        slow = f"a server that takes {_LATENCY * 1000:.0f} ms, {_PACED} a second allowed"
        yield Row(f"{slow}: reached", 100 * paced.rate / _PACED, "%", 98, least=True)
        yield Row("  share of a core", paced.cpu * paced.rate / 1e4, "%")


def _times(name: str, ours: Speed, theirs: Speed, bound: float) -> Row:
    return Row(name, ours.rate / theirs.rate, "times", bound, theirs.rate, least=True)


@contextmanager
def sink(delay: float = 0) -> Iterator[str]:
    """The address of a sink that has the second core to itself, and answers after so many seconds."""
    command = [sys.executable, "-m", "tools.bench.sink", core(1), str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sink:  # noqa: S603  # ours
        if sink.stdin is None or sink.stdout is None:
            raise RuntimeError("the sink has no pipes")
        yield sink.stdout.readline().strip()
        sink.stdin.close()


def sender(name: str, address: str, count: int, side_by_side: int) -> list[str | Path]:
    """Return the command of a sender."""
    return [
        sys.executable,
        "-m",
        "tools.bench.senders",
        name,
        address,
        str(count),
        str(side_by_side),
        core(0),
    ]


def _peer(python: Path, name: str, address: str, count: int, side_by_side: int) -> list[str | Path]:
    return [python, "-m", "tools.bench.peers_sending", name, address, str(count), str(side_by_side), core(0)]


def run(command: list[str | Path], **settings: str) -> Speed:
    """Run a sender, with settings of the bot."""
    done = subprocess.run(  # noqa: S603  # ours
        command, capture_output=True, text=True, check=True, env={**os.environ, **settings}
    )
    return Speed(**json.loads(done.stdout))


def _best(at: Callable[[int], Speed]) -> Speed:
    """Each at the number of requests side by side that suits it best."""
    return max((at(number) for number in _SIDE_BY_SIDE), key=lambda speed: speed.rate)
