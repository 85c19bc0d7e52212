"""One contract for every transport: our two ways and the library's own make the same error of the same mishap."""

import asyncio
import contextlib
import json
import re
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.clock import SystemClock
from bot.demo.server import BotApiServer
from bot.tg.transport import AiohttpRequest, never_left
from tests.chat import TOKEN

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter
Behaviour = Callable[[Reader, Writer], Awaitable[None]]
Make = Callable[..., BaseRequest]

PATIENCE = 0.3
"""Seconds that both wait for whatever it is, where nothing comes."""

ANSWERED_S = 20.0
"""The same where something comes: a busy machine may take long."""


def ours(connections: int = 4, proxy: str | None = None, patience: float = PATIENCE) -> BaseRequest:
    return AiohttpRequest(
        connections=connections, proxy=proxy, read=patience, write=patience, connect=patience, pool=0.05
    )


def theirs(connections: int = 4, proxy: str | None = None, patience: float = PATIENCE) -> BaseRequest:
    return HTTPXRequest(
        connections,
        proxy=proxy,
        read_timeout=patience,
        write_timeout=patience,
        connect_timeout=patience,
        pool_timeout=0.05,
        media_write_timeout=patience,
    )


class PatientAsTold(AiohttpRequest):
    """Ours, when a call says how long it would wait, as polls and uploads do: then requests are aiohttp's own."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        if kwargs.get("read_timeout", BaseRequest.DEFAULT_NONE) is BaseRequest.DEFAULT_NONE:
            kwargs["read_timeout"] = self.read_timeout
        return await super().do_request(url, method, request_data, *args, **kwargs)


def told(connections: int = 4, proxy: str | None = None, patience: float = PATIENCE) -> BaseRequest:
    return PatientAsTold(
        connections=connections, proxy=proxy, read=patience, write=patience, connect=patience, pool=0.05
    )


ALL = pytest.mark.parametrize("make", [ours, told, theirs])


@contextlib.asynccontextmanager
async def behaving(behave: Behaviour) -> AsyncIterator[str]:
    """The address of a server that does just this with each connection."""

    serving: set[asyncio.Task[Any]] = set()

    async def serve(reader: Reader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task
        serving.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await behave(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def request_of(reader: Reader) -> bytes:
    """One whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


def saying(answer: bytes, *, then: Behaviour | None = None) -> Behaviour:
    """Takes the request, writes these bytes, and closes."""

    async def behave(reader: Reader, writer: Writer) -> None:
        await request_of(reader)
        writer.write(answer)
        await writer.drain()
        if then:
            await then(reader, writer)

    return behave


def http(status: int, body: bytes | str | dict[str, Any], *headers: str, length: int | None = None) -> bytes:
    data = (
        json.dumps(body).encode()
        if isinstance(body, dict)
        else body.encode()
        if isinstance(body, str)
        else body
    )
    lines = [
        f"HTTP/1.1 {status} x",
        f"Content-Length: {len(data) if length is None else length}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + data


def refusal(status: int, text: str = "Bad Request: no", **parameters: int) -> bytes:
    answer: dict[str, Any] = {"ok": False, "error_code": status, "description": text}
    return http(status, answer | ({"parameters": parameters} if parameters else {}))


async def hang(_: Reader, __: Writer) -> None:
    await asyncio.Event().wait()


async def reset(_: Reader, writer: Writer) -> None:
    """Break the connection off rather than end it."""
    made: socket.socket = writer.get_extra_info("socket")
    made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


CASES: dict[str, tuple[Behaviour, type[TelegramError]]] = {
    "400": (saying(refusal(400)), BadRequest),
    "401": (saying(refusal(401)), InvalidToken),
    "403": (saying(refusal(403)), Forbidden),
    "404": (saying(refusal(404)), InvalidToken),
    "409": (saying(refusal(409)), Conflict),
    "413": (saying(refusal(413)), NetworkError),
    "421": (saying(refusal(421)), NetworkError),
    "429": (saying(refusal(429, "Too Many Requests", retry_after=7)), RetryAfter),
    "429 without a wait": (saying(refusal(429, "Too Many Requests")), NetworkError),
    "429 in HTML": (saying(http(429, "<html>slow down</html>", "Retry-After: 3")), NetworkError),
    "migrated": (saying(refusal(400, migrate_to_chat_id=-100123)), ChatMigrated),
    "400 with odd parameters": (saying(refusal(400, odd=1)), BadRequest),
    "400 in HTML": (saying(http(400, "<html>what?</html>")), BadRequest),
    "403 of nothing": (saying(http(403, "")), Forbidden),
    "500": (saying(refusal(500)), NetworkError),
    "502 in HTML": (saying(http(502, "<html>bad gateway</html>")), NetworkError),
    "599": (saying(refusal(599)), NetworkError),
    "a redirect": (saying(http(301, "", "Location: http://127.0.0.1:1/")), NetworkError),
    "200 of garbage": (saying(http(200, "garbage")), TelegramError),
    "200 of nothing": (saying(http(200, "")), TelegramError),
    "204": (saying(b"HTTP/1.1 204 x\r\n\r\n"), TelegramError),
    "200 of broken UTF-8": (saying(http(200, b"\xff\xfe")), TelegramError),
    "200 of broken gzip": (saying(http(200, b"no gzip", "Content-Encoding: gzip")), NetworkError),
    "no HTTP": (saying(b"SSH-2.0-OpenSSH\r\n\r\n"), NetworkError),
    "half a head": (saying(b"HTTP/1.1 200 OK\r\nContent-Le"), NetworkError),
    "half a body": (saying(http(200, '{"ok":', length=50)), NetworkError),
    "half a chunk": (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{}"), NetworkError),
    "a lie about the length": (saying(http(200, "", "Content-Length: 7", length=0)), NetworkError),
    "closed at once": (saying(b""), NetworkError),
    "closed unread": (reset, NetworkError),
    "reset": (saying(b"", then=reset), NetworkError),
    "reset in the body": (saying(http(200, "{", length=9), then=reset), NetworkError),
    "silence": (saying(b"", then=hang), TimedOut),
    "silence in the head": (saying(b"HTTP/1.1 200", then=hang), TimedOut),
    "silence in the body": (saying(http(200, "{", length=9), then=hang), TimedOut),
    "a request that nobody reads": (hang, TimedOut),
}


UNREADABLE = {
    "400 in HTML",
    "403 of nothing",
    "200 of garbage",
    "200 of nothing",
    "204",
    "200 of broken UTF-8",
}
"""What the library takes for the server's word, or logs; for us it is a gateway that got no answer."""


async def failure(request: BaseRequest, url: str, **patience: Any) -> TelegramError:
    async with request:
        with pytest.raises(TelegramError) as failed:
            await request.post(url, **patience)
    return failed.value


@ALL
@pytest.mark.parametrize("case", CASES)
async def test_same_mishap_is_the_same_error(make: Make, case: str) -> None:
    behave, kind = CASES[case]
    if case in UNREADABLE and make is not theirs:
        kind = NetworkError
    async with behaving(behave) as address:
        patience = PATIENCE if kind is TimedOut else ANSWERED_S
        error = await failure(make(patience=patience), f"{address}/bot1:x/getMe")
    assert type(error) is kind
    assert not never_left(error), "it reached the server, and may have been carried out"
    if isinstance(error, RetryAfter):
        assert error.retry_after == timedelta(seconds=7)
    if isinstance(error, ChatMigrated):
        assert error.new_chat_id == -100123


@ALL
async def test_nobody_listens(make: Make) -> None:
    error = await failure(make(), "http://127.0.0.1:1/bot1:x/getMe")
    assert type(error) is NetworkError
    assert make is theirs or never_left(error)


@ALL
@pytest.mark.parametrize("url", ["http://", "telegram", "ftp://127.0.0.1/x", "http://127.0.0.1:99999/x"])
async def test_no_address(make: Make, url: str) -> None:
    assert type(await failure(make(), url)) is NetworkError


@ALL
async def test_server_that_speaks_no_tls(make: Make) -> None:
    async def plain(reader: Reader, writer: Writer) -> None:
        await reader.read(1)
        writer.write(http(400, "speak HTTP"))

    async with behaving(plain) as address:
        assert type(await failure(make(), address.replace("http:", "https:"))) is NetworkError


@ALL
async def test_server_that_takes_no_connection(make: Make) -> None:
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):  # its queue is full then, and the next one waits
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        error = await failure(make(), f"http://127.0.0.1:{listening.getsockname()[1]}/bot1:x/getMe")
    assert type(error) is TimedOut
    assert make is theirs or never_left(error)


@ALL
async def test_pool_that_is_exhausted(make: Callable[[int], BaseRequest]) -> None:
    async with behaving(saying(b"", then=hang)) as address, make(1) as request:
        first = asyncio.create_task(request.post(f"{address}/bot1:x/getMe", read_timeout=9))
        await SystemClock().sleep(0.05)
        with pytest.raises(TelegramError) as failed:
            await request.post(f"{address}/bot1:x/getMe")
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
    assert type(failed.value) is TimedOut
    assert make is theirs or never_left(failed.value)


@ALL
async def test_what_is_cancelled_frees_its_connection(make: Callable[[int], BaseRequest]) -> None:
    async def behave(reader: Reader, writer: Writer) -> None:
        answer = b"" if b"slow" in await request_of(reader) else http(200, {"ok": True, "result": 7})
        writer.write(answer)
        await (hang(reader, writer) if not answer else writer.drain())

    async with behaving(behave) as address, make(1) as request:
        slow = asyncio.create_task(request.post(f"{address}/slow"))
        await SystemClock().sleep(0.05)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        assert await request.post(f"{address}/quick") == 7


@ALL
async def test_patience_can_be_told_for_one_call(make: Make) -> None:
    async def late(_: Reader, writer: Writer) -> None:
        await SystemClock().sleep(PATIENCE * 1.5)
        writer.write(http(200, {"ok": True, "result": 7}))

    async with behaving(saying(b"", then=late)) as address:
        assert type(await failure(make(), address, read_timeout=0.02)) is TimedOut
        for long in (5, None):
            async with make() as request:
                assert await request.post(address, read_timeout=long) == 7


@ALL
async def test_upload_that_nobody_takes(make: Make) -> None:
    document = telegram.InputFile(b"x" * 20_000_000, filename="big.bin")
    async with behaving(hang) as address:
        bot = telegram.Bot(TOKEN, base_url=f"{address}/bot", request=make(), get_updates_request=ours())
        async with bot.request:
            with pytest.raises(TelegramError) as failed:
                await bot.send_document(11, document)
    assert type(failed.value) is TimedOut


@ALL
@pytest.mark.parametrize(
    ("proxy", "kind"),
    [(saying(http(407, "who are you?")), NetworkError), (reset, NetworkError), (hang, TimedOut)],
    ids=["407", "reset", "silent"],
)
async def test_proxy_that_lets_nothing_through(
    make: Callable[..., BaseRequest], proxy: Behaviour, kind: type[TelegramError]
) -> None:
    async with behaving(proxy) as address:
        error = await failure(make(proxy=address), "https://127.0.0.1:1/bot1:x/getMe")
    assert type(error) is kind
    assert make is theirs or never_left(error) == (proxy is not reset)


@ALL
async def test_no_proxy(make: Callable[..., BaseRequest]) -> None:
    error = await failure(make(proxy="http://127.0.0.1:1"), "http://127.0.0.1:2/bot1:x/getMe")
    assert type(error) is NetworkError


@ALL
async def test_request_that_was_not_opened_or_was_closed_says_so(make: Make) -> None:
    request = make()
    async with request:
        pass
    await request.shutdown()
    with pytest.raises(RuntimeError):
        await request.do_request("http://127.0.0.1:1/", "POST")


@ALL
async def test_server_understands_texts_files_and_downloads(server: BotApiServer, make: Make) -> None:
    server.world.person(11, "Ada")
    made = telegram.Bot(
        TOKEN,
        base_url=f"{server.address}/bot",
        base_file_url=f"{server.address}/file/bot",
        request=make(),
        get_updates_request=make(),
    )
    async with made:
        text = await made.send_message(
            11, "真 & +=% ☕", entities=[telegram.MessageEntity("bold", 0, 1)], reply_markup=_button()
        )
        assert (text.text, len(text.entities)) == ("真 & +=% ☕", 1)
        assert text.reply_markup == _button()
        sent = await made.send_document(11, telegram.InputFile(b"# \xe7\x9c\x9f", "真 1.md"), caption="☕")
        assert sent.document is not None
        assert (sent.document.file_name, sent.caption) == ("真 1.md", "☕")
        file = await made.get_file(sent.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"# \xe7\x9c\x9f"


@pytest.mark.parametrize("patience", ["read", "write", "connect", "pool"])
async def test_upload_may_take_for_ever_when_a_call_says_so(server: BotApiServer, patience: str) -> None:
    server.world.person(11, "Ada")
    bot = telegram.Bot(TOKEN, base_url=f"{server.address}/bot", request=ours(), get_updates_request=ours())
    async with bot.request:
        sent = await bot.send_document(11, telegram.InputFile(b"x", "x.txt"), **{f"{patience}_timeout": None})
    assert sent.document is not None


def _button() -> telegram.InlineKeyboardMarkup:
    return telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("☕", callback_data="x")]])


@ALL
@pytest.mark.parametrize(("head", "opened"), [((), 1), (("Connection: close",), 3)], ids=["kept", "given up"])
async def test_connection_is_used_again_unless_the_server_closes_it(
    make: Make, head: tuple[str, ...], opened: int
) -> None:
    connections = 0

    async def behave(reader: Reader, writer: Writer) -> None:
        nonlocal connections
        connections += 1
        while True:
            await request_of(reader)
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" + http(200, {"ok": True, "result": 7}, *head))
            if head:
                return

    async with behaving(behave) as address, make() as request:
        for _ in range(3):
            assert await request.post(f"{address}/bot1:x/getMe") == 7
    assert connections == opened


async def test_answer_that_is_no_http_is_a_network_failure() -> None:
    async with (
        behaving(saying(b"SSH-2.0-OpenSSH\r\n\r\n")) as address,
        AiohttpRequest(read=PATIENCE) as request,
    ):
        with pytest.raises(NetworkError) as failed:
            await request.post_json(f"{address}/bot1:x/sendMessage", b"{}")
    assert not never_left(failed.value)
