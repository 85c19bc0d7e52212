"""What following feeds asks of the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.article.model import ArticleId
from bot.article.sketch import Sketch
from bot.editing.feeds_model import FollowedFeed, Outcome, QueuedEntry, SameStory
from bot.sources.fetch import Version


class FeedStore(Protocol):
    """Where feeds and their entries are."""

    async def add(self, address: str, title: str, now: datetime) -> FollowedFeed | None:
        """Follow a feed; None when it is followed already, by whatever address."""

    async def all(self) -> Sequence[FollowedFeed]:
        """Return all feeds by their titles."""

    async def get(self, feed: int) -> FollowedFeed | None:
        """Return a feed; None when it is gone."""

    async def change(self, feed: FollowedFeed, *, next_at: datetime) -> bool:
        """Keep what an editor has chosen for a feed; False when it is gone."""

    async def remove(self, feed: int) -> bool:
        """Follow a feed no longer: its articles and drafts stay."""

    async def due(self, now: datetime, most: int) -> Sequence[FollowedFeed]:
        """Return feeds to look at, those that wait longest first."""

    async def next_at(self) -> datetime | None:
        """Return when the next feed is due; None without any."""

    async def read_well(
        self, feed: int, *, version: Version, moved_to: str, now: datetime, next_at: datetime
    ) -> None:
        """Note that a feed was read; where it has moved for good, unless that is followed already."""

    async def failed(
        self,
        feed: int,
        *,
        error: tuple[str, Mapping[str, str]],
        since: datetime,
        next_at: datetime,
        is_gone: bool,
        was_told: bool,
    ) -> FollowedFeed | None:
        """Note that a feed could not be read; one that is gone is paused. None when it was removed."""

    async def known(self, feed: int) -> frozenset[str]:
        """Return the keys of the entries that were dealt with."""

    async def skip(self, feed: int, entries: Sequence[tuple[str, str | None]], now: datetime) -> None:
        """Note, once, what was in a feed before it was followed; what stays unnoted is new."""

    async def note(
        self,
        feed: int,
        entry: tuple[str, str | None],
        outcome: Outcome,
        now: datetime,
        *,
        story: SameStory | None = None,
    ) -> None:
        """Note what became of an entry, given its key and that of its address, and what tells the same."""

    async def awaits_page(self, feed: int, entry: tuple[str, str | None], now: datetime) -> bool:
        """Note that the page of an entry could not be fetched; return whether it is to be tried again."""

    async def taken_since(self, feed: int, since: datetime) -> int:
        """Return how many entries became drafts or articles since then."""

    async def has_page(self, key: str) -> bool:
        """Return whether a page came from a feed before, or is an article, even one that was removed."""

    async def drafts_near(self, sketch: Sketch) -> Sequence[tuple[int, Sketch]]:
        """Return the waiting drafts that share a third of the hashes of a sketch, or more, with theirs."""

    async def expired(self, before: datetime, most: int) -> Sequence[ArticleId]:
        """Return articles that feeds brought before a moment.

        Not those that were edited by hand, or that a digest tells of which is still to be sent.
        """

    async def approve(self, article: ArticleId) -> bool:
        """Let quotes of an article be passed on that a feed has published; False when it is gone."""

    async def forget_old(self, now: datetime) -> None:
        """Forget entries that no feed has had for long."""

    async def queue(self, limit: int) -> tuple[Sequence[QueuedEntry], int]:
        """Return the drafts of feeds that wait, the newest first, and how many there are."""
