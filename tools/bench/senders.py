"""Senders in our environment, each in a process of its own on one core: what carries, and what we make of it.

`python -m tools.bench.senders NAME ADDRESS COUNT MAX_CONCURRENT CORE`
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Final

import aiohttp
import telegram
from telegram.request import HTTPXRequest

from bot.campaign.model import Segment
from bot.campaign.runner import STEP_S, CampaignRunner
from bot.clock import SystemClock
from bot.db.campaigns import CampaignStore
from bot.db.database import Database
from bot.db.outbox import OutboxStore
from bot.db.planning import write_plans
from bot.db.readers import ReaderStore
from bot.delivery.breaker import Breaker
from bot.delivery.flow import MAX_SENDING
from bot.delivery.model import Plan
from bot.delivery.outage import Outage
from bot.delivery.pacer import Pacer
from bot.delivery.rates import Rates
from bot.delivery.worker import Worker
from bot.gc_tuning import freeze
from bot.i18n import Language
from bot.message.model import Copy, Message
from bot.reader.model import Place, ReaderId, Schedule
from bot.tg.sender import Sender
from bot.tg.transport import AiohttpRequest
from tests.subscribers import store_in
from tools.bench.large import publisher_of, write_articles, write_readers
from tools.bench.load import CHAT, TEXT, TOKEN, measured, pinned, tell

UNPACED: Final = Rates(overall=1e6, share=0, private=1e6)


async def bare(address: str, count: int, side_by_side: int) -> None:
    """aiohttp alone, with a body made beforehand: the limit of what we could do."""
    url = f"{address}/bot{TOKEN}/sendMessage"
    body = json.dumps({"chat_id": CHAT, "text": TEXT}).encode()
    head = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=side_by_side)) as session:

        async def send(_: int) -> None:
            async with session.post(url, data=body, headers=head) as response:
                json.loads(await response.read())

        await measured(send, count, side_by_side)


async def library(address: str, count: int, side_by_side: int) -> None:
    """python-telegram-bot on its own transport."""
    request = HTTPXRequest(connection_pool_size=side_by_side)
    async with telegram.Bot(TOKEN, base_url=f"{address}/bot", request=request) as bot:
        await measured(lambda _: bot.send_message(CHAT, TEXT), count, side_by_side)


async def library_on_ours(address: str, count: int, side_by_side: int) -> None:
    """python-telegram-bot on our transport."""
    request = AiohttpRequest(connections=side_by_side)
    async with telegram.Bot(TOKEN, base_url=f"{address}/bot", request=request) as bot:
        await measured(lambda _: bot.send_message(CHAT, TEXT), count, side_by_side)


async def outbox(address: str, count: int, _: int) -> None:
    """Everything: rows claimed, sent and written down, by the product's own worker."""
    await _through_the_outbox(address, count, UNPACED)


async def outbox_paced(address: str, count: int, rate: int) -> None:
    """The same, at no more than a rate."""
    await _through_the_outbox(address, count, Rates(overall=rate, share=0))


async def _through_the_outbox(address: str, count: int, rates: Rates) -> None:
    clock = SystemClock()
    async with _database() as database:
        await fill(database, clock, count)

        async def nothing() -> None:
            """All is planned."""

        await _deliver(address, database, count, rates, nothing)


async def campaign(address: str, count: int, _: int) -> None:
    """A `/broadcast`: planned for its readers on the way, copied to each, counted, written down."""
    clock = SystemClock()
    async with _database() as database:
        await write_readers(database, 1, count, None)
        store = CampaignStore(database)
        made = await store.draft(1, Copy(1, 7), Segment(), clock.now())
        if made is None:
            raise RuntimeError("there is a campaign already")

        async def shown(*_: object) -> None:
            """Nobody looks."""

        async def carry_on() -> None:
            wakeup = asyncio.Event()
            carrying = CampaignRunner(
                store=store, clock=clock, rate=1e6, tolerated=0, wakeup=wakeup, wake=wakeup.set, show=shown
            )
            await store.move(made.id, "draft", "running", clock.now(), reason=None, total=count)
            while await carrying.step():
                await clock.sleep(STEP_S)

        await _deliver(address, database, count, UNPACED, carry_on)


async def personal(address: str, count: int, _: int) -> None:
    """Digests: who is due, composed for each, claimed, sent and written down."""
    clock = SystemClock()
    async with _database() as database:
        await write_articles(database, clock, 3)
        readers, now = ReaderStore(database), clock.now()
        minute = now.replace(second=0, microsecond=0)
        for number in range(count):
            met = await readers.meet(Place(1000 + number), language=Language("en"), now=now, back=3)
            await readers.subscribe(
                met.id, Schedule(zone="UTC", times=(minute.time(),)), minute, back=99, now=minute
            )
        publisher = await publisher_of(database, clock)
        await _deliver(address, database, count, UNPACED, publisher.tick)


@contextlib.asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(store_in(Path(folder)))
        try:
            yield database
        finally:
            await database.close()


async def _deliver(
    address: str,
    database: Database,
    count: int,
    rates: Rates,
    plan: Callable[[], Coroutine[None, None, None]],
) -> None:
    """Plan and send side by side, as the product does, until all is written down."""
    clock, rows = SystemClock(), OutboxStore(database)
    async with AiohttpRequest(connections=MAX_SENDING) as request:
        sender = Sender(request, f"{address}/bot{TOKEN}")
        worker = Worker(
            outbox=rows,
            send=sender.send,
            pacer=Pacer(clock, rates),
            outage=Outage(clock, sender.probe),
            breaker=Breaker(clock),
            clock=clock,
        )
        freeze()  # as `run` does
        start, cpu = time.perf_counter(), time.process_time()
        running = asyncio.create_task(worker.run())
        planning = asyncio.create_task(plan())
        while not planning.done() or not worker.idle or await rows.next_due():
            worker.wake()
            await clock.sleep(0.02)
        tell(count, start, cpu)
        await worker.stop(timedelta(seconds=5))
        await running
        sent = (await rows.counts()).get("sent", 0)
        if sent != count:
            raise RuntimeError(f"{sent} of {count} were sent")


async def fill(database: Database, clock: SystemClock, count: int) -> None:
    """So many readers, and a message for each."""
    await write_readers(database, 1, count, None)
    now = clock.now()
    plans = [
        Plan(reader=ReaderId(number), kind="notice", occasion="bench", expires_at=now + timedelta(hours=1),
             parts=(Message(text=TEXT),))
        for number in range(1, count + 1)
    ]  # fmt: skip
    async with database.transaction() as connection:
        await write_plans(connection, plans, now)
    if "STORE_URL" in os.environ:
        await database.run("ANALYZE")  # which PostgreSQL does by itself within a minute


SENDERS: Final = {
    each.__name__: each for each in (bare, library, library_on_ours, outbox, outbox_paced, campaign, personal)
}

if __name__ == "__main__":
    name, address, count, side_by_side, core = sys.argv[1:]
    pinned(core)
    asyncio.run(SENDERS[name](address, int(count), int(side_by_side)))
