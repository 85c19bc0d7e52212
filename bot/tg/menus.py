"""The command menu and the bot's description, for each language and audience."""

import logging
from collections.abc import Awaitable, Mapping
from typing import Final

import telegram
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram import BotCommandScopeChat as ChatScope

from bot.i18n import LANGUAGES, Language, say_in
from bot.i18n.catalogue import ENGLISH
from bot.tg.routes import AUDIENCES, Audience

log = logging.getLogger(__name__)

COMMANDS: Final[dict[Audience, tuple[str, ...]]] = {
    "reader": (
        "summary", "sections", "quote", "articles", "digest", "subscribe", "unsubscribe",
        "settings", "privacy", "help", "cancel",
    ),
    "editor": ("addarticle", "removearticle"),
    "owner": ("editors",),
}  # fmt: skip
"""What menus and help list, in this order."""


def commands_for(audience: Audience) -> tuple[str, ...]:
    """The commands that are open to an audience and to none below it."""
    return COMMANDS[audience]


async def set_menus(bot: telegram.Bot, people: Mapping[int, Audience]) -> None:
    """Tell Telegram every menu and description; what fails is logged, since the bot works without."""
    for language in LANGUAGES:
        say, code = say_in(language), _code(language)
        menu = _menu("reader", language)
        await _try(bot.set_my_commands(menu, BotCommandScopeAllPrivateChats(), language_code=code))
        await _try(bot.set_my_commands(menu, BotCommandScopeAllGroupChats(), language_code=code))
        await _try(bot.set_my_description(say("menu.description"), language_code=code))
        await _try(bot.set_my_short_description(say("menu.short_description"), language_code=code))
    for user, audience in people.items():
        await set_menu_of(bot, user, audience)


async def set_menu_of(bot: telegram.Bot, user: int, audience: Audience) -> None:
    """Show a person all that is open to them, in their own chat."""
    for language in LANGUAGES:
        menu = _menu(audience, language)
        await _try(bot.set_my_commands(menu, ChatScope(user), language_code=_code(language)))


def _menu(audience: Audience, language: Language) -> list[BotCommand]:
    say = say_in(language)
    open_to = AUDIENCES[: AUDIENCES.index(audience) + 1]
    return [BotCommand(name, say(f"menu.{name}")) for each in open_to for name in commands_for(each)]


def _code(language: Language) -> str:
    """English is what clients in any other language see."""
    return "" if language == ENGLISH else language


async def _try(call: Awaitable[bool]) -> None:
    try:
        await call
    except telegram.error.TelegramError as error:
        log.warning("A menu or description was not set: %s", error)
