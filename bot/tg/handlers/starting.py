"""/start, /help, /cancel: what the bot is for, and how to begin."""

from collections.abc import Sequence
from typing import Final

from bot.actions import deep_links
from bot.actions.readers import OpenGuide, ShowHelp
from bot.article.library import Card
from bot.message.model import Message
from bot.tg.lookup import own_language_first, summary_message
from bot.tg.menus import TASKS, commands_for, set_menu_of
from bot.tg.request import AUDIENCES, Request
from bot.tg.routes import Route, command, deep_link, pressed
from bot.views import welcome as views
from bot.views.guide import guide

_SELF_EVIDENT: Final = ("help", "cancel")
"""Commands that help does not list: one was just sent, the other is named where it serves."""


async def start(request: Request) -> None:
    """Handle /start [slug]: greet, with three buttons, or show the article that a link named."""
    card = request.services.library.by_slug(request.words) if request.words else None
    if card is not None:
        await request.send(await summary_message(request, card))
        return
    if request.words:
        await request.tell(request.tr("chat.link_stale"))
    await request.send(views.greeting(_newest(request), request.tr))


async def claim(request: Request) -> None:
    """Make the sender the owner by the one-time link of the first start."""
    user, word = request.incoming.effective_user, request.words.removeprefix(deep_links.OWNER)
    if user and await request.services.people.claim(user.id, user.full_name, word, request.now):
        await request.tell(request.tr("chat.claimed"))
        await set_menu_of(request.bot, user.id, "owner")
    else:
        await request.tell(request.tr("chat.claim_refused"))


async def help_(request: Request) -> None:
    """Handle /help: list every command that this person may use."""
    await request.send(await _help(request))


async def show_help(request: Request, _: ShowHelp) -> None:
    """List every command that this person may use."""
    await request.send(await _help(request))


async def _help(request: Request) -> Message:
    groups: dict[str, Sequence[str]] = {}
    for name, commands in TASKS.items():
        groups[name] = [each for each in commands if each not in _SELF_EVIDENT]
    for audience in AUDIENCES[1:]:
        if await request.belongs_to(audience):
            groups[audience] = commands_for(audience)
    return views.commands(groups, _newest(request), request.tr)


async def open_guide(request: Request, action: OpenGuide) -> None:
    """Show a page of the manual."""
    await request.show(guide(action.page, request.tr))


def _newest(request: Request) -> Card | None:
    """Return the newest article, in the reader's language if there is one."""
    return next(iter(own_language_first(request.services.library.newest(), request.reader)), None)


async def cancel(request: Request) -> None:
    """Handle /cancel: stop waiting for whatever was asked."""
    was_awaited = request.reader.conversation.awaiting is not None
    await request.await_words(None)
    if await request.belongs_to("editor"):
        services = request.services
        count = await services.links.cancel(request.user) + await services.gatherer.cancel(request.user)
        was_awaited = was_awaited or count > 0
    await request.tell(request.tr("chat.cancelled" if was_awaited else "chat.nothing_to_cancel"))


ROUTES: list[Route] = [
    deep_link(deep_links.OWNER, claim),
    command("start", start),
    command("help", help_),
    command("cancel", cancel, keeps_question=True),
    pressed(ShowHelp, show_help),
    pressed(OpenGuide, open_guide),
]
