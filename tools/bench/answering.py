"""How fast questions are answered, and whether a digest to everybody makes anyone wait."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from tests.hostile import TEXTS
from tools.bench.answerers import USUAL
from tools.bench.asker import WORST
from tools.bench.feeds import ENTRIES_A_FEED, FEEDS
from tools.bench.large import ARTICLES
from tools.bench.load import core
from tools.bench.rows import Row

_QUESTIONS: Final = 6_000
_CHATS: Final = 1_000
_STRANGERS: Final = 20
_ECHOES: Final = 3_000
_WATCHED: Final = 150
_EACH_SECOND: Final = 5.0


def rows() -> Iterator[Row]:
    """Yield every figure on answers."""
    quotes = asked("unpaced", _QUESTIONS, "/quote")
    rate, theirs = quotes.rate, echoes().rate
    yield Row("/quote by 1,000 people, from the poll to the answer", rate, "answers/s")
    yield Row("  against python-telegram-bot's echo example", rate / theirs, "times", 1.4, theirs, least=True)
    idle = asked("idle", _WATCHED, "/quote", _EACH_SECOND)
    busy = asked("busy", _WATCHED, "/quote", _EACH_SECOND)
    name = f"99 of 100 answers, {_EACH_SECOND:g} a second asked, while 10,000 digests wait"
    yield Row(f"{name}: later by", (busy.p99 - idle.p99) * 1e3, "ms", None, idle.p99 * 1e3)
    yield Row("  in answers of a moment without digests", (busy.p99 - idle.p99) * rate, "answers", 40)
    polling = asked("polling", _WATCHED, "/quote", _EACH_SECOND)
    name = f"the same, while {FEEDS} feeds bring {FEEDS * ENTRIES_A_FEED:,} entries: later by"
    yield Row(name, (polling.p99 - idle.p99) * 1e3, "ms", None, idle.p99 * 1e3)
    many = asked("large", _QUESTIONS, "/quote")
    name = f"/quote with {ARTICLES:,} articles and as many quotes, against {USUAL}"
    yield Row(name, many.rate / rate, "times", 0.9, many.rate, least=True)
    worst = asked("unpaced", _STRANGERS * len(TEXTS), WORST, chats=_STRANGERS)
    name = f"longest lag of the event loop while {_STRANGERS} strangers send the worst texts known"
    yield Row(name, worst.lag * 1e3, "ms")
    yield Row("  in answers of a moment without them", worst.lag * rate, "answers", 100)


class Waits:
    """How long each waited, and all together."""

    def __init__(self, spent: float, waits: list[float], lag: float) -> None:
        """In seconds, as is the longest lag of the bot's event loop meanwhile."""
        self.lag = lag
        self.rate = len(waits) / spent
        self.p99 = sorted(waits)[len(waits) * 99 // 100]


def echoes() -> Waits:
    """Ask python-telegram-bot's echo example."""
    return asked("echo", _ECHOES, "x" * 200)


def asked(
    name: str, count: int, text: str, each_second: float = 0, chats: int = _CHATS, **settings: str
) -> Waits:
    """Ask a bot so often, with settings of its own; as fast as it answers unless it is so many a second."""
    asker = [
        sys.executable,
        "-m",
        "tools.bench.asker",
        core(1),
        str(count),
        str(chats),
        str(each_second),
        text,
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(asker, stdin=pipe, stdout=pipe, text=True) as server:  # noqa: S603  # ours
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("the asker has no pipes")
        address = server.stdout.readline().strip()
        bot = [sys.executable, "-m", "tools.bench.answerers", name, address, core(0)]
        given = {**os.environ, **settings}
        with subprocess.Popen(bot, stdin=pipe, stdout=pipe, text=True, env=given) as answerer:  # noqa: S603  # ours
            told = json.loads(server.stdout.readline())
            if answerer.stdin is None or answerer.stdout is None:
                raise RuntimeError("the bot has no pipes")
            answerer.stdin.close()
            lag = float(answerer.stdout.read().split()[-1])
        server.stdin.close()
    return Waits(**told, lag=lag)
