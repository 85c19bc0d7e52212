"""10,000 articles and 1,000,000 readers, moved to PostgreSQL: how long it takes, what a tick costs there."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.config import DATABASE
from bot.db.database import Database
from tests.postgres import binaries, server_for_tests
from tools.bench.large import ARTICLES, DUE, READERS, due_tick, publisher_of, write_articles, write_readers
from tools.bench.load import TOKEN
from tools.bench.rows import Row


def rows() -> Iterator[Row]:
    """Yield every figure; none where no server can be started."""
    if binaries() is None:
        print("There is no PostgreSQL server that could be started: it is not measured.")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        server_for_tests(settings=()) as server,
        server.database() as store,
    ):
        file = Path(folder) / DATABASE
        asyncio.run(_fill(file))
        in_file = asyncio.run(_tick(file, 0))
        yield Row(f"{ARTICLES:,} articles, {READERS:,} readers: migrate-to", _moved(folder, store), "s")
        there = asyncio.run(_tick(store, READERS // 2))
        yield Row(f"  a tick with {DUE} due, with PostgreSQL", there * 1e3, "ms", None, in_file * 1e3)


async def _fill(file: Path) -> None:
    clock = SystemClock()
    database = await Database.open(file)
    try:
        await write_articles(database, clock, ARTICLES)
        await write_readers(database, 1, READERS, clock.now() + timedelta(days=1))
    finally:
        await database.close()


async def _tick(store: Path | str, after: int) -> float:
    """Seconds of a tick that plans digests of some of all readers."""
    clock = SystemClock()
    database = await Database.open(store)
    try:
        return await due_tick(database, await publisher_of(database, clock), clock, after)
    finally:
        await database.close()


def _moved(folder: str, store: str) -> float:
    """Seconds of the whole command."""
    environment = {**os.environ, "BOT_TOKEN": TOKEN, "DATA_DIR": folder, "OWNER_IDS": "1"}
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot", "migrate-to", store]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # ours
    return time.perf_counter() - began
