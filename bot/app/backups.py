"""Copy the database once a day, and keep the last copies."""

import asyncio
import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.config import DATABASE
from bot.db.forgotten import NAME as FORGOTTEN
from bot.db.sqlite.backup import copy_database
from bot.db.sqlite.versions import kept_copies
from bot.errors import StoreError
from bot.files import make_own

log = logging.getLogger(__name__)

EVERY: Final = timedelta(days=1)
RETRY: Final = timedelta(hours=1)
"""How long to wait after a copy could not be made."""

KEPT: Final = timedelta(days=30)
"""How long a copy from before a change of the schema stays: whom it holds may have been forgotten since."""

_NAME: Final = "bot-{:%Y%m%d-%H%M%S}.db"
_DATED: Final = re.compile(r"bot-(\d{8}-\d{6})\.db")


class DailyBackups:
    """Makes copies and removes old ones; nothing of another name is touched."""

    def __init__(self, data: Path, folder: Path, *, keep: int, clock: Clock) -> None:
        """Keep so many of the data folder’s database; with 0, none are made."""
        self._data = data
        self._folder = folder
        self._keep = keep
        self._clock = clock
        self._try_at = clock.now()

    async def tick(self) -> None:
        """Make a copy if the newest is a day old."""
        now = self._clock.now()
        if now < self._try_at:
            return
        self._try_at = now + RETRY
        await asyncio.to_thread(self._remove_kept, now)
        if not self._keep:
            return
        newest = newest_backup(self._folder)
        if newest is not None and newest <= now < newest + EVERY:
            self._try_at = newest + EVERY
            return
        try:
            await asyncio.to_thread(self._copy, now)
        except (StoreError, OSError) as error:
            log.error("No backup was made: %s", error)  # noqa: TRY400  # the words say all
            return
        self._try_at = now + EVERY

    def _copy(self, now: datetime) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy = copy_database(self._data / DATABASE, self._folder / _NAME.format(now))
        keep_list_beside(self._data, self._folder)
        log.info("Backup: %s, %s bytes.", copy.path, copy.size)
        for old in sorted(_copies(self._folder))[: -self._keep]:
            old.unlink(missing_ok=True)

    def _remove_kept(self, now: datetime) -> None:
        for copy in kept_copies(self._data / DATABASE).values():
            if datetime.fromtimestamp(copy.stat().st_mtime, UTC) < now - KEPT:
                copy.unlink(missing_ok=True)


def newest_backup(folder: Path) -> datetime | None:
    """Return when the newest daily copy in a folder was made; None when there is none."""
    return max(_copies(folder).values(), default=None)


def _copies(folder: Path) -> dict[Path, datetime]:
    return {file: made_at for file in folder.glob("bot-*.db") if (made_at := _made_at(file))}


def keep_list_beside(data: Path, folder: Path) -> None:
    """Put a copy of the list of who was forgotten beside a backup."""
    listed = data / FORGOTTEN
    if listed.exists() and folder.resolve() != data.resolve():
        make_own(folder / FORGOTTEN)
        shutil.copyfile(listed, folder / FORGOTTEN)


def _made_at(file: Path) -> datetime | None:
    match = _DATED.fullmatch(file.name)
    try:
        return datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None
