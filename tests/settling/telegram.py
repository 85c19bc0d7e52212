"""A stand-in for Telegram's server that keeps a ledger, and can be otherwise than we believe."""

import asyncio
import contextlib
import json
import random  # noqa: TID251  # a seed makes it repeatable
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from bot.clock import SystemClock

ARTICLE = "Kept in mind"

Ids = Literal["common", "per chat", "gaps", "fall"]
Probe = Literal[
    "as told", "always there", "never there", "other 400", "429", "every second 429", "500", "hangs"
]
Fate = Literal["answered", "busy", "cut before", "cut after"]

_CLOCK = SystemClock()
_WRITES = ("sendmessage", "copymessage", "sendphoto")


@dataclass(kw_only=True)
class Telegram:
    """One bot's server. What is sent to `cut` chats, and a share of all, loses its connection."""

    ids: Ids = "common"
    probe: Probe = "as told"
    cuts: float = 0.0
    """The share of requests whose connection is cut: half before they are carried out, half after."""
    late: float = 0.0
    """Seconds after which a request whose connection was cut is carried out."""
    latency: float = 0.0
    poll_latency: float = 0.0
    seed: int = 1
    blocked: set[int] = field(default_factory=set)
    """Chats that take nothing."""
    fate: Callable[[str, int, str], Fate | None] = lambda _, __, ___: None
    """What becomes of a request: its method, chat and text; None leaves it to chance."""

    messages: dict[tuple[int, int], str] = field(default_factory=dict)
    accepted: list[tuple[int, str]] = field(default_factory=list)
    """The ledger: every message of the bot that was ever accepted, by chat and text."""
    asked: Counter[str] = field(default_factory=Counter)
    """How many requests came, by method."""
    address: str = ""

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311
        self._top = 100
        self._tops: defaultdict[int, int] = defaultdict(lambda: 100)
        self._updates: list[dict[str, Any]] = []
        self._offset = 1
        self._more = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # What people do ------------------------------------------------------------------------------------------

    def say(self, chat: int, text: str) -> int:
        """Somebody writes to the bot in private."""
        id_ = self._next_id(chat)
        self.messages[chat, id_] = text
        who = {"id": chat, "is_bot": False, "first_name": f"Person {chat}", "language_code": "en"}
        self._update(
            message={
                "message_id": id_, "date": 1_700_000_000, "from": who, "text": text,
                "chat": {"id": chat, "type": "private", "first_name": f"Person {chat}"},
                "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}] if text[0] == "/" else [],
            }
        )  # fmt: skip
        return id_

    def press(self, chat: int, message_id: int) -> None:
        """Somebody presses a button below a message; what the button says means nothing."""
        who = {"id": chat, "is_bot": False, "first_name": f"Person {chat}"}
        message = {
            "message_id": message_id, "date": 1_700_000_000, "text": self.messages[chat, message_id],
            "chat": {"id": chat, "type": "private", "first_name": f"Person {chat}"},
        }  # fmt: skip
        self._update(
            callback_query={"id": "1", "from": who, "chat_instance": "1", "data": "x", "message": message}
        )

    def skip_id(self) -> int:
        """An id is given to something that the bot never hears of."""
        self._top += 1
        return self._top

    def repeat_updates(self) -> None:
        """Let updates come once more that the bot had taken, as to a process that has not got them yet."""
        self._offset = 1

    def digests(self) -> Counter[int]:
        """How many digests each chat was sent: those that tell of the article."""
        return Counter(chat for chat, text in self.accepted if ARTICLE in text)

    # The server ----------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Telegram"]:
        """Answer on a port of loopback."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server: Any = site._server
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            for task in self._tasks:
                task.cancel()
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        raw = await request.read()
        given: dict[str, Any] = json.loads(raw) if raw[:1] == b"{" else dict(await request.post())
        self.asked[method] += 1
        if method == "getupdates":
            return await self._poll(given)
        chat = int(given.get("chat_id", 0) or 0)
        if self.latency:
            await _CLOCK.sleep(self.latency * self._dice.uniform(0.4, 0.6))
        fate = self.fate(method, chat, str(given.get("text", ""))) or self._chance(method)
        if fate == "cut before":
            if self.late and method in _WRITES:
                self._begin(self._late(method, given))
            raise _cut(request)
        if fate == "busy":
            return _refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        answer = await self._carried_out(method, chat, given)
        if fate == "cut after":
            raise _cut(request)
        if self.latency:
            await _CLOCK.sleep(self.latency * self._dice.uniform(0.4, 0.6))
        return answer

    def _chance(self, method: str) -> Fate:
        if method in {"getme", "getwebhookinfo", "deletewebhook"} or self._dice.random() >= self.cuts:
            return "answered"
        return "cut before" if self._dice.random() < 0.5 else "cut after"

    async def _late(self, method: str, given: Mapping[str, Any]) -> None:
        await _CLOCK.sleep(self.late)
        await self._carried_out(method, int(given["chat_id"]), given)

    async def _carried_out(self, method: str, chat: int, given: Mapping[str, Any]) -> web.Response:
        match method:
            case "getme":
                return _ok({"id": 10000, "is_bot": True, "first_name": "Bot", "username": "a_bot"})
            case "getwebhookinfo":
                return _ok({"url": "", "has_custom_certificate": False, "pending_update_count": 0})
            case _ if method in _WRITES:
                return self._accept(chat, str(given.get("text", "copied")))
            case "setmessagereaction":
                return await self._probed(chat, int(given["message_id"]))
            case "deletemessage":
                there = self.messages.pop((chat, int(given["message_id"])), None)
                return _ok(True) if there else _refusal(400, "Bad Request: message to delete not found")
            case _:
                return _ok(True)

    def _accept(self, chat: int, text: str) -> web.Response:
        if chat in self.blocked:
            return _refusal(403, "Forbidden: bot was blocked by the user")
        id_ = self._next_id(chat)
        self.messages[chat, id_] = text
        self.accepted.append((chat, text))
        return _ok({"message_id": id_, "date": 1_700_000_000, "chat": {"id": chat, "type": "private"}})

    async def _probed(self, chat: int, message_id: int) -> web.Response:
        there = (chat, message_id) in self.messages
        match self.probe:
            case "always there":
                there = True
            case "never there":
                there = False
            case "other 400":
                return _refusal(400, "Bad Request: REACTION_INVALID")
            case "every second 429" if self.asked["setmessagereaction"] % 2:
                return _refusal(429, "Too Many Requests: retry after 0", retry_after=0)
            case "429":
                return _refusal(429, "Too Many Requests: retry after 1", retry_after=1)
            case "500":
                return _refusal(500, "Internal Server Error")
            case "hangs":
                await _CLOCK.sleep(3600)
            case _:
                pass
        return _ok(True) if there else _refusal(400, "Bad Request: message to react not found")

    def _next_id(self, chat: int) -> int:
        match self.ids:
            case "per chat":
                self._tops[chat] += 1
                return self._tops[chat]
            case "fall":
                # Higher on the whole, but each ninth falls back to an id that was passed over.
                self._top += 2
                return self._top - (31 if self._top % 18 == 0 else 0)
            case "gaps":
                self._top += self._dice.choice((1, 1, 1, 2))
            case "common":
                self._top += 1
        return self._top

    def _update(self, **content: Any) -> None:
        self._updates.append({"update_id": len(self._updates) + 1, **content})
        self._more.set()

    async def _poll(self, given: Mapping[str, Any]) -> web.Response:
        await _CLOCK.sleep(self.poll_latency)
        # What is asked for behind is forgotten, as by the real one.
        offset = self._offset = max(int(given.get("offset") or 0), self._offset)
        if offset > len(self._updates):
            self._more.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._more.wait(), int(given.get("timeout") or 0))
        return _ok(self._updates[offset - 1 :][:100])

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _cut(request: web.Request) -> Exception:
    """Break the connection; what is raised is never sent."""
    if request.transport is not None:
        request.transport.abort()
    return web.HTTPServiceUnavailable()


def _ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refusal(code: int, words: str, **parameters: int) -> web.Response:
    body = {"ok": False, "error_code": code, "description": words, "parameters": parameters}
    return web.json_response(body, status=code)
