"""An hour with everybody against it, shortened to minutes: `python -m tools.soak_hostile [SEED [SECONDS]]`.

Digests go out to 3,000 readers while strangers write as much as they may and 5 % of all messages meet a fault.
One after the other: nothing else; for a minute a proxy answers in Telegram's place; Telegram seems to refuse
everybody; it asks a tenth of the readers to wait for decades; an owner and strangers send hostile documents.
Part of `make soak`.
"""

import asyncio
import json
import random  # noqa: TID251  # a seed makes it repeatable
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.clock import SystemClock, randbelow
from bot.commands.deliveries import deliveries
from bot.config import DATABASE
from bot.db.beside import reading
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Entry, Phase
from bot.errors import HealthError
from bot.health import CHECK_INTERVAL, RECORD, check_record
from tests.chat import server_running
from tests.hostile import PIECES, TEXTS
from tests.simulator import Fault, TelegramSimulator
from tools.soak import Soak
from tools.soak_inbox import ready

RATE: Final = 25
READERS: Final = 3_000
OWNER: Final = 1
MIN_DIGESTS: Final = 4.0
"""Digests a second that must be accepted while replies wait: their share of five, less faults."""

MIN_REPLIES: Final = 15.0
"""Replies a second: three fifths of all, less faults and what was asked to wait."""

_STRANGERS: Final = 100_000
"""The first stranger's id."""

_LOUD: Final = 20
_PER_SECOND: Final = 22
"""New strangers a second, beside the loud ones: more than there is room for."""

MAX_RECOVERY_S: Final = 15.0

_LIE_S: Final = 60.0
_LONG_WAIT_S: Final = 10**9
_CALM_S: Final = 900.0
_FAULTS: Final[dict[Fault, float]] = {
    "429": 0.01, "500": 0.01, "502 before": 0.004, "reset before": 0.004, "half before": 0.002,
    "502 after": 0.004, "reset after": 0.004, "half after": 0.002, "garbage": 0.004, "slow": 0.004, "hang after": 0.002,
}  # fmt: skip
_BLOCKED: Final = "Forbidden: bot was blocked by the user"


def _lies() -> list[web.Response]:
    """Return what proxies say in a server's place."""
    page = "<html><h1>Access denied</h1>bot was blocked by the user</html>"
    return [
        web.Response(status=403, text=page, content_type="text/html"),
        web.Response(status=401, text=page, content_type="text/html"),
        web.Response(status=200),
        web.Response(status=302, headers={"Location": "http://127.0.0.1:9/login"}),
        web.json_response({"error": "forbidden"}, status=403),
        web.json_response({"ok": True}, status=200),
    ]


def _refusal(code: int, description: str, **parameters: int) -> web.Response:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return web.json_response(body, status=code)


@dataclass
class Seen:
    """What one part of the hour brought."""

    name: str
    seconds: float = 0
    digests: int = 0
    replies: int = 0
    lag_ms: int = 0
    stale: set[str] = field(default_factory=set)
    """What the record of health named."""

    def __str__(self) -> str:
        each = f"digests {self.digests / self.seconds:.1f}/s, replies {self.replies / self.seconds:.1f}/s"
        return (
            f"{self.name}: {each}, loop late by {self.lag_ms} ms at most, stale: {sorted(self.stale) or '-'}"
        )


class Hour:
    """Everything that is done to it, and what was seen."""

    def __init__(self, server: BotApiServer, folder: Path, seed: int, seconds: float) -> None:
        self.server, self.folder, self.seconds = server, folder, seconds
        self.soak = Soak(server, folder, seed, readers=READERS, rate=RATE, owner=OWNER)
        self.dice = random.Random(seed)  # noqa: S311  # nothing secret
        self.simulator = TelegramSimulator(server, SystemClock(), seed=seed, faults=_FAULTS, held=3)
        self.lying = self.refusing = self.making_wait = False
        self.touched: set[int] = set()
        """Chats whose messages met a fault: whether one arrived is then not known for certain."""
        self.wrote: set[int] = set()
        self.uploads = 0
        self._next = _STRANGERS + _LOUD
        server.fault = self._fault

    async def _fault(self, method: str, given: Arguments, phase: Phase) -> web.Response | None:
        chat = given.whole("chat_id") if "chat_id" in given.values else 0
        answer = self._answer(method, chat) if phase == "before" else None
        try:
            answer = answer or await self.simulator(method, given, phase)
        except Drop:
            self.touched.add(chat)
            raise
        if answer is not None:
            self.touched.add(chat)
        return answer

    def _answer(self, method: str, chat: int) -> web.Response | None:
        if self.lying:
            return self.dice.choice(_lies())
        if method == "sendmessage" and OWNER < chat < _STRANGERS:
            if self.refusing:
                return _refusal(403, _BLOCKED)
            if self.making_wait and chat % 10 == 0:
                return _refusal(429, "Too Many Requests", retry_after=_LONG_WAIT_S)
        return None

    async def strangers(self) -> None:
        """Write for ever: a few as fast as they can, and more new people than there is room to answer."""
        for number in range(_LOUD):
            self.server.world.person(_STRANGERS + number, f"Loud {number}")
        while True:
            for number in range(_LOUD):
                self._translator(_STRANGERS + number)
            for _ in range(_PER_SECOND):
                self.server.world.person(self._next, "Stranger")
                self._translator(self._next)
                self._next += 1
            await SystemClock().sleep(1)

    def _translator(self, person: int) -> None:
        self.server.world.say(person, person, self.dice.choice(TEXTS))
        self.wrote.add(person)

    async def documents(self) -> None:
        """Send documents made to be slow or large, for ever: an owner, and strangers."""
        while True:
            text = "".join(
                "".join(self.dice.choices(PIECES, k=3)) * self.dice.choice((10, 1_000, 20_000))
                for _ in range(3)
            )
            self.uploads += 1
            for person in (OWNER, _STRANGERS + self.uploads % _LOUD):
                self.server.world.upload(
                    person, person, f"{self.uploads}.md", text.encode("utf-8", "replace")
                )
            await SystemClock().sleep(2)

    @asynccontextmanager
    async def part(self, name: str) -> AsyncIterator[Seen]:
        """Watch what the part brings."""
        seen, since, start = Seen(name), len(self.server.ledger), time.perf_counter()
        watching = asyncio.create_task(self._watch(seen))
        try:
            yield seen
        finally:
            watching.cancel()
        seen.seconds = time.perf_counter() - start
        seen.digests = len(self.soak.digests(since))
        seen.replies = len(self.sent(since)) - seen.digests
        print(seen, flush=True)

    async def _watch(self, seen: Seen) -> None:
        await SystemClock().sleep(
            CHECK_INTERVAL.total_seconds() + 1
        )  # until then it tells of the part before
        while True:
            record = json.loads((self.folder / RECORD).read_text())
            seen.lag_ms = max(seen.lag_ms, record["lag_ms"])
            seen.stale.update(record["stale"])
            await SystemClock().sleep(1)

    def sent(self, since: int = 0) -> list[Entry]:
        """Messages that the server took."""
        return [each for each in self.server.ledger[since:] if each.method == "sendmessage" and each.accepted]

    def unanswered(self) -> set[int]:
        """People who wrote, were never answered, and whose messages met no fault."""
        answered = {int(entry.arguments["chat_id"]) for entry in self.sent()}
        return self.wrote - answered - self.touched

    async def press(self, name: str) -> None:
        """Wait for the owner's newest message with this button, and press it."""
        async with asyncio.timeout(90):
            while True:
                for entry in reversed(self.sent()):
                    if entry.arguments["chat_id"] != str(OWNER) or "reply_markup" not in entry.arguments:
                        continue
                    rows = json.loads(entry.arguments["reply_markup"]).get("inline_keyboard", [])
                    for data in (each.get("callback_data", "") for row in rows for each in row):
                        if name in data:
                            self.server.world.press(OWNER, OWNER, entry.accepted["message_id"], data)
                            return
                await SystemClock().sleep(0.5)

    def healthy(self) -> bool:
        """Whether the command `health` says so."""
        with suppress(HealthError):
            check_record(self.folder / RECORD)
            return True
        return False

    async def suspended(self) -> int:
        """How many readers get nothing any more."""
        async with reading(self.folder / DATABASE) as connection:
            row = await connection.one("SELECT count(*) AS number FROM readers WHERE suspended IS NOT NULL")
        return row["number"] if row else 0

    async def catch_up(self) -> None:
        """Wait until everybody who wrote was answered."""
        end = time.perf_counter() + _CALM_S
        while self.unanswered() and time.perf_counter() < end:
            await SystemClock().sleep(1)


async def main(seed: int, seconds: float) -> int:
    """The exit code: 1 when anything gave way."""
    with tempfile.TemporaryDirectory() as data:
        async with server_running(SystemClock(), range(1, READERS + 1)) as server:
            hour = Hour(server, Path(data), seed, seconds)
            await hour.soak.fill()
            await hour.soak.make_due()
            faults = await _hour(hour)
            server.fault = None
            await hour.soak.let_go_out()
            faults += _found("readers had more than one digest", hour.soak.doubled(0))
            since = len(server.ledger)
            await hour.soak.make_due()
            await hour.soak.let_go_out()
            doubled = hour.soak.doubled(since)
            faults += _found("readers had more than one digest in the calm after it", doubled)
            faults += _found("articles never reached a reader", hour.soak.missing())
            faults += _found("books do not balance", await deliveries(hour.folder / DATABASE, None))
    for fault in faults:
        print("FAULT:", fault)
    print(f"Seed {seed}: {len(hour.wrote)} strangers, {hour.uploads} documents, {len(faults)} faults.")
    return int(bool(faults))


async def _hour(hour: Hour) -> list[str]:
    """What gave way."""
    process = await hour.soak.launch()
    await ready(process)
    strangers = asyncio.create_task(hour.strangers())
    faults = []
    async with hour.part("strangers") as crowd:
        await SystemClock().sleep(hour.seconds)
    faults += _shares(crowd)
    faults += await _lied_to(hour)
    faults += await _refused(hour)
    async with hour.part("asked to wait for decades") as waits:
        hour.making_wait = True
        await SystemClock().sleep(hour.seconds)
        hour.making_wait = False
    faults += _shares(waits)
    hour.server.world.say(OWNER, OWNER, "/status")
    await hour.press("lift")
    sending = asyncio.create_task(hour.documents())
    async with hour.part("documents") as reading:
        await SystemClock().sleep(hour.seconds)
    faults += _shares(reading)
    sending.cancel()
    strangers.cancel()
    async with hour.part("afterwards") as after:
        await hour.catch_up()
    faults += _found("is unwell", sorted(after.stale))
    faults += _found("strangers were not answered", len(hour.unanswered()))
    process.terminate()
    faults += _found("was the exit code", await asyncio.wait_for(process.wait(), 30))
    return faults


async def _lied_to(hour: Hour) -> list[str]:
    async with hour.part("a lying proxy") as lie:
        hour.lying = True
        await SystemClock().sleep(_LIE_S)
        hour.lying = False
    since = len(hour.server.ledger)
    async with hour.part("after the lie"):
        start = time.perf_counter()
        while not hour.soak.digests(since):
            await SystemClock().sleep(0.1)
        recovered = time.perf_counter() - start
        await SystemClock().sleep(2 * CHECK_INTERVAL.total_seconds())
        faults = [] if hour.healthy() else ["it is not well again after the lie"]
    print(f"Digests leave again {recovered:.1f} s after the lie.")
    faults += _found("readers were suspended by a lie", await hour.suspended())
    faults += _found("messages left during the lie", lie.digests + lie.replies)
    return faults + ([f"it took {recovered:.1f} s to recover"] if recovered > MAX_RECOVERY_S else [])


async def _refused(hour: Hour) -> list[str]:
    async with hour.part("refused by all") as refused:
        hour.refusing = True
        await SystemClock().sleep(hour.seconds)
        well = hour.healthy()
        hour.refusing = False
        await hour.press("undo")
        await SystemClock().sleep(2 * CHECK_INTERVAL.total_seconds())
    faults = ["health says nothing of stopped delivery"] if well else []
    faults += [] if hour.healthy() else ["it is not well again after the refusals"]
    faults += _found("readers are suspended though it was undone", await hour.suspended())
    return faults + _found(
        "replies a second are too few", max(0, MIN_REPLIES - refused.replies / refused.seconds)
    )


def _shares(seen: Seen) -> list[str]:
    digests, replies = seen.digests / seen.seconds, seen.replies / seen.seconds
    few = [f"{seen.name}: {digests:.1f} digests a second"] if digests < MIN_DIGESTS else []
    few += [f"{seen.name}: {replies:.1f} replies a second"] if replies < MIN_REPLIES else []
    return few + _found(f"during {seen.name}: it says that it is unwell", sorted(seen.stale))


def _found(what: str, found: Any) -> list[str]:
    return [f"{found} {what}"] if found else []


if __name__ == "__main__":
    given = [float(each) for each in sys.argv[1:]]
    sys.exit(
        asyncio.run(main(int(given[0]) if given else randbelow(10**6), given[1] if len(given) > 1 else 40))
    )
