"""A reader's schedule in words: their times, their days, their own clock."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.reader.model import ALL_DAYS, Schedule
from bot.reader.schedule import upcoming

WORKDAYS: Final = frozenset({1, 2, 3, 4, 5})
WEEKEND: Final = frozenset({6, 7})


def describe(schedule: Schedule, tr: Translator) -> str:
    """Describe a schedule: every day at 08:00, Shanghai time."""
    times = tr.list(tr.clock(time) for time in schedule.times)
    return tr(
        "when.schedule", days=days_in_words(schedule.days, tr), times=times, zone=zone_name(schedule.zone, tr)
    )


def zone_name(zone: str, tr: Translator) -> str:
    """Return a zone as people say it: its city, or its distance from UTC."""
    if zone.startswith("Etc/GMT"):
        return f"UTC{-int(zone.removeprefix('Etc/GMT')):+}"
    return tr.city(zone)


def days_in_words(days: frozenset[int], tr: Translator) -> str:
    """Describe weekdays: every day; weekdays; on Mon and Thu."""
    if days == ALL_DAYS:
        return tr("when.every_day")
    if days == WORKDAYS:
        return tr("when.workdays")
    if days == WEEKEND:
        return tr("when.weekend")
    return tr("when.on_days", days=tr.list(tr.weekday(day) for day in sorted(days)))


def city_clock(zone: str, now: datetime, tr: Translator) -> str:
    """Return a zone's city and what its clocks show: Berlin 13:00."""
    return f"{zone_name(zone, tr)} {tr.clock(now.astimezone(ZoneInfo(zone)))}"


def upcoming_digests(schedule: Schedule, now: datetime, tr: Translator) -> str:
    """Return what a choice comes to: the next three digests, a line each."""
    lines = (f"· {line}" for line in next_times(schedule, now, tr))
    return "\n".join((tr("subscribe.next_times"), *lines))


def next_times(schedule: Schedule, after: datetime, tr: Translator, count: int = 3) -> list[str]:
    """Return the next due times as the reader's own clock shows them: tomorrow, Wed 25 Nov, 08:00."""
    zone = ZoneInfo(schedule.zone)
    today = after.astimezone(zone).date()
    lines = []
    for slot in upcoming(schedule, after, count):
        local = slot.at.astimezone(zone)
        day = tr.short_day(local)
        if local.date() == today:
            day = tr("when.today", day=day)
        elif local.date() == today + timedelta(days=1):
            day = tr("when.tomorrow", day=day)
        lines.append(tr("when.line", day=day, time=tr.clock(local)))
    return lines
