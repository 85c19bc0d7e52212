"""The words of campaigns: what is sent, to whom, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NewType

from bot.article.model import ArticleId
from bot.delivery.model import DeliveryId
from bot.i18n import Language
from bot.message.model import Copy

CampaignId = NewType("CampaignId", int)

CampaignState = Literal["draft", "tried", "running", "paused", "done", "cancelled"]
"""Drafted; tried on the editors; on its way; held; over, all having been planned for; over before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Which subscribers: who reads in a language, was sent an article with a tag, was here in the last days.

    `articles` are those that have the tag, as it was when the segment was chosen.
    """

    language: Language | None = None
    tag: str | None = None
    articles: tuple[ArticleId, ...] = ()
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """The message from which an owner follows and steers a campaign."""

    chat: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A message of `owner` on its way to many.

    `source` is the copy that its owner was shown: later changes of what they wrote change nothing any more.
    `total` is how many were to get it when it was started; readers up to the id `reached` have their row in
    the outbox. `reason` says why it is paused or was cancelled, where that was nobody's choice.
    """

    id: CampaignId
    owner: int
    source: Copy
    segment: Segment
    state: CampaignState
    made_at: datetime
    reason: str | None = None
    total: int = 0
    reached: int = 0
    panel: Panel | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a campaign, by what became of them; `excluded` are those whose reader takes nothing from us."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    excluded: int = 0
    waiting: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Add both."""
        return Counts(
            self.sent + other.sent,
            self.failed + other.failed,
            self.uncertain + other.uncertain,
            self.excluded + other.excluded,
            self.waiting + other.waiting,
        )

    @property
    def all(self) -> int:
        """Every row."""
        return self.over + self.waiting

    @property
    def over(self) -> int:
        """Those of which nothing more will become."""
        return self.sent + self.troubled + self.excluded

    @property
    def troubled(self) -> int:
        """Those that tell of something wrong with the message or with Telegram; a blocked bot does not."""
        return self.failed + self.uncertain


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of a campaign stand, so that the next look needs only those that were not final.

    `final` counts those that are; `open` are the others; `last` is the highest number of all.
    """

    final: Counts = Counts()
    open: frozenset[DeliveryId] = frozenset()
    last: DeliveryId | None = None

    @property
    def counts(self) -> Counts:
        """All together."""
        return self.final + Counts(waiting=len(self.open))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has come; messages a second and the time left, where they can be told."""

    counts: Counts
    rate: float | None = None
    left: timedelta | None = None
