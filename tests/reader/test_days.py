"""A day that somebody types."""

from datetime import date

import pytest

from bot.errors import ScheduleError
from bot.reader.days import MAX_AHEAD, parse_day

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        ("24 December 2026", date(2026, 12, 24)),
        ("Dec 24", date(2026, 12, 24)),
        ("December 24, 2026", date(2026, 12, 24)),
        ("12月24日", date(2026, 12, 24)),
        ("1 March", date(2027, 3, 1)),  # this year's has been
        ("28 Nov", date(2026, 11, 28)),
        ("28 Nov 2027", TODAY + MAX_AHEAD),
    ],
)
def test_day_to_come(words: str, day: date) -> None:
    assert parse_day(words, TODAY) == day


@pytest.mark.parametrize(
    "words",
    [
        "2026-02-30",
        "2027-02-29",
        "31 April",
        "0 May",
        "2026-11-27",
        "2026-11-26",
        "29 Nov 2027",
        "24 Xyz",
        "soon",
        "",
    ],
)
def test_what_is_no_day_to_come_is_refused(words: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        parse_day(words, TODAY)
    assert refused.value.values == {"word": words}
