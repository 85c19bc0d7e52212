"""One message to one place, and what Telegram made of it."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import telegram
from telegram.error import NetworkError

from bot.delivery.model import (
    Blocked,
    Denied,
    Migrated,
    Outcome,
    Refused,
    Sent,
    Throttled,
    TokenRefused,
    Uncertain,
    Unsent,
)
from bot.message.model import Content, Message
from bot.reader.model import Place, Suspension
from bot.tg import convert
from bot.tg.envelope import Accepted, Refusal, is_id, read_envelope
from bot.tg.transport import AiohttpRequest, never_left

_CLOSED: Final[dict[str, Suspension]] = {
    "bot was blocked by the user": "blocked",
    "bot can't initiate conversation": "blocked",
    "user is deactivated": "gone",
    "the group chat was deleted": "gone",
    "can't send messages to bots": "gone",
    "can't send messages to the bot": "gone",
    "chat not found": "gone",
    "user not found": "gone",
    "chat was deactivated": "gone",
    "peer_id_invalid": "gone",
    "bot was kicked from": "removed",
    "bot is not a member of": "removed",
    "topic_closed": "topic",
    "topic closed": "topic",
    "message thread not found": "topic",
    "not enough rights to send": "rights",
    "have no write access": "rights",
    "need administrator rights": "rights",
    "chat_write_forbidden": "rights",
}
"""Words of a 400 or 403, in lower case, which mean that this chat takes nothing from us."""


PROBE_S: Final = 5.0
"""Seconds to wait for the answer to a probe: one that was lost must not keep the next from being sent."""


class Sender:
    """Sends what lies in the outbox; every answer becomes a value.

    It posts bodies that it makes itself: python-telegram-bot's `send_message` costs two and a half times the
    work, for a Message that nobody looks at.
    """

    def __init__(self, request: AiohttpRequest, base_url: str) -> None:
        """Send over connections of its own, so no reply waits for one; `base_url` ends with the token."""
        self._request = request
        self._base_url = base_url
        self._ask = f"{base_url}/getMe"
        self._last: tuple[Content, bytes] | None = None

    async def send(self, place: Place, content: Content) -> Outcome:
        """Send once; never raises for what the network or the server does.

        Where a picture is refused, its text goes alone: that refusal was surely no message.
        """
        outcome = await self._send_once(place, content)
        if isinstance(content, Message) and content.photo and _may_be_the_picture(outcome):
            return await self._send_once(place, replace(content, photo=""))
        return outcome

    async def _send_once(self, place: Place, content: Content) -> Outcome:
        # The chat is put into a body that is made once for all who get the same message.
        body = convert.addressed(place, self._body(content))
        url = f"{self._base_url}/{convert.method_for(content)}"
        try:
            status, answer = await self._request.post_json(url, body)
        except NetworkError as error:
            # Only where the request certainly never left may it be repeated.
            if never_left(error):
                return Unsent()
            timed_out = isinstance(error, telegram.error.TimedOut)
            return Uncertain("no_answer" if timed_out else "connection_lost")
        return outcome_of(status, answer)

    async def ask(self, method: str, values: Mapping[str, Any]) -> Accepted | Refusal | None:
        """Ask for something that is no delivery; None when Telegram does not answer."""
        try:
            _, answer = await self._request.post_json(
                f"{self._base_url}/{method}", json.dumps(values).encode()
            )
        except NetworkError:
            return None
        return read_envelope(answer)

    async def probe(self) -> bool:
        """Ask something harmless; return whether Telegram itself answers soon, and knows the token."""
        try:
            async with asyncio.timeout(PROBE_S):
                _, answer = await self._request.post_json(self._ask, b"{}")
        except (NetworkError, TimeoutError):
            return False
        return isinstance(read_envelope(answer), Accepted)

    def _body(self, content: Content) -> bytes:
        """Return the body of a message, made once for all who get the same."""
        if self._last is None or self._last[0] is not content:
            self._last = content, convert.body(content)
        return self._last[1]


def _may_be_the_picture(outcome: Outcome) -> bool:
    """Return whether a text may be taken where a picture was not: it is gone, or not allowed in a group."""
    return isinstance(outcome, Refused) or outcome == Blocked("rights")


def outcome_of(status: int, answer: bytes) -> Outcome:
    """Return what an answer says about the message that was to be sent; its HTTP status says nothing."""
    envelope = read_envelope(answer)
    if isinstance(envelope, Refusal):
        return _outcome_of_refusal(envelope)
    result = envelope.result if envelope is not None else None
    id_ = result.get("message_id") if isinstance(result, dict) else None
    if is_id(id_) and id_ > 0:
        return Sent(id_)
    return Uncertain("unreadable", f"HTTP {status}")


def _outcome_of_refusal(refusal: Refusal) -> Outcome:  # noqa: PLR0911  # a table, one row a return
    words = refusal.description.lower()
    # Telegram gives no codes for these, only sentences.
    closed = next((why for words_, why in _CLOSED.items() if words_ in words), None)
    match refusal.code:
        case 429:
            # It names no culprit; most come from one chat, so only that chat waits.
            return Throttled(refusal.wait)
        case 400 if refusal.new_chat is not None:
            return Migrated(refusal.new_chat)
        case 400 | 403 if closed is not None:
            return Blocked(closed)
        case 403:
            return Denied(refusal.description or "Forbidden")
        case 400 | 409 | 413:
            return Refused(refusal.description or f"HTTP {refusal.code}")
        case 401 | 404:
            # Nothing was sent, and nothing is lost: the owner may mend the token.
            return TokenRefused()
        case _:
            return Uncertain("server_error", str(refusal.code))
