"""Three days in half an hour: `python -m tools.soak_days [SPEED]`, part of `make soak`.

The bot's clock runs 144 times as fast as the machine's: digests are due at each reader's own time, feeds bring
articles, people come, ask, subscribe, leave. Two bots have one database on a server. In the first and the last third
nothing happens to them, and what they hold – memory, files, descriptors – must not grow; in the second third, the
leader is killed, paused or stopped again and again, by the real clock, and of the messages to readers one in fifty
loses its connection. What counts is what Telegram's server took, and that nothing stays uncertain.
"""

import asyncio
import contextlib
import random  # noqa: TID251  # a seed makes it repeatable
import signal
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.app.lifespan import Environment, lifespan
from bot.clock import SystemClock
from bot.config import Settings
from bot.db.beside import reading
from bot.db.database import Database
from bot.db.feeds import FeedStore
from bot.demo import membership
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase
from bot.gc_tuning import freeze
from bot.reader.model import Place
from bot.sources.fetch import Fetched, FetchError, Version
from tests.chat import TOKEN, server_running
from tests.feeds import item, rss
from tests.ledger import assert_ledger_is_sound
from tests.postgres import running_cluster, server_programs
from tests.subscribers import write_subscribers

HOURS: Final = 72
SPEED: Final = 144.0
READERS: Final = 600
"""They only read: what they are sent is digests."""

PEOPLE: Final = 200
"""They ask, come and go."""

FEEDS: Final = 12
FALLS_S: Final = 25.0
"""Seconds between two falls of the leader."""

CUTS: Final = 0.02
"""The share of messages that lose their connection in the second third: half are carried out before."""

MAX_GROWTH: Final = 1.10
"""Of memory, from the first half of a calm third to its second."""

MAX_MORE_DESCRIPTORS: Final = 4
_REAL: Final = SystemClock()
_LEAST_ANSWERED: Final = 0.9
_FIRST_PERSON: Final = 10_001
_BEGIN: Final = datetime(2026, 11, 24, 5, tzinfo=UTC)
_ASKED: Final = (
    "/quote",
    "/summary",
    "/articles",
    "/help",
    "/search words",
    "/subscribe 7:15",
    "/unsubscribe",
)


class FastClock:
    """A clock that runs fast; each process that knows when it began reads the same time."""

    def __init__(self, began: float, speed: float) -> None:
        self._began = began
        self._speed = speed

    def now(self) -> datetime:
        """Aware, in UTC."""
        return _BEGIN + timedelta(seconds=(_REAL.now().timestamp() - self._began) * self._speed)

    def monotonic(self) -> float:
        """Seconds of its own."""
        return _REAL.monotonic() * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait for so many of its seconds."""
        await _REAL.sleep(max(seconds, 0) / self._speed)

    def hours(self) -> float:
        """Since it began."""
        return (self.now() - _BEGIN) / timedelta(hours=1)


@dataclass
class Web:
    """Twelve feeds, each with a new entry every two hours."""

    clock: FastClock

    async def fetch(self, address: str, *, since: Version | None = None) -> Fetched:
        """Return the last ten entries of a feed; nothing else is there."""
        del since
        name = address.rsplit("/", 1)[-1]
        if not name.startswith("feed"):
            raise FetchError("fetch.status", host="site.example", status=404)
        last = int(self.clock.hours() // 2)
        numbers = range(max(last - 9, 0), last + 1)
        data = rss(*(item(f"{name}-{number}") for number in numbers), title=name)
        version = Version(etag=f'"{last}"')
        return Fetched(address=address, media_type="text/xml", charset=None, data=data, version=version)


async def bot(store: str, address: str, folder: str, began: str, speed: str) -> None:
    """Run one of the two bots until it is terminated."""
    clock = FastClock(float(began), float(speed))
    empty = Path(folder) / "content"
    empty.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        bot_token=SecretStr(TOKEN),
        bot_api_url=SecretStr(address),
        data_dir=Path(folder),
        store_url=SecretStr(store),
        owner_ids=frozenset({1}),
    )
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    environment = Environment(clock=clock, content=empty, fetch=Web(clock).fetch)
    async with lifespan(settings, environment):
        freeze()
        await ended.wait()


@dataclass
class Sample:
    """What a process held at an hour of the bot's clock."""

    hour: float
    process: int
    memory: float
    descriptors: int
    files: int


def held(process: int, folder: Path, hour: float) -> Sample:
    """Return what a process holds now."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return Sample(
        hour=hour,
        process=process,
        memory=int(status.split("VmRSS:")[1].split()[0]) / 1024,
        descriptors=sum(1 for _ in Path(f"/proc/{process}/fd").iterdir()),
        files=sum(1 for _ in folder.rglob("*")),
    )


@dataclass
class Days:
    """Two bots, the server that they talk to, and what was seen of them."""

    server: BotApiServer
    store: str
    folders: Sequence[Path]
    clock: FastClock
    began: float
    speed: float
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    accepted: Counter[int] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    falls: int = 0
    asked: int = 0
    cuts: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(2))  # noqa: S311  # nothing secret

    async def start(self, number: int) -> None:
        """Start the first or the second."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tools.soak_days", "bot", self.store, self.server.address,
            str(self.folders[number]), str(self.began), str(self.speed), stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        self.processes[number:] = [process, *self.processes[number + 1 :]]

    async def leader(self) -> int:
        """The number of the one that leads."""
        async with reading(self.store) as connection:
            row = await connection.one("SELECT holder FROM lease")
        return int(row is not None and f"({self.processes[1].pid})" in row["holder"])

    async def keep_both(self) -> None:
        """Start whichever ended, as a supervisor does."""
        while True:
            for number, process in enumerate(self.processes):
                if process.returncode is not None:
                    await self.start(number)
            await _REAL.sleep(0.5)

    async def fall(self, dice: random.Random) -> None:
        """Kill, pause or stop the leader."""
        leader = self.processes[await self.leader()]
        how = dice.choice((signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM))
        with contextlib.suppress(ProcessLookupError):
            leader.send_signal(how)
            if how is signal.SIGSTOP:
                await _REAL.sleep(10)
                leader.send_signal(signal.SIGCONT)
        self.falls += 1
        print(f"hour {self.clock.hours():5.1f}: {how.name}", flush=True)

    async def sample(self) -> None:
        """Note what the leader holds."""
        number = await self.leader()
        process = self.processes[number]
        with contextlib.suppress(OSError, IndexError):
            self.samples.append(held(process.pid, self.folders[number], self.clock.hours()))

    async def live(self, dice: random.Random) -> None:
        """Let people come, ask and go, one of them every tenth of a second."""
        world, blocked = self.server.world, set[int]()
        while True:
            person = _FIRST_PERSON + dice.randrange(PEOPLE)
            if person in blocked or dice.random() < 0.02:
                membership.block(world, person, blocked=person not in blocked)
                blocked ^= {person}
            else:
                world.say(person, person, dice.choice(_ASKED))
                self.asked += 1
            await _REAL.sleep(0.1)

    async def count(self, method: str, given: Arguments, phase: Phase) -> None:
        """Count what readers are sent, and cut some of their connections."""
        if method != "sendmessage":
            return
        chat = given.whole("chat_id")
        self.accepted[chat] += phase == "after"
        is_rough = HOURS / 3 < self.clock.hours() < 2 * HOURS / 3
        # Each is asked about twice, so half of this share each time.
        if is_rough and 1 < chat <= READERS + 1 and self.dice.random() < CUTS / 2:
            self.cuts += 1
            raise Drop

    async def run(self, dice: random.Random) -> list[str]:
        """Live through the days; return what went wrong."""
        self.server.fault = self.count
        await self.start(0)
        await self.start(1)
        tasks = [asyncio.create_task(self.keep_both()), asyncio.create_task(self.live(dice))]
        next_fall = _REAL.monotonic()
        while (hour := self.clock.hours()) < HOURS:
            await self.sample()
            if HOURS / 3 < hour < 2 * HOURS / 3 and _REAL.monotonic() >= next_fall:
                await self.fall(dice)
                next_fall = _REAL.monotonic() + FALLS_S
            await _REAL.sleep(2)
        for task in tasks:
            task.cancel()
        return [*self._grown(0, HOURS / 3), *self._grown(2 * HOURS / 3, HOURS), *await self._ledger()]

    def _grown(self, begin: float, end: float) -> list[str]:
        """Return what grew while nothing happened, the first quarter apart, in which all is read for the first time."""
        begin += (end - begin) / 4
        half = (begin + end) / 2
        first = [each for each in self.samples if begin < each.hour <= half]
        second = [each for each in self.samples if half < each.hour <= end]
        if not first or not second or len({each.process for each in first + second}) > 1:
            return [f"between hours {begin:.0f} and {end:.0f} no one process led"]
        faults = []
        for what in ("memory", "descriptors", "files"):
            before, after = (
                statistics.median(getattr(each, what) for each in half) for half in (first, second)
            )
            print(f"hours {begin:.0f} to {end:.0f}, {what}: {before:.1f} -> {after:.1f}", flush=True)
            allowed = before * MAX_GROWTH if what == "memory" else before + MAX_MORE_DESCRIPTORS
            faults += [f"{what} grew from {before:.1f} to {after:.1f}"] if after > allowed else []
        return faults

    async def _ledger(self) -> list[str]:
        """Return whose digests in the ledger are not what the server took."""
        for process in self.processes:
            process.terminate()
        await asyncio.gather(*(process.wait() for process in self.processes))
        await assert_ledger_is_sound(self.store)
        async with reading(self.store) as connection:
            rows = await connection.all(
                """SELECT r.chat, sum(CASE d.state WHEN 'sent' THEN 1 ELSE 0 END) AS sent,
                sum(CASE d.state WHEN 'uncertain' THEN 1 ELSE 0 END) AS uncertain,
                sum(CASE WHEN d.doubt > 0 THEN 1 ELSE 0 END) AS doubted
                FROM deliveries AS d JOIN readers AS r ON r.id = d.reader GROUP BY r.chat"""
            )
            articles = len(await connection.all("SELECT 1 FROM articles"))
        faults, total = [], Counter[str]()
        for row in rows:
            if 1 < row["chat"] <= READERS + 1:
                took = self.accepted[row["chat"]]
                total.update(
                    accepted=took, sent=row["sent"], uncertain=row["uncertain"], doubted=row["doubted"]
                )
                if not row["sent"] <= took <= row["sent"] + row["uncertain"]:
                    faults.append(
                        f"{row['chat']}: {took} taken, {row['sent']} sent, {row['uncertain']} uncertain"
                    )
        answers = sum(self.accepted[person] for person in range(_FIRST_PERSON, _FIRST_PERSON + PEOPLE))
        print(
            f"{self.falls} falls, {self.cuts} connections cut; {dict(total)}; {self.asked} asked, {answers} answers; {articles} articles"
        )
        return [
            *faults,
            *([f"{total['uncertain']} messages stay uncertain"] if total["uncertain"] else []),
            *(["nothing was ever in doubt"] if not total["doubted"] else []),
            *([f"only {total['sent']} digests"] if total["sent"] < READERS * (HOURS // 24 - 1) else []),
            *([f"only {answers} answers"] if answers < self.asked * _LEAST_ANSWERED else []),
            *([f"only {articles} articles"] if articles < FEEDS * HOURS // 4 else []),
        ]


@contextlib.asynccontextmanager
async def days(speed: float) -> AsyncIterator[Days]:
    """A database with readers and feeds, and a server where they all have accounts."""
    with contextlib.ExitStack() as stack:
        cluster = await asyncio.to_thread(stack.enter_context, running_cluster(server_programs(), ()))
        folder, store = (
            Path(stack.enter_context(tempfile.TemporaryDirectory())),
            f"{cluster.address}/postgres",
        )
        began = _REAL.now().timestamp() + 20  # until both are there
        clock = FastClock(began, speed)
        times = [_BEGIN + timedelta(minutes=60 + 17 * number) for number in range(12)]
        for number, due in enumerate(times):
            places = map(Place, range(2 + number, READERS + 2, len(times)))
            await write_subscribers(store, clock, places, [due], title=f"Article {number}")
        database = await Database.open(store)
        try:
            feeds = FeedStore(database)
            for number in range(FEEDS):
                await feeds.add(f"https://site.example/feed{number}", f"Feed {number}", clock.now())
            await database.run("UPDATE feeds SET is_straight = 1")
        finally:
            await database.close()
        people = [*range(1, READERS + 2), *range(_FIRST_PERSON, _FIRST_PERSON + PEOPLE)]
        async with server_running(clock, people) as server:
            server._keep = 5_000  # else this process grows
            yield Days(server, store, [folder / "one", folder / "two"], clock, began, speed)


async def main(speed: float) -> int:
    """The exit code: 1 when something went wrong."""
    began = _REAL.monotonic()
    async with days(speed) as made:
        faults = await made.run(random.Random(1))  # noqa: S311  # nothing secret
    print(
        f"{HOURS} hours in {(_REAL.monotonic() - began) / 60:.0f} minutes; {faults or 'all well'}", flush=True
    )
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["bot"]:
        asyncio.run(bot(*sys.argv[2:]))
    else:
        sys.exit(asyncio.run(main(float(sys.argv[1]) if sys.argv[1:] else SPEED)))
