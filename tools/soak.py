"""kill -9, again and again: `python -m tools.soak [SEED]`, or `make soak`. What it counts is what the server took.

Ten articles go out to 10,000 readers each, at 1,000 a second, over a server that takes 50 ms for an answer. The
process is killed ten times in each delivery: at random moments from its start on, and, in turn, just when a
message was accepted and its answer has not left. Each time it is started again, and in the end everybody has each
article once: what was in doubt is found out, after a few seconds instead of two minutes.
"""

import asyncio
import random  # noqa: TID251  # a seed makes it repeatable
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import SystemClock, randbelow
from bot.commands.deliveries import deliveries
from bot.config import DATABASE
from bot.db.beside import reading
from bot.db.database import Database
from bot.db.times import to_ms
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Entry, Phase
from tests.chat import server_running
from tests.editing.stack import editing_stack
from tests.settling.process import launch

READERS: Final = 10_000
ROUNDS: Final = 10
KILLS: Final = 10
RATE: Final = 1_000
LATENCY: Final = 0.05
MOST_UNCERTAIN: Final = 256
_WAIT_S: Final = 3.0
_INTERVAL_S: Final = 0.02
"""Seconds until what is in doubt is settled, and between two questions."""

_DRAINED: Final = 300.0
_READERS: Final = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
    INSERT INTO readers (id, chat, kind, language, zone, times, days, watermark, met_at, subscribed)
    SELECT i, i, 'private', 'en', 'UTC', '08:00', '1234567', 0, 0, 1 FROM n"""


class Soak:
    """One run: a server, a folder, what was accepted in each delivery."""

    def __init__(
        self,
        server: BotApiServer,
        folder: Path,
        seed: int,
        readers: int = READERS,
        *,
        rate: int = RATE,
        latency: float = LATENCY,
        owner: int | None = None,
        **settings: str,
    ) -> None:
        """Readers get so many messages a second, and the server takes `latency` seconds for an answer.

        The owner is none of the readers, unless told.
        """
        self.owner = owner or readers + 1
        self._settings = {"SENDS_PER_SECOND": str(rate), "OWNER_IDS": str(self.owner), **settings}
        self.latency = latency
        self.server = server
        self.folder = folder
        self.readers = readers
        self.dice = random.Random(seed)  # noqa: S311  # nothing secret
        self.uncertain: list[int] = []
        self.titles: list[str] = []
        self._seen = 0
        self._strike: tuple[int, asyncio.Future[None]] | None = None
        self._first = SystemClock().now().replace(second=0, microsecond=0) - timedelta(hours=3)
        server.fault = self._fault
        server.world.person(self.owner, "Owner")

    async def _fault(self, method: str, _: Arguments, phase: Phase) -> None:
        if method != "sendmessage" or phase != "after":
            return
        self._seen += 1
        if self._strike is not None and self._seen >= self._strike[0] and not self._strike[1].done():
            self._strike[1].set_result(None)
        await SystemClock().sleep(self.latency)

    async def fill(self) -> None:
        """The readers, none of them due; the owner has written, so that ids are known."""
        self.server.world.say(self.owner, self.owner, "/help")
        database = await Database.open(self.folder / DATABASE)
        await database.run(_READERS, count=self.readers)
        await database.close()

    async def make_due(self) -> None:
        """One more article, and everybody's time of the day is a minute that has just passed."""
        slot: datetime = self._first + timedelta(minutes=5 * len(self.titles))
        title = f"Article number {len(self.titles) + 1} of them all"
        database = await Database.open(self.folder / DATABASE)
        try:
            at = await editing_stack(database, SystemClock())
            await at.publish(f"# {title}\n\nThe lead of it is long enough.", f"{len(self.titles)}.md")
            await database.run(
                "UPDATE readers SET next_at = :at, times = :times", at=to_ms(slot), times=f"{slot:%H:%M}"
            )
        finally:
            await database.close()
        self.titles.append(title)

    async def kill(self, *, between: bool) -> None:
        """Start it and kill it: between an acceptance and its answer, or at any moment."""
        struck: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if between:
            self._strike = self._seen + self.dice.randint(1, 700), struck
        process = await self.launch()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(struck), 30 if between else self.dice.uniform(0.2, 2.4))
        if between and not struck.done():
            raise RuntimeError("nothing was sent")
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self._strike = None
        self.uncertain.append(await self._number("WHERE state = 'sending'"))

    async def kill_while_sending(self, seconds: float) -> None:
        """Start it, and kill it so many seconds after its first message was accepted."""
        sending: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._strike = self._seen + 1, sending
        process = await self.launch()
        await asyncio.wait_for(sending, 30)
        await SystemClock().sleep(seconds)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self._strike = None

    async def launch(self) -> asyncio.subprocess.Process:
        """Start it."""
        return await launch(
            self.server, self.folder, wait=_WAIT_S, look=1.0, interval=_INTERVAL_S, **self._settings
        )

    async def let_go_out(self) -> None:
        """Start it and let it finish: nothing is due, on its way or in doubt."""
        process = await self.launch()
        end = time.perf_counter() + _DRAINED
        while await self._number("WHERE state IN ('planned', 'sending') OR doubt = 1") or await self._due():
            if time.perf_counter() > end or process.returncode is not None:
                raise RuntimeError("the digests do not go out")
            await SystemClock().sleep(0.5)
        process.send_signal(signal.SIGTERM)
        if await asyncio.wait_for(process.wait(), 20):
            raise RuntimeError(f"it ended with {process.returncode}")

    async def _number(self, where: str) -> int:
        async with reading(self.folder / DATABASE) as connection:
            row = await connection.one(f"SELECT count(*) AS number FROM deliveries {where}")  # noqa: S608  # our own words
        return row["number"] if row else 0

    async def _due(self) -> int:
        async with reading(self.folder / DATABASE) as connection:
            row = await connection.one(
                "SELECT count(*) AS due FROM readers WHERE next_at <= :now", now=to_ms(SystemClock().now())
            )
        return row["due"] if row else 0

    async def behind(self) -> int:
        """Readers whom some article has not reached for certain."""
        async with reading(self.folder / DATABASE) as connection:
            row = await connection.one(
                "SELECT count(*) AS behind FROM readers WHERE subscribed = 1 AND watermark < (SELECT max(news) FROM articles)"
            )
        return row["behind"] if row else 0

    def doubled(self, since: int) -> int:
        """Readers who were sent more than one digest since an entry of the server's ledger."""
        sent = Counter(entry.arguments["chat_id"] for entry in self.digests(since))
        return sum(count > 1 for count in sent.values())

    def missing(self) -> int:
        """Pairs of a reader and an article of which no accepted message tells."""
        told = {(entry.arguments["chat_id"], title) for entry in self.digests(0)
                for title in self.titles if title in entry.arguments["text"]}  # fmt: skip
        return self.readers * len(self.titles) - len(told)

    def digests(self, since: int) -> list[Entry]:
        """Digests that the server took since an entry of its ledger; strangers may have asked for an article."""
        sent = (each for each in self.server.ledger[since:] if each.method == "sendmessage" and each.accepted)
        return [
            each
            for each in sent
            if int(each.arguments["chat_id"]) <= self.readers
            and any(title in each.arguments["text"] for title in self.titles)
        ]


async def main(seed: int) -> int:
    """The exit code: 1 when anything was doubled or lost."""
    with tempfile.TemporaryDirectory() as data:
        async with server_running(SystemClock(), range(1, READERS + 1)) as server:
            return await _soak(Soak(server, Path(data), seed), seed)


async def _soak(soak: Soak, seed: int) -> int:
    start, faults = time.perf_counter(), 0
    await soak.fill()
    for number in range(ROUNDS):
        since = len(soak.server.ledger)
        await soak.make_due()
        for kill in range(KILLS):
            await soak.kill(between=kill % 2 == 1)
        await soak.let_go_out()
        doubled = soak.doubled(since)
        faults += doubled + await deliveries(soak.folder / DATABASE, None)
        print(f"delivery {number + 1}: {doubled} readers had more than one, "
              f"uncertain {soak.uncertain[-KILLS:]}", flush=True)  # fmt: skip
    behind, missing = await soak.behind(), soak.missing()
    most, mean = max(soak.uncertain), statistics.mean(soak.uncertain)
    print(f"Seed {seed}: {len(soak.uncertain)} kills in {time.perf_counter() - start:.0f} s. Uncertain for each: "
          f"{mean:.1f} on average, {most} at most. Behind: {behind}. Never told: {missing}.")  # fmt: skip
    return int(bool(faults or behind or missing or most > MOST_UNCERTAIN))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else randbelow(10**6))))
