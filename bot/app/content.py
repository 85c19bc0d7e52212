"""Read the content folder while the bot answers already."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.db.drafts import DraftStore
from bot.editing.sync import Sync
from bot.errors import StoreError
from bot.i18n import Language, say_in
from bot.notices import Notices

log = logging.getLogger(__name__)

FIRST_S: Final = 1.5
"""Seconds that a start waits for the content folder; what is not read by then comes in meanwhile."""

DIGESTS_WAIT: Final = timedelta(minutes=30)
"""How long digests that are due wait for the content folder, so that they tell of all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentReading:
    """The content folder as it is being read."""

    clock: Clock
    began: float
    task: asyncio.Task[None]

    @property
    def lets_digests_go(self) -> bool:
        """Whether digests need not wait for it any more."""
        return self.task.done() or self.clock.monotonic() - self.began > DIGESTS_WAIT.total_seconds()

    async def wait_a_moment(self) -> None:
        """Give a small folder the time to be complete before anybody is answered."""
        await asyncio.wait((self.task,), timeout=FIRST_S)


@contextlib.asynccontextmanager
async def reading_content(
    sync: Sync, folder: Path, *, drafts: DraftStore, notices: Notices, clock: Clock
) -> AsyncIterator[ContentReading]:
    """Begin to read the content folder; the end stops it wherever it is, and the next start goes on."""
    task = asyncio.create_task(_read(sync, folder, drafts, notices), name="content")
    try:
        yield ContentReading(clock=clock, began=clock.monotonic(), task=task)
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _read(sync: Sync, folder: Path, drafts: DraftStore, notices: Notices) -> None:
    """Read the folder, and tell editors of files that changed beside their articles."""
    say = say_in(Language("en"))
    known = await drafts.waiting(None)
    try:
        errors = await sync.run(folder)
    except StoreError:
        log.exception("The content folder was not read to its end; the next start goes on.")
        return
    for error in errors:
        log.error("%s was not loaded: %s", error.file, say(error.key, **error.values))
    await notices.changed_files([draft for draft in await drafts.waiting(None) if draft not in known])
