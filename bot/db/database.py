"""Six verbs over one SQLite file: run, note, many, one, all, transaction."""

import asyncio
import contextlib
import contextvars
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import aiosqlite

from bot.db.backup import keep_before_migration
from bot.db.errors import translate_errors
from bot.db.lock import locked
from bot.db.migrate import migrate
from bot.db.searching import Searcher
from bot.db.statements import for_sqlite
from bot.db.times import to_ms
from bot.errors import StoreError
from bot.files import keep_to_ourselves, make_own
from bot.inbox import Handling, being_handled
from bot.metrics import Histogram, timed

Row = sqlite3.Row
Values = Mapping[str, Any]
T = TypeVar("T")

_MARKED: Final = """INSERT INTO inbox (update_id, effect, received_at) VALUES (:update, 1, :now)
    ON CONFLICT (update_id) DO UPDATE SET effect = 1"""

_BUSY_TIMEOUT_S: Final = 5.0
"""Seconds to wait for another process (a backup, a shell) to let go of the file."""


class Connection:
    """What can be asked of a connection."""

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

    async def all(self, sql: str, **values: Any) -> list[sqlite3.Row]:
        """Return every row."""
        with translate_errors(self._path):
            return list(await self._connection.execute_fetchall(*for_sqlite(sql, values)))

    async def one(self, sql: str, **values: Any) -> sqlite3.Row | None:
        """Return the first row; None when there is none."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None


_Note = tuple[str, Values, asyncio.Future[None]]


class Database:
    """One process, one file: a connection that writes, one that reads, and one for searches."""

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
        self._writer = writer
        self._reader = reader
        self._searcher = searcher
        self._read = Connection(reader, path)
        self._write = Connection(writer, path)
        self._lock = lock
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._notes: list[_Note] = []
        self._noting: asyncio.Task[None] | None = None
        self.seconds = {what: Histogram() for what in ("read", "search", "write")}
        """How long statements that read, searches and transactions took, waiting for their turns included."""

    @classmethod
    async def open(cls, path: Path) -> "Database":
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

    async def close(self) -> None:
        """Close the file; a second time does nothing."""
        await self._searcher.close()
        await self._reader.close()
        await self._writer.close()
        self._lock.close()

    async def all(self, sql: str, **values: Any) -> list[sqlite3.Row]:
        """Return every row, as last committed."""
        with self._timed("read"):
            return await self._read.all(sql, **values)

    async def one(self, sql: str, **values: Any) -> sqlite3.Row | None:
        """Return the first row, as last committed; None when there is none."""
        with self._timed("read"):
            return await self._read.one(sql, **values)

    async def search(self, sql: str, **values: Any) -> list[sqlite3.Row]:
        """Return every row, as last committed, unless that takes too long: then SearchStopped."""
        with translate_errors(self._path), self._timed("search"):
            return await self._searcher.all(sql, **values)

    async def run(self, sql: str, **values: Any) -> int:
        """Change something, committed when this returns; how many rows were changed."""
        # While an update is handled, its effect is marked in the same commit: see `transaction`.
        if _to_mark() is not None:
            async with self.transaction() as connection:
                return await connection.run(sql, **values)
        async with self._alone():
            return await _shielded(self._write.run(sql, **values))  # a transaction of its own

    async def note(self, sql: str, **values: Any) -> None:
        """Change something, committed when this returns, together with what others note meanwhile.

        A commit waits for the disk, and people who write at the same time need one, not one each.
        """
        self._must_be_outside()
        noted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._notes.append((sql, values, noted))
        if self._noting is None or self._noting.done():
            # In a context of its own: what many note together is no update's effect.
            self._noting = asyncio.create_task(self._write_notes(), context=contextvars.Context())
        await noted

    async def _write_notes(self) -> None:
        while self._notes:
            async with self._turn:  # what is noted while others write belongs to the same commit
                notes, self._notes = self._notes, []
            await self._write_together(notes)

    async def _write_together(self, notes: list[_Note]) -> None:
        """In one transaction; one by one when that fails, so that each hears of an error of its own."""
        rows: dict[str, list[Values]] = {}
        for sql, values, _ in notes:
            rows.setdefault(sql, []).append(values)
        try:
            async with self.transaction() as connection:
                for sql, same in rows.items():
                    await connection.many(sql, same)
        except Exception as error:  # noqa: BLE001  # whatever it is, somebody waits for it
            if len(notes) > 1:
                for note in notes:
                    await self._write_together([note])
                return
            _tell(notes, error)
        else:
            _tell(notes, None)

    async def execute(self, pragma: str) -> None:
        """Run a PRAGMA on the write connection, outside any transaction."""
        async with self._alone():
            await _shielded(self._write.all(pragma))

    async def shred(self) -> None:
        """Cut the log off, in which what was deleted can still be read."""
        await self.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def many(self, sql: str, rows: Sequence[Values]) -> None:
        """Change something for each of many rows of values, all or nothing."""
        async with self.transaction() as connection:
            await connection.many(sql, rows)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Make changes that happen together or not at all. RuntimeError within another one of the task."""
        async with self._alone():
            try:
                # Each step is carried through even when the task is cancelled: a transaction that stays
                # open, or whose end nobody knows, would stop every later write.
                await _shielded(self._write.run("BEGIN IMMEDIATE"))
                yield self._write
                # Marked in this commit, a crash after it does not lead to a second effect.
                marked = _to_mark()
                if marked is not None:
                    values = {"update": marked.update_id, "now": to_ms(marked.received_at)}
                    await self._write.run(_MARKED, **values)
                await _shielded(self._write.run("COMMIT"))
                if marked is not None:
                    marked.has_effect = True
            except BaseException:
                with contextlib.suppress(StoreError):  # when there is nothing to roll back
                    await _shielded(self._write.run("ROLLBACK"))
                raise

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        self._must_be_outside()
        # One write transaction at a time: SQLite has one writer, and this connection is it.
        with self._timed("write"):
            async with self._turn:
                self._owner = asyncio.current_task()
                try:
                    yield
                finally:
                    self._owner = None

    def _timed(self, what: str) -> contextlib.AbstractContextManager[None]:
        return timed(self.seconds[what], asyncio.get_running_loop().time)

    def _must_be_outside(self) -> None:
        if self._owner is not None and self._owner is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for itself")


def _to_mark() -> Handling | None:
    """Return the update that a transaction must mark as having had an effect; None for none."""
    update = being_handled()
    return None if update is None or update.has_effect else update


def _tell(notes: list[_Note], error: Exception | None) -> None:
    for _, _, noted in notes:
        if noted.done():  # whoever wrote it waits no more
            continue
        if error is None:
            noted.set_result(None)
        else:
            noted.set_exception(error)


async def _shielded(step: Awaitable[T]) -> T:
    """Wait for a step's end also when cancelled meanwhile; the cancellation then goes on."""
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise


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
