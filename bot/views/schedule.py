"""A reader's schedule in words: their times, their days, their own clock."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import Say
from bot.reader.model import ALL_DAYS, Schedule
from bot.reader.schedule import upcoming

WORKDAYS: Final = frozenset({1, 2, 3, 4, 5})
WEEKEND: Final = frozenset({6, 7})


def describe(schedule: Schedule, say: Say) -> str:
    """Return every day at 08:00, Shanghai time."""
    times = say.list(say.clock(time) for time in schedule.times)
    return say(
        "when.schedule",
        days=days_in_words(schedule.days, say),
        times=times,
        zone=zone_name(schedule.zone, say),
    )


def zone_name(zone: str, say: Say) -> str:
    """Return a zone as people say it: its city, or its distance from UTC."""
    if zone.startswith("Etc/GMT"):
        return f"UTC{-int(zone.removeprefix('Etc/GMT')):+}"
    return say.city(zone)


def days_in_words(days: frozenset[int], say: Say) -> str:
    """Return every day; weekdays; on Mon and Thu."""
    if days == ALL_DAYS:
        return say("when.every_day")
    if days == WORKDAYS:
        return say("when.workdays")
    if days == WEEKEND:
        return say("when.weekend")
    return say("when.on_days", days=say.list(say.weekday(day) for day in sorted(days)))


def city_clock(zone: str, now: datetime, say: Say) -> str:
    """Return a zone's city and what its clocks show: Berlin 13:00."""
    return f"{zone_name(zone, say)} {say.clock(now.astimezone(ZoneInfo(zone)))}"


def upcoming_digests(schedule: Schedule, now: datetime, say: Say) -> str:
    """Return what a choice comes to: the next three digests, a line each."""
    lines = (f"· {line}" for line in next_times(schedule, now, say))
    return "\n".join((say("subscribe.next_times"), *lines))


def next_times(schedule: Schedule, after: datetime, say: Say, count: int = 3) -> list[str]:
    """Return the next due times as the reader's own clock shows them: tomorrow, Wed 25 Nov, 08:00."""
    zone = ZoneInfo(schedule.zone)
    today = after.astimezone(zone).date()
    lines = []
    for slot in upcoming(schedule, after, count):
        local = slot.at.astimezone(zone)
        day = say.short_day(local)
        if local.date() == today:
            day = say("when.today", day=day)
        elif local.date() == today + timedelta(days=1):
            day = say("when.tomorrow", day=day)
        lines.append(say("when.line", day=day, time=say.clock(local)))
    return lines
