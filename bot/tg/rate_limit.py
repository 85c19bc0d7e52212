"""How much one person may ask in a minute: answered once when it is too much, then silence."""

from itertools import islice
from typing import Final, Literal

import telegram
from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, TypeHandler

from bot.clock import Clock
from bot.delivery.window import Window
from bot.tg.context import Context
from bot.tg.routes import Handler

Verdict = Literal["go", "tell", "silence"]

PRESSES: Final = 4
"""Presses for each command that is allowed: turning pages is quicker than typing."""

_MINUTE: Final = 60.0
_MAX_EXPIRED: Final = 2
"""Entries that are forgotten with each new one: more than come in, and never many at a time."""

Who = tuple[int, int]
"""A chat and a user: Telegram's stand-ins for anonymous administrators are the same user in all groups."""


class RateLimiter:
    """Counts what each person asked in the last minute."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._asked: dict[Who, Window] = {}  # those who were answered longest ago come first
        self._told: set[Who] = set()

    def judge(self, who: Who) -> Verdict:
        """Return whether one more may be answered; `tell` for the first that may not."""
        now = self._clock.monotonic()
        asked = self._asked.get(who) or Window(self._most, _MINUTE)
        if asked.wait(now) <= 0:
            asked.take(now)
            self._asked.pop(who, None)
            self._asked[who] = asked
            self._told.discard(who)
            self._forget_quiet(now)
            return "go"
        if who in self._told:
            return "silence"
        self._told.add(who)
        return "tell"

    def _forget_quiet(self, now: float) -> None:
        """Forget the first few who have been quiet for a minute."""
        first = [who for who, asked in islice(self._asked.items(), _MAX_EXPIRED) if asked.is_empty(now)]
        for who in first:
            del self._asked[who]
            self._told.discard(who)


def limiting(clock: Clock, most: int) -> Handler:
    """The handler that is asked first; editors are not counted, since handing in articles is their work."""
    commands, presses = RateLimiter(clock, most), RateLimiter(clock, most * PRESSES)

    async def guard(update: Update, ctx: Context) -> None:
        chat, user, query = update.effective_chat, update.effective_user, update.callback_query
        if update.my_chat_member is not None and user is not None:
            ctx.over_limit = commands.judge((user.id, user.id)) != "go"
            return
        if chat is None or user is None or not (query or _asks(update)):
            return
        verdict = (presses if query else commands).judge((chat.id, user.id))
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
