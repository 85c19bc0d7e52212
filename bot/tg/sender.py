"""One message to one place, and what Telegram made of it."""

import logging
from datetime import timedelta
from typing import Final

import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery.model import Blocked, Migrated, Outcome, Refused, Sent, Throttled, Uncertain, Unsent
from bot.message.model import Message
from bot.reader.model import Place
from bot.tg import convert
from bot.tg.transport import never_left

log = logging.getLogger(__name__)

_CLOSED: Final = (
    "chat not found",
    "user not found",
    "topic_closed",
    "topic closed",
    "message thread not found",
    "not enough rights to send",
    "have no write access",
    "need administrator rights",
    "chat_write_forbidden",
    "chat was deactivated",
    "group chat was deactivated",
    "peer_id_invalid",
)
"""400s which mean that this chat takes nothing from us; python-telegram-bot changes their case."""


class Sender:
    """Sends by python-telegram-bot; every answer becomes a value."""

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot

    async def send(self, place: Place, message: Message) -> Outcome:
        """Send once; never raises for what the network or the server does."""
        try:
            return Sent(await convert.send(self._bot, place, message))
        except TelegramError as error:
            return outcome_of(error)


def outcome_of(error: TelegramError) -> Outcome:  # noqa: PLR0911  # the table of outcomes, one line each
    """What an error says about the message that was to be sent."""
    text = str(error.message)
    match error:
        case RetryAfter():
            wait = error.retry_after
            # A 429 names no culprit; most come from one chat, so only that chat waits.
            return Throttled(wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        case ChatMigrated():
            return Migrated(error.new_chat_id)
        case Forbidden():
            return Blocked(text)
        case BadRequest() if any(words in text.lower() for words in _CLOSED):
            return Blocked(text)
        case BadRequest() | Conflict():
            return Refused(text)
        case InvalidToken():
            # Nothing was sent, and nothing is lost: the owner may mend the token.
            log.critical("Telegram does not accept the token: %s", text)
            return Unsent("the token was refused")
        case NetworkError() if never_left(error):
            return Unsent(text)
        case _:
            return _by_status(text)


def _by_status(text: str) -> Outcome:
    """A plain NetworkError or TelegramError: 413 is certain; a 5xx or an unreadable answer is not."""
    lowered = text.lower()
    if "too large" in lowered or "(413)" in lowered:
        return Refused(text)
    return Uncertain(text or "no answer")
