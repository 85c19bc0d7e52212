"""The words of a reader: where they read, in which language, and when."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Literal, NewType, get_args

from bot.article.model import ArticleId
from bot.i18n import Language

ReaderId = NewType("ReaderId", int)

UNSAVED: Final = ReaderId(0)
"""The id of a reader who could not be written down, because the disk is full."""

ALL_DAYS: Final = frozenset(range(1, 8))
MORNING: Final = time(8)

PlaceKind = Literal["private", "group", "channel"]

Suspension = Literal["blocked", "removed", "rights", "topic", "gone"]
SUSPENSIONS: Final[tuple[Suspension, ...]] = get_args(Suspension)
"""Why a chat gets no more, where it is known before a delivery fails."""

Part = Literal["news", "leads", "quote"]
PARTS: Final[tuple[Part, ...]] = ("news", "leads", "quote")
"""What a digest may hold: the titles of new articles, the first sentences of each, a quote."""


@dataclass(frozen=True, slots=True)
class Place:
    """A chat or a forum topic in it (`topic` is None outside topics and for General)."""

    chat: int
    topic: int | None = None
    kind: PlaceKind = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a reader wants their digest: IANA zone, local times, ISO weekdays (1 is Monday).

    Before the local day `paused_until` nothing is due.
    Invariant: `times` are sorted, unique, to the minute; neither `times` nor `days` is empty.
    """

    zone: str
    times: tuple[time, ...] = (MORNING,)
    days: frozenset[int] = ALL_DAYS
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time: the instant (UTC) and its name in the reader's own clock, `2026-01-23T08:00`."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat that was met. It has a `next_at` exactly when it is subscribed and not suspended.

    `zone` is None until they have said where they are. `watermark` is the highest `news` of an article
    that they have been told of, `news_limit` bounds the articles of their next digest while one that
    Telegram refuses is looked for. `parts` is what their digests hold (never none of news and quote),
    `only_new` that none is to come without a new article, `language_chosen` that the language is not just
    their client's, `set_up_by` who is told when a group or channel (of that `title`) gets no more.
    `quote_round` and `quote_place` say how far they have come through the quotes, `listed` what each
    number means in the list last shown, `awaiting` what their next words answer. `id` may be UNSAVED.
    """

    id: ReaderId
    place: Place
    language: Language
    zone: str | None = None
    times: tuple[time, ...] = (MORNING,)
    days: frozenset[int] = ALL_DAYS
    subscribed: bool = False
    next_at: datetime | None = None
    suspended: str | None = None
    watermark: int = 0
    news_limit: int | None = None
    quote_round: int = 0
    quote_place: str = ""
    listed: dict[int, ArticleId] = field(default_factory=dict)
    awaiting: str | None = None
    parts: frozenset[Part] = frozenset(PARTS)
    only_new: bool = False
    paused_until: date | None = None
    language_chosen: bool = False
    set_up_by: int | None = None
    title: str = ""

    @property
    def schedule(self) -> Schedule | None:
        """When their digests are due; None until their zone is known."""
        if self.zone is None:
            return None
        return Schedule(zone=self.zone, times=self.times, days=self.days, paused_until=self.paused_until)
