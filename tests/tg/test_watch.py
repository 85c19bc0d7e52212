"""The watch over the running bot: what fell silent speaks again."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app.jobs import MAX_SILENCE
from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.health import RECORD
from tests.chat import Chat
from tests.clock import StillClock


async def answered_while_watched(bot: Runtime, ada: Chat, clock: StillClock) -> None:
    """Let time pass while health is looked after, until the summary that was asked for has come."""
    watching = asyncio.create_task(bot.watch.run())
    while not watching.done() and ada.silent():
        bot.worker.heartbeat.beat()
        for job in bot.scheduler.jobs:
            job.heartbeat.beat()
        await clock.advance(seconds=MAX_SILENCE.total_seconds() / 4)
        await SystemClock().sleep(0.01)
    assert (await ada.reply())["text"].startswith("First things")
    watching.cancel()


@pytest.mark.polling
async def test_bot_that_a_refused_token_has_deafened_hears_again(
    server: BotApiServer, bot: Runtime, ada: Chat, clock: StillClock
) -> None:
    await ada.send("/start")
    refused = asyncio.Event()

    async def refuse(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method != "getupdates" or phase == "after":
            return None
        refused.set()
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)

    server.fault = refuse
    server.world.say(ada.id, ada.user, "/quote")  # ends the poll that is under way
    await ada.reply()
    await refused.wait()
    server.fault = None
    server.world.say(ada.id, ada.user, "/summary")
    await answered_while_watched(bot, ada, clock)


@pytest.mark.polling
async def test_polling_that_has_died_is_started_anew(bot: Runtime, ada: Chat, clock: StillClock) -> None:
    await ada.send("/start")
    [polling] = [task for task in asyncio.all_tasks() if task.get_name() == "polling"]
    polling.cancel()
    await asyncio.wait((polling,))
    ada.server.world.say(ada.id, ada.user, "/summary")
    await answered_while_watched(bot, ada, clock)


ODD_POLLS: dict[str, Any] = {
    "an id that is a text": {"ok": True, "result": [{"update_id": "5"}]},
    "an id that is null": {"ok": True, "result": [{"update_id": None}]},
    "an id beyond 64 bits": {"ok": True, "result": [{"update_id": 2**64}]},
    "a negative id": {"ok": True, "result": [{"update_id": -5}]},
    "no updates": {"ok": True, "result": {}},
    "null": {"ok": True, "result": None},
    "a list of nothing": {"ok": True, "result": [None, 7, [], "x"]},
    "a refused token": {"ok": False, "error_code": 401, "description": "Unauthorized"},
    "another process": {"ok": False, "error_code": 409, "description": "Conflict: terminated"},
    "no such method": {"ok": False, "error_code": 404, "description": "Not Found"},
    "forbidden": {"ok": False, "error_code": 403, "description": "Forbidden"},
    "an error page": "<html>",
    "nothing": "",
}


@pytest.mark.polling
@pytest.mark.parametrize("name", ODD_POLLS)
async def test_poll_that_brings_something_odd_is_asked_again_soon(
    server: BotApiServer, ada: Chat, clock: StillClock, name: str
) -> None:
    await ada.send("/start")
    asked, odd = 0, ODD_POLLS[name]

    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        nonlocal asked
        if method != "getupdates" or phase == "after":
            return None
        asked += 1
        return web.Response(text=odd if isinstance(odd, str) else json.dumps(odd), content_type="text/html")

    server.fault = fault
    server.world.say(ada.id, ada.user, "/quote")  # ends the poll that is under way
    await ada.reply()
    for _ in range(60):
        await clock.advance(seconds=1)
        await SystemClock().sleep(0.002)
    assert 4 <= asked <= 12, "not at once, and not seldom"
    server.fault = None
    server.world.say(ada.id, ada.user, "/summary")
    while ada.silent():
        await clock.advance(seconds=1)
        await SystemClock().sleep(0.005)
    assert (await ada.reply())["text"].startswith("First things")


async def test_numbers_beyond_what_a_database_holds_are_passed_over(
    server: BotApiServer, ada: Chat, bot: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    person = server.world.people[ada.user].json()
    for id_ in (2**63, -(2**70), 10**400):
        chat = {"id": id_, "type": "private", "first_name": "X"}
        server.world.updates.put(
            "message", {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": "/quote"}
        )
    assert (await ada.send("/summary"))["text"].startswith("First things")
    assert "cannot be read and are passed over" in caplog.text
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    await bot.scheduler.run_all()
    assert all(job.heartbeat.succeeded == job.heartbeat.tried for job in bot.scheduler.jobs)


async def test_what_cannot_be_read_is_asked_for_once_and_keeps_nobody_waiting(
    server: BotApiServer, ada: Chat
) -> None:
    await ada.send("/start")
    person = server.world.people[ada.user].json()
    odd = {"message_id": 1, "date": 1, "chat": {"id": 2**63, "type": "private"}, "from": person, "text": "x"}
    for _ in range(250):  # more than two polls bring
        server.world.updates.put("message", odd)
    while server.world.updates.pending():
        await SystemClock().sleep(0.005)
    assert (await ada.send("/summary"))["text"].startswith("First things")


async def test_health_names_what_is_due_and_does_not_leave(
    server: BotApiServer, bot: Runtime, ada: Chat, clock: StillClock, tmp_path: Path
) -> None:
    await ada.send("/subscribe 12:01 UTC")

    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method not in {"sendmessage", "getme"} or phase == "after":
            return None
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)

    server.fault = fault
    await clock.advance(seconds=61)
    await bot.scheduler.run_all()
    watching = asyncio.create_task(bot.watch.run())
    named: list[str] = []
    for _ in range(60):
        await clock.advance(seconds=15)
        await bot.scheduler.run_all()
        await SystemClock().sleep(0.005)
        with contextlib.suppress(OSError):
            named += json.loads((tmp_path / "data" / RECORD).read_text())["stale"]
    assert {"Telegram takes no messages", "messages that are due do not leave"} <= set(named)
    assert named.count("Telegram takes no messages") > named.count("messages that are due do not leave")
    watching.cancel()
