"""Every zone that there is, over two years: each chosen local time gets one digest, in order, none in a pause."""

import random  # noqa: TID251  # a seed for each zone makes it repeatable
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.slots import MAX_LATENESS, due
from bot.reader.model import Schedule, Slot, Weekly
from bot.reader.schedule import between, next_slot

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime"})
SECOND = timedelta(seconds=1)
CHUNKS = 12

minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
schedules = st.builds(
    Schedule,
    zone=st.sampled_from(ZONES),
    times=st.sets(minutes, max_size=4).map(lambda times: tuple(sorted(times))),
    days=st.frozensets(st.integers(1, 7), min_size=1),
    weekly=st.none() | st.builds(Weekly, st.integers(1, 7), minutes),
).filter(lambda schedule: bool(schedule.times or schedule.weekly))


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows."""
    return at.astimezone(zone).replace(tzinfo=None)


def wanted(schedule: Schedule, zone: ZoneInfo) -> Iterator[datetime]:
    """The local times that were chosen and lie wholly within these years, whatever the clocks do then."""
    day = local(FIRST, zone).date() + timedelta(days=2)
    while day < local(LAST, zone).date() - timedelta(days=2):
        paused = schedule.paused_until is not None and day < schedule.paused_until
        times = set(schedule.times if day.isoweekday() in schedule.days else ())
        if schedule.weekly and schedule.weekly.day == day.isoweekday():
            times.add(schedule.weekly.at)
        if not paused:
            yield from (datetime.combine(day, at) for at in sorted(times))
        day += timedelta(days=1)


def is_right(at: datetime, chosen: datetime, zone: ZoneInfo) -> bool:
    """The first instant at which the clock shows this time; when it never does, the first at which it is past."""
    shown = local(at, zone)
    if shown == chosen:
        return not any(
            local(at - timedelta(minutes=back), zone) == chosen for back in (30, 60, 120)
        )  # by so much clocks are put back
    return shown > chosen > local(at - SECOND, zone)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_over_two_years_each_chosen_local_time_gets_one_digest(chunk: int) -> None:
    for name in ZONES[chunk::CHUNKS]:
        dice, zone = random.Random(name), ZoneInfo(name)  # noqa: S311  # nothing secret
        hours = [0, 1, 2, 3, 23, dice.randrange(24)]  # most clocks are changed at night
        times = {time(dice.choice(hours), dice.choice([0, 15, 30, 59])) for _ in range(dice.randint(1, 3))}
        days = frozenset(dice.sample(range(1, 8), dice.randint(5, 7)))
        pause = dice.choice([None, date(2026, 4, 1), date(2027, 11, 8)])
        evening = time(dice.choice(hours), dice.choice([0, 15, 30, 59]))
        weekly = dice.choice([None, Weekly(dice.choice([6, 7]), evening)])
        schedule = Schedule(
            zone=name, times=tuple(sorted(times)), days=days, weekly=weekly, paused_until=pause
        )
        found = list(between(schedule, FIRST, LAST))
        assert all(earlier.at < later.at for earlier, later in pairwise(found)), schedule
        slots = {datetime.fromisoformat(slot.name): slot.at for slot in found}
        assert len(slots) == len(found), schedule
        for chosen in wanted(schedule, zone):
            at = slots.get(chosen)
            if at is None:  # two that the clocks pass over at once are one
                assert any(is_right(other, chosen, zone) for other in slots.values()), (schedule, chosen)
            else:
                assert is_right(at, chosen, zone), (schedule, chosen, at)
        if weekly:
            weeks = [slot for slot in found if slot.is_weekly]
            assert all(slot.at - before.at <= timedelta(days=8) for before, slot in pairwise(weeks)), schedule
            assert len(weeks) >= 7, schedule
        assert pause is None or not [chosen for chosen in slots if chosen.date() < pause], schedule


LOOKS = (timedelta(seconds=30), timedelta(minutes=7), timedelta(hours=3), timedelta(days=2))


@given(
    schedules, st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.lists(st.sampled_from(LOOKS), max_size=60)
)
def test_whenever_the_program_looks_each_slot_is_dealt_with_once(
    schedule: Schedule, start: date, looks: list[timedelta]
) -> None:
    now = begin = datetime.combine(start, time(0, 20), UTC)
    next_at = next_slot(schedule, now).at
    served: list[Slot] = []
    dealt_with: list[Slot] = []
    late: set[str] = set()
    for look in looks:
        now += look
        if now < next_at:
            continue
        found = due(schedule, since=next_at, now=now)
        assert found.next_at > now
        assert all(now - slot.at > MAX_LATENESS for slot in found.late)
        if found.slot is not None:
            assert now - found.slot.at <= MAX_LATENESS
            served.append(found.slot)
        late |= {slot.name for slot in found.late}
        dealt_with += [*found.late, *found.merged, *([found.slot] if found.slot else [])]
        next_at = found.next_at
    expected = list(between(schedule, begin + SECOND / 1000, now))
    assert [slot.name for slot in dealt_with] == [slot.name for slot in expected]
    # A digest of the week that is too late is left out; any other is sent, at the latest with the next one.
    for slot in expected:
        if slot.is_weekly and slot.name not in late:
            assert next(each for each in served if each.at >= slot.at).is_weekly
    assert served == sorted(set(served), key=lambda slot: slot.at)


@given(schedules, st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.integers(0, 40))
def test_pause_leaves_out_its_days_and_no_others(schedule: Schedule, start: date, days: int) -> None:
    first = datetime.combine(start, time(), UTC)
    until = start + timedelta(days=days)
    free = list(between(schedule, first, first + timedelta(days=60)))
    paused = list(between(replace(schedule, paused_until=until), first, first + timedelta(days=60)))
    assert paused == [slot for slot in free if slot.name >= f"{until}"]
