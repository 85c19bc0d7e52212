"""Six verbs over one database: run, note, many, one, all, transaction."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator, Awaitable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.db.engine import Connection, Engine, FullText, Row, StandBy, Values
from bot.db.sqlite.engine import SqliteEngine
from bot.db.times import to_ms
from bot.errors import StoreError
from bot.inbox import Handling, being_handled
from bot.metrics import Histogram, timed

if TYPE_CHECKING:
    from bot.db.postgres.engine import PostgresEngine

T = TypeVar("T")

_MARKED: Final = """INSERT INTO inbox (update_id, effect, received_at) VALUES (:update, 1, :now)
    ON CONFLICT (update_id) DO UPDATE SET effect = 1"""

_Note = tuple[str, Values, asyncio.Future[None]]


class Database:
    """One database and this process: reads, and one write transaction at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._notes: list[_Note] = []
        self._noting: asyncio.Task[None] | None = None
        self.seconds = {what: Histogram() for what in ("read", "search", "write")}
        """How long statements that read, searches and transactions took, waiting for their turns included."""

    @classmethod
    async def open(cls, store: Path | str, stand_by: StandBy | None = None) -> "Database":
        """Open a file of SQLite, or what a postgresql:// address names; errors as in the engines' `open`.

        With `stand_by`, a process waits for the one that has the database on a server, to take over from it.
        """
        if isinstance(store, Path):
            return cls(await SqliteEngine.open(store))
        return cls(await server_engine().open(store, stand_by))

    async def close(self) -> None:
        """Close it; a second time does nothing."""
        await self.engine.close()

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row, as last committed."""
        with self._timed("read"):
            return await self.engine.reader.all(sql, **values)

    async def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row, as last committed; None when there is none."""
        with self._timed("read"):
            return await self.engine.reader.one(sql, **values)

    async def search(self, sql: str, **values: Any) -> list[Row]:
        """Return every row, as last committed, unless that takes too long: then SearchStopped."""
        with self._timed("search"):
            return await self.engine.search(sql, **values)

    async def run(self, sql: str, **values: Any) -> int:
        """Change something, committed when this returns; how many rows were changed."""
        # While an update is handled, its effect is marked in the same commit: see `transaction`.
        if _to_mark() is not None:
            async with self.transaction() as connection:
                return await connection.run(sql, **values)
        async with self._alone():
            return await _shielded(self.engine.run(sql, **values))

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
            if len(notes) == 1:
                _tell(notes, error)
            else:
                for note in notes:
                    await self._write_together([note])
        else:
            _tell(notes, None)

    def full_text(self) -> FullText:
        """Return the full-text index."""
        return self.engine.full_text(self.search)

    async def size(self) -> int:
        """Return how many bytes it takes."""
        return await self.engine.size()

    async def shred(self) -> None:
        """Let nothing be left on the disk of what was deleted, as far as this program can see to it."""
        async with self._alone():
            await _shielded(self.engine.shred())

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
                await _shielded(self.engine.begin())
                yield self.engine.writer
                # Marked in this commit, a crash after it does not lead to a second effect.
                marked = _to_mark()
                if marked is not None:
                    values = {"update": marked.update_id, "now": to_ms(marked.received_at)}
                    await self.engine.writer.run(_MARKED, **values)
                await _shielded(self.engine.commit())
                if marked is not None:
                    marked.has_effect = True
            except BaseException:
                with contextlib.suppress(StoreError):  # when there is nothing to roll back
                    await _shielded(self.engine.roll_back())
                raise

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        self._must_be_outside()
        # One write transaction at a time, as SQLite has it: what is read within one stays true until its end.
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


def server_engine() -> "type[PostgresEngine]":
    """Return the engine for databases on servers. StoreError when its driver is not installed."""
    # Only here, since most have no server.
    try:
        from bot.db.postgres.engine import PostgresEngine  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise StoreError("error.server_driver") from error
    return PostgresEngine


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
