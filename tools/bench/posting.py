"""How many updates a webhook takes: at 500 a second for two minutes, and as many as it can."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

from tests.chat import free_port
from tests.postgres import binaries, server_for_tests
from tools.bench.load import core
from tools.bench.rows import Row

RATE: Final = 500
SECONDS: Final = 120
_GARBAGE: Final = 0.05
_CHATS: Final = 10_000
_MANY: Final = 20_000


def rows() -> Iterator[Row]:
    """Yield every figure on the webhook."""
    steady = posted(RATE * SECONDS, RATE)
    name = f"{RATE} updates/s by webhook for {SECONDS} s, 5 of 100 garbage"
    yield from _rows(name, steady)
    yield from _rows("as many updates by webhook as it takes", posted(_MANY))
    if binaries() is None:
        print("There is no PostgreSQL server that could be started: it is not measured.")
        return
    with server_for_tests(settings=()) as server, server.database() as store:
        yield from _rows("the same, with PostgreSQL", posted(_MANY, STORE_URL=store))


def _rows(name: str, seen: dict[str, Any]) -> Iterator[Row]:
    print(seen["statuses"], file=sys.stderr)
    yield Row(f"{name}: answered", len(seen["waits"]) / seen["spent"], "updates/s")
    yield Row("  lost, or answered twice", seen["lost"] + seen["too_many"], "updates", 0)
    for what, times in (("Telegram hears of it", "posts"), ("its sender has the answer", "waits")):
        ordered = sorted(seen[times])
        median, p99 = (ordered[len(ordered) * share // 100] * 1e3 for share in (50, 99))
        yield Row(f"  until {what}: half (99 of 100)", median, "ms", None, p99)


def posted(count: int, each_second: float = 0, **settings: str) -> dict[str, Any]:
    """Post so many questions to a bot; as fast as it takes them unless it is so many a second."""
    poster = [sys.executable, "-m", "tools.bench.poster", core(1), str(count), str(_CHATS), str(each_second)]
    pipe, port = subprocess.PIPE, str(free_port())
    hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/digests", "WEBHOOK_PORT": port}
    given = {**os.environ, **settings, **hook, "COMMANDS_PER_MINUTE": "1000"}
    with subprocess.Popen([*poster, str(_GARBAGE)], stdin=pipe, stdout=pipe, text=True) as server:  # noqa: S603  # ours
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("the poster has no pipes")
        address = server.stdout.readline().strip()
        bot = [sys.executable, "-m", "tools.bench.answerers", "unpaced", address, core(0)]
        with subprocess.Popen(bot, stdin=pipe, stdout=pipe, text=True, env=given) as answerer:  # noqa: S603  # ours
            seen: dict[str, Any] = json.loads(server.stdout.readline())
            answerer.communicate()
        server.stdin.close()
    return seen
