"""Whether the server is as we believe."""

from collections.abc import Awaitable, Sequence

import pytest

from bot.settling.controls import check_absence, check_order, check_probe, check_rising, is_long_enough
from bot.settling.model import Accepted, Control, ControlFailed, IsThere

HISTORY = [Accepted(chat, 50 - chat, 49 - chat) for chat in (1, 2, 3, 4, 5)]
"""The newest first."""


def asked(answers: dict[tuple[int, int], bool | None]) -> IsThere:
    async def is_there(chat: int, message_id: int) -> bool | None:
        return answers.get((chat, message_id), False)

    return is_there


async def failure(check: Awaitable[None]) -> Control | None:
    try:
        await check
    except ControlFailed as failed:
        return failed.control
    return None


@pytest.mark.parametrize(
    "history",
    [
        pytest.param([Accepted(1, 7, 7)], id="its id was given before"),
        pytest.param([Accepted(1, 9, 5), Accepted(2, 6, 8)], id="one of many is lower"),
        pytest.param([Accepted(1, 9, 5), Accepted(2, 9, 5)], id="two chats have the same"),
    ],
)
def test_ids_that_do_not_rise_from_chat_to_chat_are_no_sequence(history: Sequence[Accepted]) -> None:
    with pytest.raises(ControlFailed, match="order"):
        check_order(history)


def test_ids_that_rise_are_one_though_they_were_accepted_in_another_order() -> None:
    check_order([Accepted(1, 9, 5), Accepted(2, 8, 5), Accepted(1, 5, 4)])


@pytest.mark.parametrize(
    ("count", "mode", "enough"), [(19, "auto", False), (20, "auto", True), (3, "on", True)]
)
def test_history_must_be_long_enough(count: int, mode: str, *, enough: bool) -> None:
    history = [Accepted(number % 2, number, 0) for number in range(count)]
    assert is_long_enough(history, mode) == enough  # type: ignore[arg-type]  # one of them
    assert not is_long_enough([Accepted(1, number, 0) for number in range(count)], mode)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "failed"),
    [
        pytest.param({(1, 49): True}, None, id="as believed"),
        pytest.param({(2, 48): True}, None, id="the newest was deleted"),
        pytest.param({(1, 49): None, (2, 48): True}, None, id="one chat does not tell"),
        pytest.param({}, "there", id="nothing is found"),
        pytest.param({(4, 46): True}, "there", id="only an older one is"),
        pytest.param({(1, 49): True, (3, 49): True}, "not_there", id="it is found elsewhere, too"),
        pytest.param({(1, 49): True, (2, 49): None}, None, id="one of the others does not tell"),
        pytest.param(
            {(1, 49): True, (2, 49): None, (3, 49): None, (4, 49): None}, "not_there", id="no other tells"
        ),
    ],
)
async def test_known_message_is_there_and_nowhere_else(
    answers: dict[tuple[int, int], bool | None], failed: Control | None
) -> None:
    assert await failure(check_probe(HISTORY, asked(answers))) == failed


@pytest.mark.parametrize(
    ("answers", "passes"),
    [({}, True), ({(2, 9): True}, False), ({(2, 9): None}, True), ({(2, 9): None, (3, 9): True}, False),
     ({(2, 9): None, (3, 9): None, (4, 9): None}, False)],
)  # fmt: skip
async def test_what_is_found_must_not_be_found_in_another_chat(
    answers: dict[tuple[int, int], bool | None], *, passes: bool
) -> None:
    failed = await failure(check_absence((2, 3, 4, 5), 9, asked(answers)))
    assert failed == (None if passes else "not_there")


async def test_nothing_can_be_checked_without_another_chat() -> None:
    with pytest.raises(ControlFailed):
        await check_absence((), 9, asked({}))


@pytest.mark.parametrize("ceiling", [9, 10])
def test_what_is_sent_now_must_have_a_higher_id_than_all_before(ceiling: int) -> None:
    with pytest.raises(ControlFailed, match="rising"):
        check_rising(ceiling, 10)
    check_rising(11, 10)
