"""The local server posts updates as Telegram does: a chat's in order, chats side by side, again until taken."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from aiohttp import web

from bot.clock import SystemClock
from bot.demo.server import BotApiServer
from bot.web.listener import listening
from tests.chat import TOKEN, server_running
from tests.clock import StillClock

ADA, LIN = 11, 12


class Receiver:
    """A bot that writes down what is posted to it, and answers as it is told."""

    def __init__(self) -> None:
        self.came: list[tuple[int, str]] = []
        self.secrets: set[str | None] = set()
        self.answers: list[tuple[int, str | None]] = []
        self.held: dict[int, asyncio.Event] = {}
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        message = (await request.json())["message"]
        chat = message["chat"]["id"]
        self.came.append((chat, message["text"]))
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if chat in self.held:
            await self.held[chat].wait()
        status, wait = self.answers.pop(0) if self.answers else (200, None)
        return web.Response(status=status, headers={"Retry-After": wait} if wait else None)

    async def count(self, number: int) -> None:
        async with asyncio.timeout(20):
            while len(self.came) < number:
                await SystemClock().sleep(0.002)


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[BotApiServer]:
    async with server_running(clock, [ADA, LIN]) as made:
        yield made


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(TOKEN, base_url=f"{server.address}/bot") as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made, app = Receiver(), web.Application()
    app.router.add_post("/", made.answer)
    async with listening(app, "127.0.0.1", 0, names=("A", "B")) as port:
        made.url = f"http://127.0.0.1:{port}/"
        yield made


async def test_updates_are_posted_with_the_secret_and_forgotten(
    server: BotApiServer, bot: telegram.Bot, receiver: Receiver
) -> None:
    server.world.say(ADA, ADA, "before")
    await bot.set_webhook(receiver.url, secret_token="s-1", max_connections=7)
    server.world.say(ADA, ADA, "after")
    await receiver.count(2)
    assert (receiver.came, receiver.secrets) == ([(ADA, "before"), (ADA, "after")], {"s-1"})
    while server.world.updates.pending():
        await SystemClock().sleep(0.002)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (receiver.url, 7, 0)


async def test_chat_keeps_its_order_and_holds_up_no_other(
    server: BotApiServer, bot: telegram.Bot, receiver: Receiver
) -> None:
    receiver.held[ADA] = asyncio.Event()
    await bot.set_webhook(receiver.url)
    for text in "123":
        server.world.say(ADA, ADA, text)
        server.world.say(LIN, LIN, text)
    await receiver.count(4)
    assert [each for each in receiver.came if each[0] == LIN] == [(LIN, text) for text in "123"]
    assert [each for each in receiver.came if each[0] == ADA] == [(ADA, "1")]
    receiver.held[ADA].set()
    await receiver.count(6)
    assert [each for each in receiver.came if each[0] == ADA] == [(ADA, text) for text in "123"]


async def test_failed_post_is_tried_at_once_and_then_more_and_more_seldom(
    server: BotApiServer, bot: telegram.Bot, receiver: Receiver, clock: StillClock
) -> None:
    receiver.answers = [(500, None)] * 4
    await bot.set_webhook(receiver.url)
    server.world.say(ADA, ADA, "x")
    await receiver.count(2)
    for wait, number in ((2, 3), (4, 4), (8, 5)):
        await clock.asleep(wait)
        await clock.advance(seconds=wait - 0.5)
        await SystemClock().sleep(0.02)
        assert len(receiver.came) == number - 1
        await clock.advance(seconds=1)
        await receiver.count(number)
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"


async def test_bot_may_say_when_to_try_again(
    server: BotApiServer, bot: telegram.Bot, receiver: Receiver, clock: StillClock
) -> None:
    receiver.answers = [(503, "1")] * 6
    await bot.set_webhook(receiver.url)
    server.world.say(ADA, ADA, "x")
    for number in range(1, 8):
        await receiver.count(number)
        if number < 7:
            await clock.asleep(1)
            await clock.advance(seconds=1)
    assert len(receiver.came) == 7


async def test_poll_and_webhook_exclude_each_other(bot: telegram.Bot, receiver: Receiver) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await SystemClock().sleep(0.05)
    await bot.set_webhook(receiver.url)
    with pytest.raises(telegram.error.Conflict, match="terminated by setWebhook request"):
        await waiting
    with pytest.raises(telegram.error.Conflict, match="use deleteWebhook to delete the webhook first"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    assert (await bot.get_webhook_info()).url == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": "ftp://example.org"}, "Invalid webhook url specified"),
        ({"url": "http://127.0.0.1:1", "secret_token": "a" * 257}, "Secret token is too long"),
        ({"url": "http://127.0.0.1:1", "secret_token": "a b"}, "Secret token contains unallowed characters"),
        ({"url": "https://127.0.0.1:1", "certificate": b"none"}, "can't load the certificate"),
    ],
)
async def test_webhook_that_cannot_be_set_is_refused(
    bot: telegram.Bot, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(telegram.error.BadRequest, match=words):
        await bot.set_webhook(**given)
    assert (await bot.get_webhook_info()).url == ""


async def test_address_that_nobody_answers_at_is_an_error_with_a_date(
    server: BotApiServer, bot: telegram.Bot, clock: StillClock
) -> None:
    await bot.set_webhook("http://127.0.0.1:1/")
    server.world.say(ADA, ADA, "x")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(20):
            while server.world.updates.webhook.last_error is None:
                await SystemClock().sleep(0.002)
    info = await bot.get_webhook_info()
    assert info.last_error_date == clock.now()
    assert info.pending_update_count == 1
