"""What becomes of an update before any feature sees it: it passes, is answered at once, or is dropped."""

from typing import Final, Literal

import telegram
from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from bot.clock import Clock
from bot.message.callback import is_for_new_message
from bot.tg.rate_limit import RateLimiter
from bot.tg.request import Request

PRESSES_PER_COMMAND: Final = 4
"""Presses that are allowed for each command that is: turning pages is quicker than typing."""

_DOUBLE_TAP_S: Final = 2.0
"""Seconds within which a second tap was not meant."""
_MAX_TAPS: Final = 1_000

Verdict = Literal["pass", "too fast", "stale", "drop"]
Tap = tuple[int, int, str]
"""A chat, a message and the callback data of a button in it."""


class Gate:
    """Judges each update once; a press that does not pass has its spinner ended."""

    def __init__(self, clock: Clock, commands_per_minute: int) -> None:
        self._commands = RateLimiter(clock, commands_per_minute)
        self._presses = RateLimiter(clock, commands_per_minute * PRESSES_PER_COMMAND)
        self._taps = LastTaps(clock)

    async def admit(self, update: Update, request: Request) -> None:
        """Let an update pass; ApplicationHandlerStop keeps it from every feature."""
        verdict = await self._judge(update, request)
        if verdict == "pass":
            return
        if verdict == "too fast":
            await request.load()
            text = request.tr("chat.too_fast")
            # A press is answered by a pop-up, which leaves no message behind.
            await (request.answer(text) if update.callback_query else request.tell(text))
        elif verdict == "stale":
            await request.answer(request.tr("chat.stale"))
        else:
            await request.answer()
        raise ApplicationHandlerStop

    async def _judge(self, update: Update, request: Request) -> Verdict:
        chat, user, query = update.effective_chat, update.effective_user, update.callback_query
        if chat is None:  # inline mode, and kinds that were not asked for
            return "stale" if query is not None else "drop"
        if update.my_chat_member is not None and user is not None:
            # A change of rights must be noted whatever else this person did, so it passes, with a mark.
            request.is_over_limit = self._commands.judge((user.id, user.id)) != "go"
            return "pass"
        if user is not None and (query is not None or is_meant_for_bot(update)):
            limiter = self._presses if query is not None else self._commands
            verdict = limiter.judge((chat.id, user.id))
            # Editors are not limited: handing in articles is their work.
            if verdict != "go" and not await request.services.people.is_editor(user.id):
                # Told once a minute; who goes on is met with silence, which costs no message.
                return "too fast" if query is not None or verdict == "tell" else "drop"
        return "drop" if self._is_double_tap(update) else "pass"

    def _is_double_tap(self, update: Update) -> bool:
        """Return whether a press would open a second new message; a message that is edited needs no guard."""
        query, message = update.callback_query, update.effective_message
        if query is None or message is None:
            return False
        data = query.data or ""
        repeated = self._taps.repeated(query.from_user.id, (message.chat.id, message.message_id, data))
        return repeated and is_for_new_message(data)


class LastTaps:
    """The last button that each person pressed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[int, tuple[Tap, float]] = {}

    def repeated(self, user: int, tap: Tap) -> bool:
        """Note a tap; return whether it is the second of two quick ones."""
        now = self._clock.monotonic()
        before = self._last.pop(user, None)
        self._last[user] = (tap, now)
        if len(self._last) > _MAX_TAPS:
            del self._last[next(iter(self._last))]  # whoever pressed longest ago
        return before is not None and before[0] == tap and now - before[1] < _DOUBLE_TAP_S


def is_meant_for_bot(update: Update) -> bool:
    """Return whether a message is meant for the bot: anything in private, only commands elsewhere."""
    message = update.message
    if message is None:
        return False
    if message.chat.type == ChatType.PRIVATE:
        return True
    # Telegram’s clients set the entity; a slash in the middle of a text is no command.
    first = message.entities[0] if message.entities else None
    return first is not None and first.type == telegram.MessageEntity.BOT_COMMAND and first.offset == 0
