"""An editor sends links without an end; the bot is killed again and again while it fetches and reads their pages.

`python -m tools.soak_links [KILLS]`, part of `make soak`. Pages come through a proxy of our own, which the bot is told
to use, so that everything but the Internet is real. What it counts is in the database: each page is one draft.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random  # noqa: TID251  # a seed makes it repeatable
from typing import Final

from aiohttp import web

from bot.clock import SystemClock
from bot.demo.server import BotApiServer
from tests.chat import server_running
from tests.test_kill import launch
from tools.soak_inbox import ready

KILLS: Final = 12
LINKS_A_LIFE: Final = 3
OWNER: Final = 1
_PATIENCE_S: Final = 120.0
_WORDS: Final = "The river remembers everyone who hurried it number {0}, and page {0} forgives none of them. "


class Proxy:
    """Answers for every server of the Internet, a little late."""

    def __init__(self) -> None:
        self.asked = Counter[str]()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer with the page of an address."""
        number = request.path.rsplit("/", 1)[-1]
        self.asked[number] += 1
        await SystemClock().sleep(0.2)
        words = "".join(f"<p>{_WORDS.format(f'{number}-{each}') * 3}</p>" for each in range(30))
        page = f"<html><head><title>Page {number}</title></head><body><article><h1>Page {number}</h1>{words}"
        return web.Response(text=f"{page}</article></body></html>", content_type="text/html")


async def main(kills: int) -> int:
    """The exit code: 1 when a page is no draft, or two."""
    proxy, app = Proxy(), web.Application()
    app.router.add_route("*", "/{path:.*}", proxy.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    with tempfile.TemporaryDirectory() as data:
        async with server_running(SystemClock(), [OWNER]) as server:
            result = await _live(server, Path(data), address, kills)
    await runner.cleanup()
    print(f"fetched {sum(proxy.asked.values())} times for {len(proxy.asked)} pages", flush=True)
    return result


async def _live(server: BotApiServer, folder: Path, proxy: str, kills: int) -> int:
    dice, clock, sent = Random(7), SystemClock(), 0  # noqa: S311  # nothing secret
    for _ in range(kills):
        process = await launch(server, folder, PAGES_PROXY=proxy, OWNER_IDS=str(OWNER))
        await ready(process)
        for _ in range(LINKS_A_LIFE):
            sent += 1
            server.world.say(OWNER, OWNER, f"http://site.example/{sent}")
        await clock.sleep(dice.uniform(0.1, 4.0))
        process.kill()
        await process.wait()
    process = await launch(server, folder, PAGES_PROXY=proxy, OWNER_IDS=str(OWNER))
    begun = clock.monotonic()
    while clock.monotonic() - begun < _PATIENCE_S:
        await clock.sleep(1)
        drafts, waiting = _counted(folder)
        if sum(drafts.values()) >= sent and not waiting:
            break
    await clock.sleep(2)
    process.terminate()
    await process.wait()
    drafts, waiting = _counted(folder)
    missing = sent - len(drafts)
    twice = sum(count > 1 for count in drafts.values())
    print(
        f"{kills} kills, {sent} links: {missing} without a draft, {twice} with two, {waiting} left",
        flush=True,
    )
    return int(bool(missing or twice or waiting))


def _counted(folder: Path) -> tuple[Counter[str], int]:
    """Return how many drafts each page has, and how many links wait."""
    with sqlite3.connect(folder / "bot.db") as db:
        drafts = Counter(row[0] for row in db.execute("SELECT json_extract(origin, '$.address') FROM drafts"))
        [waiting] = db.execute("SELECT count(*) FROM links").fetchone()
    return drafts, int(waiting)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS)))
