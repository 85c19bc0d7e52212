"""A server whose people ask: `python -m tools.bench.asker CORE COUNT CHATS EACH_SECOND TEXT`.

The text WORST stands for the worst texts known, each in turn.

Prints its address; once each question is answered, how long that took, and how long each waited, in seconds.
"""

import asyncio
import json
import random  # noqa: TID251  # the same moments in each run
import re
import sys
import time
from typing import Final

from bot.clock import SystemClock
from tests.hostile import TEXTS
from tools.bench.load import pinned
from tools.bench.sink import Sink, answer, serve

FIRST: Final = 5_000_000
"""The id of the first chat that asks."""

WORST: Final = "WORST"
_BATCH: Final = 100
"""Updates in one answer, as many as Telegram gives."""

_WARM: Final = 2.0
"""Seconds from the first poll until somebody asks, when not all ask at once."""

_TO: Final = re.compile(rb"chat_id\D{1,6}(\d+)")
_TRUE: Final = answer(True)
_NOTHING: Final = answer(())
_BEGUN: Final = int(SystemClock().now().timestamp())


def question(number: int, person_id: int, text: str) -> dict[str, object]:
    """An update."""
    person = {"id": person_id, "first_name": "Ada"}
    message = {
        "message_id": number + 1,
        "date": _BEGUN,
        "chat": {**person, "type": "private"},
        "from": {**person, "is_bot": False, "language_code": "en"},
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"update_id": number + 1, "message": message}


class Questions:
    """What people ask, who polls for it, and how long each waits for an answer."""

    def __init__(self, text: str, count: int, chats: int, each_second: float) -> None:
        """They ask at random moments, so many a second, or all at once when that is 0."""
        self._texts = TEXTS if text == WORST else (text,)
        self._chats = chats
        self._count = count
        self._each_second = each_second
        self._poll: Asker | None = None
        self._begun = 0.0
        self._asked = 0
        self._to_give = 0
        self._since: dict[int, list[float]] = {}
        self._waits: list[float] = []

    def polled(self, poll: "Asker") -> None:
        """Somebody waits for updates; with the first poll the clock starts."""
        if len(self._waits) == self._count:
            poll.write(_NOTHING)  # the last poll, of a bot that ends
            return
        self._poll = poll
        if not self._begun:
            self._begin()
        self._give()

    def answered(self, chat: int) -> None:
        """A chat was sent something; whoever asked nothing is passed over."""
        if not (since := self._since.get(chat)):
            return
        self._waits.append(time.perf_counter() - since.pop(0))
        if len(self._waits) == self._count:
            spent = time.perf_counter() - self._begun
            print(json.dumps({"spent": spent, "waits": self._waits}), flush=True)

    def _begin(self) -> None:
        self._begun = time.perf_counter()
        if not self._each_second:
            self._to_give = self._count
            return
        dice, after = random.Random(1), _WARM  # noqa: S311  # nothing secret
        for _ in range(self._count):
            after += dice.expovariate(self._each_second)
            asyncio.get_running_loop().call_later(after, self._ask)

    def _ask(self) -> None:
        self._to_give += 1
        self._give()

    def _give(self) -> None:
        """Answer the poll that waits, if there is one and something to give."""
        if self._poll is None or not self._to_give:
            return
        now, updates = time.perf_counter(), []
        for _ in range(min(self._to_give, _BATCH)):
            turn, person = divmod(self._asked, self._chats)
            text = self._texts[(turn + person) % len(self._texts)]
            self._since.setdefault(FIRST + person, []).append(now)
            updates.append(question(self._asked, FIRST + person, text))
            self._asked += 1
            self._to_give -= 1
        poll, self._poll = self._poll, None
        poll.write(answer(updates))


class Asker(Sink):
    """One connection of a bot that is asked."""

    def __init__(self, questions: Questions) -> None:
        super().__init__()
        self._questions = questions

    def reply(self, method: bytes, body: bytes) -> None:
        if b"/getupdates" in method:
            self._questions.polled(self)
        elif b"/sendmessage" in method:
            self.write(self.sent)
            if to := _TO.search(body):
                self._questions.answered(int(to[1]))
        else:
            self.write(self.me if b"/getme" in method else _TRUE)


if __name__ == "__main__":
    core, count, chats, each_second, text = sys.argv[1:]
    pinned(core)
    asked = Questions(text, int(count), int(chats), float(each_second))
    asyncio.run(serve(lambda: Asker(asked)))
