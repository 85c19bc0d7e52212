"""Kills and cut connections, seen from outside: `python -m tools.settled [WAIT_S] [WORD …]`, an hour with 6.

Words choose runs by their names.

The real process sends a digest to 5,000 readers through a server that keeps a ledger, and that shares nothing with the
one of the demonstration. It is killed again and again, or a tenth of its connections is cut, or both; then it is left
alone until nothing is in doubt. What counts is how many digests each reader was sent: one. But for the last runs, it
waits for less, and asks 50 questions a second instead of five.
"""

import asyncio
import shutil
import signal
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from bot.db.beside import reading, writing_beside
from bot.db.deliveries import next_numbers
from bot.db.times import to_ms
from bot.reader.model import Place
from bot.settling.settler import WAIT_S
from bot.tg.prober import INTERVAL_S, MARKER
from tests.settling.process import launch
from tests.settling.telegram import ARTICLE, Telegram
from tests.subscribers import write_subscribers

READERS: Final = 5_000
KILLS: Final = 20
LATENCY_S: Final = 0.02
_FIRST: Final = 1_000
_OWNER: Final = 1
_CLOCK: Final = SystemClock()

_OPEN: Final = """SELECT count(*) AS number FROM deliveries
    WHERE state IN ('planned', 'sending') OR doubt = 1 OR EXISTS (SELECT 1 FROM markers)"""

_REASONS: Final = """SELECT detail, count(*) AS number FROM deliveries
    WHERE kind = 'digest' AND state = 'uncertain' GROUP BY detail"""

_YESTERDAY: Final = """INSERT INTO deliveries (id, reader, kind, occasion, part, parts, state, due_at,
        expires_at, upto, planned_at, finished_at, message_id, after_id)
    SELECT id, id, 'digest', 'yesterday', 1, 1, 'sent', :at, :at, 0, :at, :at, 100 + id, 99 + id FROM readers"""

_DOUBTS: Final = "SELECT id FROM deliveries WHERE doubt = 1"

_FIGURES: Final = """SELECT sum(doubt > 0) AS doubted, sum(state = 'uncertain') AS uncertain,
    sum(doubt = 2) AS found, sum(repeats) AS again FROM deliveries WHERE kind = 'digest'"""


@dataclass
class Run:
    """One run, and what came of it."""

    name: str
    rate: int
    kills: int = 0
    cuts: float = 0.0
    wait: float = 6.0
    interval: float = 0.02
    late: float = 0.0
    doubted: dict[int, list[float]] = field(default_factory=dict)
    """When each message was seen in doubt for the first and the last time."""

    async def drive(self) -> None:
        """Send, fall, settle; print what came of it."""
        began = _CLOCK.monotonic()
        server = Telegram(latency=LATENCY_S, cuts=self.cuts, late=self.late)
        with tempfile.TemporaryDirectory() as folder:
            due = (_CLOCK.now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
            readers = range(_FIRST, _FIRST + READERS)
            file = Path(folder) / "bot.db"
            await write_subscribers(file, _CLOCK, map(Place, readers), [due], title=ARTICLE)
            # As with every bot that somebody has written to, and that has sent a digest before.
            async with writing_beside(file) as database:
                await next_numbers(database, READERS)
                await database.run(_YESTERDAY, at=to_ms(due - timedelta(days=1)))
                await database.run(
                    "INSERT INTO known_ids (first, last) VALUES (1, :last)", last=100 + READERS
                )
            for reader in readers:
                server.messages[reader, server.skip_id()] = "Yesterday's digest"
            async with server.running():
                watching = asyncio.create_task(self._watch(file))
                process = await self._fall(server, Path(folder))
                sent_at = _CLOCK.monotonic()
                await self._settled(file, server)
                settled = _CLOCK.monotonic() - sent_at
                process.terminate()
                await process.wait()
                watching.cancel()
            await self._tell(file, server, settled, _CLOCK.monotonic() - began)

    async def _watch(self, file: Path) -> None:
        """Note for how long each message is in doubt, a second more or less."""
        while True:
            async with reading(file) as database:
                now = _CLOCK.monotonic()
                for row in await database.all(_DOUBTS):
                    self.doubted.setdefault(row["id"], [now, now])[1] = now
            await _CLOCK.sleep(1)

    async def _fall(self, server: Telegram, folder: Path) -> asyncio.subprocess.Process:
        """Kill the process each time when some more were accepted; return the last one."""
        step = READERS // (self.kills + 1)
        for number in range(1, self.kills + 1):
            process = await self._launch(server, folder)
            async with asyncio.timeout(3_600):
                while len(server.accepted) < number * step:
                    await _CLOCK.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        return await self._launch(server, folder)

    async def _launch(self, server: Telegram, folder: Path) -> asyncio.subprocess.Process:
        server.say(2, "/help")  # so that ids are known
        settings = {"SENDS_PER_SECOND": str(self.rate), "OWNER_IDS": str(_OWNER)}
        return await launch(server, folder, wait=self.wait, look=1.0, interval=self.interval, **settings)

    async def _settled(self, file: Path, server: Telegram) -> None:
        """Wait until everything was sent, and nothing is in doubt any more."""
        async with asyncio.timeout(3_600):
            while True:
                await _CLOCK.sleep(1)
                async with reading(file) as database:
                    [row] = await database.all(_OPEN)
                if not row["number"] and len(server.accepted) >= READERS // 2:
                    return

    async def _tell(self, file: Path, server: Telegram, settled: float, took: float) -> None:
        digests = server.digests()
        async with reading(file) as database:
            [row] = await database.all(_FIGURES)
            markers = await database.all("SELECT * FROM markers")
            reasons = await database.all(_REASONS)
        probes = server.asked["setmessagereaction"]
        left = sum(1 for text in server.messages.values() if text == MARKER)
        lasted = sorted(last - first for first, last in self.doubted.values()) or [0.0]
        print(
            f"{self.name:34} doubled {_doubled(server)}, without {READERS - len(digests)}; in doubt {row['doubted']}, "
            f"found {row['found']}, sent again {row['again']}, uncertain {row['uncertain']} "
            f"{ {each['detail']: each['number'] for each in reasons} }; {probes} questions, "
            f"{probes / max(row['doubted'], 1):.1f} each; in doubt for {statistics.median(lasted):.0f} s, "
            f"{lasted[-1]:.0f} s at most; all settled {settled:.0f} s after the last start; "
            f"markers left {left + len(markers)}; {took:.0f} s",
            flush=True,
        )


@dataclass
class Copy:
    """Yesterday's copy of the whole folder, put to work once the digests were sent; as it is, unlike most runs."""

    name: str
    settling: str
    readers: int = 300

    async def drive(self) -> None:
        """Send from the one, then start the other; print what became of it."""
        server = Telegram(latency=LATENCY_S)
        with tempfile.TemporaryDirectory() as folder:
            first, second = Path(folder) / "first", Path(folder) / "second"
            first.mkdir()
            due = (_CLOCK.now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
            people = [_OWNER, *range(_FIRST, _FIRST + self.readers)]
            await write_subscribers(first / "bot.db", _CLOCK, map(Place, people), [due], title=ARTICLE)
            async with writing_beside(first / "bot.db") as database:
                await database.run("INSERT INTO known_ids (first, last) VALUES (1, 100)")
            await asyncio.to_thread(shutil.copytree, first, second)
            async with server.running():
                await self._run(server, first, until=lambda: server.digests().total() == len(people))
                began, questions = _CLOCK.monotonic(), server.asked["setmessagereaction"]
                await self._run(
                    server, second, until=lambda: _is_asked(server) or _doubled(server) == len(people)
                )
                print(
                    f"{self.name:34} doubled {_doubled(server)} of {len(people)}; asked an owner: {_is_asked(server)}, "
                    f"{server.asked['setmessagereaction'] - questions} questions, "
                    f"{_CLOCK.monotonic() - began:.0f} s",
                    flush=True,
                )

    async def _run(self, server: Telegram, folder: Path, *, until: Callable[[], bool]) -> None:
        process = await launch(
            server, folder, wait=WAIT_S, interval=INTERVAL_S, SETTLING=self.settling,
            SENDS_PER_SECOND="100", OWNER_IDS=str(_OWNER),
        )  # fmt: skip
        async with asyncio.timeout(180):
            while not until():
                await _CLOCK.sleep(0.1)
        await _CLOCK.sleep(10)  # what more may come
        process.terminate()
        await process.wait()


def _doubled(server: Telegram) -> int:
    return sum(count > 1 for count in server.digests().values())


def _is_asked(server: Telegram) -> bool:
    return any("restored a backup" in text for _, text in server.accepted)


def runs(wait: float) -> Iterator[Run | Copy]:
    """Yield all of them."""
    yield Copy("a copy of yesterday", "auto")
    yield Copy("a copy of yesterday, SETTLING=off", "off")
    for rate in (1_000, 100, 25):
        yield Run(f"{KILLS} kills at {rate} a second", rate, kills=KILLS, wait=wait)
    yield Run("a tenth cut at 1,000 a second", 1_000, cuts=0.1, wait=wait)
    yield Run("both at 1,000 a second", 1_000, kills=KILLS, cuts=0.1, wait=wait)
    for late in (0, 30, 100):
        name = f"as it is, a tenth cut, {late} s late"
        yield Run(name, 1_000, cuts=0.1, late=late, wait=WAIT_S, interval=INTERVAL_S)
    name = "as it is, kills and a tenth cut, 30 s late"
    yield Run(name, 1_000, kills=KILLS, cuts=0.1, late=30, wait=WAIT_S, interval=INTERVAL_S)


async def main(wait: float, words: list[str]) -> None:
    """Run them one after another."""
    print(
        f"{READERS} readers, {KILLS} kills, a wait of {wait:.0f} s, {LATENCY_S * 1000:.0f} ms until an answer; "
        f"as it is: {WAIT_S:.0f} s, five questions a second"
    )
    for run in runs(wait):
        if not words or any(word in run.name for word in words):
            await run.drive()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 6.0, sys.argv[2:]))
