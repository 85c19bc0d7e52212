"""python-telegram-bot's requests over aiohttp."""

import contextlib
import io
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.db.engine import Lease
from bot.sources.proxies import connector_for, named_in_requests
from bot.tg.envelope import Accepted, Refusal, read_envelope
from bot.tg.raw_post import PreparedPost, read_bounded

READ_TIMEOUT_S: Final = 30.0
"""Seconds to wait for an answer: the server holds flooded messages for up to 8 s, and then accepts them."""

WRITE_TIMEOUT_S: Final = 60.0
"""Seconds that files may take to leave; everything else fits into what the system's buffers take at once."""

CONNECT_TIMEOUT_S: Final = 5.0
POOL_TIMEOUT_S: Final = 5.0
MAX_CONNECTIONS: Final = 80
_KEEP_ALIVE_S: Final = 30.0
"""Shorter than the server's own patience: a connection that it has closed would make a message uncertain."""

TOTAL_TIMEOUT_S: Final = 60.0
"""Seconds in all for a request that does not say how long it may take: a server that drips is given up."""

SLACK_S: Final = 10.0
"""Seconds in all beyond what a request says that it waits for, as polls and uploads do."""

MAX_ANSWER_BYTES: Final = 10_000_000
MAX_FILE_BYTES: Final = 20_000_000
"""What the server lets a bot download."""

_ACCEPTED: Final = b'{"ok":true'
_JSON: Final = {"Content-Type": "application/json"}
# Else a kilobyte could become a gigabyte: answers are small enough as they are.
_PLAIN: Final = {"Accept-Encoding": "identity"}
_ADDRESS: Final = re.compile(r"[a-z]+://\S+")


class AiohttpRequest(BaseRequest):
    """One pool of connections; its session lives from `initialize` to `shutdown`."""

    def __init__(
        self,
        *,
        connections: int = MAX_CONNECTIONS,
        proxy: str | None = None,
        read: float = READ_TIMEOUT_S,
        write: float = WRITE_TIMEOUT_S,
        connect: float = CONNECT_TIMEOUT_S,
        pool: float = POOL_TIMEOUT_S,
        lease: Lease | None = None,
    ) -> None:
        """Take the seconds to wait for an answer, a server, a free connection, where a call says none.

        Nothing leaves while this process does not have the lease.
        """
        self._lease = lease
        self._connections = connections
        self._proxy = proxy
        self._named_proxy = named_in_requests(proxy)
        self._read, self._write, self._connect, self._pool = read, write, connect, pool
        self._patience = _timeout(connect, pool, read, max(TOTAL_TIMEOUT_S, read + SLACK_S))
        self._session: aiohttp.ClientSession | None = None
        self._prepared: dict[str, PreparedPost] = {}

    @property
    def read_timeout(self) -> float:
        """Seconds; python-telegram-bot adds its own to it for long polling."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool; a second time does nothing."""
        if self._session is None or self._session.closed:
            connector = connector_for(self._proxy, limit=self._connections, keepalive_timeout=_KEEP_ALIVE_S)
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers={"User-Agent": self.USER_AGENT, **_PLAIN},
                cookie_jar=aiohttp.DummyCookieJar(),
                # Never unpacked: a small compressed body could become a huge one.
                auto_decompress=False,
            )

    async def shutdown(self) -> None:
        """Close the pool; a second time does nothing."""
        self._prepared.clear()
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0917  # python-telegram-bot's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request, once. Errors carry aiohttp's own as their cause; `never_left` reads it."""
        await self._may_act()
        files = bool(request_data and request_data.multipart_data)
        own = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        # A caller who leaves all timeouts to us gets the shorter way.
        if method == "POST" and not files and all(isinstance(each, DefaultValue) for each in own):
            status, payload = await self.post_json(url, request_data.json_payload if request_data else b"{}")
            return _code(status, payload), payload
        connect, pool = _seconds(connect_timeout, self._connect), _seconds(pool_timeout, self._pool)
        read, write = _seconds(read_timeout, self._read), _seconds(write_timeout, self._write)
        total = None
        if connect is not None and pool is not None and read is not None:
            total = connect + pool + read + (write or 0) * files + SLACK_S
        patience = _timeout(connect, pool, read, total)
        status, payload = await self._exchange(method, url, _body(request_data), patience)
        return (status if method == "GET" else _code(status, payload)), payload

    async def post_json(self, url: str, body: bytes) -> tuple[int, bytes]:
        """Post a body that was made beforehand; the HTTP status and the body. Errors as in `do_request`."""
        await self._may_act()
        if self._named_proxy is not None:  # requests to it are made in another way
            return await self._exchange("POST", url, body, self._patience, _JSON)
        prepared = self._prepared.get(url)
        if prepared is None:
            connector = self._opened.connector
            if connector is None:
                raise RuntimeError("the session has no connector")
            headers = {"User-Agent": self.USER_AGENT, **_JSON, **_PLAIN}
            prepared = self._prepared[url] = PreparedPost(
                connector,
                url,
                headers,
                self._patience,
                max_bytes=MAX_ANSWER_BYTES,
                may_leave=self._lease.is_held if self._lease else lambda: True,
            )
        with _in_the_librarys_words():
            return await prepared.post(body)

    async def _may_act(self) -> None:
        if self._lease is not None and not self._lease.is_held():
            await self._lease.held()

    async def _exchange(
        self,
        method: str,
        url: str,
        data: bytes | aiohttp.FormData | dict[str, str] | None,
        patience: aiohttp.ClientTimeout,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        with _in_the_librarys_words():
            async with self._opened.request(
                method,
                url,
                data=data,
                timeout=patience,
                headers=headers,
                proxy=self._named_proxy,
                # A redirect would take the token, which stands in the address, to somebody else.
                allow_redirects=False,
            ) as response:
                most = MAX_FILE_BYTES if method == "GET" else MAX_ANSWER_BYTES
                payload = await read_bounded(response.content, most)
        return response.status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """Return an answer's JSON; unlike the library's own, log nothing of what it holds."""
        try:
            answer: JSONDict = json.loads(payload)
        except (ValueError, RecursionError):
            raise NetworkError("no readable answer") from None
        return answer

    @property
    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        return self._session


@contextlib.contextmanager
def _in_the_librarys_words() -> Iterator[None]:
    """Translate aiohttp's errors to python-telegram-bot's, without the token."""
    try:
        yield
    except TimeoutError as error:
        raise TimedOut from error
    except (aiohttp.ClientError, OSError) as error:
        raise NetworkError(_words(error)) from error


def _words(error: aiohttp.ClientError | OSError) -> str:
    """Return what went wrong, without an address: those of proxies and servers can hold a password."""
    match error:
        case aiohttp.ClientHttpProxyError(status=status):
            return f"the proxy answers with {status}"
        case aiohttp.ClientConnectorError(os_error=OSError(strerror=str(reason))):
            return f"{type(error).__name__}: {reason}"
        case aiohttp.ClientPayloadError():
            return f"{type(error).__name__}: {_ADDRESS.sub('<address>', str(error))}"
        case _:
            return type(error).__name__


_BEFORE: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,  # also when no connection came free
    aiohttp.ClientHttpProxyError,  # the proxy opened no way to the server
    aiohttp.InvalidURL,
)


def never_left(error: TelegramError) -> bool:
    """Return whether a request certainly never reached the server: only then is it safe to repeat."""
    cause = error.__cause__
    return isinstance(cause, _BEFORE)


def _timeout(
    connect: float | None, pool: float | None, read: float | None, total: float | None = None
) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=total,
        connect=None if connect is None or pool is None else connect + pool,
        sock_connect=connect,
        sock_read=read,
    )


def _seconds(given: ODVInput[float], default: float) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _body(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    files: dict[str, Any] = dict(request_data.multipart_data or {})
    if not files:
        return request_data.json_parameters
    form = aiohttp.FormData(quote_fields=False)  # else a file name in Chinese arrives as %E7%9C%9F
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in files.items():
        form.add_field(name, io.BytesIO(content), filename=filename, content_type=mime)
    return form


def _code(status: int, payload: bytes) -> int:
    """Return the code of Telegram's own answer. NetworkError for what is none, without a word of it."""
    # Most answers: no need to read them as JSON.
    if payload.startswith(_ACCEPTED):
        return HTTPStatus.OK
    match read_envelope(payload):
        case Accepted():
            return HTTPStatus.OK
        case Refusal(code=code):
            return code
        case None:
            raise NetworkError(f"no readable answer (HTTP {status})")
