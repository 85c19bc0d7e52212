"""What to do with a delivery once Telegram has answered. Decides; touches nothing."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.delivery.model import (
    Blocked,
    Delivery,
    Done,
    Exclude,
    Fail,
    Follow,
    Migrated,
    Next,
    Outcome,
    Park,
    Refused,
    Retry,
    Sent,
    Suspend,
    Throttled,
    Uncertain,
    Unsent,
)

FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=5)
FOLLOWS: Final = 3
"""Attempts up to which a chat that has moved is followed; one that keeps moving leads nowhere."""


def decide(delivery: Delivery, outcome: Outcome, now: datetime) -> Next:  # noqa: PLR0911  # a table, one row a return
    """Choose the next step after an attempt."""
    match outcome:
        case Sent(message_id):
            return Done(message_id)
        case Throttled(wait):
            # Telegram names the wait itself, so it is no fault and never ends the delivery.
            return Retry(now + wait, "throttled", attempted=False)
        case Blocked(reason):
            return Suspend(reason)
        case Migrated(chat) if delivery.attempt <= FOLLOWS:
            return Follow(chat)
        case Migrated(_):
            return Fail("the group keeps moving")
        case Uncertain(reason):
            return Park(reason)
        case Refused(reason):
            return Fail(reason)
        case Unsent(reason) if now >= delivery.expires_at:
            return Exclude(reason)
        case Unsent(reason):
            # The request never reached the server: only this is safe to repeat.
            return Retry(now + min(FIRST_WAIT * 2 ** min(delivery.attempt - 1, 16), LONGEST_WAIT), reason)
        case _:
            assert_never(outcome)
