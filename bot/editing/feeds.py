"""Follows feeds: looks at each when its time comes, and proposes what is new in it.

An entry is written down in the transaction that saves its draft, so a crash makes no second one. What is here
already, from whatever feed, is known by its page or its text.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.article.library import Library
from bot.article.model import ArticleId
from bot.clock import Clock, randbelow, within
from bot.editing.editor import Editor
from bot.editing.entries import EntryTaker, ReadFeed, seen
from bot.editing.feeds_model import FollowedFeed
from bot.editing.feeds_store import FeedStore
from bot.editing.links import ReadPage
from bot.errors import ArticleError, BotError, NotFound, StoreError
from bot.sources.addresses import host_of
from bot.sources.feeds.addresses import feed_address
from bot.sources.feeds.model import Feed, FeedLink, FeedLinks
from bot.sources.fetch import NO_VERSION, Fetched, FetchError, Unchanged
from bot.sources.robots import FetchSince

log = logging.getLogger(__name__)

FIRST: Final = 3
"""Entries that are taken of a feed that was just added."""

MAX_AT_ONCE: Final = 4
"""Feeds that are looked at side by side."""

SILENT_FOR: Final = timedelta(days=2)
"""How long a feed may fail before editors are told."""

MAX_WAIT: Final = timedelta(days=1)
_GONE: Final = 410
_TELL_EVERY: Final = timedelta(hours=1)
_TELL_WITHIN: Final = timedelta(minutes=5)
_EXPIRY: Final = timedelta(hours=1)
_MAX_EXPIRED: Final = 50
_IDLE_S: Final = 60.0
"""Seconds after which feeds that others have added or resumed are noticed, too."""


class FeedNotices(Protocol):
    """Tells editors what came, and of feeds that fail."""

    async def queued_entries(self, count: int) -> None:
        """Tell how many drafts of feeds wait."""

    async def failing_feed(self, feed: FollowedFeed) -> None:
        """Tell of a feed that fails."""

    async def feed_is_back(self, feed: FollowedFeed) -> None:
        """Tell of a feed that had failed and can be read again."""


class FeedFollower:
    """Looks at feeds, a few at a time, each when its time comes."""

    def __init__(
        self,
        *,
        store: FeedStore,
        editor: Editor,
        library: Library,
        fetch: FetchSince,
        read: ReadFeed,
        read_page: ReadPage,
        clock: Clock,
        days: int = 0,
    ) -> None:
        """`days` is how long articles of feeds stay; 0: for good."""
        self._store = store
        self._editor = editor
        self._days = timedelta(days=days)
        self._expire_at = self._tell_at = clock.now()
        self._untold_since: datetime | None = None
        self._entries = EntryTaker(
            store=store, editor=editor, fetch=fetch, read=read, read_page=read_page, clock=clock
        )
        self._library = library
        self._fetch = fetch
        self._read = read
        self._clock = clock
        self._wakeup = asyncio.Event()
        self._notices: FeedNotices | None = None
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def look_up(self, address: str) -> tuple[Feed, str] | FeedLinks:
        """Return the feed at an address and where it is, or those that a page or a list there names.

        FetchError or ArticleError when it cannot be read.
        """
        fetched = await self._fetch(feed_address(address))
        content = await self._read.read_feed(fetched, today=self._clock.now().date(), owner=("feed", address))
        if isinstance(content, Feed):
            return content, fetched.address
        return content

    async def listed(self, data: bytes) -> Sequence[FeedLink]:
        """Return the feeds in a list (OPML). ArticleError when it cannot be read."""
        file = Fetched(address="", media_type="", charset=None, data=data)
        found = await self._read.read_feed(file, today=self._clock.now().date(), owner=("feed", ""))
        return found.links if isinstance(found, FeedLinks) else ()

    async def follow(self, address: str, title: str) -> FollowedFeed | None:
        """Follow a feed from now on; None when it is followed already."""
        made = await self._store.add(address, title or host_of(address), self._clock.now())
        self._wakeup.set()
        return made

    async def change(self, feed: FollowedFeed) -> bool:
        """Keep what an editor has chosen for a feed; False when it is gone."""
        changed = await self._store.change(feed, next_at=self._clock.now())
        self._wakeup.set()
        return changed

    async def approve(self, article: ArticleId) -> bool:
        """Stand for an article that a feed has published by itself; False when it is gone."""
        card = self._library.get(article)
        if card is None or not await self._store.approve(article):
            return False
        self._library.put(replace(card, approved=True))
        return True

    async def unfollow(self, feed: int) -> bool:
        """Follow a feed no longer; its articles stay. False when it was gone."""
        return await self._store.remove(feed)

    async def run(self, notices: FeedNotices | None = None) -> None:
        """Look at what is due, and at what becomes due from now on."""
        self._notices = notices
        try:
            while True:
                self._wakeup.clear()
                await within(self._clock, await self._begin_due(), self._wakeup)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _begin_due(self) -> float:
        """Begin with what is due as far as there is room; return the seconds until more may be."""
        try:
            await self._expire()
            due = await self._store.due(self._clock.now(), MAX_AT_ONCE + len(self._tasks))
            waiting = [feed for feed in due if feed.id not in self._tasks]
            for feed in waiting[: MAX_AT_ONCE - len(self._tasks)]:
                self._tasks[feed.id] = asyncio.create_task(self._look_at(feed), name="feed")
            if not self._tasks or self._is_overdue():
                await self._tell()
            # Whoever ends makes room, and wakes this up.
            return _IDLE_S if self._tasks else await self._seconds_until_next()
        except StoreError:
            log.exception("The feeds could not be read.")
            return _IDLE_S

    def _is_overdue(self) -> bool:
        """Return whether editors wait for long to hear of entries, since some feed is always looked at."""
        since = self._untold_since
        return since is not None and self._clock.now() - since >= _TELL_WITHIN

    async def _tell(self) -> None:
        """Tell editors once of all that came together, and not again within an hour."""
        now = self._clock.now()
        if self._untold_since is None or now < self._tell_at or self._notices is None:
            return
        _, count = await self._store.queue(0)
        if count:
            await self._notices.queued_entries(count)
            self._tell_at = now + _TELL_EVERY
        self._untold_since = None

    async def _expire(self) -> None:
        """Remove articles of feeds whose time is over, and forget entries of long ago; once an hour."""
        now = self._clock.now()
        if now < self._expire_at:
            return
        await self._store.forget_old(now)
        old = await self._store.expired(now - self._days, _MAX_EXPIRED) if self._days else ()
        for article in old:
            await self._editor.remove(article, editor=None)
        # What is left over follows at once, a few at a time.
        self._expire_at = now + (_EXPIRY if len(old) < _MAX_EXPIRED else timedelta(0))

    async def _seconds_until_next(self) -> float:
        next_at = await self._store.next_at()
        ahead = (next_at - self._clock.now()).total_seconds() if next_at else _IDLE_S
        return min(max(ahead, 1.0), _IDLE_S)

    # Looking at one ----------------------------------------------------------------------------------------

    async def _look_at(self, feed: FollowedFeed) -> None:
        """Look at a feed; whatever it does, the others are looked at as well."""
        try:
            await self._try_to_read(feed)
        except StoreError:
            log.exception("What a feed brought could not be written down.")
            await self._clock.sleep(_IDLE_S)
        except NotFound:
            # It is not looked at again at once, should it still be there.
            log.info("A feed was removed while it was looked at.")
            await self._clock.sleep(_IDLE_S)
        finally:
            del self._tasks[feed.id]
            self._wakeup.set()

    async def _try_to_read(self, feed: FollowedFeed) -> None:
        try:
            await self._read_one(feed)
        except (StoreError, NotFound):
            raise
        except BotError as error:
            await self._failed(feed, error)
        except Exception as error:
            log.exception("A fault of this program kept a feed from being read.")
            await self._failed(feed, ArticleError("error.fault", file="", name=type(error).__name__))

    async def _read_one(self, feed: FollowedFeed) -> None:
        try:
            fetched = await self._fetch(feed_address(feed.address), since=feed.version)
        except Unchanged:
            await self._succeeded(feed, None)
            return
        known = await self._store.known(feed.id)
        content = await self._read.read_feed(
            fetched, today=self._clock.now().date(), known=known, owner=("feed", feed.id)
        )
        if not isinstance(content, Feed):
            raise FetchError("feeds.none_there", host=host_of(feed.address))
        fresh = [entry for entry in content.entries if entry.key not in known]
        if not feed.was_read:
            await self._store.skip(feed.id, [seen(entry) for entry in fresh[FIRST:]], self._clock.now())
            fresh = fresh[:FIRST]
        taken = await self._entries.take(feed, content, fresh)
        if taken.drafts and self._untold_since is None:
            self._untold_since = self._clock.now()
        if not taken.is_all:
            # What is left is found the next time, even if the feed has not changed until then.
            version = replace(NO_VERSION, fresh_s=fetched.version.fresh_s)
            fetched = replace(fetched, version=version)
        await self._succeeded(feed, fetched)

    # What came of it ---------------------------------------------------------------------------------------

    async def _succeeded(self, feed: FollowedFeed, fetched: Fetched | None) -> None:
        version = fetched.version if fetched is not None else feed.version
        fresh = min(timedelta(seconds=version.fresh_s), MAX_WAIT)
        wait = max(timedelta(minutes=feed.minutes), fresh)
        await self._store.read_well(
            feed.id,
            version=version,
            moved_to=fetched.moved_to if fetched is not None else "",
            now=self._clock.now(),
            next_at=self._clock.now() + _with_jitter(wait),
        )
        if feed.was_told and self._notices is not None:
            await self._notices.feed_is_back(feed)

    async def _failed(self, feed: FollowedFeed, error: BotError) -> None:
        now, is_gone = self._clock.now(), error.values.get("status") == _GONE
        wait = min(timedelta(minutes=feed.minutes) * 2 ** min(feed.failures, 10), MAX_WAIT)
        asked = timedelta(seconds=getattr(error, "retry_s", None) or 0)
        since = feed.failing_since or now
        tells = not feed.was_told and (is_gone or now - since >= SILENT_FOR)
        values = {name: str(value) for name, value in error.values.items()}
        failed = await self._store.failed(
            feed.id,
            error=(error.key, values),
            since=since,
            next_at=now + _with_jitter(max(wait, asked)),
            is_gone=is_gone,
            was_told=feed.was_told or tells,
        )
        if tells and failed is not None and self._notices is not None:
            await self._notices.failing_feed(failed)


def _with_jitter(wait: timedelta) -> timedelta:
    """Return a wait that is up to a tenth longer, so that feeds added together part."""
    return wait + timedelta(seconds=randbelow(max(1, int(wait.total_seconds() / 10))))
