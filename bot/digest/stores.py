"""What the publisher asks of the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.article.library import Card
from bot.article.model import ArticleId
from bot.digest.model import Planned, PlanningHold, RefusedDigest
from bot.reader.model import Reader, ReaderId


class PlanStore(Protocol):
    """The readers whose digests are due, and the outbox."""

    async def gate(self) -> PlanningHold:
        """Return whether digests may be planned: not while an owner must decide about a backup."""

    async def due(self, now: datetime, limit: int) -> Sequence[Reader]:
        """Return those whose digest is due and none of whose digests is being sent, the longest due first."""

    async def waiting(self) -> int:
        """Return how many rows wait in the outbox."""

    async def plan(self, planned: Sequence[Planned], now: datetime) -> int:
        """Write them in one short transaction; how many, without those of readers who have changed meanwhile.

        What was planned for them before and has not left is superseded.
        """

    async def postpone(self, reader: ReaderId, until: datetime) -> None:
        """Look at a reader again then."""

    async def refused(self) -> Sequence[RefusedDigest]:
        """Return digests whose refusal has had no consequences yet."""

    async def limit_next(self, refused: RefusedDigest, limit: int | None, now: datetime) -> None:
        """Settle a refusal: so many articles in the reader's next digest, which is due at once."""


class QuarantineStore(Protocol):
    """The articles, as far as a digest changes them."""

    async def quarantine(self, article: ArticleId, reason: str, now: datetime) -> Card | None:
        """Announce it no more; None when it is quarantined or removed already."""
