"""kill -9 while digests go out: nothing is accepted twice, and no article is lost."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import SystemClock, below
from bot.db.articles import ArticleStore
from bot.db.database import Database
from bot.db.readers import ReaderStore
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.i18n import Language
from bot.reader.model import Place, Schedule
from tests.chat import TOKEN
from tests.clock import StillClock
from tests.editing.desk import desk

ROOT = Path(__file__).parent.parent
READERS = 200
ARTICLE = "Article that must not be lost"


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    made = BotApiServer(token=TOKEN, clock=SystemClock())
    await made.start()
    for chat in range(1, READERS + 1):
        made.world.person(chat, f"Reader {chat}")
    try:
        yield made
    finally:
        await made.stop()


@pytest.fixture
async def folder(tmp_path: Path, clock: StillClock) -> Path:
    """A database with an article that nobody knows yet, and readers who are due this minute."""
    now = SystemClock().now()
    database = await Database.open(tmp_path / "bot.db")
    try:
        at = await desk(database, clock)
        await at.publish(f"# {ARTICLE}\n\nThe lead of it is long enough.", "kept.md")
        readers, due = ReaderStore(database), now - timedelta(minutes=1)
        schedule = Schedule(zone="UTC", times=(time(due.hour, due.minute),))
        for chat in range(1, READERS + 1):
            met = await readers.meet(Place(chat), language=Language("en"), now=now, back=9)
            await readers.subscribe(met.id, schedule, due.replace(second=0, microsecond=0))
        assert len(await ArticleStore(database).cards()) == 1
    finally:
        await database.close()
    return tmp_path


async def start(server: BotApiServer, folder: Path) -> asyncio.subprocess.Process:
    """The process, once it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT,
        env={**os.environ, "BOT_TOKEN": TOKEN, "BOT_API_URL": server.address, "DATA_DIR": str(folder), "SENDS_PER_SECOND": "50", "OWNER_IDS": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    assert b"is ready" in await process.stdout.readline()
    return process


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in another process
            await asyncio.sleep(0.01)  # noqa: TID251  # a real process takes real time


async def kill(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.wait()


def accepted(server: BotApiServer) -> Counter[int]:
    return Counter(
        int(entry.arguments["chat_id"])
        for entry in server.ledger
        if entry.method == "sendmessage" and entry.accepted
    )


async def finished(
    folder: Path, process: asyncio.subprocess.Process, server: BotApiServer
) -> dict[int, tuple[str, int]]:
    """Wait until nothing is sent any more; each reader's state and watermark."""
    last = -1
    for _ in range(20):  # else it sends for ever, which the caller will see
        if (count := accepted(server).total()) == last:
            break
        last = count
        await asyncio.sleep(1.5)  # noqa: TID251  # a real process takes real time
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 20) == 0
    return await read(folder)


async def read(folder: Path) -> dict[int, tuple[str, int]]:
    """Each reader's state and watermark."""
    database = await Database.open(folder / "bot.db")
    try:
        rows = await database.all(
            "SELECT r.chat, d.state, r.watermark FROM readers AS r JOIN deliveries AS d ON d.reader = r.id WHERE d.kind = 'digest'"
        )
    finally:
        await database.close()
    return {row["chat"]: (row["state"], row["watermark"]) for row in rows}


def check(server: BotApiServer, states: dict[int, tuple[str, int]], *, uncertain: int) -> None:
    sent = accepted(server)
    assert {chat: count for chat, count in sent.items() if count > 1} == {}
    assert len(states) == READERS
    for chat, (state, watermark) in states.items():
        # Sent: it arrived, and is known. Uncertain: it may have arrived, and will be offered again.
        if state == "sent":
            assert (watermark > 0, sent[chat]) == (True, 1), chat
        else:
            assert (state, watermark) == ("uncertain", 0), chat
    assert sum(state == "uncertain" for state, _ in states.values()) <= uncertain


@pytest.mark.timeout(120)
async def test_killed_at_random_moments_no_digest_comes_twice_and_no_article_is_lost(
    server: BotApiServer, folder: Path
) -> None:
    for _ in range(2):
        process = await start(server, folder)
        before = accepted(server).total()
        if before < READERS:  # a machine that is busy may have let the first run finish
            await until(lambda before=before: accepted(server).total() > before)  # type: ignore[misc]  # bound now
        await asyncio.sleep(below(800) / 1000)  # noqa: TID251  # the random moment
        await kill(process)
    check(server, await finished(folder, await start(server, folder), server), uncertain=2 * 256)


@pytest.mark.timeout(120)
async def test_killed_between_acceptance_and_answer_exactly_that_reader_is_uncertain_and_not_sent_again(
    server: BotApiServer, folder: Path
) -> None:
    process = await start(server, folder)
    struck: list[int] = []

    async def strike(method: str, given: Arguments, phase: Phase) -> web.Response | None:
        """Accepted, not yet answered: that is when the process dies."""
        if method == "sendmessage" and phase == "after" and not struck and accepted(server).total() >= 40:
            struck.append(int(given.text("chat_id")))
            await kill(process)
        return None

    server.fault = strike
    await until(lambda: bool(struck) and process.returncode is not None)
    assert accepted(server)[struck[0]] == 1
    states = await finished(folder, await start(server, folder), server)
    assert states[struck[0]] == ("uncertain", 0)
    check(server, states, uncertain=256)


@pytest.mark.timeout(120)
async def test_asked_to_stop_it_waits_for_what_is_in_flight_and_leaves_the_rest_for_later(
    server: BotApiServer, folder: Path
) -> None:
    async def hold(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "after":
            await asyncio.sleep(1)  # noqa: TID251  # a real process takes real time

    server.fault = hold
    process = await start(server, folder)
    await until(lambda: accepted(server).total() >= 10)
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 20) == 0
    server.fault = None
    states = await read(folder)
    assert {state for state, _ in states.values()} == {"sent", "planned"}
    check(server, await finished(folder, await start(server, folder), server), uncertain=0)
