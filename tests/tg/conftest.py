"""The real bot against the local server: python-telegram-bot, HTTP, SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import telegram

from bot.app.lifespan import Runtime
from bot.demo.server import BotApiServer
from bot.tg.transport import AiohttpRequest
from tests.chat import TOKEN, Chat, bot_running, server_running
from tests.clock import StillClock
from tests.ledger import assert_ledger_is_sound

ARTICLES = {
    "first.md": "# First things\n\nThe lead of the first one is long enough.\n\n## One\n\n> Words of the first.\n\n### [Deep](https://deep.example)\n\ndeep\n\n## Two\n\n"
    + "word " * 300,
    "second.md": "# 第二篇文章\n\n> 来源：某报\n\n这是第二篇文章的导语，写得足够长，可以代表全文的内容。\n\n## 一\n\n> 第二篇里的话，很好。\n\n正文",
}


@pytest.fixture
def articles() -> dict[str, str]:
    """What the content folder holds, by the names of the files."""
    return ARTICLES


@pytest.fixture
def content(tmp_path: Path, articles: dict[str, str]) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    for name, text in articles.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[BotApiServer]:
    # The owner has an account before the bot sets their menu.
    async with server_running(clock, [1]) as made:
        yield made


@pytest.fixture
async def bot(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, store: Path | str
) -> AsyncIterator[Runtime]:
    async with bot_running(server.address, clock, tmp_path / "data", content) as product:
        yield product
    await assert_ledger_is_sound(tmp_path / "data" / "bot.db" if isinstance(store, Path) else store)


@pytest.fixture
async def client(server: BotApiServer) -> AsyncIterator[telegram.Bot]:
    """The library over our transport, without the product; it waits a fifth of a second for an answer."""
    server.world.person(11, "Ada")
    request, polled = AiohttpRequest(read=0.2), AiohttpRequest()
    made = telegram.Bot(TOKEN, base_url=f"{server.address}/bot", request=request, get_updates_request=polled)
    async with made:
        yield made


@pytest.fixture
def owner(server: BotApiServer, bot: Runtime) -> Chat:  # noqa: ARG001  # the bot answers
    server.world.person(1, "Olga")
    return Chat(server, 1, 1)


@pytest.fixture
def ada(server: BotApiServer, bot: Runtime) -> Chat:  # noqa: ARG001  # the bot answers
    server.world.person(11, "Ada")
    return Chat(server, 11, 11)


@pytest.fixture
def lin(server: BotApiServer, bot: Runtime) -> Chat:  # noqa: ARG001  # the bot answers
    server.world.person(12, "小林", language="zh-hans")
    return Chat(server, 12, 12)
