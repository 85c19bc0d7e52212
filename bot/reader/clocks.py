"""Times of the day as people type them: `8:30pm`, `930`, `half past eight`, `晚上十二点半`."""

import re
from datetime import time
from typing import Final

from bot.errors import ScheduleError

_PARTS: Final = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|午夜|晚|早"
_MINUTES: Final = r"\d{2}|\d(?=分)|半|一刻|三刻|[一二三四五]?十[一二三四五六七八九]?"
_HALVES: Final = r"[ap](?:\.?m\.?)?(?![a-z])|in the (?:morning|afternoon|evening)|at night|noon\b|midnight\b"
_CLOCK: Final = re.compile(
    rf"(?P<part>{_PARTS})?\s*(?P<hour>\d{{1,2}}|[零〇一二两三四五六七八九十]{{1,3}})"
    rf"(?:\s*[:.h点點时時]\s*(?P<minute>{_MINUTES})?(?::\d{{2}}|\s*分)?|(?=\s|$|[,、;/]|[ap]\.?m?(?![a-z])))"
    rf"(?:钟|整)?(?:\s*(?P<half>{_HALVES}))?",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(
    rf"(?P<hour>\d{{1,2}})(?P<minute>\d{{2}})(?![\w:./-])(?:\s*(?P<half>{_HALVES}))?"
    r"|(?P<hour_half>\d{1,2})(?P<minute_half>\d{2})(?P<half_half>[ap]\.?m?\.?)(?![a-z])",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?P<noon>noon|midday|正午|(?:中午|午间)(?!\s*[\d零〇一二两三四五六七八九十]))"
    r"|(?P<midnight>midnight|零[点點时時]|(?:午夜|半夜)(?!\s*[\d零〇一二两三四五六七八九十]))(?:钟|整)?",
    re.IGNORECASE,
)
_WORDS: Final = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_WORD: Final = "|".join(_WORDS)
_PAST: Final = {
    "five": 5, "5": 5, "ten": 10, "10": 10, "quarter": 15, "a quarter": 15, "15": 15, "twenty": 20, "20": 20,
    "25": 25, "half": 30,
}  # fmt: skip
_SPOKEN: Final = re.compile(
    rf"(?P<minutes>{'|'.join(_PAST)})(?: minutes)? (?P<side>past|after|to|before) "
    rf"(?P<hour>\d{{1,2}}|{_WORD})\b(?:\s*(?P<half>{_HALVES}))?"
    rf"|(?P<whole>{_WORD})(?: o['’]?clock)?\b(?:\s*(?P<whole_half>{_HALVES}))?",
    re.IGNORECASE,
)
_DIGITS: Final = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_AFTERNOON: Final = frozenset({"下午", "傍晚", "in the afternoon", "in the evening", "p", "pm"})
_NIGHT: Final = frozenset({"晚上", "晚", "夜里", "半夜", "深夜", "午夜", "at night"})
_MORNING: Final = frozenset({"凌晨", "a", "am", "in the morning", "midnight"})
_NOON: Final = 12
_SMALL_HOURS: Final = 5
"""Hours of a night that are the next morning’s: `夜里两点`."""
_PAST_NOON: Final = 2
"""Hours past noon that are still called so: `中午一点`."""
_HOUR_MINUTES: Final = 60

Found = tuple[int, time]
"""How many characters say a time, and which."""


def clock_at_start(text: str) -> Found | None:
    """Return the time at the start of a text, or None. ScheduleError for one that no clock shows."""
    return _compact(text) or _named(text) or _spoken(text) or _written(text)


def _compact(text: str) -> Found | None:
    """`0930`, `930`, `930pm`."""
    match = _COMPACT.match(text)
    if match is None:
        return None
    hour, minute = match["hour"] or match["hour_half"], match["minute"] or match["minute_half"]
    return match.end(), _time(int(hour), int(minute), match["half"] or match["half_half"] or "", match[0])


def _named(text: str) -> Found | None:
    match = _NAMED.match(text)
    return (match.end(), time(_NOON if match["noon"] else 0)) if match else None


def _spoken(text: str) -> Found | None:
    """`half past eight`, `a quarter to nine in the evening`, `seven o’clock`."""
    match = _SPOKEN.match(text)
    if match is None:
        return None
    if match["whole"]:
        return match.end(), _time(_WORDS[match["whole"].lower()], 0, match["whole_half"] or "", match[0])
    minute, hour = _PAST[match["minutes"].lower()], _word(match["hour"].lower())
    if match["side"].lower() in {"to", "before"}:
        hour, minute = (hour - 1) or _NOON, _HOUR_MINUTES - minute
    return match.end(), _time(hour, minute, match["half"] or "", match[0])


def _written(text: str) -> Found | None:
    """`8:30pm`, `20h15`, `晚上八点半`."""
    match = _CLOCK.match(text)
    if match is None or (match.end() < len(text) and text[match.end()].isdecimal()):
        return None
    said = match["half"] or match["part"] or ""
    return match.end(), _time(_number(match["hour"]), _minute(match["minute"]), said, match[0])


def _time(hour: int, minute: int, said: str, word: str) -> time:
    """Return the time of a clock, `said` being the part of the day. ScheduleError when there is none."""
    part = said.replace(".", "").lower()
    if part and part.isascii() and not 1 <= hour <= _NOON:
        raise ScheduleError("subscribe.unknown_time", word=word.strip())
    if (part in _MORNING or part in _NIGHT) and hour == _NOON:
        hour = 0
    elif (
        (part in _AFTERNOON and hour < _NOON)
        or (part in _NIGHT and _SMALL_HOURS <= hour < _NOON)
        or (part == "中午" and hour <= _PAST_NOON)
    ):
        hour += _NOON
    if hour == 24 and minute == 0:  # noqa: PLR2004  # midnight, as some write it
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        raise ScheduleError("subscribe.unknown_time", word=word.strip()) from None


def _word(word: str) -> int:
    return int(word) if word.isdecimal() else _WORDS[word]


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.partition("十")
    if not ten:
        return int("".join(str(_DIGITS[char]) for char in word))
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _minute(word: str | None) -> int:
    named = {None: 0, "半": 30, "一刻": 15, "三刻": 45}
    return named[word] if word in named else _number(word or "")
