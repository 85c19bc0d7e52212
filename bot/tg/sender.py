"""One message to one place, and what Telegram made of it."""

import json
import logging
from datetime import timedelta
from typing import Any, Final

from telegram.error import NetworkError

from bot.delivery.model import Blocked, Migrated, Outcome, Refused, Sent, Throttled, Uncertain, Unsent
from bot.message.model import Content, Copy
from bot.reader.model import Place
from bot.tg import convert
from bot.tg.transport import AiohttpRequest, never_left

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
"""400s which mean that this chat takes nothing from us, in any case of letters."""


_UNTOLD: Final = 5
"""Seconds to wait after a 429 that does not say how long."""


class Sender:
    """Sends what lies in the outbox; every answer becomes a value.

    It posts bodies that it makes itself: python-telegram-bot's `send_message` costs two and a half times the
    work, for a Message that nobody looks at.
    """

    def __init__(self, request: AiohttpRequest, base_url: str) -> None:
        """Over connections of its own, so that no reply waits for one; `base_url` ends with the token."""
        self._request = request
        self._send, self._copy = f"{base_url}/sendMessage", f"{base_url}/copyMessage"
        self._last: tuple[Content, bytes] | None = None

    async def send(self, place: Place, content: Content) -> Outcome:
        """Send once; never raises for what the network or the server does."""
        body = convert.addressed(place, self._body(content))
        url = self._copy if isinstance(content, Copy) else self._send
        try:
            status, answer = await self._request.post_json(url, body)
        except NetworkError as error:
            words = str(error.message) or "no answer"
            return Unsent(words) if never_left(error) else Uncertain(words)
        return outcome_of(status, answer)

    def _body(self, content: Content) -> bytes:
        """What goes to many is made once."""
        if self._last is None or self._last[0] is not content:
            self._last = content, convert.body(content)
        return self._last[1]


def outcome_of(status: int, answer: bytes) -> Outcome:  # noqa: PLR0911  # the table of outcomes, one line each
    """What an answer says about the message that was to be sent."""
    try:
        data: Any = json.loads(answer)
        if data["ok"]:
            return Sent(int(data["result"]["message_id"]))
        text = str(data.get("description", ""))
        told = {name: int(value) for name, value in (data.get("parameters") or {}).items()}
    except (ValueError, KeyError, TypeError, AttributeError):  # nothing of the kind that Telegram answers
        text, told = "", {}
    match status:
        case 429:
            # It names no culprit; most come from one chat, so only that chat waits.
            return Throttled(timedelta(seconds=told.get("retry_after", _UNTOLD)))
        case 400 if "migrate_to_chat_id" in told:
            return Migrated(told["migrate_to_chat_id"])
        case 403:
            return Blocked(text)
        case 400 if any(words in text.lower() for words in _CLOSED):
            return Blocked(text)
        case 400 | 409 | 413:
            return Refused(text or f"HTTP {status}")
        case 401 | 404:
            # Nothing was sent, and nothing is lost: the owner may mend the token.
            log.critical("Telegram does not accept the token: %s", text)
            return Unsent("the token was refused")
        case _:
            return Uncertain(text or f"HTTP {status}")
