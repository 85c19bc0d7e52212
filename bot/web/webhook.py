"""The door that Telegram posts updates to; whatever else knocks gets a few bytes and is forgotten.

It opens with the process and answers 503 until somebody takes updates in: Telegram then tries again, and so a
process that stands by, starts or stops loses nothing.
"""

import asyncio
import hmac
import logging
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.clock import Clock
from bot.errors import StartError, StoreError

log = logging.getLogger(__name__)

TELEGRAMS_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
MAX_BYTES: Final = 1_000_000
"""The largest body that is read; the server keeps no update of more than half of it (512 KiB)."""

BODY_S: Final = 10.0
"""Seconds that a body may take to arrive."""

RETRY_AFTER_S: Final = 1
"""Seconds after which Telegram is to try again; by itself it would wait longer each time."""

QUIET_S: Final = 60.0
"""Seconds between two lines in the log about things of the same kind, however many there are."""

Take = Callable[[bytes], Awaitable[None]]
"""Take in what was posted; once it returns, Telegram may forget it.

StoreError when it must not, ValueError when it is no update.
"""


class Door:
    """Answers Telegram by what `take` makes of an update."""

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        """`url` is where Telegram finds it, `secret` what Telegram shows there."""
        self._paths = paths_of(url)
        self._secret = secret.encode()
        self._clock = clock
        self._take: Take | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._untold: Counter[str] = Counter()
        self._told_at: dict[str, float] = {}
        self.application = web.Application(client_max_size=MAX_BYTES)
        self.application.router.add_route("*", "/{path:.*}", self._answer)

    def open(self, take: Take) -> None:
        """Hand updates to `take` from now on."""
        self._take = take

    async def close(self) -> None:
        """Answer 503 from now on; wait for what is being taken in. A second time does nothing."""
        self._take = None
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _answer(self, request: web.Request) -> web.Response:
        if (refusal := self._refusal(request)) is not None:
            self._tell("requests at the webhook's port were not Telegram's", f"{refusal} {refusal.phrase}")
            answer = web.Response(status=refusal)
            answer.force_close()  # strangers keep no place
            return answer
        try:
            async with asyncio.timeout(BODY_S):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        return await self._taken(self._take, body) if self._take else _later()

    async def _taken(self, take: Take, body: bytes) -> web.Response:
        # In a task of its own: what was begun is carried through though the connection breaks.
        task = asyncio.ensure_future(take(body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            await asyncio.shield(task)
        except StoreError as error:
            self._tell("updates cannot be written down; Telegram sends them again", error.__cause__ or error)
            return _later()
        except ValueError as error:
            self._tell("updates cannot be read and are passed over", error)
        except Exception:
            # Not sent again: it would hold up its chat for a day, and meet the same fault each time.
            log.exception("An update met a fault of this program and is passed over.")
        return web.Response()

    def _refusal(self, request: web.Request) -> HTTPStatus | None:
        """Return why a request is not Telegram's; None when it is."""
        given = request.headers.get(TELEGRAMS_HEADER, "").encode("utf-8", "surrogateescape")
        if request.rel_url.raw_path not in self._paths:
            return HTTPStatus.NOT_FOUND
        if request.method != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        if not hmac.compare_digest(given, self._secret):
            return HTTPStatus.FORBIDDEN
        if request.content_type != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return None

    def _tell(self, what: str, why: object) -> None:
        """Log it now, or with those of its kind that follow."""
        self._untold[what] += 1
        now = self._clock.monotonic()
        if now - self._told_at.get(what, float("-inf")) >= QUIET_S:
            log.warning("%d %s (the last: %s).", self._untold.pop(what), what, why)
            self._told_at[what] = now


def paths_of(url: str) -> frozenset[str]:
    """Return the paths that mean an address here: a proxy hands on the whole, or what is behind its own."""
    segments = urlsplit(url).path.removeprefix("/").split("/")
    return frozenset("/" + "/".join(segments[first:]) for first in range(len(segments) + 1))


def certificate_in(file: Path) -> bytes:
    """Return the certificate that Telegram is to trust. StartError for a file that holds none."""
    try:
        data = file.read_bytes()
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=data.decode("ascii"))
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise _unusable(error) from error
    return data


def tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return what speaks TLS with a certificate and its key. StartError when they do not fit."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:
        raise _unusable(error) from error
    return context


def _unusable(error: Exception) -> StartError:
    words = error.strerror if isinstance(error, OSError) else None
    return StartError("error.certificate", reason=words or type(error).__name__)


def _later() -> web.Response:
    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_AFTER_S)})
