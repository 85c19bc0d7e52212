"""The local Bot API server: routes, errors, the ledger of requests, and one hook for faults."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from aiohttp import web

from bot.clock import Clock
from bot.demo.arguments import Arguments, read_arguments
from bot.demo.cast import BOT_USERNAME
from bot.demo.guard import guard
from bot.demo.methods import METHODS
from bot.demo.model import Refusal, bad_request
from bot.demo.page_api import PageApi, Skip
from bot.demo.world import World
from bot.errors import StartError

log = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 25_000_000
_NOT_FOUND: Final = 404
_MAX_TOKEN_CHARS: Final = 80

Phase = Literal["before", "after"]


class Drop(Exception):  # raised by a fault to break the connection
    """Break the connection without an answer."""


Fault = Callable[[str, Arguments, Phase], Awaitable[web.Response | None]]
"""Called before a request is carried out and after; an answer of its own replaces the server's."""


@dataclass(slots=True)
class Entry:
    """One request, from its arrival on."""

    at: datetime
    method: str
    arguments: dict[str, str] = field(default_factory=dict, repr=False)
    accepted: Any = None
    """What was carried out, whether or not anybody heard of it; None when nothing was."""
    answered: int | None = None
    """The HTTP status; None when the answer never came."""


class BotApiServer:
    """Listens on one address; carries the chat page too."""

    def __init__(
        self, *, token: str, clock: Clock, skip: Skip | None = None, keep: int | None = None
    ) -> None:
        """`skip` moves the product's clock to a chat's next digest and says so.

        `keep` is how many requests, messages and updates are remembered; everything when None, as tests ask.
        """
        self.world = World(clock, bot_id=int(token.partition(":")[0]), username=BOT_USERNAME, keep=keep)
        self.ledger: list[Entry] = []
        self._keep = keep
        self.fault: Fault | None = None
        self._token = token
        self._page = PageApi(self.world, skip)
        self._runner: web.AppRunner | None = None
        self.address = ""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; return the address. StartError when the port is taken."""
        app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[guard])
        app.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._call),
                web.route("*", "/bot{token}/test/{method}", self._elsewhere),
                web.route("*", "/bot{rest:.*}", self._no_call),
                web.get("/file/bot{token}/{folder}/{file}", self._download),
                *self._page.routes(),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise StartError("error.port", port=port) from error
        self._runner = runner
        self.address = f"http://{host}:{runner.addresses[0][1]}"
        return self.address

    async def stop(self) -> None:
        """Answer nothing any more."""
        self._page.close()
        await self.world.updates.webhook.close()
        self.world.updates.end()  # whoever asked may be gone: nothing tells, and it would be waited for
        if self._runner is not None:
            await self._runner.cleanup()

    def accepted(self, chat: int, method: str = "sendMessage") -> list[Any]:
        """Return what the server took for a chat, in order: the truth that tests ask for."""
        return [
            entry.accepted
            for entry in self.ledger
            if entry.method == method.lower()
            and entry.accepted
            and entry.arguments.get("chat_id") == str(chat)
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        if request.method not in {"GET", "POST"}:
            raise web.HTTPNotImplemented(text="")
        entry = Entry(self.world.clock.now(), method)
        self.ledger.append(entry)
        if self._keep is not None:
            del self.ledger[: -self._keep]
        try:
            _check_token(request.match_info["token"])
            given = await read_arguments(request)
            entry.method, entry.arguments = given.text("method").lower() or method, given.values
            answer = await self._carried_out(request.match_info["token"], entry, given)
        except Drop:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        except Refusal as refusal:
            answer = _refused(refusal)
        except UnicodeDecodeError:
            answer = _refused(bad_request("strings must be encoded in UTF-8"))
        except ValueError:
            answer = web.Response(status=400)
        entry.answered = answer.status
        return answer

    async def _carried_out(self, token: str, entry: Entry, given: Arguments) -> web.Response:
        method = entry.method
        if token != self._token:
            raise Refusal(401, "Unauthorized")
        if self.fault is not None and (answer := await self.fault(method, given, "before")):
            return answer
        act = METHODS.get(method)
        if act is None:
            log.error("The local server does not know the method %s", method)
            raise Refusal(_NOT_FOUND, "Not Found: method not found")
        entry.accepted = result = await act(self.world, given)
        if self.fault is not None and (answer := await self.fault(method, given, "after")):
            return answer
        return web.json_response({"ok": True, "result": result})

    async def _elsewhere(self, _: web.Request) -> web.Response:
        """Return Telegram's test environment: this token is not known there."""
        return _refused(Refusal(401, "Unauthorized"))

    async def _no_call(self, _: web.Request) -> web.Response:
        return _refused(Refusal(_NOT_FOUND, "Not Found"))

    async def _download(self, request: web.Request) -> web.Response:
        found = self.world.files.get(request.match_info["file"])
        if request.match_info["token"] != self._token or found is None:
            return _refused(Refusal(_NOT_FOUND, "Not Found"))
        return web.Response(body=found[1], content_type="application/octet-stream")


def _check_token(token: str) -> None:
    """Refuse a token that does not look like one."""
    number, colon, _ = token.partition(":")
    if not colon or token.startswith("0") or len(token) > _MAX_TOKEN_CHARS:
        raise Refusal(401, "Unauthorized: invalid token specified")
    if not number.isdecimal():
        raise Refusal(421, "Misdirected Request: unallowed token specified")


def _refused(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    wait = refusal.parameters.get("retry_after")
    return web.json_response(body, status=refusal.code, headers={"Retry-After": str(wait)} if wait else None)
