"""What is not Telegram's own word suspends and quarantines nobody; what looks wrong waits for an owner."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app.lifespan import Runtime
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from tests.chat import Chat, bot_running, labels
from tests.clock import StillClock

READERS = range(2001, 2061)


async def subscribed(server: BotApiServer, bot: Runtime) -> None:
    """Sixty readers whose digest is due in a minute."""
    for reader in READERS:
        server.world.person(reader, f"Reader {reader}")
        await Chat(server, reader, reader).send("/subscribe 12:01 UTC")
    assert bot.services.library.newest()


def page(status: int) -> web.Response:
    return web.Response(status=status, text="<html><h1>Forbidden</h1></html>", content_type="text/html")


def refusal(code: int, words: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": words}, status=code)


def lying(server: BotApiServer, answer: Callable[[], web.Response], chats: range = READERS) -> list[int]:
    """Let something before the server answer digests in its place; whom it answered."""
    asked: list[int] = []

    async def fault(method: str, values: Arguments, phase: Phase) -> web.Response | None:
        if method != "sendmessage" or phase == "after" or values.whole("chat_id") not in chats:
            return None
        asked.append(values.whole("chat_id"))
        return answer()

    server.fault = fault
    return asked


async def suspended(bot: Runtime) -> int:
    found = [reader for chat in READERS for reader in await bot.services.readers.of_chat(chat)]
    return sum(reader.subscription.suspended is not None for reader in found)


async def delivered(bot: Runtime, clock: StillClock, sent: int) -> None:
    """Wait until so many are sent; the database takes real time, which the clock does not know of."""
    for _ in range(500):
        if (await bot.stores.outbox.counts()).get("sent", 0) >= sent:
            return
        await pass_by(bot, clock, 1)


async def pass_by(bot: Runtime, clock: StillClock, seconds: float) -> None:
    for number in range(int(seconds / 0.5)):
        await clock.advance(seconds=0.5)
        if number % 10 == 0:
            await bot.scheduler.run_all()
        await asyncio.sleep(0.002)  # noqa: TID251  # the database takes real time


@pytest.mark.parametrize("status", [400, 403, 413, 502, 200])
async def test_error_page_of_a_proxy_suspends_and_quarantines_nobody(
    server: BotApiServer, bot: Runtime, clock: StillClock, status: int
) -> None:
    await subscribed(server, bot)
    asked = lying(server, lambda: page(status))
    await pass_by(bot, clock, 120)
    assert 0 < len(asked) <= 30, "few are tried while nobody answers"
    assert await suspended(bot) == 0
    assert not any(card.quarantined for card in bot.services.library.newest())
    server.fault = None
    await delivered(bot, clock, 60 - len(asked))
    assert await bot.stores.outbox.counts() == {"sent": 60 - len(asked), "uncertain": len(asked)}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (400, "Bad Request: message is too long"),
        (403, "Forbidden: no"),
    ],
)
async def test_mass_refusal_stops_delivery_and_an_owner_undoes_it(
    owner: Chat, server: BotApiServer, bot: Runtime, clock: StillClock, code: int, words: str
) -> None:
    await owner.send("/start")
    await subscribed(server, bot)
    asked = lying(server, lambda: refusal(code, words))
    await pass_by(bot, clock, 90)
    assert 5 <= len(asked) <= 20
    stopped = await owner.reply()
    assert "I stopped sending" in stopped["text"]
    server.fault = None
    status = await owner.send("/status")
    assert "I stopped sending" in status["text"]
    await owner.press(stopped, "Undo")
    await delivered(bot, clock, 60 - len(asked))
    assert await suspended(bot) == 0
    assert not any(card.quarantined for card in bot.services.library.newest())
    assert (await bot.stores.outbox.counts()).get("sent", 0) == 60 - len(asked)
    assert await owner.answer_to(stopped, "stopped:undo") == "Already decided."


async def test_owner_lets_delivery_go_on_as_it_is(
    owner: Chat, server: BotApiServer, bot: Runtime, clock: StillClock
) -> None:
    await owner.send("/start")
    await subscribed(server, bot)
    asked = lying(server, lambda: refusal(403, "Forbidden: bot was blocked by the user"))
    await pass_by(bot, clock, 90)
    server.fault = None
    await owner.press(await owner.reply(), "It is right")
    await pass_by(bot, clock, 10)
    assert await suspended(bot) == len(asked)
    status = await owner.send("/status")
    assert labels_of(status) == ["📊 Figures each morning", "🗒 What was done"]
    assert "Telegram answers" in status["text"]


async def test_stop_outlives_a_restart(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(1, "Olga")
    owner = Chat(server, 1, 1)
    async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
        await owner.send("/start")
        await subscribed(server, bot)
        asked = lying(server, lambda: refusal(403, "Forbidden: user is deactivated"))
        await pass_by(bot, clock, 90)
        await owner.reply()
    server.fault = None
    tried = len(asked)
    async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
        stopped = await owner.reply()
        await pass_by(bot, clock, 60)
        assert len(asked) == tried
        assert (await bot.stores.outbox.counts()).get("sent", 0) == 0
        await owner.press(stopped, "Undo")
        await delivered(bot, clock, 60 - tried)
        assert (await bot.stores.outbox.counts())["sent"] == 60 - tried


async def test_whoever_writes_again_is_resumed(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/subscribe 12:01 UTC")
    [reader] = await bot.services.readers.of_chat(ada.id)
    await bot.services.readers.suspend(reader.id, "blocked", clock.now())
    await ada.send("/quote")
    [reader] = await bot.services.readers.of_chat(ada.id)
    assert reader.subscription.suspended is None
    assert reader.subscription.next_at is not None
    assert reader.subscription.next_at - clock.now() <= timedelta(minutes=1)


async def test_chat_that_is_left_alone_is_shown_and_tried_when_an_owner_says_so(
    owner: Chat, ada: Chat, server: BotApiServer, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 12:01 UTC")
    wait = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests",
        "parameters": {"retry_after": 315_360_000},
    }
    lying(server, lambda: web.json_response(wait, status=429), range(ada.id, ada.id + 1))
    await pass_by(bot, clock, 65)
    server.fault = None
    status = await owner.send("/status")
    assert "1 chat is left alone, as Telegram asked, for 60 min at most" in status["text"]
    lifted = await owner.press(status, "Try them now")
    assert "left alone" not in lifted["text"]
    await delivered(bot, clock, 1)
    assert (await bot.stores.outbox.counts())["sent"] == 1


def labels_of(message: dict[str, Any]) -> list[str]:
    return labels(message) if "reply_markup" in message else []


async def test_refused_token_is_asked_for_again_seldom(
    server: BotApiServer, bot: Runtime, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    await subscribed(server, bot)
    asked = 0

    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        nonlocal asked
        if phase == "after" or method not in {"sendmessage", "getme"}:
            return None
        asked += 1
        return refusal(401, "Unauthorized")

    server.fault = fault
    await pass_by(bot, clock, 100)
    assert asked <= 3 + 8 + 100 / 10 + 8
    assert caplog.text.count("token_refused") == 1
    assert (await bot.stores.outbox.counts())["planned"] == 60
    server.fault = None
    await delivered(bot, clock, 60)
    assert (await bot.stores.outbox.counts())["sent"] == 60
    assert json.dumps(server.accepted(2001))
