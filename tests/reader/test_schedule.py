"""A reader's day is theirs: due times in their own zone, also when the clocks change."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reader.model import Schedule, Weekly
from bot.reader.schedule import between, next_slot, upcoming


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_next_slot_is_strictly_later() -> None:
    schedule = Schedule(zone="Asia/Shanghai", times=(time(8), time(20)))
    assert next_slot(schedule, utc("2026-11-24T00:00")).at == utc("2026-11-24T12:00")
    assert next_slot(schedule, utc("2026-11-23T23:59")).name == "2026-11-24T08:00"


def test_only_chosen_days_count_by_the_readers_calendar() -> None:
    schedule = Schedule(zone="Pacific/Auckland", days=frozenset({1}))
    slots = upcoming(schedule, utc("2026-11-24T00:00"), 2)
    assert [slot.name for slot in slots] == ["2026-11-30T08:00", "2026-12-07T08:00"]
    assert slots[0].at == utc("2026-11-29T19:00")


def test_digest_of_the_week_comes_beside_the_daily_ones() -> None:
    schedule = Schedule(zone="UTC", times=(time(8),), days=frozenset({5, 6}), weekly=Weekly(7, time(18)))
    slots = upcoming(schedule, utc("2026-11-24T00:00"), 4)
    assert [(slot.name, slot.is_weekly) for slot in slots] == [
        ("2026-11-27T08:00", False),
        ("2026-11-28T08:00", False),
        ("2026-11-29T18:00", True),
        ("2026-12-04T08:00", False),
    ]


def test_digest_of_the_week_at_a_daily_time_is_one_digest() -> None:
    schedule = Schedule(zone="UTC", times=(time(8), time(20)), weekly=Weekly(2, time(8)))
    slots = upcoming(schedule, utc("2026-11-24T00:00"), 3)
    assert [(slot.name[8:], slot.is_weekly) for slot in slots] == [
        ("24T08:00", True),
        ("24T20:00", False),
        ("25T08:00", False),
    ]


@pytest.mark.parametrize("times", [(time(2, 15),), ()])
def test_digest_of_the_week_in_a_gap_is_not_lost(times: tuple[time, ...]) -> None:
    """At 02:00 on this Sunday, clocks in Berlin go to 03:00."""
    schedule = Schedule(zone="Europe/Berlin", times=times, weekly=Weekly(7, time(2, 45)))
    slot = next_slot(schedule, utc("2026-03-28T12:00"))
    assert (slot.at, slot.is_weekly) == (utc("2026-03-29T01:00"), True)


def test_day_that_never_was_and_the_next_are_one_digest() -> None:
    """In Apia, the 30th of December 2011 was left out."""
    schedule = Schedule(zone="Pacific/Apia", times=(time(0), time(8)))
    slots = upcoming(schedule, utc("2011-12-29T18:30"), 2)
    assert [slot.at for slot in slots] == [utc("2011-12-30T10:00"), utc("2011-12-30T18:00")]


def test_digest_of_the_week_may_come_alone() -> None:
    schedule = Schedule(zone="UTC", times=(), weekly=Weekly(1, time(9)))
    slots = upcoming(schedule, utc("2026-11-24T00:00"), 2)
    assert [slot.name for slot in slots] == ["2026-11-30T09:00", "2026-12-07T09:00"]


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        ("Europe/Berlin", time(2, 30), "2026-03-28T12:00", "2026-03-29T01:00"),  # the gap ends at 01:00 UTC
        ("Europe/Berlin", time(2, 30), "2026-10-24T12:00", "2026-10-25T00:30"),  # the first of two
        ("Australia/Lord_Howe", time(2, 15), "2026-10-03T12:00", "2026-10-03T15:30"),  # half an hour
        ("Pacific/Apia", time(8), "2011-12-29T18:00", "2011-12-30T10:00"),  # the 30th never was
    ],
)
def test_when_the_clocks_change_the_digest_comes_once(zone: str, at: time, after: str, expected: str) -> None:
    assert next_slot(Schedule(zone=zone, times=(at,)), utc(after)).at == utc(expected)


def test_what_lies_between_two_instants_includes_both() -> None:
    schedule = Schedule(zone="UTC", times=(time(8),))
    slots = list(between(schedule, utc("2026-11-24T08:00"), utc("2026-11-26T08:00")))
    assert [slot.name[-8:] for slot in slots] == ["24T08:00", "25T08:00", "26T08:00"]


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Africa/Casablanca", "Asia/Kathmandu"]),
    st.sets(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=3),
    st.sets(st.integers(1, 7), min_size=1),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001  # made aware below
)  # fmt: skip
def test_each_chosen_local_slot_comes_exactly_once_and_in_order(
    zone: str, times: set[time], days: set[int], start: datetime
) -> None:
    schedule = Schedule(zone=zone, times=tuple(sorted(times)), days=frozenset(days))
    after = start.replace(tzinfo=UTC)
    slots = list(between(schedule, after, after + timedelta(days=21)))
    assert [slot.at for slot in slots] == sorted({slot.at for slot in slots})
    assert len({slot.name for slot in slots}) == len(slots)
    expected = 21 // 7 * len(days) * len(times)
    assert abs(len(slots) - expected) <= len(times)


@given(
    st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "Asia/Shanghai"]),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.integers(-3, 40),
)
def test_nothing_is_due_in_a_pause_and_all_is_after_it(zone: str, at: time, days: int) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    back = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    free = Schedule(zone=zone, times=(at,))
    found = upcoming(replace(free, paused_until=back), now, 30)
    every = upcoming(free, now, 80)
    assert found == tuple(slot for slot in every if slot.name >= f"{back}")[:30]
