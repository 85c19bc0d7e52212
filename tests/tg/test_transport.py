"""The transport: python-telegram-bot's errors for whatever happens on the way, and what surely never left."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.clock import SystemClock
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase
from bot.tg import raw_post, transport
from bot.tg.transport import AiohttpRequest, never_left
from tests.chat import TOKEN


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


async def test_message_goes_through(client: telegram.Bot) -> None:
    assert (await client.send_message(11, "x")).text == "x"


async def test_server_that_is_not_there_never_got_anything() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as failed:
            await request.post("http://127.0.0.1:1/bot10000:secret/getMe")
    assert never_left(failed.value)
    assert "secret" not in str(failed.value)


async def test_connection_that_breaks_after_the_request_may_have_carried_it(
    server: BotApiServer, client: telegram.Bot
) -> None:
    answer_with(server, None)
    error = await failure(client)
    assert isinstance(error, NetworkError)
    assert not never_left(error)


async def test_answer_that_never_comes_is_a_time_out_that_may_have_carried_it(
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
        (200, "garbage", NetworkError),
        (401, "<html>sign in first</html>", NetworkError),
        (403, "", NetworkError),
        (404, "null", NetworkError),
        (403, '{"ok":true,"result":', NetworkError),
        (200, '{"ok":false,"error_code":400,"description":"Bad Request: no"}', BadRequest),
        (
            200,
            '{"ok": false, "error_code": 429, "description": "x", "parameters": {"retry_after": 3}}',
            RetryAfter,
        ),
        (200, '{"ok":false}', NetworkError),
        (400, '{"ok":false,"error_code":"400","description":"no"}', NetworkError),
        (403, '{"ok":false,"error_code":200,"description":"no"}', NetworkError),
        (403, '{"ok":false,"error_code":40300,"description":"no"}', NetworkError),
    ],
)
async def test_odd_answers_become_the_librarys_errors(
    server: BotApiServer, client: telegram.Bot, status: int, body: str, kind: type[Exception]
) -> None:
    answer_with(server, web.Response(status=status, text=body, content_type="application/json"))
    assert type(await failure(client)) is kind


async def test_body_that_cannot_be_read_is_not_logged(
    server: BotApiServer, client: telegram.Bot, caplog: pytest.LogCaptureFixture
) -> None:
    for body in ("<html>private words</html>", '{"ok":true,"result":[{"text":"private words"'):
        answer_with(server, web.Response(text=body))
        assert "private words" not in str(await failure(client))
    assert "private words" not in caplog.text


def patience(seconds: float, *, told: bool) -> dict[str, Any]:
    """Saying it takes the way of polls and uploads."""
    return {"read_timeout": seconds} if told else {}


async def dripping(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    if b"of a length" in await request.read():
        response.content_length = 1_000_000
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await SystemClock().sleep(0.02)


@pytest.mark.parametrize("told", [False, True], ids=["prepared", "by the library"])
async def test_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch, *, told: bool) -> None:
    monkeypatch.setattr(transport, "TOTAL_TIMEOUT_S", 0.3)
    monkeypatch.setattr(transport, "SLACK_S", 0.1)
    async with serving(dripping) as address, AiohttpRequest(read=0.2, connect=0.1, pool=0.1) as request:
        with pytest.raises(TimedOut) as failed:
            await asyncio.wait_for(request.post(address, **patience(0.2, told=told)), 3)
    assert not never_left(failed.value)


async def test_each_request_has_its_own_deadline_and_one_that_has_ended_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await dripping(request) if b"drip" in await request.read() else web.Response(text="fine")

    async def dripped(request: AiohttpRequest, address: str, body: bytes) -> float:
        await request.post_json(address, b"{}")
        start = asyncio.get_running_loop().time()
        with pytest.raises(TimedOut):
            await request.post_json(address, body)
        return asyncio.get_running_loop().time() - start

    monkeypatch.setattr(transport, "TOTAL_TIMEOUT_S", 0.4)
    monkeypatch.setattr(transport, "SLACK_S", 0.1)
    async with serving(answer) as address, AiohttpRequest(read=0.3, connect=0.1, pool=0.1) as request:
        tasks = []
        for body in (b"drip", b"drip of a length", b"drip"):
            tasks.append(asyncio.create_task(dripped(request, address, body)))
            await SystemClock().sleep(0.1)
        assert all(0.39 <= spent <= 1 for spent in await asyncio.gather(*tasks))
        for _ in range(10):
            assert await request.post_json(address, b"{}") == (200, b"fine")
            await SystemClock().sleep(0.05)


@pytest.mark.parametrize("told", [False, True], ids=["prepared", "by the library"])
async def test_answer_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch, *, told: bool) -> None:
    async def large(_: web.Request) -> web.Response:
        return web.Response(body=b" " * 500_000)

    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 100_000)
    monkeypatch.setattr(transport, "MAX_FILE_BYTES", 600_000)
    async with serving(large) as address, AiohttpRequest() as request:
        with pytest.raises(NetworkError, match="longer than"):
            await request.post(address, **patience(5, told=told))
        assert len(await request.retrieve(address)) == 500_000
        monkeypatch.setattr(transport, "MAX_FILE_BYTES", 100_000)
        with pytest.raises(NetworkError, match="longer than"):
            await request.retrieve(address)


@pytest.mark.parametrize("told", [False, True], ids=["prepared", "by the library"])
async def test_compressed_answer_is_neither_asked_for_nor_unpacked(*, told: bool) -> None:
    asked: list[str] = []

    async def bomb(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Accept-Encoding", ""))
        body = gzip.compress(b'{"ok":true,"result":7}' + b" " * 5_000_000)
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async with serving(bomb) as address, AiohttpRequest() as request:
        with pytest.raises(NetworkError, match="no readable answer"):
            await request.post(address, **patience(5, told=told))
    assert asked == ["identity"]


@contextlib.asynccontextmanager
async def serving(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """The address of a server that answers everything in one way."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot1:x/getMe"
    finally:
        await runner.cleanup()


def test_library_is_told_how_long_an_answer_may_take() -> None:
    """It adds this to the seconds of a long poll."""
    assert AiohttpRequest(read=7).read_timeout == 7


async def test_request_that_was_not_opened_says_so() -> None:
    with pytest.raises(RuntimeError):
        await AiohttpRequest().do_request("http://127.0.0.1:1/", "POST")


@pytest.mark.parametrize(("total", "timers"), [(60.0, 1), (None, 0)])
async def test_requests_side_by_side_share_a_timer(
    monkeypatch: pytest.MonkeyPatch, total: float | None, timers: int
) -> None:
    loop, asked = asyncio.get_running_loop(), []
    call_at = loop.call_at

    def counted(when: float, *rest: Any) -> asyncio.TimerHandle:
        asked.append(when)
        return call_at(when, *rest)

    monkeypatch.setattr(loop, "call_at", counted)
    deadlines = raw_post._Deadlines(total)
    ways = [asyncio.Transport() for _ in range(5)]
    for way in ways:
        deadlines.begin(way)
    assert len(asked) == timers
    assert all(deadlines.end(way) for way in ways)


class Lease:
    """One that a test gives and takes."""

    def __init__(self) -> None:
        self.given = asyncio.Event()
        self.taken_after = 0

    def is_held(self) -> bool:
        return self.given.is_set()

    async def held(self) -> None:
        await self.given.wait()

    async def standby_missing_since(self) -> None:
        return None


@pytest.mark.parametrize("told", [True, False])
async def test_nothing_leaves_before_this_process_may_act(server: BotApiServer, *, told: bool) -> None:
    lease = Lease()
    async with AiohttpRequest(lease=lease) as request:
        asked = asyncio.create_task(
            request.post(f"{server.address}/bot{TOKEN}/getMe", **patience(5, told=told))
        )
        await asyncio.sleep(0.1)  # noqa: TID251  # nothing comes to an end here
        assert not [entry for entry in server.ledger if entry.method == "getme"]
        lease.given.set()
        await asked
    assert [entry for entry in server.ledger if entry.method == "getme"]


async def test_request_that_waited_long_asks_again_whether_it_may_leave(server: BotApiServer) -> None:
    lease = Lease()
    lease.given.set()

    async def fault(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "before":
            lease.given.clear()

    server.fault = fault
    address = f"{server.address}/bot{TOKEN}/"
    async with AiohttpRequest(lease=lease, connections=1) as request:
        first = asyncio.create_task(
            request.post_json(f"{address}sendMessage", b'{"chat_id": 11, "text": "x"}')
        )
        second = asyncio.create_task(request.post_json(f"{address}getMe", b"{}"))
        await first
        with pytest.raises(TelegramError) as refused:
            await second
        assert never_left(refused.value)
    assert not [entry for entry in server.ledger if entry.method == "getme"]
