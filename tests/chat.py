"""The driver of end-to-end tests: a person in a chat with the real bot, over real HTTP."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app.lifespan import Environment, Runtime, lifespan
from bot.clock import Clock
from bot.config import Settings
from bot.delivery.rates import Rates
from bot.demo.model import Json
from bot.demo.page_api import Skip
from bot.demo.server import BotApiServer
from bot.editing.entries import ReadFeed
from bot.editing.gathering import QUIET
from bot.editing.links import ReadPage
from bot.editing.prepared import Prepare
from bot.sources.robots import FetchSince
from bot.tg.prober import MARKER
from bot.tg.transport import READ_TIMEOUT_S
from tests.clock import StillClock
from tests.documents import prepare_here

UNPACED = Rates(overall=1_000_000, burst=1_000_000, edit_burst=1_000_000, group=1_000_000)
TOKEN = "10000:test-token"
PATIENCE = 20.0


@contextlib.asynccontextmanager
async def server_running(
    clock: Clock, people: Iterable[int] = (), *, skip: Skip | None = None
) -> AsyncIterator[BotApiServer]:
    """The local server, where these people have accounts."""
    server = BotApiServer(token=TOKEN, clock=clock, skip=skip)
    await server.start()
    try:
        for person in people:
            server.world.person(person, f"Reader {person}")
        yield server
    finally:
        await server.stop()


@dataclass
class Chat:
    """What one person sees and does."""

    server: BotApiServer
    id: int
    user: int
    _heard: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    answers: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    ignored: str = ""
    """Words of notices that come at any moment, and answer nothing."""

    def __post_init__(self) -> None:
        self.server.world.listeners.append(self._listen)

    def _listen(self, chat: int, name: str, data: Json) -> None:
        by_bot = (chat, data.get("message_id")) in self.server.world.own
        text = data.get("text", "")
        if text == MARKER or (self.ignored and self.ignored in text):
            return
        if chat == self.id and name in {"message", "edited"} and by_bot:
            self._heard.put_nowait(dict(data))
        elif chat == self.id and name == "answer":
            self.answers.put_nowait(data)

    async def send(self, text: str, **more: Any) -> Json:
        """Write, and wait for the bot's answer: its next message or edit, or the draft that it makes."""
        self.server.world.say(self.id, self.user, text, **more)
        return await self.gathered()

    async def reply(self) -> Json:
        """The bot's next message or edit; answers to presses are passed over."""
        return await asyncio.wait_for(self._heard.get(), PATIENCE)

    async def hand_in(self, text: str | bytes, name: str, **more: str) -> Json:
        """Send a file; return the answer."""
        data = text if isinstance(text, bytes) else text.encode()
        self.server.world.upload(self.id, self.user, name, data, **more)
        return await self.gathered()

    async def gathered(self) -> Json:
        """Wait until nothing more is to come; the draft of what came, or whatever else the bot answers."""
        message = await self.reply()
        while message.get("text", "").startswith("📥"):
            message = await self.later()
        return message

    async def _after(self, clock: StillClock, seconds: float) -> Json:
        """The bot's next message, when time has gone on since it took in what was sent."""
        heard = asyncio.ensure_future(self.reply())
        while not heard.done():
            await self.taken_in()
            await clock.advance(seconds=seconds)
            await asyncio.wait((heard,), timeout=0.05)
        return await heard

    async def later(self, seconds: float = QUIET.total_seconds()) -> Json:
        """The bot's next message, so many seconds after it took in what was sent."""
        clock = self.server.world.clock
        return await (self._after(clock, seconds) if isinstance(clock, StillClock) else self.reply())

    async def taken_in(self) -> None:
        """Wait until the bot has dealt with all that was sent."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while self.server.world.updates.pending() or _is_busy():
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError
            await asyncio.sleep(0.005)  # noqa: TID251  # the bot works in real time

    async def press(self, message: Json, label: str) -> Json:
        """Press a button by a part of its text, and wait for what the bot makes of it."""
        self.server.world.press(self.id, self.user, message["message_id"], data_of(message, label))
        return await self.reply()

    async def answer_to(self, message: Json, data: str) -> str:
        """Send back any data, even made up; the words that the bot shows in answer."""
        return (await self.pressed(message, data))[0]

    async def pressed(self, message: Json, data: str) -> tuple[str, list[Json]]:
        """The same, and all that the bot said or changed before it answered the press."""
        press = self.server.world.press(self.id, self.user, message["message_id"], data)
        while (answer := await asyncio.wait_for(self.answers.get(), PATIENCE))["press"] != press:
            pass  # it belongs to an earlier press
        said = [self._heard.get_nowait() for _ in range(self._heard.qsize())]
        return str(answer["text"]), said

    def silent(self) -> bool:
        """Whether the bot has said nothing more."""
        return self._heard.empty()


def _is_busy() -> bool:
    return any(task.get_name() == "update" for task in asyncio.all_tasks())


def labels(message: Json) -> list[str]:
    """The texts of a message's buttons."""
    return [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


def data_of(message: Json, label: str) -> str:
    """What the button sends back whose text holds a label."""
    for row in message["reply_markup"]["inline_keyboard"]:
        for button in row:
            if label in button["text"]:
                return str(button["callback_data"])
    raise AssertionError(f"no button {label!r} among {labels(message)}")


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.asynccontextmanager
async def bot_running(
    address: str,
    clock: Clock,
    folder: Path,
    content: Path,
    rates: Rates = UNPACED,
    patience: float = READ_TIMEOUT_S,
    prepare: Prepare = prepare_here,
    fetch: FetchSince | None = None,
    read_page: ReadPage | None = None,
    read_feed: ReadFeed | None = None,
    **settings: Any,
) -> AsyncIterator[Runtime]:
    """The product, started against the server at an address; unless asked, nothing waits for its turn."""
    given = {"bot_token": SecretStr(TOKEN), "owner_ids": "1", "backups": 0, **settings}
    made = Settings(bot_api_url=SecretStr(address), data_dir=folder, **given)
    setup = Environment(
        clock=clock,
        content=content,
        rates=rates,
        patience=patience,
        prepare=prepare,
        fetch=fetch,
        read_page=read_page,
        read_feed=read_feed,
    )
    async with lifespan(made, setup) as product:
        await product.content.task
        yield product
