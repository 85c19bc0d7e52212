"""Five verbs over one SQLite file: run, many, one, all, transaction."""

import asyncio
import contextlib
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import aiosqlite

from bot.db.migrate import migrate, migrations, refuse_newer
from bot.errors import StoreBusy, StoreDamaged, StoreError, StoreFull

Values = Mapping[str, Any]
T = TypeVar("T")

_BUSY: Final = 5.0
"""Seconds to wait for another process (a backup, a shell) to let go of the file."""


class Verbs:
    """What can be asked of a connection."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    async def run(self, sql: str, **values: Any) -> int:
        """Change something; how many rows were changed."""
        with in_our_words(self._path):
            async with self._connection.execute(sql, values) as cursor:
                return cursor.rowcount

    async def many(self, sql: str, rows: Sequence[Values]) -> None:
        """Change something for each of many rows of values."""
        if not rows:
            return
        with in_our_words(self._path):
            await self._connection.executemany(sql, rows)

    async def all(self, sql: str, **values: Any) -> list[sqlite3.Row]:
        """Every row."""
        with in_our_words(self._path):
            return list(await self._connection.execute_fetchall(sql, values))

    async def one(self, sql: str, **values: Any) -> sqlite3.Row | None:
        """The first row; None when there is none."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None


class Database:
    """One process, one file: a connection that writes, and one that only reads."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection, lock: IO[str]
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._read = Verbs(reader, path)
        self._write = Verbs(writer, path)
        self._lock = lock
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None

    @classmethod
    async def open(cls, path: Path) -> "Database":
        """Open a file, made new if there is none, with today's schema.

        StoreBusy when another process has it, StoreNewer and StoreDamaged when it cannot be used.
        """
        async with contextlib.AsyncExitStack() as stack:
            lock = _locked(path)
            stack.callback(lock.close)
            writer = await _connect(path)
            stack.push_async_callback(writer.close)
            with in_our_words(path):
                await migrate(writer, path)
            reader = await _connect(path, read_only=True)
            stack.pop_all()
        return cls(path, writer, reader, lock)

    async def close(self) -> None:
        """Close the file; a second time does nothing."""
        await self._reader.close()
        await self._writer.close()
        self._lock.close()

    async def all(self, sql: str, **values: Any) -> list[sqlite3.Row]:
        """Every row, as last committed."""
        return await self._read.all(sql, **values)

    async def one(self, sql: str, **values: Any) -> sqlite3.Row | None:
        """The first row, as last committed; None when there is none."""
        return await self._read.one(sql, **values)

    async def run(self, sql: str, **values: Any) -> int:
        """Change something, committed when this returns; how many rows were changed."""
        async with self.transaction() as verbs:
            return await verbs.run(sql, **values)

    async def many(self, sql: str, rows: Sequence[Values]) -> None:
        """Change something for each of many rows of values, all or nothing."""
        async with self.transaction() as verbs:
            await verbs.many(sql, rows)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Verbs]:
        """Changes that happen together or not at all. RuntimeError inside another one of the same task."""
        if self._owner is not None and self._owner is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        async with self._turn:
            self._owner = asyncio.current_task()
            try:
                # Each step is carried through even when the task is cancelled: a transaction that stays
                # open, or whose end nobody knows, would stop every later write.
                await _carried_through(self._write.run("BEGIN IMMEDIATE"))
                yield self._write
                await _carried_through(self._write.run("COMMIT"))
            except BaseException:
                with contextlib.suppress(StoreError):  # when there is nothing to roll back
                    await _carried_through(self._write.run("ROLLBACK"))
                raise
            finally:
                self._owner = None


@contextlib.asynccontextmanager
async def reading(path: Path) -> AsyncIterator[Verbs]:
    """Look into a file that another process may be using; nothing is changed.

    StoreError when there is none, and when its schema is not today's.
    """
    _must_be_there(path)
    connection = await _connect(path, read_only=True)
    try:
        verbs = Verbs(connection, path)
        row = await verbs.one("PRAGMA user_version")
        version, ours = row[0] if row else 0, len(migrations())
        refuse_newer(version, ours, path)
        if version < ours:
            raise StoreError("error.store_older", file=path)
        yield verbs
    finally:
        await connection.close()


def _must_be_there(path: Path) -> None:
    if not path.is_file():
        raise StoreError("error.no_store", file=path)


async def _carried_through(step: Awaitable[T]) -> T:
    """Wait for a step's end also when cancelled meanwhile; the cancellation then goes on."""
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise


async def _connect(path: Path, *, read_only: bool = False) -> aiosqlite.Connection:
    with in_our_words(path):
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=_BUSY)
        try:
            connection.row_factory = sqlite3.Row
            await connection.execute("PRAGMA foreign_keys = ON")
            if read_only:
                await connection.execute("PRAGMA query_only = ON")
            else:
                await connection.execute("PRAGMA journal_mode = WAL")
                await connection.execute("PRAGMA synchronous = FULL")  # a lost claim would be a double
        except BaseException:
            await connection.close()
            raise
        return connection


def _locked(path: Path) -> IO[str]:
    """Hold the file's lock as long as this process lives; the system lets go of it in a crash."""
    try:
        lock = path.with_name(f"{path.name}.lock").open("w")
    except OSError as error:
        raise StoreError("error.folder", folder=path.parent, reason=error.strerror) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise StoreBusy("error.store_busy", file=path) from error
    return lock


@contextlib.contextmanager
def in_our_words(path: Path) -> Iterator[None]:
    """Errors of SQLite as ours; a broken constraint stays as it is, since it is a mistake of the program."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "full" in text:
            raise StoreFull("error.store_full", file=path) from error
        if "locked" in text or "busy" in text:
            raise StoreBusy("error.store_locked", file=path) from error
        raise StoreError("error.store", file=path, reason=text) from error
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise StoreDamaged("error.store_damaged", file=path, reason=str(error)) from error
