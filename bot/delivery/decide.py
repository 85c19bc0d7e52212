"""What to do with a delivery once Telegram has answered. Decides; touches nothing."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.delivery.model import (
    Blocked,
    Delivery,
    Denied,
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
    TokenRefused,
    Uncertain,
    Unsent,
)

RETRY_WAIT: Final = timedelta(seconds=1)
"""Before what never left is tried again; while nothing reaches Telegram, `Outage` holds everything."""

FOLLOWS: Final = 3
"""Attempts up to which a chat that has moved is followed; one that keeps moving leads nowhere."""


def decide(  # noqa: C901, PLR0911, PLR0912  # a table, one row a return
    delivery: Delivery, outcome: Outcome, now: datetime
) -> Next:
    """Choose the next step after an attempt."""
    match outcome:
        case Sent(message_id):
            return Done(message_id)
        case Throttled(wait):
            # Telegram names the wait itself, so it is no fault and never ends the delivery.
            return Retry(now + wait, "throttled", attempted=False)
        case Blocked(reason):
            return Suspend(reason)
        case Denied(reason):
            return Exclude(reason)
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
            return Retry(now + RETRY_WAIT, reason)
        case TokenRefused() if now >= delivery.expires_at:
            return Exclude("the token was refused")
        case TokenRefused():
            return Retry(now + RETRY_WAIT, "the token was refused", attempted=False)
        case _:
            assert_never(outcome)
