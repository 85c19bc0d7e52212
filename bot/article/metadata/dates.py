"""Dates as people and programs write them; of one with a time and a zone, the day in that zone."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan januar janvier ene enero janeiro gen gennaio januari styczeń stycznia ocak января янв",
            "feb februar février fév febrero fevereiro fev febbraio februari luty lutego şubat февраля фев",
            "mar march märz mars marzo março maart maret marzec marca mart марта мар",
            "apr april avril avr abril abr aprile kwiecień kwietnia nisan апреля апр",
            "may mai mayo maio maggio mag mei maj maja mayıs мая",
            "jun june juni juin junio junho giugno giu czerwiec czerwca haziran июня июн",
            "jul july juli juillet juil julio julho luglio lug lipiec lipca temmuz июля июл",
            "aug august août agosto ago augustus agustus sierpień sierpnia ağustos августа авг",
            (
                "sep sept september septembre septiembre setembro settembre set wrzesień września "
                "eylül сентября сен"
            ),
            (
                "oct okt october oktober octobre octubre outubro out ottobre ott październik października "
                "ekim октября окт"
            ),
            "nov november novembre noviembre novembro listopad listopada kasım ноября ноя",
            (
                "dec dez des december dezember décembre déc diciembre dic dezembro dicembre desember "
                "grudzień grudnia aralık декабря дек"
            ),
        ),
        1,
    )
    for name in names.split()
}
"""Of English and ten other languages of Europe and Asia."""
_DIGITS: Final = {char: number for number, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_HAN_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
_MONTHS_A_YEAR: Final = 12
_YEARS: Final = (1970, 2100)
"""Between which a bare number can be seconds since 1970."""
_MILLISECOND_DIGITS: Final = 13

_COMMA: Final = re.compile(
    r"([^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?(?=, \d{4})"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?), (?=\w)",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"[\d〇零一二三四五六七八九十]")

Read = Callable[[re.Match[str]], date | None]


def find_date(text: str) -> date | None:
    """Return the first date in a text; None for none, no such day, or one that can be read two ways."""
    if not _DIGIT.search(text):
        return None
    for pattern, read in _FORMS:
        if match := pattern.search(text):
            return read(match)
    return None


def without_commas(text: str) -> str:
    """Return a text without the commas inside its dates: `Sunday, Nov 1, 2026`."""
    return _COMMA.sub(r"\1 ", text) if "," in text else text


def _date(year: int | str, month: int, day: int | str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _named(year: str, month: str, day: str) -> date | None:
    """Return the date whose month is called so, or begins so in English."""
    name = month.casefold().rstrip(".")
    return _date(year, _MONTHS.get(name) or _MONTHS.get(name[:3], 0), day)


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


def _since_1970(match: re.Match[str]) -> date | None:
    """Read seconds or milliseconds, as programs note them; the day in UTC."""
    seconds = int(match[1]) / (1000 if len(match[1]) == _MILLISECOND_DIGITS else 1)
    day = datetime.fromtimestamp(seconds, UTC).date()
    return day if _YEARS[0] < day.year < _YEARS[1] else None


_MONTH: Final = r"([^\W\d_]{3,12})"

_FORMS: Final[tuple[tuple[re.Pattern[str], Read], ...]] = (
    (
        re.compile(r"(?<!\d)(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)\s*[日号號일]?"),
        lambda match: _date(match[1], int(match[2]), match[3]),
    ),
    (
        re.compile(
            r"(?<!\d)(\d{1,2})\s+(?:tháng|thg)\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})(?!\d)", re.IGNORECASE
        ),
        lambda match: _date(match[3], int(match[2]), match[1]),
    ),
    (
        re.compile(
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]+(?:(?:of|de|di|del)\s+)?{_MONTH}"
            r"\.?,?(?:[\s-]+|\s+(?:de|del)\s+)(\d{4})(?!\d)",
            re.IGNORECASE,
        ),
        lambda match: _named(match[3], match[2], match[1]),
    ),
    (
        re.compile(rf"{_MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)"),
        lambda match: _named(match[3], match[1], match[2]),
    ),
    (
        re.compile(r"\A\s*(\d{4})(\d{2})(\d{2})(?:T?(?:\d{4}|\d{6})Z?)?\s*\Z"),
        lambda match: _date(match[1], int(match[2]), match[3]),
    ),
    (re.compile(r"\A\s*(\d{10}|\d{13})(?:\.\d+)?\s*\Z"), _since_1970),
    (re.compile(rf"([〇零一二三四五六七八九]{{4}})年({_HAN_NUMBER})月({_HAN_NUMBER})[日号號]"), _in_han),
    (re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?![\d./-])"), _year_last),
)
"""What is looked for, in this order."""
