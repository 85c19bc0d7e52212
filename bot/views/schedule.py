"""A reader's schedule in words: their times, their days, their own clock."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.reader.model import ALL_DAYS, Schedule, Slot
from bot.reader.schedule import next_slot, upcoming

WORKDAYS: Final = frozenset({1, 2, 3, 4, 5})
WEEKEND: Final = frozenset({6, 7})

_SHOWN: Final = 3
"""Digests that are named when a schedule changes."""


def describe(schedule: Schedule, tr: Translator) -> str:
    """Describe a schedule: every day at 08:00, Shanghai time; the week on Sun at 18:00."""
    zone, weekly = zone_name(schedule.zone, tr), schedule.weekly
    times = tr.list(tr.clock(time) for time in schedule.times)
    daily = tr("when.schedule", days=days_in_words(schedule.days, tr), times=times, zone=zone)
    if weekly is None:
        return daily
    key = "when.daily_and_weekly" if schedule.times else "when.weekly"
    return tr(key, daily=daily, day=tr.weekday(weekly.day), time=tr.clock(weekly.at), zone=zone)


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
    """Return what a choice comes to: the next three digests and that of the week, a line each."""
    slots = upcoming(schedule, now, _SHOWN)
    if schedule.weekly and not any(slot.is_weekly for slot in slots):
        slots += (next_slot(replace(schedule, times=()), now),)
    title = tr("subscribe.next_times" if len(slots) == _SHOWN else "subscribe.next_ones")
    return "\n".join((title, *(f"· {_in_words(slot, schedule, now, tr)}" for slot in slots)))


def next_time(schedule: Schedule, after: datetime, tr: Translator) -> str:
    """Return the next due time as the reader's own clock shows it: tomorrow, Wed 25 Nov, 08:00."""
    return _in_words(next_slot(schedule, after), schedule, after, tr)


def _in_words(slot: Slot, schedule: Schedule, now: datetime, tr: Translator) -> str:
    key = "when.line_weekly" if slot.is_weekly else "when.line"
    return moment_in_words(slot.at, schedule.zone, now, tr, key=key)


def moment_in_words(at: datetime, zone: str, now: datetime, tr: Translator, *, key: str = "when.line") -> str:
    """Return an instant as the clocks of a zone (IANA) show it: tomorrow, Wed 25 Nov, 08:30."""
    today, local = now.astimezone(ZoneInfo(zone)).date(), at.astimezone(ZoneInfo(zone))
    day = tr.short_day(local)
    if local.date() == today:
        day = tr("when.today", day=day)
    elif local.date() == today + timedelta(days=1):
        day = tr("when.tomorrow", day=day)
    return tr(key, day=day, time=tr.clock(local))
