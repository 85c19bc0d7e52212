"""Ids of the common sequence are noted, and written down as ranges."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.message_ids import MessageIds, is_counted, ranges


@pytest.mark.parametrize("chat", [1, 2**52, -1, -999_999_999_999])
def test_private_chats_and_basic_groups_share_a_sequence(chat: int) -> None:
    ids = MessageIds()
    ids.saw(chat, 7)
    assert (is_counted(chat), ids.highest, ids.is_written) == (True, 7, False)


@pytest.mark.parametrize("chat", [-1_000_000_000_000, -1_001_234_567_890])
def test_supergroups_and_channels_count_for_themselves(chat: int) -> None:
    ids = MessageIds()
    ids.saw(chat, 7)
    assert (is_counted(chat), ids.highest, ids.is_written) == (False, 0, True)


@given(st.lists(st.integers(1, 40)))
def test_ids_are_kept_as_ranges_until_they_are_written(numbers: list[int]) -> None:
    ids = MessageIds()
    for number in numbers:
        ids.saw(1, number)
    unwritten = ids.unwritten()
    assert [each for first, last in unwritten.ids for each in range(first, last + 1)] == sorted(set(numbers))
    assert all(second[0] > first[1] + 1 for first, second in pairwise(unwritten.ids))
    ids.saw(1, 41)
    ids.written(unwritten)
    assert ids.unwritten().ids == [(41, 41)]
    assert ids.highest == 41


def test_what_is_no_id_is_passed_over() -> None:
    ids = MessageIds()
    for number in (0, -5):
        ids.saw(1, number)
    assert (ids.highest, ids.is_written) == (0, True)
    assert ranges([]) == []
