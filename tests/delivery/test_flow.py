"""How much is claimed: as little as keeps the rate, on quick disks and slow ones."""

import pytest

from bot.delivery.flow import AHEAD_S, MAX_CLAIMED, MAX_SENDING, MIN_SENDERS, Flow


@pytest.mark.parametrize(
    ("rate", "rows"), [(0.5, 1), (20, 1), (80, 4), (1_000, 50), (1_000_000, MAX_CLAIMED)]
)
def test_quick_disk_claims_what_leaves_within_a_moment(rate: float, rows: int) -> None:
    assert Flow(rate).room(0, 0) == rows
    assert AHEAD_S == 0.05


@pytest.mark.parametrize(("waiting", "rows"), [(0, 50), (25, 25), (26, 0), (80, 0)])
def test_nothing_is_claimed_until_half_has_left(waiting: int, rows: int) -> None:
    assert Flow(1_000).room(waiting, waiting) == rows


def test_what_is_not_written_down_leaves_less_room() -> None:
    assert Flow(1_000_000).room(0, MAX_SENDING - 5) == 5
    assert Flow(1_000_000).room(0, MAX_SENDING) == 0


def test_slow_claim_is_believed_at_once_and_forgotten_slowly() -> None:
    flow = Flow(100)
    flow.claimed(0.1)
    assert flow.room(0, 0) == 45
    flow.claimed(0.001)
    assert flow.room(0, 0) == 40
    for _ in range(500):
        flow.claimed(0.001)
    assert flow.room(0, 0) == 5


@pytest.mark.parametrize("rate", [20, 100, 500])
@pytest.mark.parametrize("seconds", [0.02, 0.05, 0.1, 0.2])
def test_slow_disk_costs_no_rate(rate: float, seconds: float) -> None:
    flow = Flow(rate)
    flow.claimed(seconds)
    batch = flow.room(0, 0)
    left = max(waiting for waiting in range(batch + 1) if flow.room(waiting, waiting))
    # What is left when the next claim begins leaves while that lasts; and claims leave the disk half its time.
    assert left >= min(rate * seconds, MAX_CLAIMED // 2) - 1
    assert (batch - left) / rate >= min(2 * seconds, MAX_CLAIMED / 2 / rate) - 1 / rate


def test_disk_that_hardly_answers_has_a_second_ahead_claimed() -> None:
    flow = Flow(100)
    flow.claimed(60)
    assert flow.room(0, 0) == 100


def test_senders_are_as_many_as_answers_are_slow() -> None:
    flow, unpaced = Flow(1_000), Flow(1_000_000)
    assert flow.senders(200) == MIN_SENDERS
    assert flow.senders(3) == 3
    for _ in range(2_000):
        flow.answered(0.05)
        unpaced.answered(0.05)
    assert flow.senders(200) == pytest.approx(100, abs=1)
    assert unpaced.senders(10_000) == MAX_SENDING
