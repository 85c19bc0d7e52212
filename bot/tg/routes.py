"""How a feature registers its commands and buttons; who may use them is checked here, once."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Literal

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.message.callback import parse_callback
from bot.tg.context import ArticleGone, Context, NotAllowed

Act = Callable[[Update, Context], Coroutine[Any, Any, None]]
Press = Callable[[Update, Context, list[str]], Awaitable[str | None]]
Handler = BaseHandler[Update, Context, Any]
Audience = Literal["reader", "editor", "owner"]

AUDIENCES: Final[tuple[Audience, ...]] = ("reader", "editor", "owner")

FRESH: Final = ~filters.UpdateType.EDITED & ~filters.UpdateType.CHANNEL_POST
"""An edited message runs no command twice, and a channel's posts are no commands."""

OWN: Final = FRESH & ~filters.FORWARDED & ~filters.IS_AUTOMATIC_FORWARD & ~filters.VIA_BOT
"""Somebody's own words: what they pass on, or a channel's post brings into its group, commands nothing."""


class Command(CommandHandler[Context, None]):
    """A command and who may use it; what menus and help list is in `menus`."""

    def __init__(
        self, name: str, act: Act, *, audience: Audience, decides: bool, ends_question: bool
    ) -> None:
        self.name = name
        self.audience = audience

        async def guarded(update: Update, ctx: Context) -> None:
            if not await allowed(update, ctx, audience):
                await ctx.unknown_command(update)
                return
            if ends_question:
                await ctx.remember(ctx.forget_awaited(update))
            if decides and not await ctx.may_decide(update):
                await ctx.tell(update, (await ctx.say(update))("chat.admins_only"))
                return
            with ctx.typing(update):
                await act(update, ctx)

        super().__init__(name, guarded, filters=OWN)


def command(
    name: str, act: Act, *, audience: Audience = "reader", decides: bool = False, ends_question: bool = True
) -> Command:
    """Run `act` for a command; to whom it is not open it does not exist.

    One that `decides` for the chat is a group's administrators' alone. It ends whatever was asked of this
    chat, unless `act` is to find out what that was.
    """
    return Command(name, act, audience=audience, decides=decides, ends_question=ends_question)


class PressButton(CallbackQueryHandler[Context, None]):
    """The buttons with a verb, and who may press them."""

    def __init__(self, verb: str, press: Press, *, audience: Audience, decides: bool) -> None:
        self.verb = verb
        self.audience = audience

        async def act(update: Update, ctx: Context) -> None:
            query = update.callback_query
            if query is None or query.data is None:
                return
            arguments = parse_callback(query.data)[1]
            if in_channel(update):
                await ctx.lead_here(update, arguments)
                return
            answer: str | None = None
            try:
                if not await allowed(update, ctx, audience):
                    answer = (await ctx.say(update))("chat.stale")
                elif decides and not await ctx.may_decide(update):
                    answer = (await ctx.say(update))("chat.admins_only")
                else:
                    with ctx.typing(update):
                        answer = await press(update, ctx, arguments)
            except NotAllowed:
                answer = (await ctx.say(update))("chat.admins_only")
            except ArticleGone:
                answer = (await ctx.say(update))("chat.article_gone")
            except (ValueError, IndexError, KeyError, OverflowError) as error:
                if not _is_about_data(error):
                    raise
                answer = (await ctx.say(update))("chat.stale")
            finally:
                await ctx.answer(update, answer)

        super().__init__(act, pattern=rf"^\+?{re.escape(verb)}(:|$)")


def _is_about_data(error: Exception) -> bool:
    """Return whether a button's own data is at fault: of an older version, of what is gone, or made up.

    Then it fails where handlers read it, or where they look up what it names; anywhere else, we are at fault.
    A number that the database cannot hold is no id of ours.
    """
    if isinstance(error, OverflowError):
        return True
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = trace.tb_frame.f_code.co_filename.replace("\\", "/") if trace is not None else ""
    return "/tg/handlers/" in place or place.endswith(("/tg/choices.py", "/db/editions.py"))


def button(verb: str, press: Press, *, audience: Audience = "reader", decides: bool = False) -> PressButton:
    """Run `press` for buttons with this verb; what it returns is shown as the button's answer.

    One that `decides` for the chat is a group's administrators' alone.
    A button whose verb begins with `+` opens in a new message (see `Context.show`). The spinner always ends.
    """
    return PressButton(verb, press, audience=audience, decides=decides)


def in_channel(update: Update) -> bool:
    """Whether an update comes from a channel, where whatever we answer would be a post for everybody."""
    chat = update.effective_chat
    return chat is not None and chat.type == chat.CHANNEL


async def allowed(update: Update, ctx: Context, audience: Audience) -> bool:
    """Whether whoever sent this belongs to an audience; editors and owners work in their private chats."""
    if audience == "reader":
        return True
    chat, user = update.effective_chat, update.effective_user
    if chat is None or user is None or chat.type != chat.PRIVATE:
        return False
    people = ctx.services.people
    return await (people.is_owner if audience == "owner" else people.is_editor)(user.id)
