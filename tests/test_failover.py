"""Two processes, one database on a server: one leads, the other takes over, and nobody gets anything twice."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.clock import SystemClock, uptime
from bot.db.beside import reading
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.health import RECORD, check_record, standby_in
from bot.reader.model import Place
from tests.chat import server_running
from tests.postgres import running_cluster, server_programs
from tests.subscribers import write_subscribers
from tests.test_kill import accepted, launch

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]

READERS = 400
OWNER = READERS + 1
RATE = 60
MOST_SECONDS = 15.0
"""From the last message of the one to the first of the other."""

MOST_UNCERTAIN = 256


class Pair:
    """Two bots with data folders of their own."""

    def __init__(self, server: BotApiServer, folders: list[Path], store: str) -> None:
        self.server = server
        self.folders = folders
        self.store = store
        self.processes: list[asyncio.subprocess.Process] = []
        self.accepted_at: list[float] = []

    async def start(self, number: int, **settings: str) -> asyncio.subprocess.Process:
        given = {"STORE_URL": self.store, "OWNER_IDS": str(OWNER), **settings}
        process = await launch(self.server, self.folders[number], rate=RATE, **given)
        self.processes.append(process)
        return process

    async def until(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110  # of other processes
                await asyncio.sleep(0.02)  # noqa: TID251  # real processes take real time

    async def sent(self, number: int) -> None:
        """Wait until so many messages were accepted."""
        await self.until(lambda: accepted(self.server).total() >= number)

    async def stands_by(self, number: int) -> None:
        await self.until(lambda: standby_in(self.folders[number] / RECORD) is not None)

    async def outcome(self) -> dict[int, str]:
        """Wait until all is over; each reader's state."""
        async with asyncio.timeout(90):
            while True:
                async with reading(self.store) as connection:
                    rows = await connection.all(
                        """SELECT r.chat, d.state FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
                        WHERE d.kind = 'digest'"""
                    )
                states = {row["chat"]: row["state"] for row in rows}
                if len(states) == READERS and not {"planned", "sending"} & set(states.values()):
                    return states
                await asyncio.sleep(0.5)  # noqa: TID251  # as above

    def silence(self) -> float:
        """The longest time without a message, in seconds."""
        times = self.accepted_at
        return max(after - before for before, after in pairwise(times))


class Way:
    """The network between a bot and its database, which can be cut: then nothing is heard either way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_open = asyncio.Event()
        self._is_open.set()
        self._server: asyncio.Server | None = None
        self._ends: list[asyncio.StreamWriter] = []
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)
        await self._is_open.wait()
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends.append(back)
        with contextlib.suppress(OSError):
            await asyncio.gather(self._carry(reader, back), self._carry(there, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._is_open.wait()
            writer.write(data)
            await writer.drain()
        writer.close()

    def cut(self) -> None:
        self._is_open.clear()

    def mend(self) -> None:
        self._is_open.set()

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self.mend()
        for end in self._ends:
            end.close()


@pytest.fixture
async def pair(store: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """Readers who are due this minute; the first process leads, the second stands by."""
    async with readers_due(store, tmp_path) as made:
        yield made


@contextlib.asynccontextmanager
async def readers_due(store: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """A server of Telegram's kind, and a database of readers who are due this minute."""
    due = (SystemClock().now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
    places = map(Place, range(1, READERS + 1))
    await write_subscribers(store, SystemClock(), places, [due], title="Article that must not be lost")
    folders = [tmp_path / "one", tmp_path / "two"]
    async with server_running(SystemClock(), range(1, OWNER + 1)) as server:
        made = Pair(server, folders, store)

        async def latency(method: str, _: Arguments, phase: Phase) -> None:
            if method != "sendmessage":
                return
            if phase == "before":
                await asyncio.sleep(0.02)  # noqa: TID251  # as above
            else:
                made.accepted_at.append(uptime())

        server.fault = latency
        yield made
        for process in made.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def check(pair: Pair) -> None:
    states = await pair.outcome()
    sent = accepted(pair.server)
    del sent[OWNER]
    assert {chat: count for chat, count in sent.items() if count > 1} == {}
    without = {chat for chat in states if not sent[chat]}
    assert all(states[chat] == "uncertain" for chat in without)
    assert sum(state == "uncertain" for state in states.values()) <= MOST_UNCERTAIN
    assert pair.silence() <= MOST_SECONDS


async def test_standby_takes_over_from_a_leader_that_is_killed(pair: Pair) -> None:
    leader = await pair.start(0)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    check_record(pair.folders[1] / RECORD)  # it is healthy
    leader.kill()
    await check(pair)
    assert standby_in(pair.folders[1] / RECORD) is None


async def test_leader_that_was_paused_ends_and_sends_nothing_more(pair: Pair) -> None:
    leader = await pair.start(0)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    leader.send_signal(signal.SIGSTOP)
    paused = accepted(pair.server).total()
    await pair.until(lambda: accepted(pair.server).total() > paused + 100)
    leader.send_signal(signal.SIGCONT)
    assert await asyncio.wait_for(leader.wait(), 10) == os.EX_TEMPFAIL
    await check(pair)


async def test_leader_whose_network_is_cut_sends_nothing_while_another_leads(pair: Pair, store: str) -> None:
    way = Way(int(store.rpartition(":")[2].partition("/")[0]))
    await way.open()
    through = re.sub(r":\d+/", f":{way.port}/", store)
    leader = await pair.start(0, STORE_URL=through)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    way.cut()
    before = accepted(pair.server).total()
    await pair.until(lambda: accepted(pair.server).total() > before + 150)
    way.mend()
    assert await asyncio.wait_for(leader.wait(), 20) == os.EX_TEMPFAIL
    await check(pair)
    await way.close()


async def test_server_that_crashes_and_comes_back_costs_what_was_on_its_way(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        cluster = await asyncio.to_thread(stack.enter_context, running_cluster(server_programs()))
        async with readers_due(f"{cluster.address}/postgres", tmp_path) as pair:
            await pair.start(0)
            await pair.sent(30)
            await pair.start(1)
            await pair.stands_by(1)
            await asyncio.to_thread(cluster.kill)
            await asyncio.sleep(2)  # noqa: TID251  # as above
            await asyncio.to_thread(cluster.start)
            await check(pair)


async def test_leader_that_stops_hands_over_at_once(pair: Pair) -> None:
    leader = await pair.start(0)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    leader.terminate()
    assert await asyncio.wait_for(leader.wait(), 30) == 0
    await check(pair)
    assert pair.silence() < 8


async def test_standby_says_so_and_others_are_refused(pair: Pair, tmp_path: Path) -> None:
    await pair.start(0)
    await pair.sent(1)
    await pair.start(1)
    await pair.stands_by(1)
    record = json.loads((pair.folders[1] / RECORD).read_text())
    assert str(pair.processes[0].pid) in record["standby"]["leader"]
    assert (pair.folders[1] / "sent").exists()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "reindex",
        env={**os.environ, "STORE_URL": pair.store, "DATA_DIR": str(tmp_path)},
        stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    _, words = await process.communicate()
    assert process.returncode == 1
    assert b"Another process uses the database" in words
