"""/start, /help, /cancel: what the bot is for, and how to begin."""

from typing import Final

from telegram import Update

from bot.i18n import Say, say_in
from bot.message.callback import action
from bot.message.model import Message, Row
from bot.message.rich import Rich, to_message
from bot.tg.context import QUOTE, Context
from bot.tg.handlers.appointing import INVITED, accept
from bot.tg.handlers.quotes import show_next
from bot.tg.handlers.reading import favourite, summary_of
from bot.tg.menus import TASKS, commands_for, set_menu_of
from bot.tg.routes import AUDIENCES, Handler, allowed, button, command

CLAIM: Final = "owner_"
"""How the payload of the link begins by which the first owner claims the bot."""


async def start(update: Update, ctx: Context) -> None:
    """/start [slug]: two lines and three buttons, or the article that a link named."""
    reader = await ctx.reader(update)
    say, library = say_in(reader.language), ctx.services.library
    if ctx.words.startswith((CLAIM, INVITED)) and not _is_oneself(update):
        await ctx.tell(update, say("chat.link_in_private"))
        return
    if ctx.words.startswith(CLAIM):
        await _claim(update, ctx, say)
        return
    if ctx.words.startswith(INVITED):
        await accept(update, ctx, ctx.words.removeprefix(INVITED), say)
        return
    if ctx.words == QUOTE:
        await show_next(update, ctx)
        return
    card = library.by_slug(ctx.words) if ctx.words else None
    if card is not None:
        await ctx.send(update, await summary_of(ctx, card, say))
        return
    if ctx.words:
        await ctx.tell(update, say("chat.link_stale"))
    rows: list[Row] = [
        (action(say("chat.button_newest"), "+sum", card.id),)
        for card in favourite(library.newest(), reader)[:1]
    ]
    rows.append(
        (
            action(say("chat.button_quote"), "quo", 0),
            action(say("chat.button_subscribe"), "+sub"),
        )
    )
    text = Rich.plain(say("chat.start_title")).bold() + Rich.plain("\n" + say("chat.start_text"))
    await ctx.send(update, to_message(text, tuple(rows)))


def _is_oneself(update: Update) -> bool:
    """Return whether a person speaks in their own chat; in groups, Telegram's stand-ins speak for several."""
    chat, user = update.effective_chat, update.effective_user
    return chat is not None and user is not None and chat.type == chat.PRIVATE and not user.is_bot


async def _claim(update: Update, ctx: Context, say: Say) -> None:
    user, word = update.effective_user, ctx.words.removeprefix(CLAIM)
    now = ctx.services.clock.now()
    if user and await ctx.services.people.claim(user.id, user.full_name, word, now):
        await ctx.tell(update, say("chat.claimed"))
        await set_menu_of(ctx.bot, user.id, "owner")
    else:
        await ctx.tell(update, say("chat.claim_refused"))


async def help_(update: Update, ctx: Context) -> None:
    """/help: every command that this person may use."""
    await ctx.send(update, await _help(update, ctx))


async def press_help(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: the same."""
    await ctx.send(update, await _help(update, ctx))
    return None


async def _help(update: Update, ctx: Context) -> Message:
    say = await ctx.say(update)
    groups = dict(TASKS)
    for audience in AUDIENCES[1:]:
        if await allowed(update, ctx, audience):
            groups[audience] = commands_for(audience)
    parts = [Rich.plain(say("chat.help_title")).bold()]
    for name, listed in groups.items():
        lines = "\n".join(f"/{command} – {say(f'menu.{command}')}" for command in listed)
        parts.append(Rich.plain(say(f"chat.help_{name}")).bold() + Rich.plain("\n" + lines))
    parts.append(Rich.plain(say("chat.help_more")))
    newest = favourite(ctx.services.library.newest(), await ctx.reader(update))[:1]
    rows: list[Row] = [(action(say("chat.button_newest"), "+sum", card.id),) for card in newest]
    rows.append((action(say("chat.button_articles"), "+arts", 0), action(say("chat.button_quote"), "quo", 0)))
    rows.append(
        (action(say("chat.button_subscribe"), "+sub"), action(say("chat.button_settings"), "+set", 0, "all"))
    )
    return to_message(Rich.join("\n\n", parts), tuple(rows))


async def cancel(update: Update, ctx: Context) -> None:
    """/cancel: stop waiting for whatever was asked."""
    say = await ctx.say(update)
    awaited = await ctx.forget_awaited(update)
    await ctx.tell(update, say("chat.cancelled" if awaited else "chat.nothing_to_cancel"))


HANDLERS: list[Handler] = [
    command("start", start),
    command("help", help_),
    command("cancel", cancel, ends_question=False),
    button("help", press_help),
]
