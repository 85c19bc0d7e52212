"""Dates as people write them in Chinese and English; of one with a time and a zone, the day in that zone."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

_MONTHS: Final = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_DIGITS: Final = {char: number for number, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_HAN_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
_MONTHS_A_YEAR: Final = 12

Read = Callable[[re.Match[str]], date | None]


def find_date(text: str) -> date | None:
    """Return the first date in a text; None for none, no such day, or one that can be read two ways."""
    for pattern, read in _FORMS:
        if match := pattern.search(text):
            return read(match)
    return None


def _date(year: int | str, month: int, day: int | str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _named(year: str, month: str, day: str) -> date | None:
    """Return the date whose month is known by its first three letters."""
    return _date(year, _MONTHS.get(month[:3].lower(), 0), day)


def _in_han(match: re.Match[str]) -> date | None:
    year = "".join(str(_DIGITS[char]) for char in match[1])
    return _date(year, _number(match[2]), _number(match[3]))


def _number(han: str) -> int:
    """Return the number of `二十三`: 23."""
    tens, ten, ones = han.rpartition("十")
    if not ten:
        return _DIGITS[han] if len(han) == 1 else 0
    return 10 * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)


def _year_last(match: re.Match[str]) -> date | None:
    """Read `23.1.2026` and `23/1/2026` as the 23rd; `3/4/2026` could be either."""
    first, second, year = int(match[1]), int(match[3]), match[4]
    if match[2] == "." or first > _MONTHS_A_YEAR or first == second:
        return _date(year, second, first)
    return _date(year, first, second) if second > _MONTHS_A_YEAR else None


_FORMS: Final[tuple[tuple[re.Pattern[str], Read], ...]] = (
    (
        re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号號]?"),
        lambda match: _date(match[1], int(match[2]), match[3]),
    ),
    (
        re.compile(
            r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})(?!\d)"
        ),
        lambda match: _named(match[3], match[2], match[1]),
    ),
    (
        re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)"),
        lambda match: _named(match[3], match[1], match[2]),
    ),
    (
        re.compile(r"\A\s*(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?\s*\Z"),
        lambda match: _date(match[1], int(match[2]), match[3]),
    ),
    (re.compile(rf"([〇零一二三四五六七八九]{{4}})年({_HAN_NUMBER})月({_HAN_NUMBER})[日号號]"), _in_han),
    (re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?![\d./-])"), _year_last),
)
"""What is looked for, in this order."""
