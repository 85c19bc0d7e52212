"""What follows from each outcome."""

from datetime import timedelta

import pytest

from bot.delivery.decide import MAX_MIGRATIONS, RETRY_WAIT, decide
from bot.delivery.model import (
    Blocked,
    Delivery,
    DeliveryId,
    Denied,
    Done,
    Finish,
    Migrate,
    Migrated,
    Next,
    Outcome,
    Refused,
    Retry,
    Sent,
    Suspend,
    Throttled,
    TokenRefused,
    Uncertain,
    Unsent,
)
from bot.message.model import Message
from bot.reader.model import Place, ReaderId
from tests.clock import NOON

HOUR = timedelta(hours=1)


def delivery(attempt: int = 1) -> Delivery:
    return Delivery(
        id=DeliveryId(1), reader=ReaderId(1), kind="digest", place=Place(5), content=Message(text="x"), attempt=attempt, expires_at=NOON + HOUR
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "attempt", "expected"),
    [
        (Sent(7), 1, Done(7)),
        (Throttled(timedelta(hours=12)), 99, Retry(NOON + 12 * HOUR, "throttled", attempted=False)),
        (Blocked("blocked"), 1, Suspend("blocked")),
        (Denied("d"), 1, Finish("excluded", "denied", "d")),
        (TokenRefused(), 9, Retry(NOON + RETRY_WAIT, "token_refused", attempted=False)),
        (Migrated(-100), 1, Migrate(-100)),
        (Migrated(-100), MAX_MIGRATIONS + 1, Finish("failed", "keeps_moving")),
        (Uncertain("no_answer", "u"), 1, Finish("uncertain", "no_answer", "u")),
        (Refused("r"), 1, Finish("failed", "refused", "r")),
        (Unsent(), 1, Retry(NOON + RETRY_WAIT, "unreachable")),
        (Unsent(), 9999, Retry(NOON + RETRY_WAIT, "unreachable")),
    ],
)
def test_each_outcome_has_its_next_step(outcome: Outcome, attempt: int, expected: Next) -> None:
    assert decide(delivery(attempt), outcome, NOON) == expected


def test_what_never_left_is_given_up_only_when_it_would_come_too_late() -> None:
    assert isinstance(decide(delivery(500), Unsent(), NOON + HOUR - timedelta(seconds=1)), Retry)
    assert decide(delivery(), Unsent(), NOON + HOUR) == Finish("excluded", "unreachable")
    assert decide(delivery(), TokenRefused(), NOON + HOUR) == Finish("excluded", "token_refused")
