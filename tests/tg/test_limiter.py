"""Replies keep to the limits, and what Telegram asks for is obeyed over a restart."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from telegram.error import BadRequest, RetryAfter

from bot.app import intake
from bot.app.intake import GRACE
from bot.app.lifespan import Runtime
from bot.db.cooldowns import CooldownStore
from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.readers import ReaderStore
from bot.delivery.model import Plan
from bot.delivery.pacer import Pacer
from bot.delivery.rates import Rates
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.i18n import Language
from bot.message.model import Message
from bot.reader.model import Place, Reader, ReaderId, Schedule
from bot.tg.limiter import PATIENCE_S, Paced
from tests.chat import Chat, bot_running
from tests.clock import NOON, StillClock


class Requests:
    """Requests that go through the limiter, and what becomes of them."""

    def __init__(self, clock: StillClock) -> None:
        self.pacer = Pacer(clock, Rates())
        self.paced = Paced(self.pacer, clock, is_owner=lambda user: user == 1)
        self.made: list[str] = []
        self.answers: list[Exception] = []

    async def make(self, endpoint: str, chat: int | str | None = 7) -> bool:
        async def request() -> bool:
            self.made.append(endpoint)
            if self.answers:
                raise self.answers.pop(0)
            return True

        data = {} if chat is None else {"chat_id": chat}
        return await self.paced.process_request(request, (), {}, endpoint, data, None)


@pytest.fixture
def requests(clock: StillClock) -> Requests:
    return Requests(clock)


@pytest.mark.parametrize(
    ("endpoint", "chat"),
    [
        ("answerCallbackQuery", None), ("answerInlineQuery", None), ("getMe", None), ("setMyCommands", None),
        ("getChatMember", 7), ("sendChatAction", 7), ("deleteMessage", 7), ("sendMessage", "@channel"),
    ],
)  # fmt: skip
async def test_what_is_no_message_to_a_chat_never_waits(
    requests: Requests, endpoint: str, chat: int | str | None
) -> None:
    await requests.pacer.throttled(7, timedelta(hours=1), "reply")
    for _ in range(40):
        assert await requests.make(endpoint, chat)


@pytest.mark.parametrize("endpoint", ["sendMessage", "sendDocument", "copyMessage", "forwardMessage"])
async def test_messages_wait_for_their_chat(requests: Requests, endpoint: str) -> None:
    for _ in range(3):
        await requests.make(endpoint)
    assert requests.pacer.chat_wait(7) == 1
    await requests.make("editMessageText")
    assert requests.pacer.chat_wait(7) == 1, "an edit uses up nothing in a private chat"


async def test_wait_beyond_patience_is_refused_without_asking(requests: Requests) -> None:
    await requests.pacer.throttled(7, timedelta(seconds=PATIENCE_S + 1), "reply")
    with pytest.raises(RetryAfter) as refused:
        await requests.make("sendMessage")
    assert (refused.value.retry_after, requests.made) == (timedelta(seconds=PATIENCE_S + 1), [])


async def test_12_hour_wait_is_obeyed_from_its_first_answer_on(requests: Requests) -> None:
    requests.answers = [RetryAfter(timedelta(hours=12))]
    for _ in range(3):
        with pytest.raises(RetryAfter):
            await requests.make("editMessageText")
    assert requests.made == ["editMessageText"]


async def test_other_refusals_are_the_callers(requests: Requests) -> None:
    requests.answers = [BadRequest("no")]
    with pytest.raises(BadRequest):
        await requests.make("sendMessage")


# The whole product, at Telegram's pace --------------------------------------------------------------------


@pytest.fixture
async def paced_bot(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> AsyncIterator[Runtime]:
    async with bot_running(server.address, clock, tmp_path / "data", content, rates=Rates()) as product:
        yield product


async def until(condition: Callable[[], bool], clock: StillClock) -> None:
    for _ in range(2000):
        if condition():
            return
        await clock.settle()
    raise AssertionError("it never came")


async def test_who_asks_too_quickly_waits_and_nobody_else(
    server: BotApiServer,
    paced_bot: Runtime,  # noqa: ARG001  # the bot answers
    clock: StillClock,
) -> None:
    server.world.person(11, "Ada")
    server.world.person(12, "Lin")
    ada, lin = Chat(server, 11, 11), Chat(server, 12, 12)
    for _ in range(3):
        await ada.send("/help")
    server.world.say(11, 11, "/help")
    await lin.send("/help")
    assert ada.silent()
    await clock.advance(seconds=1)
    await ada.reply()


async def test_answer_that_waits_does_not_hold_up_the_end(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(11, "Ada")
    ada = Chat(server, 11, 11)
    async with asyncio.timeout(GRACE.total_seconds() - 1):
        async with bot_running(server.address, clock, tmp_path / "data", content, rates=Rates()):
            for _ in range(3):
                await ada.send("/help")
            server.world.say(11, 11, "/help")
            await until(lambda: not server.world.updates.pending(), clock)


async def test_answer_that_the_server_keeps_does_not_hold_up_the_end(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "GRACE", timedelta(seconds=0.2))
    server.world.person(11, "Ada")
    kept = asyncio.Event()

    async def keep(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "after":
            kept.set()
            await asyncio.Event().wait()

    server.fault = keep
    async with asyncio.timeout(10):
        async with bot_running(server.address, clock, tmp_path / "data", content):
            server.world.say(11, 11, "/help")
            await kept.wait()


async def test_chat_that_telegram_holds_is_left_alone_over_a_restart(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.world.person(11, "Ada")
    server.world.person(12, "Lin")
    asked: list[int] = []

    async def hold(method: str, given: Arguments, phase: Phase) -> web.Response | None:
        if method != "sendmessage" or phase == "after":
            return None
        asked.append(int(given.text("chat_id")))
        if asked[-1] == 12:
            return None
        refusal: dict[str, Any] = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 43_200}}  # fmt: skip
        return web.json_response(refusal, status=429)

    server.fault = hold
    ada, lin = Chat(server, 11, 11), Chat(server, 12, 12)
    async with bot_running(server.address, clock, tmp_path / "data", content):
        server.world.say(11, 11, "/summary")
        await until(lambda: asked == [11], clock)
        await lin.send("/summary")
    async with bot_running(server.address, clock, tmp_path / "data", content):
        server.world.say(11, 11, "/summary")
        await lin.send("/summary")
        await until(lambda: caplog.text.count("Nor could its sender be told") == 2, clock)  # Ada, in each run
        assert asked == [11, 12, 12]
        await clock.advance(hours=12)
        server.fault = None
        await ada.send("/summary")


# What is kept ---------------------------------------------------------------------------------------------


async def due(database: Database) -> list[int]:
    rows = await database.all("SELECT due_at FROM deliveries ORDER BY id")
    return [(row["due_at"] - int(NOON.timestamp() * 1000)) // 1000 for row in rows]


async def plan(database: Database, reader: ReaderId, occasion: str) -> None:
    made = Plan(
        reader=reader, kind="digest", occasion=occasion, expires_at=NOON + timedelta(hours=6), parts=(Message(text="x"),)
    )  # fmt: skip
    await DigestStore(database).notify([made], NOON)


@pytest.fixture
async def reader(database: Database) -> Reader:
    readers = ReaderStore(database)
    met = await readers.meet(Place(5), language=Language("en"), now=NOON, back=3)
    await readers.subscribe(met.id, Schedule(zone="UTC", times=(time(8),)), NOON, back=99, now=NOON)
    return met


async def test_hold_postpones_what_is_planned_now_and_later(database: Database, reader: Reader) -> None:
    cooldowns = CooldownStore(database)
    await plan(database, reader.id, "before")
    await cooldowns.keep(5, NOON + timedelta(minutes=5))
    await plan(database, reader.id, "after")
    assert await due(database) == [300, 300]
    await cooldowns.keep(5, NOON + timedelta(minutes=1))
    await cooldowns.keep(6, NOON + timedelta(minutes=9))
    assert await due(database) == [300, 300]
    assert await cooldowns.current(NOON) == {5: NOON + timedelta(minutes=5), 6: NOON + timedelta(minutes=9)}
    assert await cooldowns.current(NOON + timedelta(minutes=5)) == {6: NOON + timedelta(minutes=9)}
    assert len(await database.all("SELECT * FROM cooldowns")) == 1, "whose wait is over is forgotten"
