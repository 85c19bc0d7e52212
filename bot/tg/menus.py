"""The command menu and the bot's description, for each language and audience."""

import logging
from collections.abc import Awaitable, Iterable, Mapping
from typing import Final

import telegram
from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram import BotCommandScopeChat as ChatScope

from bot.i18n import LANGUAGES, Language, translator
from bot.i18n.catalogue import ENGLISH
from bot.tg.request import AUDIENCES, Audience

log = logging.getLogger(__name__)

TASKS: Final[dict[str, tuple[str, ...]]] = {
    "read": ("summary", "sections", "quote", "search", "articles"),
    "daily": ("digest", "subscribe", "unsubscribe", "settings", "topics", "why"),
    "other": ("privacy", "help", "cancel"),
}
"""What readers can do, by task, as help lists it."""

COMMANDS: Final[dict[Audience, tuple[str, ...]]] = {
    "reader": tuple(name for names in TASKS.values() for name in names),
    "editor": ("addarticle", "drafts", "removearticle", "feeds", "stats", "trace"),
    "owner": ("editors", "broadcast", "status"),
}
"""What menus list, in this order."""

_IN_GROUPS: Final = (*TASKS["read"], "help")
"""What a group's members see; its administrators see all that readers can do."""


def commands_for(audience: Audience) -> tuple[str, ...]:
    """Return the commands that are open to an audience and to none below it."""
    return COMMANDS[audience]


async def set_menus(bot: telegram.Bot, people: Mapping[int, Audience]) -> None:
    """Tell Telegram every menu and description; what fails is logged, since the bot works without."""
    for language in LANGUAGES:
        tr, code = translator(language), _code(language)
        everything, reading = _menu(COMMANDS["reader"], language), _menu(_IN_GROUPS, language)
        for scope, menu in (
            (BotCommandScopeAllPrivateChats(), everything),
            (BotCommandScopeAllGroupChats(), reading),
            (BotCommandScopeAllChatAdministrators(), everything),
        ):
            await _try(bot.set_my_commands(menu, scope, language_code=code))
        await _try(bot.set_my_description(tr("menu.description"), language_code=code))
        await _try(bot.set_my_short_description(tr("menu.short_description"), language_code=code))
    for user, audience in people.items():
        await set_menu_of(bot, user, audience)


async def set_menu_of(
    bot: telegram.Bot, user: int, audience: Audience, chosen: Language | None = None
) -> None:
    """Show a person all that is open to them; in the language that was `chosen`, else in their client's."""
    names = [name for each in AUDIENCES[: AUDIENCES.index(audience) + 1] for name in commands_for(each)]
    for language in LANGUAGES:
        menu = _menu(names, chosen or language)
        await _try(bot.set_my_commands(menu, ChatScope(user), language_code=_code(language)))


def _menu(names: Iterable[str], language: Language) -> list[BotCommand]:
    tr = translator(language)
    return [BotCommand(name, tr(f"menu.{name}")) for name in names]


def _code(language: Language) -> str:
    """Return a language code; English is what clients in other languages see."""
    return "" if language == ENGLISH else language


async def _try(call: Awaitable[bool]) -> None:
    try:
        await call
    except telegram.error.TelegramError as error:
        log.warning("A menu or description was not set: %s", error)
