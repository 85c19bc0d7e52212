"""How much one person may ask in a minute: answered once when it is too much, then silence."""

from typing import Final, Literal

import telegram
from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, TypeHandler

from bot.clock import Clock
from bot.delivery.pacer import Window
from bot.tg.context import Context
from bot.tg.routes import Handler

Verdict = Literal["go", "tell", "silence"]

PRESSES: Final = 4
"""Presses for each command that is allowed: turning pages is quicker than typing."""

_MINUTE: Final = 60.0
_REMEMBERED: Final = 10_000
"""People, before those are dropped who have been quiet for a minute."""


class RateLimiter:
    """Counts what each person asked in the last minute."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._asked: dict[int, Window] = {}
        self._told: set[int] = set()

    def judge(self, who: int) -> Verdict:
        """Whether one more may be answered; `tell` for the first that may not."""
        now = self._clock.monotonic()
        if len(self._asked) > _REMEMBERED:
            self._drop_quiet(now)
        asked = self._asked.setdefault(who, Window(self._most, _MINUTE))
        if asked.wait(now) <= 0:
            asked.take(now)
            self._told.discard(who)
            return "go"
        if who in self._told:
            return "silence"
        self._told.add(who)
        return "tell"

    def _drop_quiet(self, now: float) -> None:
        quiet = [who for who, asked in self._asked.items() if asked.is_empty(now)]
        for who in quiet:
            del self._asked[who]
            self._told.discard(who)


def limiting(clock: Clock, most: int) -> Handler:
    """The handler that is asked first; editors are not counted, since handing in articles is their work."""
    commands, presses = RateLimiter(clock, most), RateLimiter(clock, most * PRESSES)

    async def guard(update: Update, ctx: Context) -> None:
        user, query = update.effective_user, update.callback_query
        if user is None or not (query or _asks(update)):
            return
        verdict = (presses if query else commands).judge(user.id)
        if verdict == "go" or await ctx.services.people.is_editor(user.id):
            return
        say = await ctx.say(update)
        if query:
            await ctx.answer(update, say("chat.too_fast"))  # a spinner ends in any case
        elif verdict == "tell":
            await ctx.tell(update, say("chat.too_fast"))
        raise ApplicationHandlerStop

    return TypeHandler(Update, guard)


def _asks(update: Update) -> bool:
    """Whether a message is meant for the bot: anything in private, only commands elsewhere."""
    message = update.message
    if message is None:
        return False
    if message.chat.type == ChatType.PRIVATE:
        return True
    first = message.entities[0] if message.entities else None
    return first is not None and first.type == telegram.MessageEntity.BOT_COMMAND and first.offset == 0
