"""A button that opens a new message opens one, however quickly it is pressed twice."""

from typing import Final

from telegram import Update
from telegram.ext import ApplicationHandlerStop, TypeHandler

from bot.clock import Clock
from bot.tg.context import NEW_MESSAGE, Context
from bot.tg.routes import Handler

_QUICK: Final = 2.0
"""Seconds within which a second tap was not meant."""
_REMEMBERED: Final = 1_000

Tap = tuple[int, int, str]


class Taps:
    """The last button that each person pressed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[int, tuple[Tap, float]] = {}

    def repeated(self, who: int, tap: Tap) -> bool:
        """Whether this is the second tap of two quick ones."""
        now = self._clock.monotonic()
        before = self._last.pop(who, None)
        self._last[who] = (tap, now)
        if len(self._last) > _REMEMBERED:
            del self._last[next(iter(self._last))]  # whoever pressed longest ago
        return before is not None and before[0] == tap and now - before[1] < _QUICK


def passing_over_double_taps(clock: Clock) -> Handler:
    """The handler that ends the spinner of a second tap; a message that is only changed needs none."""
    taps = Taps(clock)

    async def guard(update: Update, ctx: Context) -> None:
        query, chat, message = update.callback_query, update.effective_chat, update.effective_message
        if query is None or chat is None or message is None:
            return
        data = query.data or ""
        repeated = taps.repeated(query.from_user.id, (chat.id, message.message_id, data))
        if repeated and data.startswith(NEW_MESSAGE):
            await ctx.answer(update)
            raise ApplicationHandlerStop

    return TypeHandler(Update, guard)
