"""The words of a reader: where they read, in which language, and when."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final, Literal, NewType, Self, get_args
from zoneinfo import ZoneInfo

from bot.article.model import ArticleId
from bot.i18n import Language
from bot.reader.interests import EVERYTHING, Interests

ReaderId = NewType("ReaderId", int)

UNSAVED: Final = ReaderId(0)
"""The id of a reader who could not be written down, because the disk is full."""

ALL_DAYS: Final = frozenset(range(1, 8))
MORNING: Final = time(8)

PlaceKind = Literal["private", "group", "channel"]

Suspension = Literal["blocked", "removed", "rights", "topic", "gone"]
SUSPENSIONS: Final[tuple[Suspension, ...]] = get_args(Suspension)
"""Why a chat gets no more, where it is known before a delivery fails."""

Part = Literal["news", "leads", "quote", "pictures"]
PARTS: Final[tuple[Part, ...]] = ("news", "leads", "quote", "pictures")
"""What a digest may hold: the titles of new articles, the first sentences of each, a quote."""


@dataclass(frozen=True, slots=True)
class Place:
    """A chat or a forum topic in it (`topic` is None outside topics and for General)."""

    chat: int
    topic: int | None = None
    kind: PlaceKind = "private"


@dataclass(frozen=True, slots=True)
class Weekly:
    """When a reader wants their digest of the week: an ISO weekday (1 is Monday) and a local time."""

    day: int
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a reader wants their digests: IANA zone, local times, ISO weekdays (1 is Monday).

    Before the local day `paused_until` nothing is due.
    Invariant: `times` are sorted, unique, to the minute; `days` is never empty, `times` only beside `weekly`.
    """

    zone: str
    times: tuple[time, ...] = (MORNING,)
    days: frozenset[int] = ALL_DAYS
    weekly: Weekly | None = None
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time: the instant (UTC) and its name in the reader's own clock, `2026-01-23T08:00`."""

    at: datetime
    name: str
    is_weekly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """When a chat gets its digests, and what they hold; kept while it gets none.

    `active` means that digests were asked for; `suspended` says why none is sent nevertheless. `next_at` is
    set exactly when digests are active and not suspended. `zone` is None until the reader has told it.
    `parts` never lacks both news and quote; `only_new` means no digest without a new article.
    """

    active: bool = False
    next_at: datetime | None = None
    suspended: str | None = None
    zone: str | None = None
    times: tuple[time, ...] = (MORNING,)
    days: frozenset[int] = ALL_DAYS
    weekly: Weekly | None = None
    paused_until: date | None = None
    parts: frozenset[Part] = frozenset(PARTS)
    only_new: bool = False

    @property
    def schedule(self) -> Schedule | None:
        """When digests are due; None until the zone is known."""
        if self.zone is None:
            return None
        return Schedule(
            zone=self.zone,
            times=self.times,
            days=self.days,
            weekly=self.weekly,
            paused_until=self.paused_until,
        )

    def today(self, now: datetime) -> date:
        """Return the reader's local day; the day in UTC until their zone is known."""
        return now.astimezone(ZoneInfo(self.zone or "UTC")).date()

    def is_paused(self, now: datetime) -> bool:
        """Return whether a pause was chosen and is not over yet."""
        return self.paused_until is not None and self.paused_until > self.today(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursors:
    """How far a reader has come through the articles and the quotes.

    `watermark` is the highest `news` of an article that a digest told of. `news_limit` bounds the articles of
    the next digest while one that Telegram refuses is looked for.
    """

    watermark: int = 0
    news_limit: int | None = None
    quote_round: int = 0
    quote_place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What the next words of a chat may refer to.

    `listed` maps the numbers of the list last shown to articles; `awaiting` is the question, encoded, that
    was last asked.
    """

    listed: dict[int, ArticleId] = field(default_factory=dict)
    awaiting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat or topic that was met, as its row was read. `id` may be UNSAVED.

    `language_chosen` tells a choice from the language of the client. `active_at` is when somebody last used
    the bot there, to a day. `set_up_by` is the user who is told when a group or channel, whose name was
    `title`, gets no more digests.
    """

    id: ReaderId
    place: Place
    language: Language
    language_chosen: bool = False
    active_at: datetime
    set_up_by: int | None = None
    title: str = ""
    subscription: Subscription = Subscription()
    interests: Interests = EVERYTHING
    cursors: Cursors = Cursors()
    conversation: Conversation = Conversation()

    def subscribing(self, **changes: Any) -> Self:
        """Return the reader with other values in the subscription."""
        return replace(self, subscription=replace(self.subscription, **changes))
