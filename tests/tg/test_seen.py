"""Numbers are remembered as ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tg import seen as module
from bot.tg.seen import Seen


@given(st.lists(st.integers(0, 60), max_size=80))
def test_what_was_seen_is_known_and_nothing_else(numbers: list[int]) -> None:
    seen = Seen()
    for number in numbers:
        seen.add(number)
    assert [number for number in range(-1, 62) if number in seen] == sorted(set(numbers))


def test_many_that_follow_one_another_take_no_room() -> None:
    seen = Seen()
    for number in range(0, 100_000, 2):
        seen.add(number + 1)
        seen.add(number)
    assert seen._firsts == [0]
    assert 99_999 in seen


def test_lowest_are_forgotten_when_there_are_too_many_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RANGES", 3)
    seen = Seen()
    for number in (10, 20, 30, 40):
        seen.add(number)
    assert [number for number in (10, 20, 30, 40) if number in seen] == [20, 30, 40]
