"""The words of a reader: where they read, in which language, and when."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final, Literal, NewType

from bot.article.model import ArticleId
from bot.i18n import Language

ReaderId = NewType("ReaderId", int)

ALL_DAYS: Final = frozenset(range(1, 8))
MORNING: Final = time(8)

PlaceKind = Literal["private", "group", "channel"]


@dataclass(frozen=True, slots=True)
class Place:
    """A chat or a forum topic in it (`topic` is None outside topics and for General)."""

    chat: int
    topic: int | None = None
    kind: PlaceKind = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a reader wants their digest: IANA zone, local times, ISO weekdays (1 is Monday).

    Invariant: `times` are sorted, unique, to the minute; neither `times` nor `days` is empty.
    """

    zone: str
    times: tuple[time, ...] = (MORNING,)
    days: frozenset[int] = ALL_DAYS


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time: the instant (UTC) and its name in the reader's own clock, `2026-01-23T08:00`."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat that was met. It has a `next_at` exactly when it is subscribed and not suspended.

    `zone` is None until they have said where they are. `watermark` is the highest `news` of an article that
    they have been told of, `news_limit` bounds the articles of their next digest while one that Telegram
    refuses is looked for. `quote_round` and `quote_place` say how far they have come through the quotes,
    `listed` what each number means in the list last shown, `awaiting` what their next words answer.
    A reader with the id 0 could not be written down: the disk is full.
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

    @property
    def schedule(self) -> Schedule | None:
        """When their digests are due; None until their zone is known."""
        return Schedule(zone=self.zone, times=self.times, days=self.days) if self.zone else None
