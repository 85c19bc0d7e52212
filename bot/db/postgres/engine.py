"""PostgreSQL as an engine: three connections, and one writer among all processes."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

from bot.db import engine
from bot.db.engine import Ask, Row, StandBy
from bot.db.postgres.connection import ANSWER_S, PostgresConnection, ReadingConnection
from bot.db.postgres.lease import BEGIN, LOST, PostgresLease
from bot.db.postgres.migrate import migrate, must_be_current
from bot.db.postgres.moving import PostgresMove
from bot.db.postgres.search import PostgresSearch
from bot.errors import StoreError

_FARTHER: Final = 5
"""How many times as long as in a file a search may take: the way and the server's other work count, too."""


class PostgresEngine:
    """One database of a server."""

    def __init__(self, address: str, lease: PostgresLease) -> None:
        self.lease = lease
        self.reader = ReadingConnection(address)
        self.writer = PostgresConnection(address)
        self._searcher = ReadingConnection(address)

    @classmethod
    async def open(cls, address: str, stand_by: StandBy | None = None) -> "PostgresEngine":
        """Connect to a database, which gets today's schema, once no other process leads.

        StoreBusy at once when one does, and nobody is to stand by; StoreError when it cannot be used.
        """
        opened = cls(address, PostgresLease(address))
        try:
            await opened.lease.acquire(stand_by)
            for connection in (opened.writer, opened.reader, opened._searcher):
                await connection.connect()
            await opened.begin()
            opened.writer.patience = None  # a table of millions is made anew
            try:
                await migrate(opened.writer)
                await opened.commit()
            except BaseException:
                await opened.roll_back()
                raise
            opened.writer.patience = ANSWER_S
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

    async def begin(self) -> None:
        """Begin a transaction; nobody else writes until its end."""
        try:
            await self.writer.begin(f"{BEGIN}; SELECT fence({self.lease.epoch})")
        except StoreError as error:
            if getattr(error.__cause__, "sqlstate", "") == LOST:
                self.lease.lost()
            raise

    async def commit(self) -> None:
        """End it; its changes are on the disk when this returns."""
        await self.writer.execute("COMMIT")

    async def roll_back(self) -> None:
        """End it without a change, also where there is none; the server does so when it loses us."""
        with contextlib.suppress(StoreError):
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
        return await self._searcher.within(engine.SEARCH_S * _FARTHER, sql, **values)

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
        # Last of all, when nothing can be written any more.
        for part in (self._searcher, self.reader, self.writer, self.lease):
            await part.close()
