"""A database that is older than what was sent from it: a backup was put back, and an owner must decide."""

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.db import deliveries
from bot.db.campaigns import cancel_open
from bot.db.database import Database
from bot.db.doubts import give_up_all
from bot.db.engine import Connection
from bot.db.facts import note_facts
from bot.db.times import from_ms, to_ms
from bot.digest.model import PlanningHold
from bot.files import OWN_MODE

log = logging.getLogger(__name__)

MARK: Final = "sent"
"""Where in the data folder it is written how often messages were claimed; the database knows it, too."""

_DIGITS: Final = 20
_MAX: Final = 2**63 - 1


class ClaimCounter:
    """A number in a file beside the database, written after the database's own: it is never ahead of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def read(self) -> int:
        """Return the number; 0 when there is none, or none that can be read."""
        try:
            number = int(self._path.read_bytes()[: _DIGITS + 1])
        except (OSError, ValueError):
            return 0
        if not 0 <= number <= _MAX:
            log.error("%s holds no number that a database could; it is passed over.", self._path)
            return 0
        return number

    def is_missing(self) -> bool:
        """Return whether there is no such file: nobody knows what was sent."""
        return not self._path.exists()

    def write(self, number: int) -> None:
        """Write the number; a failure is only logged, since the mark is then less sharp and nothing else."""
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, OWN_MODE)
            os.pwrite(self._file, f"{number:0{_DIGITS}}\n".encode(), 0)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._path, error.strerror)

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class RestoreStore:
    """Knows whether an owner's decision is waited for."""

    def __init__(self, database: Database, mark: ClaimCounter) -> None:
        self._database = database
        self._mark = mark

    async def detect(self, now: datetime, *, is_backup: bool = False) -> bool:
        """Return whether digests must wait for an owner; exclude what the backup held as planned.

        Without the file beside it, a database that something was sent from, or that `is_backup`, is taken for
        older than what was sent: it came from elsewhere without it.
        """
        mark, is_missing = self._mark.read(), self._mark.is_missing()
        async with self._database.transaction() as db:
            row = await db.one("SELECT value FROM facts WHERE name = 'claims'")
            claims = int(row["value"]) if row else 0
            if await db.one("SELECT 1 FROM readers LIMIT 1") is None:
                self._mark.write(claims)  # somebody starts anew: there is nobody to send anything again to
            elif mark > claims or (is_missing and (is_backup or claims)):
                await _hold(db, max(mark, claims), now)
            holds = await db.one("SELECT 1 FROM facts WHERE name = 'restored'") is not None
        if is_missing:
            self._mark.write(max(mark, claims))
        return holds

    async def hold(self, now: datetime) -> None:
        """Let digests wait for an owner, for whatever reason the database counts as older."""
        async with self._database.transaction() as db:
            row = await db.one("SELECT value FROM facts WHERE name = 'claims'")
            await _hold(db, int(row["value"]) if row else 0, now)

    async def decide(self, now: datetime, *, told: bool) -> bool:
        """Let digests go on; with `told`, count all until now as sent. False: it was decided before."""
        async with self._database.transaction() as db:
            if not await db.run("DELETE FROM facts WHERE name = 'restored'"):
                return False
            await note_facts(db, {"decided_until": to_ms(now)})
            if told:
                await db.run(
                    """UPDATE readers SET watermark =
                    max(watermark, coalesce((SELECT max(news) FROM articles), 0)) WHERE subscribed = 1"""
                )
                await note_facts(db, {"told_until": to_ms(now)})
        return True


async def _hold(db: Connection, claims: int, now: datetime) -> None:
    """Within a transaction: nothing that was planned leaves, and nothing is planned."""
    await cancel_open(db, "restored", now)  # nobody knows whom it reached since
    await deliveries.exclude_all(db, "restored", now)
    await give_up_all(db, "restored")
    await note_facts(db, {"claims": claims, "restored": to_ms(now)})


async def gate(database: Database) -> PlanningHold:
    """Return whether digests may be planned, and until when all due times count as served."""
    rows = await database.all(
        "SELECT name, value FROM facts WHERE name IN ('restored', 'told_until', 'decided_until')"
    )
    facts = {row["name"]: int(row["value"]) for row in rows}
    return PlanningHold(
        is_open="restored" not in facts,
        served_until=from_ms(facts.get("told_until")),
        decided_until=from_ms(facts.get("decided_until")),
    )
