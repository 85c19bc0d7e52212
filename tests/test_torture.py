"""The whole product in the simulator: every fault at once, and nothing is doubled or lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.lifespan import Runtime
from bot.clock import SystemClock, randbelow
from bot.db.database import Database
from bot.delivery.rates import Rates
from bot.demo.server import BotApiServer, Entry
from bot.reader.model import Place
from tests.chat import bot_running, server_running
from tests.clock import MovedClock
from tests.simulator import FAULTS, Fate, Model, TelegramSimulator
from tests.subscribers import write_subscribers

READERS, GROUPS = 50, 8
ARTICLE = "Article that must not be lost"
ASKER = 9999
"""Somebody who only asks. Their chat is spared, so that whatever they wait for is our doing."""

OWNER = 9998
"""They are told of all this, and spared like them: else it could take long until a marker reaches them."""

FASTER = 4
"""Everything goes four times as fast as at Telegram: the rates, and the server's limits."""

RATES = Rates(overall=25 * FASTER, share=5 * FASTER, private=FASTER, group=18 * FASTER)
HARSH = Model(overall=28 * FASTER, private=FASTER, group=18 * FASTER, grows=True, moods=0.05)
PATIENCE = 0.8
HELD = 0.4


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def server(clock: MovedClock) -> AsyncIterator[BotApiServer]:
    async with server_running(clock, (*range(1, READERS + 1), ASKER, OWNER)) as made:
        for chat in range(1, GROUPS + 1):
            made.world.group(-chat, f"Group {chat}", {chat: "creator"}, basic=True)
        yield made


@pytest.fixture
async def folder(tmp_path: Path, clock: MovedClock) -> Path:
    """Readers who are due this minute."""
    due = (clock.now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
    chats = (*range(1, READERS + 1), *range(-GROUPS, 0))
    places = (Place(chat, None, "private" if chat > 0 else "group") for chat in chats)
    await write_subscribers(tmp_path / "bot.db", clock, places, [due], title=ARTICLE)
    return tmp_path


def digests(server: BotApiServer) -> list[Entry]:
    return [
        entry for entry in server.ledger
        if entry.method == "sendmessage" and entry.accepted
        and entry.arguments["chat_id"] not in {str(ASKER), str(OWNER)}
    ]  # fmt: skip


async def idle(product: Runtime) -> None:
    """Wait until nothing is left to be sent, or in doubt."""
    async with asyncio.timeout(60):
        while True:
            [row] = await product.stores.database.all(
                "SELECT count(*) AS open FROM deliveries WHERE state IN ('planned', 'sending') OR doubt = 1"
            )
            if not row["open"]:
                return
            await SystemClock().sleep(0.05)


async def publish(product: Runtime, day: int) -> None:
    """Something new for each day."""
    text = f"# Of day {day}\n\nThe lead of it is long enough."
    proposal = await product.services.editor.propose(text.encode(), name=f"{day}.md", editor=OWNER)
    assert await product.services.editor.publish(proposal.draft, editor=OWNER)


async def ask(server: BotApiServer, between: list[int]) -> None:
    """Ask now and then; how many digests were accepted before each answer was."""
    while True:
        before, answers = len(digests(server)), len(server.accepted(ASKER))
        server.world.say(ASKER, ASKER, "/summary")
        while len(server.accepted(ASKER)) == answers:
            await SystemClock().sleep(0.005)
        between.append(len(digests(server)) - before)
        await SystemClock().sleep(0.2 + randbelow(300) / 1000)


@pytest.mark.timeout(120)
async def test_every_fault_at_once_doubles_nothing_and_loses_nothing(
    server: BotApiServer, folder: Path, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than the server may take with a message whose connection is gone.
    monkeypatch.setattr("bot.settling.settler.WAIT_S", 3 * HELD)
    monkeypatch.setattr("bot.settling.settler.LOOK_S", 0.1)
    monkeypatch.setattr("bot.settling.settler._AGAIN_S", 0.5)
    monkeypatch.setattr("bot.tg.prober.INTERVAL_S", 0.01)
    simulator = TelegramSimulator(
        server,
        SystemClock(),
        seed=5,
        model=HARSH,
        faults=dict.fromkeys(FAULTS, 0.05),
        held=HELD,
        spared={ASKER, OWNER},
    )
    fates: tuple[Fate, ...] = ("blocked", "deactivated", "kicked", "migrated")
    for chat, fate in zip((3, 4, -3, -4), fates, strict=True):
        simulator.at_send(1, fate, chat=chat)
    server.fault = simulator
    between: list[int] = []
    async with bot_running(
        server.address,
        clock,
        folder,
        folder,
        rates=RATES,
        patience=PATIENCE,
        owner_ids=str(OWNER),
        commands_per_minute=1000,
    ) as product:
        asking = asyncio.create_task(ask(server, between))
        for day in range(15):
            if all(simulator.done[fault] for fault in FAULTS):
                server.fault = None  # whatever was uncertain comes with the digest of a calm day
            await product.scheduler.run_all()
            await idle(product)
            if server.fault is None:
                break
            # Before its day begins: the jobs may plan digests as soon as the clock has moved.
            await publish(product, day)
            clock.move(timedelta(days=1))
        asking.cancel()
        counts = await product.stores.outbox.counts()
    database = await Database.open(folder / "bot.db")
    try:
        readers = await database.all(
            "SELECT chat, watermark, suspended FROM readers WHERE chat < :asker", asker=OWNER
        )
        planned = await database.all("SELECT count(*) AS number FROM deliveries")
        [newest] = (await database.all("SELECT max(news) FROM articles"))[0]
    finally:
        await database.close()
    assert sum(counts.values()) == planned[0]["number"]
    slots = Counter((entry.arguments["chat_id"], entry.at.date()) for entry in digests(server))
    assert {slot: count for slot, count in slots.items() if count > 1} == {}
    gone = {row["chat"] for row in readers if row["suspended"]}
    assert gone == {3, 4, -3}
    known = {row["watermark"] for row in readers if row["chat"] not in gone}
    assert known == {newest}, "every article has reached every reader"
    assert {fault for fault in FAULTS if not simulator.done[fault]} == set()
    assert max(between) <= RATES.overall / 5, between
