"""The way of a message to many: requests over aiohttp's connections, without a request object for each.

aiohttp spends half of a request's time on making and unmaking objects that are the same for every message.
Its pool, its connections (TLS included) and its parser stay in use, by public names; the contract test of the
transport holds this to the same errors.
"""

import asyncio
import math
from collections.abc import Callable
from typing import Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

_INTERIM_STATUSES: Final = frozenset(range(100, 200)) - {101}
"""After which the answer is still to come; 101 would be the last of HTTP on the connection."""


class PreparedPost:
    """Posts JSON to one address, again and again."""

    def __init__(
        self,
        connector: aiohttp.BaseConnector,
        url: str,
        headers: dict[str, str],
        patience: aiohttp.ClientTimeout,
        *,
        max_bytes: int,
        may_leave: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take a running loop; an answer of more than `max_bytes` is given up.

        `may_leave` is asked last of all before a request leaves: for a connection, one may have waited.
        """
        self._may_leave = may_leave
        self._connector = connector
        self._patience = patience
        self._max_bytes = max_bytes
        self._deadlines = _Deadlines(patience.total)
        self._request = aiohttp.ClientRequest(
            "POST", URL(url), headers=headers, loop=asyncio.get_running_loop()
        )
        lines = [f"POST {self._request.url.raw_path_qs} HTTP/1.1"]
        self._request.headers.pop("Content-Length", None)  # that of no body
        lines += [f"{name}: {value}" for name, value in self._request.headers.items()]
        self._head = "\r\n".join((*lines, "Content-Length: ")).encode()

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Return the status and the answer. Errors are aiohttp's."""
        try:
            connection = await self._connector.connect(self._request, [], self._patience)
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError("no connection in time") from error
        if not self._may_leave():
            connection.release()
            raise aiohttp.ConnectionTimeoutError("it may not leave any more")
        try:
            answer = await self._exchange(connection, body)
        except BaseException:
            connection.close()
            raise
        connection.release()
        return answer

    async def _exchange(self, connection: "aiohttp.connector.Connection", body: bytes) -> tuple[int, bytes]:
        protocol = connection.protocol
        if protocol is None or protocol.transport is None:
            raise aiohttp.ClientConnectionResetError("the connection was closed")
        transport = protocol.transport
        self._deadlines.begin(transport)
        try:
            answer = await self._answer(protocol, transport, body)
        except aiohttp.ClientError as error:
            # The deadline broke the connection, so the error is a timeout in disguise.
            if not self._deadlines.end(transport):
                raise TimeoutError from error
            raise
        except BaseException:
            self._deadlines.end(transport)
            raise
        if not self._deadlines.end(transport):
            raise TimeoutError  # a body without a length ends with its connection
        return answer

    async def _answer(
        self, protocol: ResponseHandler, transport: asyncio.Transport, body: bytes
    ) -> tuple[int, bytes]:
        # What aiohttp itself does for each request, without its request and response objects.
        protocol.set_response_params(
            read_until_eof=True, auto_decompress=False, read_timeout=self._patience.sock_read
        )
        # One write for head and body: two would be two packets.
        transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))
        protocol.start_timeout()
        try:
            message, payload = await protocol.read()
            while message.code in _INTERIM_STATUSES:
                message, payload = await protocol.read()
        except HttpProcessingError as error:
            raise aiohttp.ClientPayloadError(error.message) from error
        return message.code, await read_bounded(payload, self._max_bytes)


class _Deadlines:
    """Break the connections of requests that take too long in all.

    One timer serves all of them: one for each costs a fifth of a request, most of it in the loop's heap.
    """

    def __init__(self, total_s: float | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._total_s = math.inf if total_s is None else total_s
        self._under_way: dict[asyncio.Transport, float] = {}  # each with its deadline, in order of these
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, transport: asyncio.Transport) -> None:
        """Let a request on this connection begin."""
        deadline = self._under_way[transport] = self._loop.time() + self._total_s
        if self._timer is None and deadline < math.inf:
            self._timer = self._loop.call_at(deadline, self._break)

    def end(self, transport: asyncio.Transport) -> bool:
        """Note that a request has ended; return whether it did so by itself."""
        return self._under_way.pop(transport, None) is not None

    def _break(self) -> None:
        now, self._timer = self._loop.time(), None
        # They began in order, so the first that has time left ends the search.
        for transport, deadline in list(self._under_way.items()):
            if deadline > now:
                self._timer = self._loop.call_at(deadline, self._break)
                return
            del self._under_way[transport]
            transport.abort()


async def read_bounded(stream: aiohttp.StreamReader, max_bytes: int) -> bytes:
    """Return all of a body; ClientPayloadError when it is longer than that."""
    parts: list[bytes] = []
    size = 0
    while part := await stream.readany():
        size += len(part)
        if size > max_bytes:
            raise aiohttp.ClientPayloadError(f"the body is longer than {max_bytes} bytes")
        if not parts and stream.at_eof():
            return part  # as most answers do, it came at once
        parts.append(part)
    return b"".join(parts)
