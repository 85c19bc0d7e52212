"""Links in messages of editors, and the message in which they see what comes of one."""

import re
from collections.abc import Sequence
from typing import Final

import telegram
from telegram.constants import MessageEntityType

from bot.article.library import Card
from bot.editing.links import LinkState, PageLink
from bot.editing.model import Proposal
from bot.errors import BotError
from bot.i18n import Translator
from bot.message.model import Message
from bot.sources.addresses import address_key, web_address
from bot.tg import convert, progress
from bot.tg.bot import TolerantBot
from bot.tg.request import Request
from bot.tg.services import Services
from bot.views import links as views
from bot.views.editing import proposal
from bot.views.errors import refused

MAX_LINKS: Final = 10
"""Of a message; more are a list of links, and that is a text."""

_MAX_BESIDE_CHARS: Final = 60
"""Words beside its links that a message may have: a title, a greeting."""
_MARKUP: Final = re.compile(r"^[ \t]*(?:#{1,6} |> |```|[-*+] \S.*\n[ \t]*[-*+] )", re.MULTILINE)
"""What makes a document of a message, however short."""
_LETTERS: Final = re.compile(r"[\W_]+")


def links_in(sent: telegram.Message, *, start: int = 0) -> Sequence[str]:
    """Return the addresses of a message that is about them; nothing for a text that has some."""
    text = (sent.text or "")[start:]
    if _MARKUP.search(text):
        return ()
    found = sent.parse_entities([MessageEntityType.URL, MessageEntityType.TEXT_LINK])
    beside, addresses = text, dict[str, str]()
    for entity, words in found.items():
        # Telegram marks `notes.md` too, since .md is a country’s.
        if entity.url is None and "/" not in words:
            continue
        address = web_address(entity.url or words)
        if address is None:
            return ()
        addresses.setdefault(address_key(address) or address, address)
        if entity.url is None:
            beside = beside.replace(words, " ")
    # Telegram does not mark every address, such as one whose path is in Chinese.
    if not addresses and (only := web_address(text.strip())) and "://" in text:
        return (only,)
    is_about_them = len(_LETTERS.sub("", beside)) <= _MAX_BESIDE_CHARS and len(addresses) <= MAX_LINKS
    return tuple(addresses.values()) if is_about_them else ()


async def read_links(request: Request, addresses: Sequence[str]) -> None:
    """Have pages read; a message for each says how far it is."""
    for address in addresses:
        sent = await convert.send(request.bot, request.place, views.waiting(address, request.tr))
        await request.services.links.ask(address, editor=request.user, chat=request.place.chat, message=sent)


async def update_link(bot: TolerantBot, services: Services, link: PageLink, state: LinkState) -> None:
    """Show in the message of a link how far it is."""
    await progress.update(
        bot,
        services,
        chat=link.chat,
        message=link.message,
        view=lambda tr: _message(link, state, tr),
        is_final=not isinstance(state, str),
    )


def _message(link: PageLink, state: LinkState, tr: Translator) -> Message:
    match state:
        case Proposal():
            return proposal(state, tr)
        case Card():
            return views.known(link, state, tr)
        case BotError():
            return refused(state, tr)
        case step:
            return views.progress(link, step, tr)
