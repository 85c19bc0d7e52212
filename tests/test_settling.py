"""`doctor --settling` tries what it takes to find out whether a message arrived, and leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli import main
from bot.clock import SystemClock
from bot.commands import settling as module
from bot.commands.doctor import doctor
from bot.demo.arguments import Arguments
from bot.demo.model import Chat, Refusal, bad_request
from bot.demo.server import BotApiServer, Phase
from bot.demo.world import World
from tests.chat import TOKEN, server_running

ADA, LIN = 11, 12


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[BotApiServer]:
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    monkeypatch.setattr(module, "_LOOK_S", 0.01)
    async with server_running(SystemClock(), [ADA, LIN]) as made:
        for key, value in {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": made.address,
            "DATA_DIR": str(tmp_path / "data"),
        }.items():
            monkeypatch.setenv(key, value)
        yield made


async def said(capsys: pytest.CaptureFixture[str], chats: tuple[int, int] = (ADA, LIN)) -> tuple[int, str]:
    code = await doctor(SystemClock(), chats)
    return code, capsys.readouterr().out


async def test_server_that_is_as_believed_passes(
    server: BotApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    code, words = await said(capsys)
    assert code == 0
    assert [line[0] for line in words.splitlines()] == ["✓"] * 7
    for each in (
        "ids rise from chat to chat: [1, 2, 3], one by one",
        "each message is in its chat: 3 asked; Telegram said: true",
        "none is in the other chat: 3 asked; Telegram said: 400 Bad Request: message to react not found",
        "50 probes in a row: {'true': 50}",
        "a message whose connection was cut: was found in 5 of 5 cases",
        "what was deleted is not there: 13 asked",
    ):
        assert each in words
    assert not [each for each in server.world.messages if each[0] in {ADA, LIN}], "all of it is deleted"
    sent = [entry.arguments for entry in server.ledger if entry.method == "sendmessage"]
    assert all(each["disable_notification"] == "true" for each in sent)
    assert len(sent) == 3 + 2 * module.CUTS


async def test_gap_is_odd_and_no_fault(server: BotApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    async def somebody_writes(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "after":
            server.world.say(LIN, LIN, "hello")

    server.fault = somebody_writes
    code, words = await said(capsys)
    assert "! ids rise from chat to chat: [1, 3, 5], with gaps" in words
    assert code == 0


async def test_each_chat_that_counts_for_itself_is_told(
    server: BotApiServer,  # noqa: ARG001  # it answers
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = {ADA: 100, LIN: 5}

    def own(_: World, chat: Chat) -> int:
        numbers[chat.id] += 1
        return numbers[chat.id]

    monkeypatch.setattr(World, "_message_id", own)
    code, words = await said(capsys)
    assert "✗ ids rise from chat to chat: [101, 6, 102]: each chat counts for itself" in words
    assert code == 1


LIES = {
    "always there": (web.json_response, {"ok": True, "result": True}, "✗ none is in the other chat"),
    "never there": (
        web.json_response,
        {"ok": False, "error_code": 400, "description": "Bad Request: message to react not found"},
        "✗ each message is in its chat",
    ),
    "another 400": (
        web.json_response,
        {"ok": False, "error_code": 400, "description": "Bad Request: REACTION_EMPTY"},
        "✗ each message is in its chat: 3 asked; Telegram said: 400 Bad Request: REACTION_EMPTY",
    ),
    "an error page": (lambda text: web.Response(text=text), "<html>", "nothing that could be read"),
}


@pytest.mark.parametrize("name", LIES)
async def test_probe_that_lies_is_told(
    server: BotApiServer, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    make, answer, words = LIES[name]

    async def lies(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        return make(answer) if method == "setmessagereaction" and phase == "before" else None  # type: ignore[operator]

    server.fault = lies
    code, said_words = await said(capsys)
    assert words in said_words
    assert code == 1
    assert not [each for each in server.world.own if each in server.world.messages and each[0] != ADA]


async def test_throttled_probes_are_counted(server: BotApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    asked = 0

    async def throttle(method: str, _: Arguments, phase: Phase) -> None:
        nonlocal asked
        if method == "setmessagereaction" and phase == "before":
            asked += 1
            if 20 < asked <= 30:
                raise Refusal(429, "Too Many Requests: retry after 3", retry_after=3)

    server.fault = throttle
    code, words = await said(capsys)
    assert "! 50 probes in a row: {'true': 40, '429 Too Many Requests: retry after 3': 10}" in words
    assert code == 0


async def test_message_that_was_cut_off_and_never_came_is_told(
    server: BotApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = 0

    async def lose(method: str, _: Arguments, phase: Phase) -> None:
        nonlocal sent
        if method == "sendmessage" and phase == "before":
            sent += 1
            if sent == 5:
                raise bad_request("it is gone")

    server.fault = lose
    _, words = await said(capsys)
    assert "! a message whose connection was cut: was found in 4 of 5 cases" in words


async def test_connection_that_cannot_be_opened_is_no_traceback(
    server: BotApiServer,  # noqa: ARG001  # it answers the rest
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refused(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio, "open_connection", refused)
    code, words = await said(capsys)
    assert "! a message whose connection was cut: was found in 0 of 5 cases" in words
    assert code == 0


@pytest.mark.parametrize("chats", [(ADA, ADA), (ADA, -50), (0, LIN)])
async def test_two_private_chats_are_needed(
    server: BotApiServer, capsys: pytest.CaptureFixture[str], chats: tuple[int, int]
) -> None:
    code, words = await said(capsys, chats)
    assert (code, "two private chats are needed" in words, server.ledger) == (1, True, [])


async def test_chat_that_takes_nothing_is_told(
    server: BotApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    code, words = await said(capsys, (ADA, 999))
    assert (code, "✗ sending: Telegram did not take the messages" in words) == (1, True)
    assert not [each for each in server.world.messages if each[0] == ADA], "what was sent is deleted"


def test_without_a_token_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--settling", "11", "12"]) == 1
    assert "BOT_TOKEN" in capsys.readouterr().err
