"""/editors: owners appoint editors by a link, and dismiss them."""

from datetime import timedelta
from typing import Final

from telegram import Update
from telegram.helpers import create_deep_linked_url

from bot.clock import token
from bot.i18n import Say
from bot.message.callback import action
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.tg.context import Context
from bot.tg.menus import set_menu_of
from bot.tg.routes import Handler, button, command

INVITED: Final = "editor_"
"""How the payload of the link begins by which somebody becomes an editor."""

OPEN: Final = timedelta(days=7)
"""How long such a link can be used."""

_MOST: Final = 50
"""Editors in a list: a keyboard has room for a hundred buttons."""


async def editors(update: Update, ctx: Context) -> None:
    """/editors: who edits, and a link for one more."""
    say, word = await ctx.say(update), token()
    await ctx.services.people.invite(word, ctx.services.clock.now() + OPEN)
    link = create_deep_linked_url(ctx.bot.username, INVITED + word)
    invitation = say("editors.invite", days=OPEN.days) + "\n" + link
    await ctx.send(update, await _listed(ctx, say, invitation))


async def dismiss(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: this editor becomes a reader again."""
    say, user = await ctx.say(update), int(arguments[0])
    if not await ctx.services.people.dismiss(user):
        return say("editors.dismissed_already")
    await ctx.show(update, await _listed(ctx, say))
    await set_menu_of(ctx.bot, user, "reader")
    return say("editors.dismissed")


async def accept(update: Update, ctx: Context, word: str, say: Say) -> None:
    """The link was opened."""
    user, now = update.effective_user, ctx.services.clock.now()
    people = ctx.services.people
    if user and await people.is_editor(user.id):
        await ctx.tell(update, say("editors.already"))
    elif user and await people.accept(user.id, user.full_name, word, now):
        await ctx.tell(update, say("editors.welcome"))
        await set_menu_of(ctx.bot, user.id, "editor")
    else:
        await ctx.tell(update, say("editors.refused"))


async def _listed(ctx: Context, say: Say, *more: str) -> Message:
    appointed = await ctx.services.people.appointed()
    text = Rich.plain("\n\n".join((say("editors.list", count=len(appointed)), *more)))
    rows = [
        (action(say("editors.button_dismiss", name=name), "dis", user),)
        for user, name in list(appointed.items())[:_MOST]
    ]
    return to_message(text, tuple(rows))


HANDLERS: list[Handler] = [
    command("editors", editors, audience="owner"),
    button("dis", dismiss, audience="owner"),
]
