"""Figures about everybody, by day (UTC), and what they say of the days to come. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.usage import Used

MIN_DAYS: Final = 7
"""Days that are needed before anything is said of those to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """A day: chats, those that get digests, bytes of the database, and how messages of digests fared."""

    day: date
    readers: int
    subscribed: int
    bytes: int
    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is in the database now; of the outbox by state, of feeds by how they are, of alerts by cause."""

    readers: int
    subscribed: int
    bytes: int
    outbox: Mapping[str, int]
    feeds: Mapping[str, int]
    alerts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What editors see of the last days; a day without the bot is missing among `days`."""

    now: Counts
    days: Sequence[DayFigures]
    used: Mapping[date, Mapping[Used, int]]
    most: Sequence[tuple[str, int]]
    """Titles of what was opened most, each with how often."""
    free: int
    """Bytes on the disk that nothing uses."""


def growth(days: Sequence[DayFigures]) -> float | None:
    """Return by how many bytes a day the database grows (least squares); None of too few days."""
    if len(days) < MIN_DAYS:
        return None
    at = [(each.day - days[0].day).days for each in days]
    middle, mean = sum(at) / len(at), sum(each.bytes for each in days) / len(days)
    spread = sum((x - middle) ** 2 for x in at)
    return sum((x - middle) * (each.bytes - mean) for x, each in zip(at, days, strict=True)) / spread
