"""A connection to a PostgreSQL server, made anew when it was lost."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import asyncpg

from bot.db.engine import Row, Values
from bot.db.postgres.errors import AWAY, ERRORS, translated
from bot.db.statements import for_postgres
from bot.errors import SearchStopped, StoreError

T = TypeVar("T")

_CONNECT_S: Final = 10.0
"""Seconds to wait for a server that does not answer."""

ANSWER_S: Final = 20.0
"""Seconds to wait for an answer to a statement: longer than a transaction waits for its lock.

What lies between may keep a connection whose other end is gone.
"""

_STATEMENTS: Final = 1_000
"""Statements that a connection keeps prepared: more than there are."""

_SILENCE: Final = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 10_000}
"""How the system finds out that nobody is at the other end: after 11 s of silence, 10 s without answer."""

_MAX_INTEGER: Final = 2**63 - 1


class PostgresConnection:
    """One thing is asked of it at a time.

    It is made anew only where a transaction begins. Within one that was lost a statement must fail, or it
    would be written without what came before it.
    """

    def __init__(self, address: str) -> None:
        """`address` is a URL of the kind postgresql://name:password@host/database."""
        self._address = address
        self.server = named(address)
        self.patience: float | None = ANSWER_S
        """Seconds after which a server that does not answer counts as away; None where work may take long."""
        self._connection: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()

    async def connect(self) -> None:
        """Connect unless it is connected. StoreError."""
        async with self._turn:
            try:
                await self._connected()
            except ERRORS as error:
                raise translated(error, self.server) from error

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
            _notice_silence(self._connection)
        return self._connection

    async def _connect(self) -> asyncpg.Connection:
        try:
            return await asyncpg.connect(
                self._address,
                timeout=_CONNECT_S,
                statement_cache_size=_STATEMENTS,
                max_cached_statement_lifetime=0,
                server_settings={"application_name": "article-digest-bot"},
            )
        except ValueError as error:  # of an address with options that it does not know
            raise StoreError("error.server_login", server=self.server, reason=str(error)) from error

    async def _usable(self) -> asyncpg.Connection:
        """Return the connection as it is, even if it was lost."""
        return self._connection

    async def _ask(self, question: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        async with self._turn:
            try:
                async with asyncio.timeout(self.patience):
                    return await question(await self._usable())
            except ERRORS as error:
                told = translated(error, self.server)
                if isinstance(told, StoreError) and told.key == AWAY:
                    self.drop()
                if told is error:
                    raise
                raise told from error

    async def begin(self, sql: str) -> None:
        """Run a script that begins a transaction."""

        async def begun() -> None:
            await self.connect()
            await self.execute(sql)

        await again_if_away(begun)

    async def execute(self, script: str) -> None:
        """Run a script."""
        await self._ask(lambda connection: connection.execute(script))

    async def run(self, sql: str, **values: Any) -> int:
        """Change something; how many rows were changed."""
        text, bound = for_postgres(sql, values)
        bound = [*map(_bound, bound)]
        done = await self._ask(lambda connection: connection.execute(text, *bound))
        number = done.rpartition(" ")[2]  # of UPDATE 2; DROP TABLE has none
        return int(number) if number.isdecimal() else 0

    async def many(self, sql: str, rows: Sequence[Values]) -> None:
        """Change something for each of many rows of values."""
        if not rows:
            return
        text, _ = for_postgres(sql, rows[0])
        bound = [[*map(_bound, for_postgres(sql, row)[1])] for row in rows]
        await self._ask(lambda connection: connection.executemany(text, bound))

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""
        text, bound = for_postgres(sql, values)
        bound = [*map(_bound, bound)]
        rows: list[Row] = await self._ask(lambda connection: connection.fetch(text, *bound))
        return rows

    async def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row; None when there is none."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def stream(self, sql: str, size: int) -> AsyncIterator[list[tuple[Any, ...]]]:
        """Yield the values of all rows, so many at a time, within a transaction."""
        cursor = await self._ask(lambda connection: connection.cursor(sql))
        while rows := await self._ask(lambda _: cursor.fetch(size)):
            yield [tuple(row) for row in rows]

    async def copy(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> list[tuple[Any, ...]]:
        """Write many rows at once; return them as they are written."""
        bound = [tuple(map(_bound, row)) for row in rows]
        await self._ask(
            lambda connection: connection.copy_records_to_table(table, records=bound, columns=columns)
        )
        return bound

    def drop(self) -> None:
        """Let go of the connection, which does not answer; a new one is made when it is needed."""
        if self._connection is not None:
            self._connection.terminate()

    async def close(self) -> None:
        """Close it; a second time does nothing."""
        if self._connection is not None:
            with contextlib.suppress(*ERRORS):
                await self._connection.close()


class ReadingConnection(PostgresConnection):
    """One on which each statement stands for itself, so that it can be made anew for each."""

    async def _usable(self) -> asyncpg.Connection:
        return await self._connected()

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""
        try:
            return await super().all(sql, **values)
        except StoreError as error:
            if error.key != AWAY:
                raise
        return await super().all(sql, **values)  # by a connection that was made anew

    async def within(self, seconds: float, sql: str, **values: Any) -> list[Row]:
        """Return every row. SearchStopped after so many seconds."""
        text, bound = for_postgres(sql, values)
        bound = [*map(_bound, bound)]

        async def fetched(connection: asyncpg.Connection) -> list[Row]:
            try:
                rows: list[Row] = await connection.fetch(text, *bound, timeout=seconds)
            except TimeoutError:  # the driver has the server stop, too
                raise SearchStopped("error.search_stopped") from None
            return rows

        return await again_if_away(lambda: self._ask(fetched))


async def again_if_away(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask once more where a connection was found to be lost: it is made anew then."""
    try:
        return await ask()
    except StoreError as error:
        if error.key != AWAY:
            raise
    return await ask()


def _notice_silence(connection: asyncpg.Connection) -> None:
    """Have the system find out within seconds that nobody is at the other end any more."""
    transport = getattr(connection, "_transport", None)
    peer = transport.get_extra_info("socket") if transport is not None else None
    if peer is None or peer.family == socket.AF_UNIX:
        return
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _SILENCE.items():
        if hasattr(socket, option):
            peer.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def named(address: str) -> str:
    """Return what names a server and a database of it, without a password."""
    parts = urlsplit(address)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def _bound(value: Any) -> Any:
    if isinstance(value, str):
        # The one character that PostgreSQL does not store.
        return value.replace("\0", "\ufffd") if "\0" in value else value
    if isinstance(value, int) and not -_MAX_INTEGER <= value <= _MAX_INTEGER:
        raise OverflowError("a number that no column holds")  # as SQLite's driver says it
    return value
