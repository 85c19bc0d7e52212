"""A process that takes every message: `python -m tools.bench.sink CORE DELAY`; prints its address, ends with its input.

It reads as little of HTTP as it must, so that whoever is measured is slower than it.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable
from typing import Final

from tools.bench.load import pinned

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BOT: Final = {"id": 10000, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_ABILITIES: Final = dict.fromkeys(
    (
        "can_join_groups can_read_all_group_messages supports_inline_queries can_connect_to_business "
        "has_main_web_app has_topics_enabled allows_users_to_create_topics supports_guest_queries can_manage_bots"
    ).split(),
    False,
)
_CHAT: Final = {"id": 11, "type": "private", "first_name": "Ada"}
_MESSAGE: Final = {"message_id": 1, "date": 1_795_521_600, "from": _BOT, "chat": _CHAT, "text": "x" * 200}


def answer(result: object) -> bytes:
    """The whole of an answer."""
    body = json.dumps({"ok": True, "result": result}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Sink(asyncio.Protocol):
    """One connection."""

    me = answer({**_BOT, **_ABILITIES})
    sent = answer(_MESSAGE)
    delay = 0.0

    def __init__(self) -> None:
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # it is: this is a TCP server
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._data, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._data) < whole:
                return
            method, body = self._data[:80].lower(), self._data[end + 4 : whole]
            self._data = self._data[whole:]
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self.reply, method, body)
            else:
                self.reply(method, body)

    def reply(self, method: bytes, body: bytes) -> None:  # noqa: ARG002  # others look into it
        """`method` is the beginning of the request, in small letters."""
        self.write(self.me if b"/getme" in method else self.sent)

    def write(self, data: bytes) -> None:
        """To whoever asked."""
        if self._transport is not None:
            self._transport.write(data)


async def serve(protocol: Callable[[], Sink]) -> None:
    """Until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    pinned(sys.argv[1])
    Sink.delay = float(sys.argv[2])
    asyncio.run(serve(Sink))
