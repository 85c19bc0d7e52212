"""/editors: owners appoint editors by a link, and dismiss them."""

from datetime import timedelta
from typing import Final

from telegram import Update, User
from telegram.helpers import create_deep_linked_url

from bot.clock import token
from bot.i18n import Say, say_in
from bot.message.callback import action
from bot.message.header import named
from bot.message.model import Message, Row
from bot.message.rich import Rich, to_message
from bot.text import as_name
from bot.tg.context import Context, user_of
from bot.tg.menus import set_menu_of
from bot.tg.routes import Handler, button, command

INVITED: Final = "editor_"
"""How the payload of the link begins by which somebody becomes an editor."""

OPEN: Final = timedelta(days=7)
"""How long such a link can be used."""

_MOST: Final = 50
"""Editors in a list: a keyboard has room for a hundred buttons."""


async def editors(update: Update, ctx: Context) -> None:
    """/editors: who edits, and how many links are open."""
    await ctx.send(update, await _listed(ctx, await ctx.say(update)))


async def invite(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: a link for one more editor."""
    say, word, now = await ctx.say(update), token(), ctx.services.clock.now()
    await ctx.services.people.invite(word, now + OPEN, by=user_of(update), now=now)
    link = create_deep_linked_url(ctx.bot.username, INVITED + word)
    await ctx.show(update, to_message(Rich.plain(say("editors.invite", days=OPEN.days) + "\n" + link)))
    return None


async def dismiss(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: this editor becomes a reader again."""
    say, user, now = await ctx.say(update), int(arguments[0]), ctx.services.clock.now()
    if not await ctx.services.people.dismiss(user, by=user_of(update), now=now):
        return say("editors.dismissed_already")
    await ctx.show(update, await _listed(ctx, say))
    await set_menu_of(ctx.bot, user, "reader")
    return say("editors.dismissed")


async def revoke(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: no link that was not used can be used any more."""
    say, now = await ctx.say(update), ctx.services.clock.now()
    gone = await ctx.services.people.revoke(by=user_of(update), now=now)
    await ctx.show(update, await _listed(ctx, say))
    return say("editors.revoked", count=gone)


async def accept(update: Update, ctx: Context, word: str, say: Say) -> None:
    """The link was opened."""
    user, now, people = update.effective_user, ctx.services.clock.now(), ctx.services.people
    if user and await people.is_editor(user.id):
        await ctx.tell(update, say("editors.already"))
    elif user and await people.accept(user.id, as_name(user.full_name), word, now):
        await ctx.tell(update, say("editors.welcome"))
        await set_menu_of(ctx.bot, user.id, "editor")
        await _tell_owners(ctx, user)
    else:
        await ctx.tell(update, say("editors.refused"))


async def _tell_owners(ctx: Context, user: User) -> None:
    """Let the owners hear of it: whoever has the link becomes an editor, wanted or not."""
    for owner in await ctx.services.people.owners():
        for reader in await ctx.services.readers.of_chat(owner):
            say = say_in(reader.language)
            text = say("editors.appointed", name=named(user.full_name, user.id))
            undo = action(say("editors.button_dismiss", name=named(user.full_name, user.id)), "dis", user.id)
            message = to_message(Rich.plain(text), ((undo,),))
            await ctx.services.notify(reader.id, f"appointed {user.id}", (message,))


async def _listed(ctx: Context, say: Say) -> Message:
    people = ctx.services.people
    appointed, links = await people.appointed(), await people.invitations(ctx.services.clock.now())
    lines = [say("editors.list", count=len(appointed))]
    lines += [f"· {named(name, user)}" for user, name in list(appointed.items())[:_MOST]]
    open_ = [say("editors.links", count=links)] if links else []
    text = Rich.plain("\n\n".join(("\n".join(lines), *open_)))
    rows: list[Row] = [
        (action(say("editors.button_dismiss", name=named(name, user)), "dis", user),)
        for user, name in list(appointed.items())[:_MOST]
    ]
    rows.append((action(say("editors.button_invite"), "+invite"),))
    if links:
        rows.append((action(say("editors.button_revoke"), "unlink"),))
    return to_message(text, tuple(rows))


HANDLERS: list[Handler] = [
    command("editors", editors, audience="owner"),
    button("invite", invite, audience="owner"),
    button("dis", dismiss, audience="owner"),
    button("unlink", revoke, audience="owner"),
]
