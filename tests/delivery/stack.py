"""A real outbox, a worker, and what reached the other side."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import time, timedelta

from bot.article.model import ArticleId
from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.outbox import OutboxStore
from bot.db.readers import ReaderStore
from bot.delivery.breaker import Breaker
from bot.delivery.model import Kind, Outcome, Plan, Sent
from bot.delivery.outage import Outage
from bot.delivery.pacer import Pacer
from bot.delivery.rates import Rates
from bot.delivery.worker import Worker
from bot.i18n import Language
from bot.message.model import Content, Message
from bot.reader.model import Place, Reader, Schedule
from tests.clock import NOON, StillClock


def text_of(content: Content) -> str:
    assert isinstance(content, Message)
    return content.text


@dataclass
class DeliveryStack:
    """An outbox, a worker, and what reached the other side."""

    database: Database
    clock: StillClock
    readers: ReaderStore
    outbox: OutboxStore
    plans: DigestStore
    answers: list[Outcome | Exception] = field(default_factory=list)
    sent: list[tuple[int, str]] = field(default_factory=list)
    reachable: bool = True
    probes: int = 0

    def __post_init__(self) -> None:
        self.outage, self.breaker = Outage(self.clock, self.probe), Breaker(self.clock)

    async def probe(self) -> bool:
        self.probes += 1
        return self.reachable

    async def send(self, place: Place, message: Content) -> Outcome:
        self.sent.append((place.chat, text_of(message)))
        answer = self.answers.pop(0) if self.answers else Sent(len(self.sent))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def reader(self, chat: int = 5) -> Reader:
        met = await self.readers.meet(Place(chat), language=Language("en"), now=NOON, back=3)
        await self.readers.subscribe(
            met.id,
            Schedule(zone="UTC", times=(time(8),)),
            NOON + timedelta(hours=20),
            back=99,
            now=NOON + timedelta(hours=20),
        )
        return met

    async def plan(
        self, reader: Reader, *texts: str, occasion: str = "o", kind: Kind = "digest", upto: int = 9
    ) -> None:
        await self.plans.notify(
            [
                Plan(
                    reader=reader.id, kind=kind, occasion=occasion, expires_at=NOON + timedelta(hours=6),
                    parts=tuple(Message(text=text) for text in texts), upto=upto, articles=(ArticleId(1),),
                )
            ],
            self.clock.now(),
        )  # fmt: skip

    async def written(self) -> None:
        """Wait until what is being written is: the clock stands still meanwhile, as a quick disk would have it."""
        for _ in range(3):
            async with self.database.transaction():
                await self.clock.settle()

    async def states(self) -> list[str]:
        rows = await self.database.all("SELECT state FROM deliveries ORDER BY id")
        return [row["state"] for row in rows]

    async def watermark(self, reader: Reader) -> int:
        found = await self.readers.get(reader.id)
        assert found is not None
        return found.cursors.watermark

    @contextlib.asynccontextmanager
    async def working(self, **more: float) -> AsyncIterator[Worker]:
        worker = Worker(
            outage=self.outage,
            breaker=self.breaker,
            outbox=self.outbox,
            send=self.send,
            pacer=Pacer(self.clock, Rates(overall=more.get("rate", 1000), share=0)),
            clock=self.clock,
        )
        task, probing = asyncio.create_task(worker.run()), asyncio.create_task(self.outage.run())
        try:
            yield worker
        finally:
            await worker.stop(timedelta(seconds=1))
            await task
            probing.cancel()

    async def deliver(self, *, seconds: float = 0, step: float = 0.001) -> None:
        """Work until nothing is due any more, after some time."""
        async with self.working() as worker:
            await self.clock.advance(seconds=seconds)
            worker.wake()
            while await self.busy():
                # A turn of the pacer: while the disk is slow, the clock must not run far.
                await self.clock.advance(seconds=step)

    async def busy(self) -> bool:
        """Return whether a row may leave, or is in flight."""
        [row] = await self.database.all(
            """SELECT count(*) AS n FROM deliveries AS d WHERE state = 'sending' OR (
                state = 'planned' AND due_at <= :now AND NOT EXISTS (
                    SELECT 1 FROM deliveries AS other WHERE doubt = 1 AND other.reader = d.reader))""",
            now=int(self.clock.now().timestamp() * 1000),
        )
        return bool(row["n"])
