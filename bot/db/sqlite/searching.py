"""A connection for searches, which stops what takes too long."""

import asyncio
import sqlite3
from typing import Any, Final

import aiosqlite

from bot.clock import SystemClock
from bot.db import engine
from bot.db.engine import Row
from bot.db.statements import for_sqlite
from bot.errors import SearchStopped

_STEPS_BETWEEN_CHECKS: Final = 10_000
"""Steps of SQLite's machine between two looks at the clock: half a millisecond, unless texts are long."""


class Searcher:
    """Runs one search at a time, so that none keeps a reader's page waiting."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self._clock = SystemClock()  # read in the connection's own thread, so no other will do
        self._ends_at = 0.0

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row, as last committed. SearchStopped when that takes too long."""
        async with self._turn:
            self._ends_at = self._clock.monotonic() + engine.SEARCH_S
            await self._connection.set_progress_handler(self._is_over, _STEPS_BETWEEN_CHECKS)
            try:
                return list(await self._connection.execute_fetchall(*for_sqlite(sql, values)))
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    raise SearchStopped("error.search_stopped") from None
                raise

    async def close(self) -> None:
        """Close the connection; a second time does nothing."""
        await self._connection.close()

    def _is_over(self) -> bool:
        return self._clock.monotonic() > self._ends_at
