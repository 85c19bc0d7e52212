"""Starting: what stops the bot from it, who owns it, and how it ends."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.actions.deep_links import OWNER
from bot.app.chat import claim_word
from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase
from bot.errors import ConfigError, StartError, StoreBusy, StoreError
from bot.tg.poller import Poller
from tests.chat import Chat, bot_running, server_running
from tests.clock import StillClock


async def start(address: str, clock: StillClock, folder: Path, content: Path, **settings: Any) -> None:
    async with bot_running(address, clock, folder, content, **settings):
        pass


async def test_it_starts_and_stops_twice_on_the_same_folder(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    for _ in range(2):
        await start(server.address, clock, tmp_path / "data", content)


async def test_token_that_telegram_refuses_is_named(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    with pytest.raises(StartError) as refused:
        await start(server.address, clock, tmp_path / "data", content, bot_token="10000:other")
    assert refused.value.key == "error.token"


async def test_missing_token_and_address_that_is_none_are_named(
    clock: StillClock, tmp_path: Path, content: Path
) -> None:
    with pytest.raises(ConfigError) as missing:
        await start("http://127.0.0.1:1", clock, tmp_path / "data", content, bot_token=None)
    assert missing.value.key == "error.no_token"
    with pytest.raises(StartError) as refused:
        await start("http://a..b", clock, tmp_path / "data", content)
    assert refused.value.key == "error.network"


STRANGE = {
    "no network": None,
    "too many requests": (429, {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3}}),
    "a restart": (500, {"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}),
    "an error page": (403, "<html>sign in first</html>"),
    "an error page of 401": (401, "<html>sign in first</html>"),
    "nothing": (200, ""),
    "nobody": (200, {"ok": True, "result": {}}),
    "a list": (200, {"ok": True, "result": []}),
    "null": (200, {"ok": True, "result": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
async def test_start_waits_until_telegram_answers_and_says_so(
    clock: StillClock, tmp_path: Path, content: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    asked = 0

    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        nonlocal asked
        answer = STRANGE[name]
        if method != "getme" or phase == "after":
            return None
        asked += 1
        if answer is None:
            raise Drop
        return web.Response(
            status=answer[0], text=answer[1] if isinstance(answer[1], str) else json.dumps(answer[1])
        )

    async with server_running(clock) as server:
        server.fault = fault
        starting = asyncio.create_task(start(server.address, clock, tmp_path / "data", content))
        while asked < 3:
            await clock.advance(seconds=1)
            await SystemClock().sleep(0.01)
        assert not starting.done()
        assert "does not answer yet" in caplog.text
        server.fault = None
        while not starting.done():
            await clock.advance(seconds=1)
            await SystemClock().sleep(0.01)
        await starting


async def test_second_process_and_a_folder_that_cannot_be_written_are_named(
    server: BotApiServer, bot: Runtime, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    assert bot.app.bot.username
    with pytest.raises(StoreBusy):
        await start(server.address, clock, tmp_path / "data", content)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as refused:
        await start(server.address, clock, tmp_path / "file" / "data", content)
    assert refused.value.key == "error.folder"


@pytest.mark.polling
async def test_every_step_of_the_end_is_taken_whatever_became_of_the_others(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Poller.stop

    async def fail(poller: Poller) -> None:
        await stop(poller)
        raise OSError("the network is gone")

    with monkeypatch.context() as patch:
        patch.setattr(Poller, "stop", fail)
        with pytest.raises(OSError, match="the network is gone"):
            async with bot_running(server.address, clock, tmp_path / "data", content) as product:
                pass
    assert not product.app.running
    await start(server.address, clock, tmp_path / "data", content)  # the database was let go


async def test_bad_article_is_logged_and_does_not_stop_the_start(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (content / "bad.md").write_text("---\ntitle: x\n---\n***")
    async with bot_running(server.address, clock, tmp_path / "data", content) as product:
        assert len(product.services.library.newest()) == 2
    assert "bad.md was not loaded: It has no text" in caplog.text


async def test_first_who_opens_the_link_owns_the_bot(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    async with bot_running(server.address, clock, tmp_path / "data", content, owner_ids="") as product:
        for user, name in ((11, "Ada"), (12, "Eve")):
            server.world.person(user, name)
        ada, eve = Chat(server, 11, 11), Chat(server, 12, 12)
        word = await claim_word(product.stores.people)
        assert "already used" in (await eve.send(f"/start {OWNER}guess"))["text"]
        assert "yours now" in (await ada.send(f"/start {OWNER}{word}"))["text"]
        assert "already used" in (await eve.send(f"/start {OWNER}{word}"))["text"]
        assert await claim_word(product.stores.people) is None
        assert await product.stores.people.owners() == {11}


@pytest.mark.polling
@pytest.mark.sqlite
async def test_second_poller_is_told_apart_in_the_log(
    server: BotApiServer, bot: Runtime, clock: StillClock, tmp_path: Path, content: Path, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    assert bot.app.running
    async with bot_running(server.address, clock, tmp_path / "other", content):
        while "Another process" not in caplog.text:
            await clock.settle()
    assert "Another process answers for this bot" in caplog.text


async def test_in_a_group_the_bot_answers_its_commands_and_nothing_else(
    server: BotApiServer, bot: Runtime
) -> None:
    assert bot.app.running
    server.world.person(11, "Ada")
    server.world.group(-100, "Club", {11: "member"})
    club = Chat(server, -100, 11)
    assert (await club.send("/summary@article_digest_demo_bot"))["text"].startswith("First things")
    for text in ("hello all", "/fly", "/summary@other_bot"):
        server.world.say(-100, 11, text)
    assert (await club.send("/quote"))["text"].startswith("Words of the first.")
    assert club.silent()
