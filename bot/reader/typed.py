"""What people type behind /subscribe: times, days and a zone, in any order, in Chinese and English."""

import re
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Final, Literal

from bot.errors import ScheduleError
from bot.reader.clocks import clock_at_start
from bot.reader.model import ALL_DAYS
from bot.reader.zones import folded, is_clock, zones_by_name
from bot.text import typed

MAX_TIMES: Final = 6
"""Digests that one reader may have in a day."""

_HOUR_MINUTES: Final = 60
_EASTMOST: Final = timedelta(hours=14)
_WESTMOST: Final = timedelta(hours=12)
_OFFSET: Final = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_POSIX: Final = re.compile(r"etc/gmt[+-](\d{1,2})", re.IGNORECASE)
_WEEKLY: Final = re.compile(
    r"每?(?:周|週|星期|礼拜)[一1]次|每[周週](?![一二三四五六日天1-7])|(?:once (?:a|per) week|weekly)\b",
    re.IGNORECASE,
)
_NOISE: Final = frozenset(
    "at on in and every each & the to time zone timezone digest please from o'clock 的 时间 时区 每".split()
)
_DAY: Final[dict[str, frozenset[int]]] = {
    **dict.fromkeys("daily everyday day days 每天 每日 天天".split(), ALL_DAYS),
    **dict.fromkeys("weekday weekdays workday workdays 工作日 平日".split(), frozenset({1, 2, 3, 4, 5})),
    **dict.fromkeys("weekend weekends 周末 週末 双休日".split(), frozenset({6, 7})),
    **{
        word: frozenset({number})
        for number, words in enumerate(
            (
                "monday mondays mon", "tuesday tuesdays tue tues", "wednesday wednesdays wed",
                "thursday thursdays thu thur thurs", "friday fridays fri", "saturday saturdays sat",
                "sunday sundays sun",
            ),
            1,
        )
        for word in words.split()
    },
}  # fmt: skip
_ISO: Final = {
    **{char: number for number, char in enumerate("一二三四五六日", 1)},
    **{char: number for number, char in enumerate("1234567", 1)},
    "天": 7,
}
_WEEK: Final = "(?:周|週|星期|礼拜)"
_DAYS_SPAN: Final = re.compile(
    rf"每?{_WEEK}([一二三四五六日天1-7])(?:[到至~—-]{_WEEK}?([一二三四五六日天1-7]))?"
)
_DAYS_ROW: Final = re.compile(rf"每?{_WEEK}([一二三四五六日天1-7][一二三四五六日天、1-7]+)")
_NAMED_DAYS: Final = ("每天", "每日", "天天", "工作日", "周末", "週末")
_GLUED: Final = " ,、;/\t\n和与及在于"
"""What joins words, also without a space between."""


@dataclass(frozen=True, slots=True)
class ParsedSchedule:
    """What somebody asked for; what they left out is empty."""

    times: tuple[time, ...] = ()
    days: frozenset[int] = frozenset()
    zone: str | None = None
    offset: timedelta | None = None
    """What their clock is ahead of UTC, which many zones may be."""

    @property
    def words(self) -> str:
        """Words that ask for the same."""
        days = "周" + "".join(map(str, sorted(self.days))) if self.days else ""
        return " ".join(filter(None, (*(f"{at:%H:%M}" for at in self.times), days, self.zone)))


class ScheduleParseError(ScheduleError):
    """Some words were not understood; `understood` is what the others ask for."""

    def __init__(self, error: ScheduleError, understood: ParsedSchedule) -> None:
        self.understood = understood
        super().__init__(error.key, **error.values)


def parse_schedule(words: str) -> ParsedSchedule:
    """Return what words ask for.

    ScheduleParseError for a word that means nothing, an unclear zone, and too many times.
    """
    rest = typed(words)
    reading = _Reading()
    misread: ScheduleError | None = None
    # Words are taken from the front, one after another, whatever their order.
    while rest := rest.lstrip(_GLUED):
        try:
            length, found = _first(rest)
        except ScheduleError as error:
            misread = misread or error
            length, found = len(re.split(r"[\s,、;]", rest, maxsplit=1)[0]), None
        reading.take(found)
        rest = rest[length:]
    if misread := misread or reading.fault():
        raise ScheduleParseError(misread, reading.schedule())
    return reading.schedule()


@dataclass(slots=True)
class _Reading:
    """What was understood so far."""

    times: set[time] = field(default_factory=set)
    days: set[int] = field(default_factory=set)
    zone: str | None = None
    offset: timedelta | None = None
    weekly: bool = False

    def take(self, found: "_Found") -> None:
        match found:
            case time():
                self.times.add(found)
            case frozenset() if not found:
                self.weekly = True
            case frozenset():
                self.days |= found
            case timedelta():
                self.offset = found
            case str():
                self.zone = found
            case None:
                pass

    def fault(self) -> ScheduleError | None:
        """Return what is wrong with all of it together."""
        if len(self.times) > MAX_TIMES:
            return ScheduleError("subscribe.too_many", count=len(self.times), most=MAX_TIMES)
        return ScheduleError("subscribe.which_day") if self.weekly and not self.days else None

    def schedule(self) -> ParsedSchedule:
        times = tuple(sorted(self.times))[:MAX_TIMES]
        return ParsedSchedule(times, frozenset(self.days), self.zone, self.offset)


_Found = time | frozenset[int] | timedelta | str | None


def _first(text: str) -> tuple[int, _Found]:
    """Return what stands first in a text, and its length. ScheduleError when nothing known does."""
    if clock := clock_at_start(text):
        return clock
    if chinese := _chinese_days(text):
        return chinese
    words = text.split(" ", 4)[:4]
    # Names of cities may have several words, so the longest row of words is tried first.
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count])
        known = _known(phrase.rstrip(",、;"))
        if known is not False:
            return len(phrase), known
    if "," in words[0].strip(","):
        first = words[0].split(",")[0]
        return len(first) + 1, _known_or_fail(first)
    return len(words[0]), _known_or_fail(words[0])


def _known_or_fail(word: str) -> _Found:
    known = _known(word.strip(",、;"))
    if known is not False:
        return known
    # What it was meant to be is told by how it begins.
    if word[:1].isdecimal():
        raise ScheduleError("subscribe.unknown_time", word=word)
    if "/" in word or word[:1] in "+-":
        raise ScheduleError("subscribe.unknown_zone", word=word)
    raise ScheduleError("subscribe.unknown_word", word=word)


def _known(phrase: str) -> _Found | Literal[False]:
    """Return what a word or row of words means; False when nothing."""
    word = phrase.casefold().strip()
    if word in _NOISE:
        return None
    if days := _DAY.get(word) or _DAY.get(word.removeprefix("every ")):
        return days
    if span := re.fullmatch(r"([a-z]+)\s*(?:-|–|to|until)\s*([a-z]+)", word):
        first, last = _DAY.get(span[1]), _DAY.get(span[2])
        if first and last and len(first) == len(last) == 1:
            return _days_between(min(first), min(last))
    zone = _zone(phrase)
    return False if zone is None else zone


def _zone(phrase: str) -> str | timedelta | None:
    name = phrase.strip()
    if is_clock(name):
        raise ScheduleError("subscribe.short_zone", word=name)
    if sign := _POSIX.fullmatch(name):
        # These names are written the other way round: which way was meant, only who typed it knows.
        raise ScheduleError("subscribe.unclear_zone", word=name, hours=int(sign[1]))
    match = _OFFSET.fullmatch(name)
    if match:
        hours, minutes = int(match[2]), int(match[3] or 0)
        offset = timedelta(hours=hours, minutes=minutes)
        if minutes >= _HOUR_MINUTES or offset > (_EASTMOST if match[1] == "+" else _WESTMOST):
            raise ScheduleError("subscribe.unknown_zone", word=name)
        return offset if match[1] == "+" else -offset
    return zones_by_name().get(folded(name))


def offset_zone(hours: int) -> str:
    """Return the zone that is always so many hours ahead of UTC."""
    return f"Etc/GMT{-hours:+}" if hours else "UTC"


def _chinese_days(text: str) -> tuple[int, frozenset[int]] | None:
    # Once a week is no day: which one stands elsewhere.
    if week := _WEEKLY.match(text):
        return week.end(), frozenset()
    row = _DAYS_ROW.match(text)
    span = _DAYS_SPAN.match(text)
    for word in _NAMED_DAYS:
        if text.startswith(word):
            return len(word), _DAY[word]
    if span and span[2]:
        return span.end(), _days_between(_ISO[span[1]], _ISO[span[2]])
    if row:
        return row.end(), frozenset(_ISO[char] for char in row[1] if char in _ISO)
    return (span.end(), frozenset({_ISO[span[1]]})) if span else None


def _days_between(first: int, last: int) -> frozenset[int]:
    return frozenset((first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1))
