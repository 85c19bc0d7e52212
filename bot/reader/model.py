"""The words of a reader: where they read, in which language, and when."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final, Literal, NewType, TypeAlias

from bot.i18n import Language

ReaderId = NewType("ReaderId", int)

ALL_DAYS: Final = frozenset(range(1, 8))

PlaceKind: TypeAlias = Literal["private", "group", "channel"]


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
    times: tuple[time, ...] = (time(8),)
    days: frozenset[int] = ALL_DAYS


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time: the instant (UTC) and its name in the reader's own clock, `2026-01-23T08:00`."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat that was met. It has a `next_at` exactly when it is subscribed and not suspended.

    `watermark` is the highest `seq` of an article that they have been told of; `quote_round` and
    `quote_place` say how far they have come through the quotes; `suspended` says why nothing is sent
    although they are subscribed; `paused_until` is theirs to choose; a language that they did not
    choose follows their client's.
    """

    id: ReaderId
    place: Place
    language: Language
    schedule: Schedule
    language_chosen: bool = False
    subscribed: bool = False
    next_at: datetime | None = None
    paused_until: datetime | None = None
    suspended: str | None = None
    watermark: int = 0
    quote_round: int = 0
    quote_place: str = field(default="")
