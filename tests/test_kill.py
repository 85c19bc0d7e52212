"""kill -9 while digests go out: nothing is accepted twice, and no article is lost."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock, randbelow
from bot.db.database import Database
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.reader.model import Place
from tests.chat import TOKEN, server_running
from tests.subscribers import store_in, write_subscribers

ROOT = Path(__file__).parent.parent
READERS = 200
MOMENTS: tuple[Phase, ...] = ("before", "after")
ARTICLE = "Article that must not be lost"


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with server_running(SystemClock(), range(1, READERS + 1)) as made:
        yield made


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Readers who are due this minute."""
    due = (SystemClock().now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
    places = map(Place, range(1, READERS + 1))
    await write_subscribers(store_in(tmp_path), SystemClock(), places, [due], title=ARTICLE)
    return tmp_path


async def launch(
    server: BotApiServer, folder: Path, *, rate: int = 50, **settings: str
) -> asyncio.subprocess.Process:
    """The process, at so many messages a second; it may send before it says that it is ready."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT,
        env={**os.environ, "BOT_TOKEN": TOKEN, "BOT_API_URL": server.address, "DATA_DIR": str(folder), "SENDS_PER_SECOND": str(rate), "OWNER_IDS": str(READERS + 1), **settings},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def start(server: BotApiServer, folder: Path) -> asyncio.subprocess.Process:
    """The process, once it is ready."""
    process = await launch(server, folder)
    assert process.stdout is not None
    assert b"is ready" in await process.stdout.readline()
    return process


async def strike(
    server: BotApiServer, folder: Path, blow: signal.Signals, *, number: int, when: Phase, held: float = 0
) -> tuple[asyncio.subprocess.Process, int]:
    """Start it, and send it a signal when so many messages were accepted, just before or after one more is.

    By messages, not by seconds: on a busy machine a run would be over before its second came. Answers are
    `held` for so many seconds. Whose message it was, too.
    """
    struck: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def fault(method: str, given: Arguments, phase: Phase) -> None:
        if method != "sendmessage":
            return
        if phase == when and not struck.done() and accepted(server).total() >= number:
            struck.set_result(int(given.text("chat_id")))
            process.send_signal(blow)
        if phase == "after":
            await asyncio.sleep(held)  # noqa: TID251  # a real process takes real time

    process = await launch(server, folder)
    server.fault = fault
    async with asyncio.timeout(60):
        chat = await struck
        await process.wait()
    server.fault = None
    return process, chat


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
    database = await Database.open(store_in(folder))
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
async def test_random_kills_double_no_digest_and_lose_no_article(server: BotApiServer, folder: Path) -> None:
    for _ in range(2):
        number, when = accepted(server).total() + 1 + randbelow(40), MOMENTS[randbelow(2)]
        await strike(server, folder, signal.SIGKILL, number=number, when=when)
    check(server, await finished(folder, await start(server, folder), server), uncertain=2 * 256)


@pytest.mark.timeout(120)
async def test_kill_between_acceptance_and_answer_leaves_one_row_uncertain(
    server: BotApiServer, folder: Path
) -> None:
    _, chat = await strike(server, folder, signal.SIGKILL, number=40, when="after", held=0.01)
    assert accepted(server)[chat] == 1
    states = await finished(folder, await start(server, folder), server)
    assert states[chat] == ("uncertain", 0)
    check(server, states, uncertain=256)


@pytest.mark.timeout(120)
async def test_stop_waits_for_requests_in_flight_and_leaves_the_rest(
    server: BotApiServer, folder: Path
) -> None:
    process, _ = await strike(server, folder, signal.SIGTERM, number=10, when="after", held=1)
    assert process.returncode == 0
    states = await read(folder)
    assert {state for state, _ in states.values()} == {"sent", "planned"}
    check(server, await finished(folder, await start(server, folder), server), uncertain=0)
