"""A moment as people type it: `8:30`, `tomorrow 9am`, `Fri 18:00`, `24 Dec 7:00 London`, `明天早上八点`."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import ScheduleError
from bot.reader.days import MAX_AHEAD, day_in
from bot.reader.schedule import instant
from bot.reader.typed import ParsedSchedule, ScheduleParseError, parse_schedule
from bot.text import typed

_DAYS: Final = {
    "day after tomorrow": 2, "tomorrow": 1, "tonight": 0, "today": 0, "tmrw": 1,
    "大后天": 3, "后天": 2, "後天": 2, "明天": 1, "明日": 1, "明": 1, "今天": 0, "今日": 0, "今": 0,
}  # fmt: skip
_DAY: Final = re.compile(rf"\b(?:{'|'.join(each for each in _DAYS if each.isascii())})\b|"
    r"大后天|后天|後天|明[天日]|今[天日]|[明今](?=[早晚上])", re.IGNORECASE)  # fmt: skip
_LATER: Final = re.compile(
    r"(?:in\s+)?(\d{1,3})\s*(?:(?P<hours>hours?|hrs?|h|个?小时|個?小時)|(?:minutes?|mins?|m|分钟|分鐘))"
    r"(?:\s*后|\s*後| from now)?",
    re.IGNORECASE,
)


def parse_moment(words: str, *, now: datetime, zone: str | None) -> datetime:
    """Return the instant that words mean, within a year from `now` (aware).

    Without a day it is the next such time; a zone that is named wins over `zone` (IANA, None for not known).
    ScheduleError for what means no single moment, for one that is over, and where no zone is known.
    """
    text = typed(words)
    if later := _LATER.fullmatch(text):
        count = int(later[1])
        return now + (timedelta(hours=count) if later["hours"] else timedelta(minutes=count))
    relative = _DAY.search(text)
    rest = text if relative is None else f"{text[: relative.start()]} {text[relative.end() :]}"
    spot = None if relative else day_in(rest)
    if spot is not None:
        rest = f"{rest[: spot.start]} {rest[spot.end :]}"
    asked = _schedule(rest, words)
    name = asked.zone or zone
    if name is None or asked.offset is not None:
        raise ScheduleError("moments.no_zone")
    local = ZoneInfo(name)
    today = now.astimezone(local).date()
    if len(asked.times) != 1 or len(asked.days) > 1:
        raise ScheduleError("moments.unclear", word=words.strip())
    day: date | None = None
    if relative is not None:
        day = today + timedelta(days=_DAYS[relative[0].lower()])
    elif spot is not None:
        day = spot.on(today)
        if day is None:
            raise ScheduleError("moments.over", word=words.strip())
    at = _first(day, asked, today, now, local)
    if at is None or not now < at <= now + MAX_AHEAD:
        raise ScheduleError("moments.over", word=words.strip())
    return at


def _schedule(rest: str, words: str) -> ParsedSchedule:
    try:
        return parse_schedule(rest)
    except ScheduleParseError as error:
        raise ScheduleError("moments.unclear", word=words.strip()) from error


def _first(
    day: date | None, asked: ParsedSchedule, today: date, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """Return the time on that day; without one, the next such time on a weekday that was asked for."""
    if day is not None:
        return instant(day, asked.times[0], zone)
    for ahead in range(9):
        on = today + timedelta(days=ahead)
        if not asked.days or on.isoweekday() in asked.days:
            at = instant(on, asked.times[0], zone)
            if at > now:
                return at
    return None
