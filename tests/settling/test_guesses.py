"""Messages have about the ids that follow those of the ones that left before them."""

import asyncio

import pytest

from bot.delivery.model import DeliveryId
from bot.settling.guesses import ON_THE_WAY, by_leaving
from bot.settling.model import Left
from tools.guessed import CASES, Case, sent, settled


def left(delivery: int, *, after: int = 100, arrived: int | None = None) -> Left:
    return Left(DeliveryId(delivery), after, arrived)


def test_message_has_the_id_after_the_one_that_left_before_it() -> None:
    assert by_leaving([left(1, arrived=107), left(5), left(3), left(2, arrived=150), left(4)]) == {
        5: 108,
        3: 109,
        4: 151,
    }


def test_first_one_has_the_id_after_the_highest_that_was_known() -> None:
    assert by_leaving([left(1), left(2), left(3, after=140), left(4, after=130)]) == {
        1: 101,
        2: 102,
        3: 141,
        4: 142,
    }


def test_what_came_late_tells_nothing_of_others() -> None:
    late = left(2, arrived=100 + ON_THE_WAY + 1)
    assert by_leaving([left(1, arrived=101), late, left(3)]) == {3: 102}
    in_time = left(2, arrived=100 + ON_THE_WAY)
    assert by_leaving([left(1, arrived=101), in_time, left(3)]) == {3: 100 + ON_THE_WAY + 1}


@pytest.mark.parametrize(
    ("case", "most"),
    [(case, 16.0 if case.strangers else 8.0 if case.overtaking else 4.5) for case in CASES],
    ids=[case.name for case in CASES],
)
def test_few_questions_are_asked_whatever_befalls_messages(case: Case, most: float) -> None:
    found = asyncio.run(settled(sent(case, seed=1)))
    assert not found.unclear
    assert 0 < found.questions / found.doubts <= most
