"""An editor sends links and posts, and a feed grows; the bot is killed while it fetches, reads and gathers.

`python -m tools.soak_links [KILLS]`, part of `make soak`. Pages come through a proxy of our own, which the bot is told
to use, so that everything but the Internet is real. What it counts is in the database: each page is one draft, and
so are the messages of each post, all of them and each once.
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
PARTS: Final = 4
"""Messages of a post; lives with a post and lives with links take turns."""
_CHANNEL: Final = {
    "type": "channel",
    "chat": {"id": -1009, "type": "channel", "title": "The Mill"},
    "date": 1_763_900_000,
}
OWNER: Final = 1
_PATIENCE_S: Final = 120.0
_WORDS: Final = "The river remembers everyone who hurried it number {0}, and page {0} forgives none of them. "


class Proxy:
    """Answers for every server of the Internet, a little late."""

    def __init__(self) -> None:
        self.asked = Counter[str]()
        self.items = 4

    async def answer(self, request: web.Request) -> web.Response:
        """Answer with the page of an address."""
        if request.path == "/feed.xml":
            self.items += 2
            return web.Response(text=self._feed(), content_type="application/rss+xml")
        number = request.path.rsplit("/", 1)[-1]
        self.asked[number] += 1
        await SystemClock().sleep(0.2)
        words = "".join(f"<p>{_WORDS.format(f'{number}-{each}') * 3}</p>" for each in range(30))
        page = f"<html><head><title>Page {number}</title></head><body><article><h1>Page {number}</h1>{words}"
        return web.Response(text=f"{page}</article></body></html>", content_type="text/html")

    def _feed(self) -> str:
        """Return a feed that has two more entries at each look."""
        items = "".join(
            f"<item><title>Entry {number}</title><link>http://site.example/entry-{number}</link>"
            f"<guid>{number}</guid><description>{_WORDS.format(f'e{number}') * 30}</description></item>"
            for number in range(self.items, 0, -1)
        )
        return f"<rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>"


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
            result = await _live(server, Path(data), address, kills, proxy)
    await runner.cleanup()
    print(f"fetched {sum(proxy.asked.values())} times for {len(proxy.asked)} pages", flush=True)
    return result


async def _live(server: BotApiServer, folder: Path, proxy: str, kills: int, pages: Proxy) -> int:
    dice, clock, sent = Random(7), SystemClock(), 0  # noqa: S311  # nothing secret
    for life in range(kills):
        process = await launch(server, folder, PAGES_PROXY=proxy, OWNER_IDS=str(OWNER))
        await ready(process)
        if life == 0:
            server.world.say(OWNER, OWNER, "/feeds http://site.example/feed.xml")
        if life % 2:
            await clock.sleep(4)  # what was gathered before is a draft by then
            for number in range(sent, sent + LINKS_A_LIFE):
                server.world.say(OWNER, OWNER, f"http://site.example/{number}")
            sent += LINKS_A_LIFE
        else:
            for part in range(PARTS):
                origin = {**_CHANNEL, "message_id": 10 * life + part + 1}
                server.world.say(OWNER, OWNER, f"Post {life}, part {part}.", forward_origin=origin)
        await clock.sleep(dice.uniform(0.1, 4.0))
        process.kill()
        await process.wait()
        _make_due(folder)
    process = await launch(server, folder, PAGES_PROXY=proxy, OWNER_IDS=str(OWNER))
    begun = clock.monotonic()
    while clock.monotonic() - begun < _PATIENCE_S:
        await clock.sleep(1)
        drafts, waiting = _counted(folder)
        if sum(drafts.values()) >= sent and not waiting and _torn(folder, kills) == 0:
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
    torn = _torn(folder, kills)
    print(
        f"{(kills + 1) // 2} posts of {PARTS} messages: {torn} not in one draft, whole and once", flush=True
    )
    lost, doubled = _entries(folder, pages.items)
    print(f"a feed of {pages.items} entries: {lost} of the new ones lost, {doubled} twice", flush=True)
    return int(bool(missing or twice or waiting or torn or lost or doubled))


def _make_due(folder: Path) -> None:
    """Let the feed be looked at again at the next start."""
    with sqlite3.connect(folder / "bot.db") as db:
        db.execute("UPDATE feeds SET next_at = 0")


def _entries(folder: Path, count: int) -> tuple[int, int]:
    """Return how many entries have no draft though they came after the first look, and how many have two."""
    with sqlite3.connect(folder / "bot.db") as db:
        drafts = Counter(
            str(row[0])
            for row in db.execute(
                "SELECT json_extract(origin, '$.address') FROM drafts "
                "WHERE json_extract(origin, '$.kind') = 'feed'"
            )
        )
        old = {
            int(row[0].rsplit("-", 1)[-1])
            for row in db.execute("SELECT address FROM entries WHERE outcome = 'old'")
        }
    wanted = {f"http://site.example/entry-{number}" for number in range(1, count + 1) if number not in old}
    return len(wanted - drafts.keys()), sum(each > 1 for each in drafts.values())


def _torn(folder: Path, lives: int) -> int:
    """Return how many posts are not in one draft, each part once."""
    with sqlite3.connect(folder / "bot.db") as db:
        texts = [str(row[0]) for row in db.execute("SELECT text FROM drafts")]
    torn = 0
    for post in range(0, lives, 2):
        parts = [f"Post {post}, part {part}." for part in range(PARTS)]
        whole = sum(all(text.count(part) == 1 for part in parts) for text in texts)
        torn += whole != 1 or sum(text.count(part) for text in texts for part in parts) != PARTS
    return torn


def _counted(folder: Path) -> tuple[Counter[str], int]:
    """Return how many drafts each page has, and how many links wait."""
    with sqlite3.connect(folder / "bot.db") as db:
        drafts = Counter(
            row[0]
            for row in db.execute(
                "SELECT json_extract(origin, '$.address') FROM drafts "
                "WHERE json_extract(origin, '$.kind') = 'link'"
            )
        )
        [waiting] = db.execute(
            "SELECT (SELECT count(*) FROM links) + (SELECT count(*) FROM gatherings WHERE due_at IS NOT NULL)"
        ).fetchone()
    return drafts, int(waiting)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS)))
