"""PostgreSQL as an engine: three connections, and one writer among all processes."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

from bot.db import engine
from bot.db.engine import Ask, Row
from bot.db.postgres.connection import PostgresConnection, ReadingConnection
from bot.db.postgres.migrate import migrate, must_be_current
from bot.db.postgres.moving import PostgresMove
from bot.db.postgres.search import PostgresSearch
from bot.errors import StoreBusy

_WRITERS: Final = 0x0AD1
"""The number of the lock that whoever writes has: one at a time, as SQLite has it."""

_PROCESS: Final = 0x0AD0
"""The number of the lock that a process has as long as it is connected."""

_BEGIN: Final = f"""BEGIN;
    SET LOCAL idle_in_transaction_session_timeout = '5s';
    SET LOCAL lock_timeout = '15s';
    SELECT pg_advisory_xact_lock({_WRITERS})"""
"""One round trip. A process that stops within a transaction keeps others waiting for no longer than this."""


class PostgresEngine:
    """One database of a server."""

    def __init__(self, address: str) -> None:
        self.reader = ReadingConnection(address)
        self.writer = PostgresConnection(address)
        self._searcher = ReadingConnection(address)

    @classmethod
    async def open(cls, address: str) -> "PostgresEngine":
        """Connect to a database, which gets today's schema. StoreError when it cannot be used."""
        opened = cls(address)
        try:
            for connection in (opened.writer, opened.reader, opened._searcher):
                await connection.connect()
            await opened._be_the_only_one()
            await opened.begin()
            try:
                await migrate(opened.writer)
                await opened.commit()
            except BaseException:
                await opened.roll_back()
                raise
        except BaseException:
            await opened.close()
            raise
        return opened

    @classmethod
    @contextlib.asynccontextmanager
    async def beside(cls, address: str) -> AsyncIterator[PostgresConnection]:
        """Connect beside a bot that may be running; each statement is committed by itself.

        StoreError when there is no database of a bot, or one of another schema.
        """
        connection = ReadingConnection(address)
        try:
            await must_be_current(connection)
            yield connection
        finally:
            await connection.close()

    async def _be_the_only_one(self) -> None:
        """Raise StoreBusy while another process runs the bot with this database."""
        row = await self.reader.one("SELECT pg_try_advisory_lock(:lock) AS is_ours", lock=_PROCESS)
        if row is None or not row["is_ours"]:
            raise StoreBusy("error.server_busy", server=self.reader.server)

    async def begin(self) -> None:
        """Begin a transaction; nobody else writes until its end."""
        await self.writer.begin(_BEGIN)

    async def commit(self) -> None:
        """End it; its changes are on the disk when this returns."""
        await self.writer.execute("COMMIT")

    async def roll_back(self) -> None:
        """End it without a change, also where there is none."""
        await self.writer.execute("ROLLBACK")

    async def run(self, sql: str, **values: Any) -> int:
        """Change something in a transaction of its own; how many rows were changed."""
        await self.begin()
        try:
            changed = await self.writer.run(sql, **values)
            await self.commit()
        except BaseException:
            await self.roll_back()
            raise
        return changed

    async def search(self, sql: str, **values: Any) -> list[Row]:
        """Return every row. SearchStopped when that takes too long."""
        return await self._searcher.within(engine.SEARCH_S, sql, **values)

    def full_text(self, ask: Ask) -> PostgresSearch:
        """Return the full-text index, which asks by `ask`."""
        return PostgresSearch(ask)

    def whole(self) -> PostgresMove:
        """Return everything in it, to be copied to or from."""
        return PostgresMove(self)

    async def size(self) -> int:
        """Return how many bytes the database takes on its server."""
        [row] = await self.reader.all("SELECT pg_database_size(current_database()) AS bytes")
        return int(row["bytes"])

    async def shred(self) -> None:
        """Do nothing: what stays in the server's logs and copies is its owner's to see to."""

    async def close(self) -> None:
        """Close all connections; a second time does nothing."""
        for connection in (self._searcher, self.reader, self.writer):
            await connection.close()
