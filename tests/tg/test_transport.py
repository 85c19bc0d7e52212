"""The transport: python-telegram-bot's errors for whatever happens on the way, and what surely never left."""

import asyncio

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase
from bot.tg.transport import AiohttpRequest, never_left


def answer_with(server: BotApiServer, response: web.Response | None) -> None:
    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method == "sendmessage" and phase == "after":
            if response is None:
                raise Drop
            return response
        return None

    server.fault = fault


async def failure(client: telegram.Bot) -> telegram.error.TelegramError:
    with pytest.raises(telegram.error.TelegramError) as failed:
        await client.send_message(11, "x")
    return failed.value


async def test_a_message_goes_through(client: telegram.Bot) -> None:
    assert (await client.send_message(11, "x")).text == "x"


async def test_a_server_that_is_not_there_never_got_anything() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as failed:
            await request.post("http://127.0.0.1:1/bot10000:secret/getMe")
    assert never_left(failed.value)
    assert "secret" not in str(failed.value)


async def test_a_connection_that_breaks_after_the_request_may_have_carried_it(
    server: BotApiServer, client: telegram.Bot
) -> None:
    answer_with(server, None)
    error = await failure(client)
    assert isinstance(error, NetworkError)
    assert not never_left(error)


async def test_an_answer_that_never_comes_is_a_time_out_that_may_have_carried_it(
    server: BotApiServer, client: telegram.Bot
) -> None:
    async def hang(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "after":
            await asyncio.Event().wait()

    server.fault = hang
    error = await failure(client)
    assert isinstance(error, TimedOut)
    assert not never_left(error)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (502, "<html>bad gateway</html>", NetworkError),
        (200, "garbage", telegram.error.TelegramError),
        (200, '{"ok":false,"error_code":400,"description":"Bad Request: no"}', BadRequest),
        (
            200,
            '{"ok": false, "error_code": 429, "description": "x", "parameters": {"retry_after": 3}}',
            RetryAfter,
        ),
        (200, '{"ok":false}', telegram.error.TelegramError),
    ],
)
async def test_odd_answers_become_the_librarys_errors(
    server: BotApiServer, client: telegram.Bot, status: int, body: str, kind: type[Exception]
) -> None:
    answer_with(server, web.Response(status=status, text=body, content_type="application/json"))
    if body == '{"ok":false}':
        with pytest.raises(KeyError):  # the library's own, when there is nothing to tell the error by
            await client.send_message(11, "x")
        return
    assert isinstance(await failure(client), kind)


async def test_a_request_that_was_not_opened_says_so() -> None:
    with pytest.raises(RuntimeError):
        await AiohttpRequest().do_request("http://127.0.0.1:1/", "POST")
