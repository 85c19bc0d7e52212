"""Two bots with one database on a server, and the network between them, for what happens when one falls."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from bot.clock import SystemClock, uptime
from bot.db.beside import reading
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.health import RECORD, standby_in
from bot.reader.model import Place
from tests.chat import server_running
from tests.subscribers import write_subscribers
from tests.test_kill import accepted, launch

MOST_SECONDS: Final = 15.0
"""From the last message of the one to the first of the other."""

MOST_UNCERTAIN: Final = 256


class Pair:
    """Two bots with data folders of their own."""

    def __init__(
        self, server: BotApiServer, folders: list[Path], store: str, readers: int, rate: int
    ) -> None:
        self.readers = readers
        self.owner = readers + 1
        self._rate = rate
        self.server = server
        self.folders = folders
        self.store = store
        self.processes: list[asyncio.subprocess.Process] = []
        self.accepted_at: list[float] = []

    async def start(self, number: int, **settings: str) -> asyncio.subprocess.Process:
        given = {"STORE_URL": self.store, "OWNER_IDS": str(self.owner), **settings}
        process = await launch(self.server, self.folders[number], rate=self._rate, **given)
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
                if len(states) == self.readers and not {"planned", "sending"} & set(states.values()):
                    return states
                await asyncio.sleep(0.5)  # noqa: TID251  # as above

    def silence(self) -> float:
        """The longest time without a message, in seconds."""
        times = self.accepted_at
        return max(after - before for before, after in pairwise(times))

    def faults(self, states: dict[int, str]) -> list[str]:
        """Return what went wrong, given the state of each reader's digest in the ledger."""
        sent = accepted(self.server)
        del sent[self.owner]
        doubled = sorted(chat for chat, count in sent.items() if count > 1)
        lost = sorted(chat for chat, state in states.items() if not sent[chat] and state != "uncertain")
        uncertain = sum(state == "uncertain" for state in states.values())
        return [
            *(f"doubled: {chat}" for chat in doubled),
            *(f"lost: {chat}" for chat in lost),
            *([f"uncertain: {uncertain}"] if uncertain > MOST_UNCERTAIN else []),
            *([f"silent for {self.silence():.1f} s"] if self.silence() > MOST_SECONDS else []),
        ]


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
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:  # nobody listens
            writer.close()
            return
        self._ends.append(back)
        with contextlib.suppress(OSError):
            await asyncio.gather(self._carry(reader, back), self._carry(there, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._is_open.wait()
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()  # who is at the other end hears of an end and of an error alike

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


@contextlib.asynccontextmanager
async def readers_due(store: str, folder: Path, *, readers: int, rate: int) -> AsyncIterator[Pair]:
    """A server of Telegram's kind, and a database of readers who are due this minute."""
    due = (SystemClock().now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
    places = map(Place, range(1, readers + 1))
    await write_subscribers(store, SystemClock(), places, [due], title="Article that must not be lost")
    folders = [folder / "one", folder / "two"]
    async with server_running(SystemClock(), range(1, readers + 2)) as server:
        made = Pair(server, folders, store, readers, rate)

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
