"""SQLite as an engine: three connections to one file, which a lock keeps other processes away from."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import aiosqlite

from bot.db.engine import Ask, Row, Values
from bot.db.sqlite.backup import keep_before_migration
from bot.db.sqlite.errors import translate_errors
from bot.db.sqlite.lock import locked
from bot.db.sqlite.migrate import migrate
from bot.db.sqlite.moving import SqliteMove
from bot.db.sqlite.search import SqliteSearch
from bot.db.sqlite.searching import Searcher
from bot.db.statements import for_sqlite
from bot.files import keep_to_ourselves, make_own

_BUSY_TIMEOUT_S: Final = 5.0
"""Seconds to wait for another process (a backup, a shell) to let go of the file."""


class SqliteConnection:
    """A connection to a file."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    async def run(self, sql: str, **values: Any) -> int:
        """Change something; how many rows were changed."""
        with translate_errors(self._path):
            async with self._connection.execute(*for_sqlite(sql, values)) as cursor:
                return cursor.rowcount

    async def many(self, sql: str, rows: Sequence[Values]) -> None:
        """Change something for each of many rows of values."""
        if not rows:
            return
        with translate_errors(self._path):
            await self._connection.executemany(sql, rows)

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""
        with translate_errors(self._path):
            return list(await self._connection.execute_fetchall(*for_sqlite(sql, values)))

    async def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row; None when there is none."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def stream(self, sql: str, size: int) -> AsyncIterator[list[tuple[Any, ...]]]:
        """Yield the values of all rows, so many at a time."""
        with translate_errors(self._path):
            async with self._connection.execute(sql) as cursor:
                while rows := await cursor.fetchmany(size):
                    yield [tuple(row) for row in rows]

    async def close(self) -> None:
        """Close it; a second time does nothing."""
        await self._connection.close()


class HeldLease:
    """The lock of the file: who has it has it until the process ends."""

    def is_held(self) -> bool:
        """Return that it is."""
        return True

    async def held(self) -> None:
        """Wait for nothing."""

    async def standby_missing_since(self) -> datetime | None:
        """Return that nobody can be missing."""
        return None


class SqliteEngine:
    """One file, and this process."""

    def __init__(
        self,
        path: Path,
        *,
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        searcher: Searcher,
        lock: IO[str],
    ) -> None:
        self._path = path
        self._searcher = searcher
        self.reader = SqliteConnection(reader, path)
        self.writer = SqliteConnection(writer, path)
        self._lock = lock
        self.lease = HeldLease()

    @classmethod
    async def open(cls, path: Path) -> "SqliteEngine":
        """Open a file, made new if there is none, with today's schema.

        StoreBusy when another process has it, StoreNewer and StoreDamaged when it cannot be used.
        """
        async with contextlib.AsyncExitStack() as stack:
            # First of all, so that a second process is refused before it touches the file.
            lock = locked(path)
            stack.callback(lock.close)
            # SQLite gives its two side files the rights of the first.
            make_own(path)
            for ending in ("", "-wal", "-shm"):
                keep_to_ourselves(path.with_name(path.name + ending))
            await asyncio.to_thread(keep_before_migration, path)
            writer = await connect(path)
            stack.push_async_callback(writer.close)
            with translate_errors(path):
                await migrate(writer, path)
            reader = await connect(path, read_only=True)
            stack.push_async_callback(reader.close)
            # Searches may scan; on the common reader, every reply would wait behind them.
            searcher = Searcher(await connect(path, read_only=True))
            stack.pop_all()
        return cls(path, writer=writer, reader=reader, searcher=searcher, lock=lock)

    async def begin(self) -> None:
        """Begin a transaction; SQLite lets nobody else write until its end."""
        await self.writer.run("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        """End it; its changes are on the disk when this returns."""
        await self.writer.run("COMMIT")

    async def roll_back(self) -> None:
        """End it without a change, also where there is none."""
        await self.writer.run("ROLLBACK")

    async def run(self, sql: str, **values: Any) -> int:
        """Change something in a transaction of its own; how many rows were changed."""
        return await self.writer.run(sql, **values)

    async def search(self, sql: str, **values: Any) -> list[Row]:
        """Return every row. SearchStopped when that takes too long."""
        with translate_errors(self._path):
            return await self._searcher.all(sql, **values)

    def full_text(self, ask: Ask) -> SqliteSearch:
        """Return the full-text index, which asks by `ask`."""
        return SqliteSearch(ask)

    def whole(self) -> SqliteMove:
        """Return everything in it, to be copied to or from."""
        return SqliteMove(self)

    async def size(self) -> int:
        """Return how many bytes the file takes."""
        [row] = await self.reader.all(
            "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
        )
        return int(row["bytes"])

    async def shred(self) -> None:
        """Cut the log off, in which what was deleted can still be read."""
        await self.writer.all("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close the file; a second time does nothing."""
        await self._searcher.close()
        await self.reader.close()
        await self.writer.close()
        self._lock.close()


async def connect(path: Path, *, read_only: bool = False) -> aiosqlite.Connection:
    """Open a file as this program wants it."""
    with translate_errors(path):
        # Autocommit, so that each BEGIN and COMMIT is ours to see and to shield.
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=_BUSY_TIMEOUT_S)
        try:
            connection.row_factory = sqlite3.Row
            await connection.execute("PRAGMA foreign_keys = ON")
            if read_only:
                await connection.execute("PRAGMA query_only = ON")
            else:
                await connection.execute("PRAGMA journal_mode = WAL")
                await connection.execute("PRAGMA synchronous = FULL")  # a lost claim would be a double
                await connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
        except BaseException:
            await connection.close()
            raise
        return connection
