"""A server that posts updates: `python -m tools.bench.poster CORE COUNT CHATS EACH_SECOND GARBAGE`.

It begins when the bot sets its webhook. People ask /quote, so many a second, or as fast as the bot takes them when
that is 0; a share of GARBAGE besides is none of Telegram's, is poison, or was posted before.

Prints its address; once each question is answered, what it saw, in seconds, as JSON.
"""

import asyncio
import contextlib
import json
import random  # noqa: TID251  # the same moments in each run
import re
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from tools.bench.asker import FIRST, question
from tools.bench.load import pinned
from tools.bench.sink import Sink, answer, serve

CONNECTIONS: Final = 80
_PATIENCE_S: Final = 60.0
"""Seconds for answers after the last post."""

_TO: Final = re.compile(rb"chat_id\D{1,6}(\d+)")
_TRUE: Final = answer(True)
_NO_HOOK: Final = answer({"url": "", "has_custom_certificate": False, "pending_update_count": 0})


@dataclass
class Posting:
    """What is posted, and what became of it."""

    count: int
    chats: int
    each_second: float
    garbage: float
    path: str = ""
    secret: str = ""
    url: str = ""
    posts: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    all_answered: asyncio.Event = field(default_factory=asyncio.Event)
    since: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def request(self, body: bytes, *, path: str = "", secret: str = "", kind: str = "") -> bytes:
        """The whole of a request."""
        return (
            f"POST {path or self.path} HTTP/1.1\r\nHost: bot\r\nContent-Type: {kind or 'application/json'}\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret or self.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def junk(self, number: int) -> tuple[str, bytes]:
        """A request that must have no effect, and its name."""
        again = json.dumps(question(0, FIRST, "/quote")).encode()
        kinds = (
            ("wrong secret", self.request(again, secret="guessed")),
            ("wrong path", self.request(again, path="/wp-login.php")),
            ("wrong type", self.request(again, kind="text/plain")),
            ("no JSON", self.request(b'{"update_id": ')),
            ("no update", self.request(b'{"message": {}}')),
            ("posted before", self.request(again)),
        )
        return kinds[number % len(kinds)]

    def jobs(self) -> Iterator[int | None]:
        """Numbers of questions; None where something else is posted."""
        dice = random.Random(1)  # noqa: S311  # nothing secret
        for number in range(self.count):
            yield number
            if number and dice.random() < self.garbage:
                yield None

    async def run(self) -> None:
        """Post everything, each chat's in order, and wait for the answers."""
        ways: asyncio.Queue[Way] = asyncio.Queue()
        where = urlsplit(self.url)
        for _ in range(CONNECTIONS):
            ways.put_nowait(Way(where.hostname or "", where.port or 80))
        begun, junk, tasks = time.perf_counter(), 0, set[asyncio.Task[None]]()
        dice, due = random.Random(2), begun  # noqa: S311  # as above
        busy: dict[int, asyncio.Task[None]] = {}
        for job in self.jobs():
            if self.each_second:
                due += dice.expovariate(self.each_second)
                await asyncio.sleep(max(due - time.perf_counter(), 0))  # noqa: TID251  # real time
            if job is None:
                name, request = self.junk(junk)
                junk += 1
                task = asyncio.create_task(self._junk(ways, name, request))
            else:
                chat = FIRST + job % self.chats
                if not self.each_second:  # as many at a time as there are ways
                    while len(tasks) >= CONNECTIONS:
                        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                task = busy[chat] = asyncio.create_task(self._ask(ways, job, chat, busy.get(chat)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        while tasks:
            await asyncio.wait(tasks)
        posted = time.perf_counter() - begun
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.all_answered.wait(), _PATIENCE_S)
        spent = time.perf_counter() - begun
        await asyncio.sleep(1)  # noqa: TID251  # for answers too many
        asked = Counter(FIRST + job % self.chats for job in range(self.count))
        seen = {
            "posted": posted,
            "spent": spent,
            "posts": self.posts,
            "waits": self.waits,
            "statuses": dict(self.statuses),
            "lost": sum((asked - self.answers).values()),
            "too_many": sum((self.answers - asked).values()),
        }
        print(json.dumps(seen), flush=True)

    async def _ask(
        self, ways: "asyncio.Queue[Way]", job: int, chat: int, before: "asyncio.Task[None] | None"
    ) -> None:
        start = time.perf_counter()
        if before is not None:
            await before
        self.since[chat].append(start)
        request = self.request(json.dumps(question(job, chat, "/quote")).encode())
        while (status := await self._posted(ways, request)) != 200:  # as Telegram does
            self.statuses[f"asked again: {status}"] += 1
            await asyncio.sleep(1)  # noqa: TID251  # as `Retry-After` says
        self.posts.append(time.perf_counter() - start)

    async def _junk(self, ways: "asyncio.Queue[Way]", name: str, request: bytes) -> None:
        self.statuses[f"{name}: {await self._posted(ways, request)}"] += 1

    async def _posted(self, ways: "asyncio.Queue[Way]", request: bytes) -> int:
        way = await ways.get()
        try:
            return await way.post(request)
        finally:
            ways.put_nowait(way)

    def answered(self, chat: int) -> None:
        """A chat was sent something."""
        self.answers[chat] += 1
        if self.answers.total() == self.count:
            self.all_answered.set()
        if since := self.since.get(chat):
            self.waits.append(time.perf_counter() - since.popleft())


class Way:
    """A connection that is kept open."""

    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, request: bytes) -> int:
        """The status; 0 when the connection broke."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(*self._where)
            reader, writer = self._streams
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):
            self._close()
            return 0
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if b"connection: close" in head.lower():
            self._close()
        return int(head.split(maxsplit=2)[1])

    def _close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


class Server(Sink):
    """One connection of the bot that is posted to."""

    def __init__(self, posting: Posting) -> None:
        super().__init__()
        self._posting = posting

    def reply(self, method: bytes, body: bytes) -> None:
        if b"/sendmessage" in method:
            self.write(self.sent)
            if to := _TO.search(body):
                self._posting.answered(int(to[1]))
        elif b"/setwebhook" in method:
            given = json.loads(body)
            self._posting.url, self._posting.secret = given["url"], given["secret_token"]
            self._posting.path = urlsplit(given["url"]).path
            self.write(_TRUE)
            loop = asyncio.get_running_loop()
            loop.call_later(6, lambda: tasks.add(loop.create_task(self._posting.run())))  # a start is careful
        elif b"/getwebhookinfo" in method:
            url = self._posting.url
            self.write(answer({"url": url, "pending_update_count": 0}) if url else _NO_HOOK)
        else:
            self.write(self.me if b"/getme" in method else _TRUE)


tasks: set[asyncio.Task[None]] = set()

if __name__ == "__main__":
    core, count, chats, each_second, garbage = sys.argv[1:]
    pinned(core)
    posting = Posting(int(count), int(chats), float(each_second), float(garbage))
    asyncio.run(serve(lambda: Server(posting)))
