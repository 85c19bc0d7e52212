"""A moment as an editor types it, in their own clock."""

from datetime import UTC, datetime

import pytest

from bot.errors import ScheduleError
from bot.reader.moments import parse_moment

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""A Tuesday; 13:00 in Berlin, 20:00 in Shanghai."""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("18:00", "2026-11-24T17:00"),
        ("8:30", "2026-11-25T07:30"),
        ("tomorrow 8:30", "2026-11-25T07:30"),
        ("9am tomorrow", "2026-11-25T08:00"),
        ("tonight 21:15", "2026-11-24T20:15"),
        ("Fri 18:00", "2026-11-27T17:00"),
        ("tuesday 12:00", "2026-12-01T11:00"),
        ("Tuesday 14:00", "2026-11-24T13:00"),
        ("24 Dec 7:00", "2026-12-24T06:00"),
        ("December 24, 7pm", "2026-12-24T18:00"),
        ("2026-12-24 07:00", "2026-12-24T06:00"),
        ("7:00 2027-01-03", "2027-01-03T06:00"),
        ("24 Nov 14:00", "2026-11-24T13:00"),
        ("24 Dec 7:00 London", "2026-12-24T07:00"),
        ("day after tomorrow half past eight", "2026-11-26T07:30"),
        ("明天早上八点", "2026-11-25T07:00"),
        ("后天 9:30", "2026-11-26T08:30"),
        ("今晚九点", "2026-11-24T20:00"),
        ("周五 18:00", "2026-11-27T17:00"),
        ("12月24日 7点半", "2026-12-24T06:30"),
        ("in 2 hours", "2026-11-24T14:00"),
        ("90 minutes", "2026-11-24T13:30"),
        ("3小时后", "2026-11-24T15:00"),
        ("20分钟后", "2026-11-24T12:20"),
    ],
)
def test_moment_is_understood(words: str, expected: str) -> None:
    assert parse_moment(words, now=NOW, zone="Europe/Berlin").isoformat()[:16] == expected


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "moments.unclear"),
        ("tomorrow", "moments.unclear"),
        ("8:00 9:00", "moments.unclear"),
        ("mon wed 8:00", "moments.unclear"),
        ("soon", "moments.unclear"),
        ("25:00", "moments.unclear"),
        ("today 8:00", "moments.over"),
        ("2026-11-23 8:00", "moments.over"),
        ("2028-01-01 8:00", "moments.over"),
        ("31 Feb 8:00", "moments.over"),
        ("8:00 +8", "moments.no_zone"),
    ],
)
def test_what_means_no_moment_to_come_is_refused(words: str, key: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        parse_moment(words, now=NOW, zone="Europe/Berlin")
    assert refused.value.key == key


def test_without_a_zone_one_is_asked_for() -> None:
    with pytest.raises(ScheduleError, match="no_zone"):
        parse_moment("8:00", now=NOW, zone=None)
    assert parse_moment("8:00 Shanghai", now=NOW, zone=None) == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


def test_moment_in_a_gap_is_the_end_of_it() -> None:
    """At 02:00 on this Sunday, clocks in Berlin go to 03:00."""
    at = parse_moment("2027-03-28 2:30", now=NOW, zone="Europe/Berlin")
    assert at == datetime(2027, 3, 28, 1, tzinfo=UTC)
