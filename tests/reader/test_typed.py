"""What people type behind /subscribe, in both languages."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.errors import ScheduleError
from bot.reader.typed import ParsedSchedule, ScheduleParseError, parse_schedule
from bot.reader.zones import near, zones_at

ALL, WORK, END = frozenset(range(1, 8)), frozenset(range(1, 6)), frozenset({6, 7})


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("8", [time(8)]),
        ("8:30", [time(8, 30)]),
        ("08.30", [time(8, 30)]),
        ("0830", [time(8, 30)]),
        ("8am", [time(8)]),
        ("8:30 pm", [time(20, 30)]),
        ("12am", [time(0)]),
        ("12pm", [time(12)]),
        ("8 in the evening", [time(20)]),
        ("8:00 20:00", [time(8), time(20)]),
        ("20:00, 8:00", [time(8), time(20)]),
        ("早上八点", [time(8)]),
        ("晚上8点半", [time(20, 30)]),
        ("下午三点一刻", [time(15, 15)]),
        ("中午12点", [time(12)]),
        ("凌晨12点", [time(0)]),
        ("十点二十分", [time(10, 20)]),
        ("８：３０", [time(8, 30)]),
        ("24:00", [time(0)]),
        ("晚上12点", [time(0)]),
        ("夜里12点半", [time(0, 30)]),
        ("半夜12点", [time(0)]),
        ("夜里两点", [time(2)]),
        ("深夜11点", [time(23)]),
        ("12 at night", [time(0)]),
        ("2 at night", [time(2)]),
        ("11 at night", [time(23)]),
        ("noon", [time(12)]),
        ("12 noon", [time(12)]),
        ("正午", [time(12)]),
        ("中午", [time(12)]),
        ("中午一点", [time(13)]),
        ("midnight", [time(0)]),
        ("午夜", [time(0)]),
        ("零点", [time(0)]),
        ("6p", [time(18)]),
        ("6:30a", [time(6, 30)]),
        ("930", [time(9, 30)]),
        ("930pm", [time(21, 30)]),
        ("930 pm", [time(21, 30)]),
        ("08:30:00", [time(8, 30)]),
        ("8:30am/8:30pm", [time(8, 30), time(20, 30)]),
        ("上午8点/下午6点", [time(8), time(18)]),
        ("half past eight", [time(8, 30)]),
        ("a quarter to nine in the evening", [time(20, 45)]),
        ("ten past one pm", [time(13, 10)]),
        ("quarter to one", [time(12, 45)]),
        ("seven o’clock", [time(7)]),
        ("", []),
    ],
)
def test_times(words: str, times: list[time]) -> None:
    assert list(parse_schedule(words).times) == times


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("weekdays", WORK),
        ("工作日", WORK),
        ("weekends", END),
        ("周末", END),
        ("every day", ALL),
        ("每天", ALL),
        ("mon, thu", {1, 4}),
        ("mon-wed", {1, 2, 3}),
        ("周一至周三", {1, 2, 3}),
        ("每周一三五", {1, 3, 5}),
        ("星期天", {7}),
        ("每周一次 周日 20点", {7}),
        ("每星期一次，周三和周五", {3, 5}),
        ("once a week on mondays", {1}),
        ("weekly sunday", {7}),
    ],
)
def test_days(words: str, days: set[int]) -> None:
    assert parse_schedule(words).days == days


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("上海", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("伦敦", "Europe/London"),
        ("UTC", "UTC"),
    ],
)
def test_zones(words: str, zone: str) -> None:
    assert parse_schedule(words).zone == zone


@pytest.mark.parametrize(
    ("words", "hours"),
    [("UTC+8", 8), ("GMT-5", -5), ("+0", 0), ("+5:30", 5.5), ("UTC -3:30", -3.5), ("+14", 14)],
)
def test_offset_is_not_a_zone_yet(words: str, hours: float) -> None:
    typed = parse_schedule(words)
    assert (typed.zone, typed.offset) == (None, timedelta(hours=hours))


def test_understood_part_is_kept_beside_what_was_not_understood() -> None:
    with pytest.raises(ScheduleParseError) as refused:
        parse_schedule("8:30 nowhere mon,thu London 20点")
    assert refused.value.values == {"word": "nowhere"}
    understood = refused.value.understood
    assert understood == ParsedSchedule((time(8, 30), time(20)), frozenset({1, 4}), "Europe/London")
    assert parse_schedule(understood.words) == understood


def test_cities_share_an_offset_and_the_better_known_come_first() -> None:
    summer = datetime(2026, 7, 1, tzinfo=UTC)
    assert "Europe/London" in zones_at(timedelta(hours=1), summer)
    assert "Europe/London" not in zones_at(timedelta(hours=1), summer.replace(month=1))
    eastern = zones_at(timedelta(hours=8), summer)
    assert eastern.index("Asia/Shanghai") < eastern.index("Asia/Brunei")
    assert zones_at(timedelta(hours=4, minutes=15), summer) == []


def test_city_that_is_nearly_right_is_found() -> None:
    assert near("Londn") == ["Europe/London"]
    assert near("shang hi") == ["Asia/Shanghai"]
    assert near("mooon") == []


@pytest.mark.parametrize(
    ("clock", "zone"),
    [
        ("EST", "America/New_York"),
        ("cst", "Asia/Shanghai"),
        ("PT", "America/Los_Angeles"),
        ("IST", "Asia/Kolkata"),
    ],
)
def test_cities_are_offered_for_the_name_of_a_clock(clock: str, zone: str) -> None:
    assert zone in near(clock)
    assert "EST" not in near(clock)


@pytest.mark.parametrize("words", ["8:30 London weekdays", "weekdays London 8:30", "在 London 8:30 工作日"])
def test_order_does_not_matter(words: str) -> None:
    typed = parse_schedule(words)
    assert (typed.times, typed.days, typed.zone) == ((time(8, 30),), WORK, "Europe/London")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("25:00", "subscribe.unknown_time"),
        ("8:77", "subscribe.unknown_time"),
        ("13pm", "subscribe.unknown_time"),
        ("Mars/Base", "subscribe.unknown_zone"),
        ("Factory", "subscribe.unknown_word"),
        ("localtime", "subscribe.unknown_word"),
        ("+25", "subscribe.unknown_zone"),
        ("UTC-13", "subscribe.unknown_zone"),
        ("UTC+15", "subscribe.unknown_zone"),
        ("foo-monday", "subscribe.unknown_word"),
        ("monday-foo", "subscribe.unknown_word"),
        ("UTC+5:70", "subscribe.unknown_zone"),
        ("soonish", "subscribe.unknown_word"),
        ("Etc/GMT+8", "subscribe.unclear_zone"),
        ("1 2 3 4 5 6 7", "subscribe.too_many"),
        *((f"9:00 {word}", "subscribe.short_zone") for word in ("EST", "MST", "ET", "PST", "CST", "bst")),
        ("每周一次 20点", "subscribe.which_day"),
        ("weekly", "subscribe.which_day"),
        ("9:5", "subscribe.unknown_time"),
    ],
)
def test_what_means_nothing_is_named(words: str, key: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        parse_schedule(words)
    assert refused.value.key == key
