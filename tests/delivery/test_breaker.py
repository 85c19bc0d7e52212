"""When suddenly many are refused, delivery stops until an owner decides."""

import pytest

from bot.delivery.breaker import MIN_REFUSED, WINDOW, Breaker
from bot.delivery.model import Blocked, Denied, Outcome, Refused
from tests.clock import NOON, StillClock
from tests.delivery.stack import DeliveryStack


def answers(breaker: Breaker, refused: int, taken: int) -> None:
    for _ in range(taken):
        breaker.note(refused=False)
    for _ in range(refused):
        breaker.note(refused=True)


@pytest.mark.parametrize(
    ("refused", "taken", "opens"),
    [
        (MIN_REFUSED - 1, 0, False),
        (MIN_REFUSED, 0, True),
        (MIN_REFUSED, 94, True),
        (MIN_REFUSED, 95, False),
        (50, 950, False),
        (51, 900, True),
    ],
)
async def test_breaker_opens_when_too_many_of_a_minute_are_refused(
    clock: StillClock, refused: int, taken: int, *, opens: bool
) -> None:
    breaker = Breaker(clock)
    answers(breaker, refused, taken)
    assert breaker.is_open == opens


async def test_refusals_of_an_earlier_minute_do_not_count(clock: StillClock) -> None:
    breaker = Breaker(clock)
    for _ in range(10):
        answers(breaker, MIN_REFUSED - 1, 0)
        await clock.advance(seconds=WINDOW.total_seconds())
    assert not breaker.is_open
    answers(breaker, MIN_REFUSED, 0)
    assert breaker.opened_for == clock.now() - WINDOW
    assert breaker.opened_for >= NOON
    breaker.close()
    answers(breaker, MIN_REFUSED - 1, 0)
    assert not breaker.is_open


async def test_only_the_refusal_that_opens_it_says_so(clock: StillClock) -> None:
    breaker = Breaker(clock)
    for _ in range(2):
        told = [breaker.note(refused=True) for _ in range(MIN_REFUSED + 3)]
        assert told == [False] * (MIN_REFUSED - 1) + [True] + [False] * 3
        assert not breaker.note(refused=False)
        breaker.close()
        assert not breaker.is_open


async def test_answers_of_an_earlier_minute_do_not_count(clock: StillClock) -> None:
    breaker = Breaker(clock)
    answers(breaker, 0, 10_000)
    await clock.advance(seconds=WINDOW.total_seconds())
    answers(breaker, MIN_REFUSED, 0)
    assert breaker.is_open


async def test_after_it_was_closed_former_answers_do_not_count(clock: StillClock) -> None:
    breaker = Breaker(clock)
    answers(breaker, 501, 10_000)
    breaker.close()
    answers(breaker, MIN_REFUSED, 0)
    assert breaker.is_open


@pytest.mark.parametrize("answer", [Blocked("blocked"), Refused("no"), Denied("no")])
async def test_delivery_stops_after_a_few_refusals(stack: DeliveryStack, answer: Outcome) -> None:
    for chat in range(1, 61):
        await stack.plan(await stack.reader(chat), "x")
    stack.answers = [answer] * 1_000
    async with stack.working(rate=25) as worker:
        while not stack.breaker.is_open:
            await stack.clock.advance(seconds=0.01)
        for _ in range(50):
            await stack.clock.advance(seconds=0.1)
        assert len(stack.sent) <= MIN_REFUSED + 2
        stack.breaker.close()
        stack.answers = []
        worker.wake()
        while await stack.busy():
            await stack.clock.advance(seconds=0.01)
    assert (await stack.outbox.counts())["sent"] >= 50
