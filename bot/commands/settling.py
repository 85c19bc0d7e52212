"""`doctor --settling A B`: try on two private chats what it takes to find out whether a message arrived.

Telegram promises none of it: that private chats share one sequence of ids, that a probe which nobody sees
tells what is there, how soon a message is there whose connection was cut. What it answers is printed, to be
shown to others. Every message that is sent is silent, and deleted at the end.
"""

import asyncio
import json
import ssl
import statistics
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import urlsplit

from telegram.error import NetworkError

from bot.clock import Clock
from bot.commands.findings import Finding
from bot.config import Settings
from bot.tg.envelope import Accepted, Refusal, read_envelope
from bot.tg.presence import METHOD, is_there, question
from bot.tg.transport import AiohttpRequest

PROBES: Final = 50
CUTS: Final = 5
PATIENCE_S: Final = 130.0
"""Seconds after which a message whose connection was cut is looked for no longer."""

_BEYOND: Final = 100_000
_LOOK_S: Final = 0.5
_TEXT: Final = "A test of the bot’s connection. It goes away by itself. / 机器人的连接测试，会自动删除。"

Answer = Accepted | Refusal | None


class Trial:
    """Two chats, and what was sent to them."""

    def __init__(
        self, settings: Settings, request: AiohttpRequest, chats: tuple[int, int], clock: Clock
    ) -> None:
        if settings.bot_token is None:
            raise ValueError("there is no token to ask with")
        self._settings = settings
        self._base = f"{settings.api}/bot{settings.bot_token.get_secret_value()}"
        self._request = request
        self._chats = chats
        self._clock = clock
        self._sent: list[tuple[int, int]] = []

    async def findings(self) -> AsyncIterator[Finding]:
        """Yield what was found out, step by step; at the end everything is deleted."""
        first, second = self._chats
        ids = [await self._send(chat) for chat in (first, second, first)]
        if None in ids:
            fix = "Both chats must be private, and their people have sent /start to the bot."
            yield Finding("bad", "sending", f"Telegram did not take the messages: {ids}", fix)
            return
        yield _rising([id_ or 0 for id_ in ids])
        yield await self._there("each message is in its chat", self._sent, wanted=True)
        elsewhere = [(second if chat == first else first, id_) for chat, id_ in self._sent]
        yield await self._there("none is in the other chat", elsewhere, wanted=False)
        beyond = [(chat, self._sent[-1][1] + _BEYOND) for chat in self._chats]
        yield await self._there("an id that was not given yet is nowhere", beyond, wanted=False)
        yield await self._often()
        async for finding in self._cut():
            yield finding
        deleted = [each for each in list(self._sent) if await self._delete(*each)]
        yield await self._there("what was deleted is not there", deleted, wanted=False)

    async def clean_up(self) -> None:
        """Delete what is left."""
        for chat, id_ in list(self._sent):
            await self._delete(chat, id_)

    async def _send(self, chat: int) -> int | None:
        answer = await self._ask("sendMessage", chat_id=chat, text=_TEXT, disable_notification=True)
        result = answer.result if isinstance(answer, Accepted) else None
        id_ = result.get("message_id") if isinstance(result, dict) else None
        if not isinstance(id_, int):
            return None
        self._sent.append((chat, id_))
        return id_

    async def _delete(self, chat: int, id_: int) -> bool:
        if (chat, id_) in self._sent:
            self._sent.remove((chat, id_))
        answer = await self._ask("deleteMessage", chat_id=chat, message_id=id_)
        return isinstance(answer, Accepted)

    async def _there(self, what: str, places: list[tuple[int, int]], *, wanted: bool) -> Finding:
        """Look for messages; find fault unless all are there, or none."""
        answers = [await self._probe(*place) for place in places]
        told = ", ".join(dict.fromkeys(map(_words, answers)))
        good = bool(answers) and all(is_there(answer) is wanted for answer in answers)
        return Finding("good" if good else "bad", what, f"{len(answers)} asked; Telegram said: {told}")

    async def _often(self) -> Finding:
        """Probe many times in a row."""
        times, answers = [], Counter[str]()
        for _ in range(PROBES):
            begun = self._clock.monotonic()
            answers[_words(await self._probe(*self._sent[0]))] += 1
            times.append((self._clock.monotonic() - begun) * 1000)
        how = f"{dict(answers)}; {statistics.median(times):.0f} ms each, {max(times):.0f} at most"
        return Finding("good" if answers.keys() == {"true"} else "odd", f"{PROBES} probes in a row", how)

    async def _cut(self) -> AsyncIterator[Finding]:
        """Cut connections once a request is written, and see when its message is there."""
        what = "a message whose connection was cut"
        if self._settings.proxy:
            yield Finding("odd", what, "is not tried by a proxy")
            return
        delays = []
        for _ in range(CUTS):
            delay = await self._found_after_cut(self._chats[0])
            if delay is not None:
                delays.append(delay)
        how = f"was found in {len(delays)} of {CUTS} cases"
        if delays:
            how += f", at most {max(delays):.1f} s later"
        yield Finding("good" if len(delays) == CUTS else "odd", what, how)

    async def _found_after_cut(self, chat: int) -> float | None:
        """Return how many seconds after the cut its message was there; None when it never was."""
        last = await self._send(chat)
        if last is None:
            return None
        try:
            await self._write_and_close(chat)
        except OSError:  # the network's matter, as at any request
            return None
        begun = self._clock.monotonic()
        while self._clock.monotonic() - begun < PATIENCE_S:
            if is_there(await self._probe(chat, last + 1)):
                self._sent.append((chat, last + 1))
                return self._clock.monotonic() - begun
            await self._clock.sleep(_LOOK_S)
        return None

    async def _write_and_close(self, chat: int) -> None:
        where = urlsplit(self._base)
        body = json.dumps({"chat_id": chat, "text": _TEXT, "disable_notification": True}).encode()
        head = (
            f"POST {where.path}/sendMessage HTTP/1.1\r\nHost: {where.netloc.rpartition('@')[2]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        tls = ssl.create_default_context() if where.scheme == "https" else None
        port = where.port or (443 if tls else 80)
        _, writer = await asyncio.open_connection(where.hostname, port, ssl=tls)
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async def _probe(self, chat: int, message_id: int) -> Answer:
        return await self._ask(METHOD, **question(chat, message_id))

    async def _ask(self, method: str, **values: Any) -> Answer:
        try:
            _, body = await self._request.post_json(f"{self._base}/{method}", json.dumps(values).encode())
        except NetworkError:
            return None
        return read_envelope(body)


async def try_settling(settings: Settings, chats: tuple[int, int], clock: Clock) -> AsyncIterator[Finding]:
    """Yield what was found out about the server of the settings, on two private chats."""
    if chats[0] == chats[1] or min(chats) <= 0:
        fix = "Name two people who have sent /start to the bot, by their user ids; yours is in OWNER_IDS."
        yield Finding("bad", "chats", "two private chats are needed", fix)
        return
    request = AiohttpRequest(proxy=settings.proxy)
    await request.initialize()
    trial = Trial(settings, request, chats, clock)
    try:
        async for finding in trial.findings():
            yield finding
    finally:
        await trial.clean_up()
        await request.shutdown()


def _rising(ids: list[int]) -> Finding:
    what = "ids rise from chat to chat"
    if not ids[0] < ids[1] < ids[2]:
        return Finding("bad", what, f"{ids}: each chat counts for itself")
    if ids[2] - ids[0] == len(ids) - 1:
        return Finding("good", what, f"{ids}, one by one")
    return Finding("odd", what, f"{ids}, with gaps: did the bot write to others meanwhile?")


def _words(answer: Answer) -> str:
    match answer:
        case Accepted(result=result):
            return json.dumps(result, ensure_ascii=False)[:100]
        case Refusal(code=code, description=words):
            return f"{code} {words}"
        case None:
            return "nothing that could be read"
