"""A server whose people ask: `python -m tests.bench.asker CORE COUNT EACH_SECOND TEXT`.

Prints its address; once each question is answered, how long that took, and how long each waited, in seconds.
"""

import asyncio
import json
import random  # noqa: TID251  # the same moments in each run
import re
import sys
import time
from typing import ClassVar, Final

from bot.clock import SystemClock
from tests.bench.load import pinned
from tests.bench.sink import Sink, answer, serve

FIRST: Final = 5_000_000
"""The id of the first chat that asks."""

CHATS: Final = 1_000
_BATCH: Final = 100
"""Updates in one answer, as many as Telegram gives."""

_WARM: Final = 2.0
"""Seconds from the first poll until somebody asks, when not all ask at once."""

_TO: Final = re.compile(rb"chat_id\D{1,6}(\d+)")
_TRUE: Final = answer(True)
_NOTHING: Final = answer(())
_BEGUN: Final = int(SystemClock().now().timestamp())


def question(number: int, text: str) -> dict[str, object]:
    """An update."""
    person = {"id": FIRST + number % CHATS, "first_name": "Ada"}
    message = {
        "message_id": number + 1,
        "date": _BEGUN,
        "chat": {**person, "type": "private"},
        "from": {**person, "is_bot": False, "language_code": "en"},
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {"update_id": number + 1, "message": message}


class Asker(Sink):
    """Gives what was asked to whoever polls, and notes when each chat is answered."""

    text: ClassVar[str] = ""
    count: ClassVar[int] = 0
    each_second: ClassVar[float] = 0
    """How many ask in a second, at random moments; all ask at once when 0."""

    _polled: ClassVar["Asker | None"] = None
    _asked: ClassVar[int] = 0
    _waiting: ClassVar[int] = 0
    _begun: ClassVar[float] = 0
    _since: ClassVar[dict[int, list[float]]] = {}
    _waits: ClassVar[list[float]] = []

    def reply(self, method: bytes, body: bytes) -> None:
        if b"/getupdates" in method and len(Asker._waits) == self.count:
            self.write(_NOTHING)  # the last poll, of a bot that ends
        elif b"/getupdates" in method:
            Asker._polled = self
            if not Asker._begun:
                self._begin()
            _give()
        elif b"/sendmessage" in method:
            self.write(self.sent)
            self._note(body)
        else:
            self.write(self.me if b"/getme" in method else _TRUE)

    def _begin(self) -> None:
        Asker._begun = time.perf_counter()
        if not self.each_second:
            Asker._waiting = self.count
            return
        dice, after = random.Random(1), _WARM  # noqa: S311  # nothing secret
        for _ in range(self.count):
            after += dice.expovariate(self.each_second)
            asyncio.get_running_loop().call_later(after, _ask)

    def _note(self, body: bytes) -> None:
        to = _TO.search(body)
        since = Asker._since.get(int(to[1])) if to else None
        if since is None:
            return
        Asker._waits.append(time.perf_counter() - since.pop(0))
        if len(Asker._waits) == self.count:
            spent = time.perf_counter() - Asker._begun
            print(json.dumps({"spent": spent, "waits": Asker._waits}), flush=True)  # noqa: T201


def _ask() -> None:
    Asker._waiting += 1
    _give()


def _give() -> None:
    """Answer the poll that waits, if there is one and something to give."""
    if Asker._polled is None or not Asker._waiting:
        return
    now, updates = time.perf_counter(), []
    for _ in range(min(Asker._waiting, _BATCH)):
        Asker._since.setdefault(FIRST + Asker._asked % CHATS, []).append(now)
        updates.append(question(Asker._asked, Asker.text))
        Asker._asked += 1
        Asker._waiting -= 1
    poll, Asker._polled = Asker._polled, None
    poll.write(answer(updates))


if __name__ == "__main__":
    core, count, each_second, Asker.text = sys.argv[1:]
    Asker.count, Asker.each_second = int(count), float(each_second)
    pinned(core)
    asyncio.run(serve(Asker))
