"""The product and the chat page, as `python -m bot demo` runs them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import telegram

from bot.app.lifespan import CONTENT
from bot.clock import SystemClock
from bot.demo.cast import EDITOR_ID
from bot.demo.clock import SkippingClock
from bot.demo.server import BotApiServer
from bot.sources.fetch import Fetched, Version
from tests.chat import bot_running, server_running
from tests.clock import StillClock
from tests.demo.api import ADA, CHANNEL, GROUP, LIN, client
from tests.documents import read_page_here
from tests.feeds import FeedReaderHere, item, rss

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""When everything on the page begins, so that screenshots show the same days."""


PAGES = {
    "en": (
        "Why the ferry is late", "The River Post", "Jane Roe", "What the captain says",
        ("The ferry is late every morning by the same eleven minutes, and the town has set its clocks by it for "
        "longer than anybody can remember."),
        ("The captain says that a boat keeps the hours of the water. Nobody has ever missed a train because of it, "
        "since the station waits as well."),
    ),
    "zh": (
        "渡船为什么总是晚点", "河边杂志", "林间", "船长怎么说",
        "渡船每天早上都晚十一分钟，镇上的人照着它对表，谁也不记得是从什么时候开始的。大家都觉得，这样的早晨才算安稳。",
        "船长说，船走的是水的时间。从来没有人因此误过火车，因为车站也在等。日子久了，连学校的铃声也跟着渡船走。",
    ),
}  # fmt: skip
"""Pages behind the links of the tour: title, site, author, a heading, two paragraphs."""


FEEDS = {
    "en": ("The River Post", ("The river freezes over", "A new bell for the ferry", "The eel is back")),
    "zh": ("河边杂志", ("河面结冰了", "渡船换了新钟", "鳗鱼回来了")),
}
"""The feed of the tour: its title, and those of its entries."""


def made_up_feed(address: str, language: str) -> Fetched:
    title, names = FEEDS[language]
    items = (
        item(name, title=name, link=f"https://example.org/{number}") for number, name in enumerate(names)
    )
    return Fetched(address=address, media_type="text/xml", charset=None, data=rss(*items, title=title))


async def made_up_page(address: str, *, since: Version | None = None) -> Fetched:
    del since
    language = address.rsplit("/", 1)[-1]
    if language.startswith("feed-"):
        return made_up_feed(address, language.removeprefix("feed-"))
    title, site, author, heading, first, second = PAGES[language]
    head = f"<title>{title} | {site}</title><meta property='og:site_name' content='{site}'>"
    head += f"<meta name='author' content='{author}'><meta property='article:published_time' content='2026-11-20'>"
    body = f"<article><h1>{title}</h1><p>{first}</p><h2>{heading}</h2><p>{second}</p></article>"
    data = f"<html lang='{language}'><head>{head}</head><body>{body}</body></html>".encode()
    return Fetched(address=address, media_type="text/html", charset=None, data=data)


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    ahead = BEGIN - SystemClock().now()
    (tmp_path / "clock").write_text(f"{ahead.total_seconds()}\n", "utf-8")
    clock = SkippingClock(tmp_path / "clock")

    async def skip(chat: int, days: int | None) -> str:
        if days:
            clock.skip_to(clock.now() + timedelta(days=days))
            return ""
        [reader] = await product.services.readers.of_chat(chat)
        assert reader.subscription.next_at is not None
        clock.skip_to(reader.subscription.next_at)
        await product.scheduler.run_all()
        return "skipped"

    owner = str(EDITOR_ID)
    async with (
        server_running(clock, skip=skip) as server,
        bot_running(
            server.address,
            clock,
            tmp_path,
            CONTENT,
            owner_ids=owner,
            fetch=made_up_page,
            read_page=read_page_here,
            read_feed=FeedReaderHere(),
        ) as product,
    ):
        yield server.address


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[BotApiServer]:
    """The server alone: two people, a group of theirs and the channel that it discusses."""
    async with server_running(clock) as made:
        made.world.person(ADA, "Ada")
        made.world.person(LIN, "Lin")
        made.world.group(GROUP, "Club", {ADA: "creator", LIN: "member"})
        made.world.channel(CHANNEL, "News", {ADA: "creator"}, linked=GROUP)
        yield made


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[telegram.Bot]:
    async with client(server) as made:
        yield made
