"""Each update is handled once, also when the server sends it again."""

from collections import deque
from typing import Final

from telegram import Update
from telegram.ext import ApplicationHandlerStop, TypeHandler

from bot.tg.context import Context
from bot.tg.routes import Handler

_REMEMBERED: Final = 1_000
"""Updates that are known again; one answer of the server holds a hundred."""


def passing_over_repeats() -> Handler:
    """The handler that stops an update which has been handled before.

    It is not told by `getUpdates`: the library throws away what comes in while it stops polling.
    """
    handled: deque[int] = deque(maxlen=_REMEMBERED)

    async def guard(update: Update, _: Context) -> None:
        if update.update_id in handled:
            raise ApplicationHandlerStop
        handled.append(update.update_id)

    return TypeHandler(Update, guard)
