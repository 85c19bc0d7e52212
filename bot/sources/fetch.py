"""Fetch a page that somebody named: bounded in time and size, and never from a network that is not public.

FetchError     why it was not fetched, as a key of the catalogue (`fetch.…`) and its values
"""

import asyncio
import contextlib
import re
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from weakref import WeakValueDictionary

import aiohttp

from bot import __version__
from bot.errors import BotError
from bot.sources.addresses import host_of, web_address
from bot.sources.guard import MAX_REDIRECTS, AddressRefused, guarded_socket, why_refused
from bot.sources.proxies import connector_for, named_in_requests

MAX_SECONDS: Final = 15.0
MAX_BYTES: Final = 10_000_000
"""Of a page as it is read; what was compressed counts as it is without compression."""
USER_AGENT: Final = f"article-digest-bot/{__version__} (Telegram bot; a person asked for this page)"
PROGRAM_AGENT: Final = f"article-digest-bot/{__version__} (Telegram bot; follows feeds)"

_CHUNK_BYTES: Final = 65_536
_PIECE_BYTES: Final = 1_000_000
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD: Final = frozenset({301, 308})
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")
_MAX_HEADER_CHARS: Final = 500
_MAX_WAIT_S: Final = 7 * 86_400
"""Of what a server asks to wait: nobody waits for longer than a week."""
_HEADERS: Final = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Language": "zh,en;q=0.9,*;q=0.5",
    # What unpacks these can be told how much to give: a small answer can hold gigabytes.
    "Accept-Encoding": "gzip, deflate",
}


class FetchError(BotError):
    """A page was not fetched; `retry_s` is how long its server asks to wait."""

    def __init__(self, key: str, *, retry_s: float | None = None, **values: object) -> None:
        self.retry_s = retry_s
        super().__init__(key, **values)

    @property
    def is_temporary(self) -> bool:
        """Whether the same request can succeed later."""
        if self.key == "fetch.status":
            return self.values.get("status") in _TEMPORARY
        return self.key in {"fetch.slow", "fetch.network", "fetch.unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a server calls the state of a page, to be asked whether it has changed; how long it stays so."""

    etag: str = ""
    modified: str = ""
    fresh_s: int = 0


_TEMPORARY: Final = frozenset({408, 425, 429, *range(500, 600)})
"""HTTP statuses after which the same request can succeed later (RFC 9110; 425: RFC 8470; 429: RFC 6585)."""

NO_VERSION: Final = Version()
"""Of a page that a program has not read yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered: the bytes without compression, their type, and from where after redirects."""

    address: str
    media_type: str
    charset: str | None
    data: bytes
    version: Version = NO_VERSION
    moved_to: str = ""
    """Where it has moved for good."""


class Unchanged(Exception):  # an answer, not a mistake
    """A page is as it was."""


class Fetcher:
    """Fetches pages, one at a time from each host."""

    def __init__(
        self,
        *,
        proxy: str | None = None,
        resolver: aiohttp.abc.AbstractResolver | None = None,
        make_socket: Callable[[tuple[Any, ...]], Any] = guarded_socket,
        max_seconds: float = MAX_SECONDS,
        may_ask: Callable[[str], str | None] = why_refused,
    ) -> None:
        """`proxy` is asked instead of servers, so that only it sees their addresses."""
        self._proxy = proxy
        self._resolver = resolver
        self._make_socket = make_socket
        self._max_seconds = max_seconds
        self._may_ask = may_ask
        self._hosts = WeakValueDictionary[str, asyncio.Lock]()

    async def fetch(self, address: str, *, since: Version | None = None) -> Fetched:
        """Return what is at an address, after at most five redirects. FetchError says why it is not.

        A person asks for it, or a program that has read the version `since`; Unchanged if it is still that.
        """
        found = web_address(address)
        if found is None:
            raise FetchError("fetch.scheme")
        headers, moved, for_good = _headers(since), "", True
        try:
            async with asyncio.timeout(self._max_seconds), self._session() as session:
                for _ in range(MAX_REDIRECTS + 1):
                    async with self._asked(session, found, headers) as response:
                        if response.status not in _REDIRECTS or "Location" not in response.headers:
                            return replace(await _read(response, found), moved_to=moved)
                        found = _next(found, response.headers["Location"])
                        for_good = for_good and response.status in _FOR_GOOD
                        moved = found if for_good else moved
        except TimeoutError:
            raise FetchError("fetch.slow", host=host_of(found), seconds=round(self._max_seconds)) from None
        except aiohttp.ClientError as error:
            raise FetchError(_reason(error), host=host_of(found)) from error
        raise FetchError("fetch.redirects", host=host_of(found))

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        # A proxy stands in a network of ours; what it connects to, it alone sees.
        guard = None if self._proxy else self._make_socket
        connector = connector_for(
            self._proxy, socket_factory=guard, resolver=self._resolver, force_close=True
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None),
        ) as session:
            yield session

    @contextlib.asynccontextmanager
    async def _asked(
        self, session: aiohttp.ClientSession, address: str, headers: dict[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask for one address; its host is asked nothing else meanwhile."""
        if refusal := self._may_ask(address):
            raise FetchError(f"fetch.{refusal}", host=host_of(address))
        host = urlsplit(address).netloc
        turn = self._hosts.get(host)
        if turn is None:
            turn = self._hosts[host] = asyncio.Lock()
        async with turn:
            try:
                async with session.get(
                    address, headers=headers, proxy=named_in_requests(self._proxy), allow_redirects=False
                ) as response:
                    yield response
            except aiohttp.ClientConnectorError as error:
                if _is_refusal(error):
                    raise FetchError("fetch.private", host=host_of(address)) from None
                raise


def _next(address: str, location: str) -> str:
    """Return where a redirect leads."""
    try:
        found = web_address(urljoin(address, location.strip()))
    except ValueError:  # brackets that do not match
        found = None
    if found is None:
        raise FetchError("fetch.scheme")
    return found


def _headers(since: Version | None) -> dict[str, str]:
    if since is None:
        return _HEADERS
    known = {"If-None-Match": since.etag, "If-Modified-Since": since.modified}
    return {
        **_HEADERS,
        "User-Agent": PROGRAM_AGENT,
        **{name: value for name, value in known.items() if value},
    }


async def _read(response: aiohttp.ClientResponse, address: str) -> Fetched:
    if response.status == 304:  # noqa: PLR2004  # Not Modified
        raise Unchanged
    if response.status != 200:  # noqa: PLR2004  # OK
        retry_s = _seconds(response.headers.get("Retry-After", ""))
        raise FetchError("fetch.status", retry_s=retry_s, host=host_of(address), status=response.status)
    if (response.content_length or 0) > MAX_BYTES:
        raise FetchError("fetch.size", size=MAX_BYTES // 1_000_000)
    data = bytearray()
    async for chunk in _unpacked(response):
        data += chunk
        if len(data) > MAX_BYTES:
            raise FetchError("fetch.size", size=MAX_BYTES // 1_000_000)
    version = Version(
        etag=response.headers.get("ETag", "")[:_MAX_HEADER_CHARS],
        modified=response.headers.get("Last-Modified", "")[:_MAX_HEADER_CHARS],
        fresh_s=_fresh_s(response.headers.get("Cache-Control", "")),
    )
    return Fetched(
        address=address,
        media_type=response.content_type,
        charset=response.charset,
        data=bytes(data),
        version=version,
    )


def _fresh_s(cache_control: str) -> int:
    match = _MAX_AGE.search(cache_control)
    return min(int(match[1]), _MAX_WAIT_S) if match else 0


def _seconds(retry_after: str) -> float | None:
    """Return the seconds of a Retry-After header, given as a number or as a moment."""
    if retry_after.strip().isdecimal():
        return float(min(int(retry_after), _MAX_WAIT_S))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return None
    seconds = (moment - datetime.now(UTC)).total_seconds() if moment.tzinfo else 0.0  # noqa: TID251  # a server's clock
    return min(max(seconds, 0.0), _MAX_WAIT_S)


async def _unpacked(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Yield the body piece by piece, none larger than what a page may have."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            yield chunk
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError("fetch.encoding", encoding=encoding[:20])
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    begun = False
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        if not begun and encoding == "deflate" and not _has_header(chunk):
            # Some servers send deflate without the header that the standard asks for.
            unpack = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        begun, packed = True, chunk
        while packed:
            try:
                yield unpack.decompress(packed, _PIECE_BYTES)
            except zlib.error:
                raise FetchError("fetch.encoding", encoding=encoding) from None
            packed = unpack.unconsumed_tail


def _has_header(chunk: bytes) -> bool:
    """Return whether data begins as zlib's do (RFC 1950)."""
    return len(chunk) > 1 and chunk[0] & 0x0F == 8 and int.from_bytes(chunk[:2]) % 31 == 0  # noqa: PLR2004  # RFC 1950


def _is_refusal(error: BaseException | None) -> bool:
    """Return whether the guard is why no connection was made."""
    while error is not None:
        inner = getattr(error, "os_error", None)
        if isinstance(error, AddressRefused) or isinstance(inner, AddressRefused):
            return True
        error = error.__cause__ or error.__context__
    return False


def _reason(error: aiohttp.ClientError) -> str:
    """Return what kept a page from being asked for, as a key of the catalogue."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "fetch.unknown"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "fetch.certificate"
        case _:
            return "fetch.network"
