"""How fast the sink can be driven at all: requests made beforehand, over raw sockets."""

import asyncio
import json
import sys
import time
from typing import Final

from tools.bench.load import pinned, tell

_BODY: Final = json.dumps({"chat_id": 11, "text": "x" * 200}).encode()
_HEAD: Final = (
    "POST /bot10000:x/sendMessage HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(_BODY)}\r\n\r\n"
)


class Driver(asyncio.Protocol):
    """One connection: an answer is a reason for the next request."""

    left = 0
    request = _HEAD.encode() + _BODY

    def __init__(self, done: asyncio.Event) -> None:
        self._done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # it is: this is a TCP client
        self._transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002  # one answer fits into one piece
        Driver.left -= 1
        if Driver.left <= 0:
            self._done.set()
        else:
            self._transport.write(self.request)


async def main(address: str, count: int, side_by_side: int) -> None:
    """Print how fast it was."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    host, _, port = address.removeprefix("http://").partition(":")
    Driver.left = count
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(side_by_side):
        await loop.create_connection(lambda: Driver(done), host, int(port))
    await done.wait()
    tell(count, start, cpu)


if __name__ == "__main__":
    address, count, side_by_side, core = sys.argv[1:]
    pinned(core)
    asyncio.run(main(address, int(count), int(side_by_side)))
