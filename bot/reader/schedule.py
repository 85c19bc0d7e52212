"""When a reader's next digest is due, in their own clock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.reader.model import Schedule, Slot, Subscription


def next_slot(schedule: Schedule, after: datetime) -> Slot:
    """Return the first due time strictly after an instant."""
    return next(_slots(schedule, after))


def next_digest(subscription: Subscription, after: datetime) -> datetime | None:
    """Return when the next digest of a subscription is due; None until its zone is known."""
    return next_slot(subscription.schedule, after).at if subscription.schedule else None


def upcoming(schedule: Schedule, after: datetime, count: int) -> tuple[Slot, ...]:
    """Return the next `count` due times strictly after an instant."""
    return tuple(islice(_slots(schedule, after), count))


def between(schedule: Schedule, first: datetime, last: datetime) -> Iterator[Slot]:
    """Yield every due time from `first` to `last`, both included."""
    for slot in _slots(schedule, first - timedelta(microseconds=1)):
        if slot.at > last:
            return
        yield slot


def _slots(schedule: Schedule, after: datetime) -> Iterator[Slot]:
    """Yield due times strictly after an instant, in order; two that fall on one instant are one."""
    zone = ZoneInfo(schedule.zone)
    day = after.astimezone(zone).date()
    if schedule.paused_until is not None:
        day = max(day, schedule.paused_until)
    last = after
    while True:
        for slot in _slots_of_day(schedule, day, zone):
            if slot.at > last:
                last = slot.at
                yield slot
        day += timedelta(days=1)


def _slots_of_day(schedule: Schedule, day: date, zone: ZoneInfo) -> list[Slot]:
    """Return the due times of a local day, in order; of those on one instant the first, weekly if any is."""
    weekly = schedule.weekly if schedule.weekly and schedule.weekly.day == day.isoweekday() else None
    moments = set(schedule.times if day.isoweekday() in schedule.days else ())
    slots: dict[datetime, Slot] = {}
    for moment in sorted(moments | {weekly.at} if weekly else moments):
        is_weekly = weekly is not None and moment == weekly.at
        # Named by the wall clock, so that a day has each slot once whatever the clocks do.
        name = f"{day.isoformat()}T{moment.strftime('%H:%M')}"
        slot = Slot(instant(day, moment, zone), name, is_weekly)
        # In a gap, two local times fall on the same instant: one digest.
        before = slots.setdefault(slot.at, slot)
        slots[slot.at] = replace(before, is_weekly=before.is_weekly or is_weekly)
    return list(slots.values())


def instant(day: date, moment: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time: the first of two in an overlap, the end of a gap."""
    local = datetime.combine(day, moment, zone)
    at = local.astimezone(UTC)
    # A local time exists when it survives the way to UTC and back.
    if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    # In a gap: the clock jumps between these two readings of the time that never was.
    early, late = sorted((at, local.replace(fold=1).astimezone(UTC)))
    return _jump(early, late, zone)


def _jump(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Return the second at which the offset changes between two instants."""
    before = early.astimezone(zone).utcoffset()
    # Bisection: the database of time zones offers no list of its transitions.
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
