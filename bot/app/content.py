"""Build what reads and publishes articles, and read the content folder while the bot answers already."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from bot.app.stores import Stores
from bot.article.library import Library
from bot.clock import Clock
from bot.db.database import Database
from bot.db.drafts import DraftStore
from bot.db.reindex import is_outdated, reindex
from bot.editing.deposits import Deposits
from bot.editing.editor import Editor
from bot.editing.entries import ReadFeed
from bot.editing.feeds import FeedFollower
from bot.editing.folder import stamps_in
from bot.editing.gathering import Gatherer
from bot.editing.links import LinkReader, ReadPage
from bot.editing.prepared import Prepare
from bot.editing.series import SeriesReader
from bot.editing.sync import Sync
from bot.errors import StoreError
from bot.i18n import Language, translator
from bot.notices import Notices
from bot.sources.robots import FetchSince
from bot.views.errors import worded
from bot.workers.pool import WorkerPool

log = logging.getLogger(__name__)

START_WAIT_S: Final = 1.5
"""Seconds that a start waits for the content folder; what is not read by then comes in meanwhile."""

INDEX_CHECK_S: Final = 3600.0
"""Seconds between two looks at whether the index has to be made anew."""

MAX_DIGESTS_WAIT: Final = timedelta(minutes=30)
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
        return self.task.done() or self.clock.monotonic() - self.began > MAX_DIGESTS_WAIT.total_seconds()

    async def wait_a_moment(self) -> None:
        """Give a small folder the time to be complete before anybody is answered."""
        # A small folder is read in this time, so that the first reader finds all of it.
        await asyncio.wait((self.task,), timeout=START_WAIT_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """All articles, and what changes them."""

    library: Library
    editor: Editor
    sync: Sync
    links: LinkReader
    gatherer: Gatherer
    feeds: FeedFollower
    deposits: Deposits


@contextlib.asynccontextmanager
async def open_editing(
    stores: Stores,
    *,
    clock: Clock,
    prepare: Prepare | None,
    fetch: FetchSince,
    read_page: ReadPage | None,
    read_feed: ReadFeed | None = None,
    feed_days: int = 0,
) -> AsyncIterator[Editing]:
    """Load the library; documents and pages are read in processes of their own unless others do it."""
    library, workers = Library(await stores.articles.cards()), WorkerPool()
    reads = SeriesReader(prepare or workers.prepare, stores.series)
    editor = Editor(
        articles=stores.articles,
        editions=stores.editions,
        drafts=stores.drafts,
        series=stores.series,
        origins=stores.origins,
        library=library,
        clock=clock,
        prepare=reads,
    )
    sync = Sync(editor=editor, files=stores.drafts, library=library, prepare=reads, clock=clock)
    read_page = read_page or workers.read_page
    links = LinkReader(store=stores.links, editor=editor, fetch=fetch, read_page=read_page, clock=clock)
    feeds = FeedFollower(
        store=stores.feeds,
        editor=editor,
        library=library,
        days=feed_days,
        fetch=fetch,
        read=read_feed or workers,
        read_page=read_page,
        clock=clock,
    )
    deposits = Deposits(
        store=stores.deposits,
        drafts=stores.drafts,
        editor=editor,
        fetch=fetch,
        read_page=read_page,
        word=partial(worded, tr=translator(Language("en"))),
    )
    gatherer = Gatherer(store=stores.gatherings, editor=editor, read_page=read_page, clock=clock)
    try:
        yield Editing(
            library=library,
            editor=editor,
            sync=sync,
            links=links,
            gatherer=gatherer,
            feeds=feeds,
            deposits=deposits,
        )
    finally:
        await workers.close()


@contextlib.asynccontextmanager
async def renewing_index(database: Database, clock: Clock) -> AsyncIterator[None]:
    """Make the full-text index anew meanwhile whenever it has to be; until then, the old one answers."""
    task = asyncio.create_task(_renew_index(database, clock), name="index")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _renew_index(database: Database, clock: Clock) -> None:
    while True:
        try:
            if await is_outdated(database):
                log.info("The search index is made anew.")
                log.info("The search index is complete; articles: %d", await reindex(database))
        except Exception:  # whatever it is, the old index answers
            log.exception("The search index was not made anew; it is tried again in an hour.")
        await clock.sleep(INDEX_CHECK_S)


class ContentWatch:
    """Reads the content folder again whenever something in it has changed, and nothing changes any more."""

    def __init__(
        self, sync: Sync, folder: Path, *, drafts: DraftStore, notices: Notices, first: asyncio.Task[None]
    ) -> None:
        """`first` is the reading with which a start begins."""
        self._sync = sync
        self._folder = folder
        self._drafts = drafts
        self._notices = notices
        self._task = first
        self._read = stamps_in(folder)
        self._seen = self._read

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being read now."""
        return self._task.done()

    async def close(self) -> None:
        """Stop reading wherever it is; the next start goes on."""
        self._task.cancel()
        await asyncio.wait((self._task,))

    async def tick(self) -> None:
        """Look once. A folder that is suddenly empty was probably unmounted: its articles stay."""
        before, self._seen = self._seen, await asyncio.to_thread(stamps_in, self._folder)
        # What was changed since the last look may still be being written.
        if not self._task.done() or self._seen == self._read or self._seen != before:
            return
        if self._read and not self._seen:
            log.warning("The content folder %s is empty or gone; its articles stay.", self._folder)
        else:
            log.info("The content folder has changed.")
            # In a task of its own: thousands of files take minutes, and a long job would be started anew.
            reading = _read(self._sync, self._folder, self._drafts, self._notices)
            self._task = asyncio.create_task(reading, name="content")
        self._read = self._seen


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
    tr = translator(Language("en"))
    known = {draft.id for draft in await drafts.waiting()}
    before = {card.id for card in sync.library.newest()}
    try:
        errors = await sync.run(folder)
    except StoreError:
        log.exception("The content folder was not read to its end; the next start goes on.")
        return
    for error in errors:
        log.error("%s was not loaded: %s", error.file, tr(error.key, **error.values))
    # A draft of nobody's is a file that changed beside its article.
    new = [draft for draft in await drafts.waiting() if draft.editor is None and draft.id not in known]
    await notices.changed_files(new)
    came = [card.id for card in sync.library.newest() if card.news < 0 and card.id not in before]
    if came:
        await notices.quiet_files(sorted(came))
