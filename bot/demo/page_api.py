"""What the chat page asks of the server: the state, what people do, and live events."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from bot.demo import membership
from bot.demo.cast import EDITOR_ID, VIEWS, View, let_in, settle
from bot.demo.forwarding import forward
from bot.demo.model import PRESENT, Json, Refusal, bad_request
from bot.demo.text import TextRefused, checked
from bot.demo.world import World
from bot.i18n import LANGUAGES

Skip = Callable[[int, int | None], Awaitable[str]]
"""Moves the product's clock to a chat's next digest, or by so many days; what to tell the visitor."""

_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_MAX_EVENTS: Final = 500
_PING_INTERVAL_S: Final = 15.0
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_SIGNS: Final = {b"\xff\xd8": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}


@dataclass(frozen=True, slots=True)
class _Event:
    number: int
    chat: int
    name: str
    data: Json


class PageApi:
    """The routes of the page, and everybody who lives there."""

    def __init__(self, world: World, skip: Skip | None) -> None:
        self._world = world
        self._skip = skip
        self._events: deque[_Event] = deque(maxlen=_MAX_EVENTS)
        self._number = 0
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = True
        settle(world)
        world.listeners.append(self._heard)

    def routes(self) -> list[web.RouteDef]:
        """Return every address of the page."""
        return [
            web.get("/", self._file),
            web.get("/page/state", self._guarded(self._state)),
            web.get("/page/events", self._stream),
            web.post("/page/send", self._guarded(self._send)),
            web.post("/page/press", self._guarded(self._press)),
            web.post("/page/upload", self._guarded(self._upload)),
            web.post("/page/forward", self._guarded(self._forward)),
            web.post("/page/block", self._guarded(self._block)),
            web.post("/page/language", self._guarded(self._language)),
            web.post("/page/skip", self._guarded(self._skipped)),
            web.get("/page/file/{id}", self._kept_file),
            web.get("/page/{name}", self._file),
        ]

    def close(self) -> None:
        """End every stream."""
        self._open = False
        self._wake()

    # Files and guards --------------------------------------------------------------------------------------

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        file = files("bot.demo") / "page" / name
        kind = _TYPES.get(PurePath(name).suffix)
        if "/" in name or "\\" in name or kind is None or not file.is_file():
            raise web.HTTPNotFound(text="Not found")
        return web.Response(
            text=file.read_text("utf-8"), content_type=kind, charset="utf-8", headers=_HEADERS
        )

    def _guarded(
        self, act: Callable[[web.Request], Awaitable[Any]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Say what cannot be done in one sentence."""

        async def answer(request: web.Request) -> web.Response:
            try:
                return web.json_response(await act(request), headers=_HEADERS)
            except Refusal as refusal:
                return web.json_response({"error": refusal.description}, status=400, headers=_HEADERS)
            except (ValueError, KeyError, TypeError):
                text = "This request makes no sense."
                return web.json_response({"error": text}, status=400, headers=_HEADERS)

        return answer

    # State -------------------------------------------------------------------------------------------------

    async def _state(self, request: web.Request) -> Json:
        name, world = request.query.get("view", "reader"), self._world
        view = VIEWS[name]
        chat = world.chats[view.chat]
        speaker = world.people[_speaker(view, request.query)]
        texts = world.texts
        return {
            "bot": world.bot,
            "views": list(VIEWS),
            "view": name,
            "chat": chat.json(),
            "user": speaker.id,
            "speakers": [{"id": each, "name": world.people[each].name} for each in view.speakers],
            "home": next(view for view, each in VIEWS.items() if each.chat == speaker.id),
            "blocked": chat.bot not in PRESENT,
            "about": texts.get(("description", speaker.language)) or texts.get(("description", ""), ""),
            "messages": world.history(chat.id),
            "commands": self._commands(view, speaker.id),
            "now": self._now(),
            "language": speaker.language,
            "event": self._number,
        }

    def _commands(self, view: View, user: int) -> list[Json]:
        """Return the menu that Telegram would show: the nearest scope first, then the nearest language."""
        chat, language = self._world.chats[view.chat], self._world.people[user].language
        kinds = ["all_private_chats"]
        if chat.type == "channel":
            return []  # nobody commands there
        if chat.type != "private":
            decides = chat.members.get(user) in {"creator", "administrator"}
            kinds = ["all_chat_administrators", "all_group_chats"] if decides else ["all_group_chats"]
        for scope in (f"chat:{view.chat}", *kinds, "default"):
            for code in (language, ""):
                if found := self._world.commands.get((scope, code)):
                    return found
        return []

    def _now(self) -> str:
        return self._world.clock.now().isoformat(timespec="seconds")

    # What people do ----------------------------------------------------------------------------------------

    async def _send(self, request: web.Request) -> Json:
        given = await request.json()
        view = VIEWS[given["view"]]
        try:
            text, entities = checked(str(given["text"]), given.get("entities"))
        except TextRefused as refused:
            raise bad_request(str(refused)) from None
        return self._world.say(
            view.chat, _speaker(view, given), text, entities=entities, reply_to=given.get("reply_to")
        )

    async def _press(self, request: web.Request) -> Json:
        given = await request.json()
        view, data = VIEWS[given["view"]], str(given["data"])
        user = _speaker(view, given)
        return {"press": self._world.press(view.chat, user, int(given["message_id"]), data)}

    async def _upload(self, request: web.Request) -> Json:
        form = await request.post()
        file = form["file"]
        if not isinstance(file, web.FileField):
            raise TypeError("no file")
        view, caption = VIEWS[str(form["view"])], str(form.get("caption", "")).strip()
        user, name, data = _speaker(view, form), PurePath(file.filename).name, file.file.read()
        if file.content_type in _PICTURES:
            album = {"media_group_id": str(form["album"])} if form.get("album") else {}
            return self._world.picture(view.chat, user, data, caption=caption, **album)
        return self._world.upload(view.chat, user, name, data, caption=caption)

    async def _forward(self, request: web.Request) -> Json:
        given = await request.json()
        view, message, people = VIEWS[given["view"]], int(given["message_id"]), self._world.people
        # The visitor is one person, whoever they play.
        people[EDITOR_ID].language = people[_speaker(view, given)].language
        forward(self._world, view.chat, message, to=EDITOR_ID, user=EDITOR_ID)
        return {}

    async def _block(self, request: web.Request) -> Json:
        given = await request.json()
        view = VIEWS[given["view"]]
        chat, out = self._world.chats[view.chat], bool(given["blocked"])
        if chat.type == "private":
            membership.block(self._world, chat.id, blocked=out)
        else:
            membership.become(self._world, chat.id, view.speakers[0], "kicked" if out else let_in(chat))
            self._world.tell(chat.id, "blocked", {"blocked": out})
        return {}

    async def _language(self, request: web.Request) -> Json:
        given = await request.json()
        if given["language"] not in LANGUAGES:
            raise ValueError(given["language"])
        for user in VIEWS[given["view"]].speakers:
            self._world.people[user].language = given["language"]
        self._world.tell(0, "commands", {})
        return {}

    async def _skipped(self, request: web.Request) -> Json:
        given = await request.json()
        chat, days = VIEWS[given["view"]].chat, given.get("days")
        text = ""
        if self._skip:
            text = await self._skip(chat, int(days) if days else None)
        self._world.tell(0, "clock", {"now": self._now()})
        return {"text": text}

    async def _kept_file(self, request: web.Request) -> web.Response:
        """Return a document or picture, for whoever is on this machine."""
        found = self._world.files.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound(text="Not found")
        name, data = found
        picture = next((kind for start, kind in _SIGNS.items() if data.startswith(start)), None)
        headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return web.Response(
            body=data,
            content_type=picture or "application/octet-stream",
            headers=_HEADERS if picture else headers,
        )

    # Live --------------------------------------------------------------------------------------------------

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Stream one chat as Server-Sent Events; a page that comes back gets what it missed."""
        view = VIEWS.get(request.query.get("view", "reader"))
        if view is None:
            raise web.HTTPNotFound(text="Not found")
        user = _speaker(view, request.query)
        last = request.headers.get("Last-Event-ID") or request.query.get("after") or ""
        number = min(int(last), self._number) if last.isdecimal() else self._number
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):  # the page was closed
            await self._tell(response, view, user, number)
        return response

    async def _tell(self, response: web.StreamResponse, view: View, user: int, number: int) -> None:
        while self._open:
            for event in [event for event in self._events if event.number > number]:
                number = event.number
                if event.chat in {0, view.chat}:
                    data = self._commands(view, user) if event.name == "commands" else event.data
                    text = json.dumps(data, ensure_ascii=False)
                    await response.write(f"id: {number}\nevent: {event.name}\ndata: {text}\n\n".encode())
            await self._wait(response, number)

    async def _wait(self, response: web.StreamResponse, number: int) -> None:
        """Wait until there is more to tell; give a sign of life now and then."""
        async with self._news:
            try:
                await asyncio.wait_for(
                    self._news.wait_for(lambda: self._number > number or not self._open), _PING_INTERVAL_S
                )
            except TimeoutError:
                await response.write(b": still here\n\n")

    def _heard(self, chat: int, name: str, data: Json) -> None:
        self._number += 1
        # A copy: a message that is edited later must not change in what was told before.
        self._events.append(_Event(self._number, chat, name, dict(data)))
        self._wake()

    def _wake(self) -> None:
        async def wake() -> None:
            async with self._news:
                self._news.notify_all()

        task = asyncio.ensure_future(wake())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _speaker(view: View, given: Mapping[str, Any]) -> int:
    """Return who speaks: whoever is named, if they can speak here."""
    user = int(given.get("user") or view.speakers[0])
    if user not in view.speakers:
        raise ValueError(user)
    return user
