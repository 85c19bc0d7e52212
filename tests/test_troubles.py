"""A full disk, a lock, damage, a clock that jumps: said clearly, nothing lost, and either it goes on or it ends."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.errors import StoreDamaged, StoreError
from bot.i18n import Language, translator
from bot.reader.model import Place
from tests.chat import Chat, bot_running, server_running
from tests.clock import MovedClock
from tests.subscribers import write_subscribers

READERS = 30
ASKER = 9999
HALF = timedelta(minutes=30)

Trouble = Callable[[Runtime], contextlib.AbstractAsyncContextManager[None]]


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def server(clock: MovedClock) -> AsyncIterator[BotApiServer]:
    async with server_running(clock, (*range(1, READERS + 1), ASKER)) as made:
        yield made


@pytest.fixture
async def product(
    server: BotApiServer, clock: MovedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Runtime]:
    """Readers who want two digests, in half an hour and in an hour."""
    monkeypatch.setattr("bot.db.sqlite.engine._BUSY_TIMEOUT_S", 0.2)
    monkeypatch.setattr("bot.delivery.worker.STORE_RETRY_S", 0.1)
    monkeypatch.setattr("bot.health.CHECK_INTERVAL", timedelta(seconds=0.1))
    monkeypatch.setattr("bot.tg.poller.FIRST_WAIT_S", 0.1)  # updates that cannot be written down come again
    now = clock.now().replace(second=0, microsecond=0)
    places, due = map(Place, range(1, READERS + 1)), [now + HALF, now + 2 * HALF]
    await write_subscribers(tmp_path / "bot.db", clock, places, due, title="First of them")
    async with bot_running(server.address, clock, tmp_path, tmp_path) as running:
        yield running


def accepted(server: BotApiServer) -> Counter[int]:
    return Counter(
        int(entry.arguments["chat_id"]) for entry in server.ledger
        if entry.method == "sendmessage" and entry.accepted and entry.arguments["chat_id"] != str(ASKER)
    )  # fmt: skip


async def everybody_has(server: BotApiServer, product: Runtime, number: int) -> None:
    """Wait until each reader was sent so many digests and all is written down; none gets more."""
    async with asyncio.timeout(30):
        while accepted(server) != dict.fromkeys(range(1, READERS + 1), number):
            assert max(accepted(server).values(), default=0) <= number
            await SystemClock().sleep(0.02)
        while True:
            counts = await product.stores.outbox.counts()
            if counts.get("sent") == number * READERS and not {"planned", "sending", "uncertain"} & set(
                counts
            ):
                return
            await SystemClock().sleep(0.02)


async def said(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(30):
        while words not in caplog.text:
            await SystemClock().sleep(0.02)


@contextlib.asynccontextmanager
async def full(product: Runtime) -> AsyncIterator[None]:
    """SQLite's own limit stands for the disk's: one page more is an error of the same kind."""
    database = product.stores.database
    await database.engine.writer.all("PRAGMA max_page_count = 1")  # no less than it has
    yield
    await database.engine.writer.all("PRAGMA max_page_count = 1000000")


@contextlib.asynccontextmanager
async def locked(product: Runtime) -> AsyncIterator[None]:
    """Another program holds the file, longer than anybody waits."""
    [row] = await product.stores.database.all("PRAGMA database_list")
    file = row["file"]
    with contextlib.closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextlib.asynccontextmanager
async def read_only(product: Runtime) -> AsyncIterator[None]:
    """As when the system lets a disk with faults be read only."""
    database = product.stores.database
    await database.engine.writer.all("PRAGMA query_only = ON")
    yield
    await database.engine.writer.all("PRAGMA query_only = OFF")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (full, "database or disk is full"),
        (locked, "database is locked"),
        (read_only, "attempt to write a readonly database"),
    ],
)
async def test_what_cannot_be_planned_just_now_is_planned_later(
    server: BotApiServer,
    product: Runtime,
    clock: MovedClock,
    caplog: pytest.LogCaptureFixture,
    trouble: Trouble,
    words: str,
) -> None:
    async with trouble(product):
        clock.move(HALF)
        await product.scheduler.run_all()
        await said(caplog, words)
        assert not accepted(server)
        assert "Words to keep in mind" in (await Chat(server, ASKER, ASKER).send("/quote"))["text"]
    await product.scheduler.run_all()
    await everybody_has(server, product, 1)


@pytest.mark.parametrize("trouble", [read_only, locked])
async def test_outcome_that_cannot_be_written_is_written_later_and_sent_once(
    server: BotApiServer,
    product: Runtime,
    clock: MovedClock,
    caplog: pytest.LogCaptureFixture,
    trouble: Trouble,
) -> None:
    half, on = asyncio.Event(), asyncio.Event()

    async def fault(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "after" and accepted(server).total() >= READERS // 2:
            half.set()
            await on.wait()

    server.fault = fault
    clock.move(HALF)
    await product.scheduler.run_all()
    await half.wait()
    async with trouble(product):
        on.set()
        await said(caplog, "The outbox cannot be written")
    await everybody_has(server, product, 1)


@pytest.mark.parametrize("hours", [1, -1])
async def test_clock_that_jumps_an_hour_doubles_and_loses_nothing(
    server: BotApiServer, product: Runtime, clock: MovedClock, hours: int
) -> None:
    jump = timedelta(hours=hours)
    clock.move(HALF)
    await product.scheduler.run_all()
    await everybody_has(server, product, 1)
    clock.move(jump)
    await product.scheduler.run_all()
    await everybody_has(server, product, 2 if hours > 0 else 1)
    clock.move(-jump)  # somebody puts it right
    await product.scheduler.run_all()
    await everybody_has(server, product, 2 if hours > 0 else 1)
    clock.move(HALF)
    await product.scheduler.run_all()
    await everybody_has(server, product, 2)
    clock.move(timedelta(days=1))
    await product.scheduler.run_all()
    await SystemClock().sleep(0.1)
    await everybody_has(server, product, 3)


async def test_damage_under_way_ends_the_process_with_words_that_say_what_to_do(
    server: BotApiServer,
    product: Runtime,
    clock: MovedClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    watching = asyncio.create_task(product.watch.run())
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(StoreError):  # somebody reads just now
                await product.stores.database.shred()
                break
            await SystemClock().sleep(0.02)
    with (tmp_path / "bot.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (tmp_path / "bot.db").stat().st_size)
    clock.move(HALF)
    await product.scheduler.run_all()
    with pytest.raises(StoreDamaged) as ended:
        await asyncio.wait_for(watching, 10)
    assert "Restore a backup" in translator(Language("en"))(ended.value.key, **ended.value.values)
    assert not accepted(server)
    assert "no later run can do better" in caplog.text
