"""The words of following feeds: a feed that is followed, and what becomes of its entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.article.model import ArticleId
from bot.sources.fetch import Version

Outcome = Literal["old", "filtered", "same", "taken", "empty", "awaited"]
"""What became of an entry: in the feed before it was followed; kept out by words; here already; a draft or an
article; without a text; its page is still to be fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedFeed:
    """A feed that editors follow; `minutes` lie between two looks, `waiting` of its drafts wait.

    `error` is why it failed the last time, as a key of the catalogue and its values.
    """

    id: int
    address: str
    title: str
    minutes: int = 60
    is_straight: bool = False
    is_paused: bool = False
    tags: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_day: int | None = None
    version: Version = field(default_factory=Version)
    was_read: bool = False
    failures: int = 0
    error: tuple[str, Mapping[str, str]] | None = None
    failing_since: datetime | None = None
    was_told: bool = False
    read_at: datetime | None = None
    next_at: datetime | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SameStory:
    """What tells already what an entry does: a live article, or a draft that waits."""

    article: ArticleId | None = None
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class QueuedEntry:
    """A draft that came from a feed, and the other feeds that have it too."""

    draft: int
    title: str
    feed: str
    also_in: Sequence[str] = ()
