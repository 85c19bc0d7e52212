"""One process leads: it has a lease that ends by itself, and whoever waits takes over then.

Each taking counts an epoch up, and each write transaction of the leader asks whether it is still its own.
What no database can hold back, requests to Telegram, waits for `is_held`, which goes by the clock of this
machine. A leader that has slept (it was paused, the machine stood still) is too late by both, and ends.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final

import asyncpg

from bot.clock import SystemClock, uptime
from bot.db.engine import StandBy
from bot.db.postgres.connection import PostgresConnection, ReadingConnection
from bot.errors import StoreBusy, StoreError

log = logging.getLogger(__name__)

TTL_S: Final = 6.0
"""Seconds that a lease lasts."""

RENEW_S: Final = 2.0
POLL_S: Final = 1.0
MARGIN_S: Final = 1.0
"""Seconds before its end at which the leader no longer relies on it."""

WRITERS: Final = 0x0AD1
"""The number of the lock that whoever writes has: one at a time, as SQLite has it."""

BEGIN: Final = f"""BEGIN;
    SET LOCAL idle_in_transaction_session_timeout = '5s';
    SET LOCAL lock_timeout = '15s';
    SELECT pg_advisory_xact_lock({WRITERS})"""
"""One round trip. A process that stops within a transaction keeps others waiting for no longer than this."""

LOST: Final = "ADB01"
"""The code with which the server says that another process has the lease."""

_EXIT_CODE: Final = 75
"""The process ends so that it is started anew; sysexits.h calls it a failure that passes."""

_TAKEN: Final = """UPDATE lease SET epoch = epoch + 1, holder = :holder,
    until = clock_timestamp() + make_interval(secs => :ttl) WHERE until < clock_timestamp() RETURNING epoch"""

_KEPT: Final = """UPDATE lease SET until = clock_timestamp() + make_interval(secs => :ttl)
    WHERE epoch = :epoch RETURNING epoch"""

_MISSING: Final = """SELECT max(seen_at) AS seen_at FROM standbys
    WHERE seen_at > clock_timestamp() - interval '1 day'
    HAVING max(seen_at) < clock_timestamp() - interval '2 minutes'"""

_SEEN: Final = """INSERT INTO standbys (name, seen_at) VALUES (:name, clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at"""


class PostgresLease:
    """This process's share in the lease of a database."""

    def __init__(self, address: str, *, end: Callable[[int], None] = os._exit) -> None:
        """`end` ends the process at once, without a word to anybody: it has nothing to write any more."""
        self._taker = PostgresConnection(address)
        self._keeper = ReadingConnection(address)
        self._end = end
        self._name = f"{socket.gethostname()} ({os.getpid()})"
        self._clock = SystemClock()
        self._until = 0.0
        self._is_kept = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._was_away = False
        self.epoch = 0

    def is_held(self) -> bool:
        """Return whether this process may act; not for certain once the server was not heard of for long."""
        return uptime() < self._until

    async def held(self) -> None:
        """Wait until this process may act. It ends when another one does."""
        while not self.is_held():
            self._is_kept.clear()
            await self._is_kept.wait()

    async def standby_missing_since(self) -> datetime | None:
        """Return when a process last stood by, if one did within a day and none does now."""
        row = await self._keeper.one(_MISSING)
        return row["seen_at"].astimezone(UTC) if row and row["seen_at"] else None

    async def acquire(self, stand_by: StandBy | None) -> None:
        """Take the lease, or wait for it. StoreBusy when another process has it and nobody stands by."""
        await self._keeper.connect()
        await self._taker.begin(BEGIN)
        await self._taker.execute((files("bot.db.postgres") / "lease.sql").read_text("utf-8"))
        await self._taker.execute("COMMIT")
        while not await self._taken(stand_by):
            await self._clock.sleep(POLL_S)
        await self._taker.close()
        self._keeping = asyncio.create_task(self._keep())

    async def _taken(self, stand_by: StandBy | None) -> bool:
        try:
            await self._taker.begin(BEGIN)
            # Counted from here on: for the lock, one may have waited long.
            began = uptime()
            row = await self._taker.one(_TAKEN, holder=self._name, ttl=TTL_S)
            await self._taker.execute("COMMIT")
            if row is not None:
                self.epoch, self._until = row["epoch"], began + TTL_S - MARGIN_S
                return True
            leader, claims = await self._look()
        except StoreError as error:
            if stand_by is None:
                raise
            if not self._was_away:
                log.warning("While this process stands by, the server does not answer: %s", error)
            self._was_away = True
            return False
        self._was_away = False
        if stand_by is None:
            raise StoreBusy("error.server_busy", server=self._keeper.server)
        await self._keeper.run(_SEEN, name=socket.gethostname())
        await stand_by.stands_by(leader, claims)
        return False

    async def _look(self) -> tuple[str, int]:
        row = await self._keeper.one("SELECT holder FROM lease")
        claims = None
        with contextlib.suppress(asyncpg.UndefinedTableError):  # the leader is just making the schema
            claims = await self._keeper.one("SELECT value FROM facts WHERE name = 'claims'")
        return row["holder"] if row else "", int(claims["value"]) if claims else 0

    async def _keep(self) -> None:
        while True:
            await self._clock.sleep(RENEW_S)
            began = uptime()
            try:
                async with asyncio.timeout(RENEW_S):
                    kept = await self._keeper.one(_KEPT, epoch=self.epoch, ttl=TTL_S)
            except (StoreError, TimeoutError) as error:
                if not self.is_held():
                    log.warning("The lease could not be renewed, so nothing is sent: %s", error)
                if isinstance(error, TimeoutError):
                    self._keeper.drop()
                continue
            if kept is None:
                return self.lost()
            self._until = began + TTL_S - MARGIN_S
            self._is_kept.set()

    def lost(self) -> None:
        """End this process: another one leads."""
        self._until = 0.0
        log.critical("Another process leads now. This one ends, to be started anew and stand by.")
        self._end(_EXIT_CODE)

    async def close(self) -> None:
        """Give the lease back, so that nobody waits for its end; a second time does nothing."""
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
            self._until = 0.0
            with contextlib.suppress(StoreError, TimeoutError):
                async with asyncio.timeout(RENEW_S):
                    await self._keeper.run(
                        "UPDATE lease SET until = '-infinity' WHERE epoch = :epoch", epoch=self.epoch
                    )
        await self._keeper.close()
        await self._taker.close()
