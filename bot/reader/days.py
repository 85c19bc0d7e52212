"""A day as people type it: 24 Dec, December 24, 12月24日, 2026-12-24."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.errors import ScheduleError

MAX_AHEAD: Final = timedelta(days=366)

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_DAY: Final = r"(\d{1,2})(?:st|nd|rd|th)?"
_FORMS: Final = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"), "ymd"),
    (re.compile(r"(?:(\d{4})\s*年)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?"), "ymd"),
    (re.compile(rf"{_DAY}\s*{_MONTH},?(?:\s*(\d{{4}}))?"), "dmy"),
    (re.compile(rf"{_MONTH}\s*{_DAY}(?:,?\s*(\d{{4}}))?"), "mdy"),
)


@dataclass(frozen=True, slots=True)
class DayInText:
    """A day that stands somewhere in a text; of which year is told by the day of whoever asks."""

    start: int
    end: int
    year: str
    month: int
    day: int

    def on(self, today: date) -> date | None:
        """Return that day of the year named, or the next such day, today included; None for no day at all."""
        return _next(self.year, self.month, self.day, today - timedelta(days=1))


def day_in(text: str) -> DayInText | None:
    """Return the first day that a text in lower case names, in any of the forms that `parse_day` knows."""
    for form, order in _FORMS:
        if match := re.search(rf"(?<![\d:.]){form.pattern}(?![\d:])", text, re.IGNORECASE):
            named = dict(zip(order, match.groups(), strict=True))
            return DayInText(
                match.start(), match.end(), named["y"] or "", _month(named["m"].lower()), int(named["d"])
            )
    return None


def parse_day(words: str, today: date) -> date:
    """Return a day after `today`, at most a year away. ScheduleError for anything else."""
    text = unicodedata.normalize("NFKC", words).strip().lower()
    for form, order in _FORMS:
        if match := form.fullmatch(text):
            named = dict(zip(order, match.groups(), strict=True))
            found = _next(named["y"], _month(named["m"]), int(named["d"]), today)
            if found and today < found <= today + MAX_AHEAD:
                return found
    raise ScheduleError("settings.unknown_day", word=words.strip())


def _month(word: str) -> int:
    return int(word) if word.isdecimal() else _MONTHS.index(word[:3]) + 1


def _next(year: str | None, month: int, day: int, today: date) -> date | None:
    """Return that day of the year named, or the next such day; None for one that does not exist."""
    for number in [int(year)] if year else range(today.year, today.year + 2):
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if found > today:
            return found
    return None
