"""A process that waits for the one that leads to end, and is healthy meanwhile."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock, Heartbeat
from bot.db.restored import ClaimCounter
from bot.health import Health, Standby, write_record

_MAX_SILENCE: Final = timedelta(seconds=30)
"""The lease is asked for every second, and a question is given up after some."""

log = logging.getLogger(__name__)


class StandingBy:
    """Keeps what this machine must know when it takes over, and says in the health record that it waits."""

    def __init__(self, record: Path, mark: ClaimCounter, clock: Clock) -> None:
        self._record = record
        self._mark = mark
        self._clock = clock
        self._leader = ""
        self._since: datetime | None = None
        self._heartbeat = Heartbeat(clock)

    def health(self) -> Health:
        """Return whether the lease is still asked for, and whom this process waits for."""
        age = timedelta(seconds=self._clock.monotonic() - self._heartbeat.succeeded)
        standby = Standby(self._leader, self._since) if self._since else None
        troubles = ["the start is under way"] if standby is None else []
        if age > _MAX_SILENCE:
            troubles.append("the database does not say who leads")
        return Health(troubles=troubles, lag_ms=0, ages={"lease": age.total_seconds()}, standby=standby)

    async def stands_by(self, leader: str, claims: int) -> None:
        """Note who leads, and how often messages were claimed; called every second."""
        self._since = self._since or self._clock.now()
        self._heartbeat.beat()
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
