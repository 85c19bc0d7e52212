"""What to do with a delivery once Telegram has answered. Pure."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.delivery.model import (
    Blocked,
    Delivery,
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

RETRY_WAIT: Final = timedelta(seconds=1)
"""Before what never left is tried again; while nothing reaches Telegram, `Outage` holds everything."""

MAX_MIGRATIONS: Final = 3
"""Attempts up to which a chat that has moved is followed; one that keeps moving leads nowhere."""


def decide(  # noqa: C901, PLR0911  # a table, one row a return
    delivery: Delivery, outcome: Outcome, now: datetime
) -> Next:
    """Return the next step after an attempt."""
    is_late = now >= delivery.expires_at
    match outcome:
        case Sent(message_id):
            return Done(message_id)
        case Throttled(wait):
            # Telegram names the wait itself, so it is no fault and never ends the delivery.
            return Retry(now + wait, "throttled", attempted=False)
        case Blocked(reason):
            return Suspend(reason)
        case Denied(words):
            return Finish("excluded", "denied", words)
        case Migrated(chat) if delivery.attempt <= MAX_MIGRATIONS:
            return Migrate(chat)
        case Migrated():
            return Finish("failed", "keeps_moving")
        case Uncertain(reason, detail):
            return Finish("uncertain", reason, detail)
        case Refused(words):
            return Finish("failed", "refused", words)
        case Unsent():
            # The request never reached the server: only this is safe to repeat.
            return Finish("excluded", "unreachable") if is_late else Retry(now + RETRY_WAIT, "unreachable")
        case TokenRefused() if is_late:
            return Finish("excluded", "token_refused")
        case TokenRefused():
            return Retry(now + RETRY_WAIT, "token_refused", attempted=False)
        case _:
            assert_never(outcome)
