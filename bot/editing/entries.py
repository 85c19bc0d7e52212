"""What becomes of the entries of a feed: drafts, articles, or nothing, since they are here already."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from bot.article.metadata.writing import with_fields
from bot.article.sketch import Sketch, resemblance
from bot.clock import Clock
from bot.editing.editor import Editor
from bot.editing.feeds_model import FollowedFeed, Outcome, SameStory
from bot.editing.feeds_store import FeedStore
from bot.editing.known import SAME_TEXT
from bot.editing.links import ReadPage
from bot.editing.model import PendingEntry
from bot.errors import ArticleError, NotFound, StoreError
from bot.search.mentions import mentions
from bot.search.words import fold
from bot.sources.addresses import address_key, host_of, without_tracking
from bot.sources.feeds.model import Entry, Feed, FeedContent
from bot.sources.fetch import NO_VERSION, Fetched, FetchError
from bot.sources.model import Origin, Page
from bot.sources.robots import FetchSince, Robots

log = logging.getLogger(__name__)

_MIN_TEXT_CHARS: Final = 200
"""Letters without which a teaser is no article."""
_MAX_AWAITED: Final = 3
"""Pages of a feed that cannot be fetched in one look before its other entries are left for later."""
_DAY: Final = timedelta(days=1)


class _PageAwaited(Exception):  # no error: the entry comes later
    """The page of an entry could not be fetched, and is to be tried again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The drafts that wait for a decision now; `is_all` unless something is left in the feed for later."""

    drafts: Sequence[int]
    is_all: bool


class ReadFeed(Protocol):
    """Reads a feed and its entries somewhere; the worker pool."""

    async def read_feed(
        self, fetched: Fetched, *, today: date, known: frozenset[str] = frozenset(), owner: object
    ) -> FeedContent:
        """Return the feed, or those that a page or list names. ArticleError."""

    async def document_of_entry(
        self, entry: Entry, *, source: str, language: str, tags: tuple[str, ...], owner: object
    ) -> Page:
        """Return an entry as a document. ArticleError."""


class EntryTaker:
    """Takes entries of feeds, each once, whatever feed it comes from."""

    def __init__(
        self,
        *,
        store: FeedStore,
        editor: Editor,
        fetch: FetchSince,
        read: ReadFeed,
        read_page: ReadPage,
        clock: Clock,
    ) -> None:
        self._store = store
        self._editor = editor
        self._fetch = fetch
        self._read = read
        self._read_page = read_page
        self._clock = clock
        self._robots = Robots(fetch, clock)

    async def take(self, feed: FollowedFeed, content: Feed, fresh: Sequence[Entry]) -> Taken:
        """Take the new entries, the oldest first, as far as there is room and their pages can be had."""
        room = await self._room(feed)
        drafts: list[int] = []
        awaited = 0
        for entry in reversed(fresh):
            if (room is not None and room <= 0) or awaited >= _MAX_AWAITED:
                return Taken(drafts, is_all=False)
            try:
                draft = await self._take_one(feed, content, entry)
            except _PageAwaited:
                awaited += 1
                continue
            except (FetchError, ArticleError) as error:
                log.info("An entry of %s was not taken: %s", feed.address, error.key)
                await self._note(feed, entry, "empty")
                continue
            except (StoreError, NotFound):
                raise
            except Exception:
                # One entry’s fault is that entry’s.
                log.exception("A fault of this program kept an entry from being read.")
                await self._note(feed, entry, "empty")
                continue
            if draft is not None:
                room = room - 1 if room is not None else None
                drafts += [] if feed.is_straight else [draft]
        return Taken(drafts, is_all=not awaited)

    async def _room(self, feed: FollowedFeed) -> int | None:
        if feed.per_day is None:
            return None
        return feed.per_day - await self._store.taken_since(feed.id, self._clock.now() - _DAY)

    async def _take_one(self, feed: FollowedFeed, content: Feed, entry: Entry) -> int | None:
        """Propose or publish an entry; None when it is no article, or one that is here already."""
        key = address_key(entry.address) if entry.address else None
        if key is not None and await self._store.has_page(key):
            await self._note(feed, entry, "same")
            return None
        document = await self._document_of(feed, content, entry)
        if not passes(document, feed):
            await self._note(feed, entry, "filtered")
            return None
        origin = Origin(kind="feed", address=without_tracking(entry.address) or None, name=feed.title)
        pending = PendingEntry(feed.id, entry.key, key, self._clock.now())
        found = await self._editor.propose_new(
            document.encode("utf-8", "surrogatepass"), origin=origin, pending=pending, waiting=self._waiting
        )
        if isinstance(found, SameStory):
            await self._note(feed, entry, "same", found)
            return None
        if feed.is_straight:
            await self._editor.publish(found.draft, editor=None)
        return found.draft

    async def _waiting(self, sketch: Sketch) -> int | None:
        """Return a draft of nearly the same text that waits for a decision already."""
        near = await self._store.drafts_near(sketch)
        return next((draft for draft, other in near if resemblance(sketch, other) >= SAME_TEXT), None)

    async def _document_of(self, feed: FollowedFeed, content: Feed, entry: Entry) -> str:
        """Return an entry as a document: its own text, or its page where it has but a teaser."""
        page = None if entry.is_whole else await self._page_of(feed, entry)
        if page is not None:
            fields = {"source": feed.title, **({"tags": list(feed.tags)} if feed.tags else {})}
            return await asyncio.to_thread(with_fields, page.document, fields)
        made = await self._read.document_of_entry(
            entry, source=feed.title, language=content.language, tags=feed.tags, owner=("feed", feed.id)
        )
        if len("".join(made.document.split())) < _MIN_TEXT_CHARS:
            raise ArticleError("error.no_text", file="")
        return made.document

    async def _page_of(self, feed: FollowedFeed, entry: Entry) -> Page | None:
        """Return the page of an entry; None where it may not be read, or is no article. _PageAwaited."""
        try:
            if not entry.address or not await self._robots.allows(entry.address):
                return None
            fetched = await self._fetch(entry.address, since=NO_VERSION)
            page = await self._read_page(fetched, owner=("entry", host_of(entry.address)), in_background=True)
        except FetchError as error:
            if error.is_temporary and await self._store.awaits_page(feed.id, seen(entry), self._clock.now()):
                raise _PageAwaited from error
            return None
        except ArticleError:
            return None
        return page if isinstance(page, Page) and not page.noindex else None

    async def _note(
        self, feed: FollowedFeed, entry: Entry, outcome: Outcome, story: SameStory | None = None
    ) -> None:
        await self._store.note(feed.id, seen(entry), outcome, self._clock.now(), story=story)


def seen(entry: Entry) -> tuple[str, str | None]:
    """Return the key of an entry, and that of its page."""
    return entry.key, address_key(entry.address) if entry.address else None


def passes(document: str, feed: FollowedFeed) -> bool:
    """Return whether an entry has one of the words that it must, and none that it must not have."""
    if not (feed.exclude or feed.include):
        return True
    text = fold(document)
    if any(mentions(text, word) for word in feed.exclude):
        return False
    return not feed.include or any(mentions(text, word) for word in feed.include)
