"""A process that waits for the one that leads to end, and is healthy meanwhile."""

import asyncio
import logging
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.db.restored import ClaimCounter
from bot.health import Standby, write_record

log = logging.getLogger(__name__)


class StandingBy:
    """Keeps what this machine must know when it takes over, and says in the health record that it waits."""

    def __init__(self, record: Path, mark: ClaimCounter, clock: Clock) -> None:
        self._record = record
        self._mark = mark
        self._clock = clock
        self._leader = ""
        self._since: datetime | None = None

    async def stands_by(self, leader: str, claims: int) -> None:
        """Note who leads, and how often messages were claimed; called every second."""
        self._since = self._since or self._clock.now()
        if leader != self._leader:
            self._leader = leader
            log.warning("This process stands by and takes over when %s ends.", leader)
        await asyncio.to_thread(self._write, claims)

    def _write(self, claims: int) -> None:
        # So that a takeover is not taken for a database that is older than what was sent.
        if claims > self._mark.read() or self._mark.is_missing():
            self._mark.write(claims)
        if self._since is not None:
            write_record(self._record, (), 0, self._clock.now(), Standby(self._leader, self._since))
