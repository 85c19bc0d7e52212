"""What an editor sees of a page that was asked for, while it is fetched and if it is no draft."""

from typing import Final

from bot.actions.readers import OpenSummary
from bot.actions.staff import CancelLinks, ReadLinkAgain
from bot.article.library import Card
from bot.editing.links import LinkStep, PageLink
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import plain_message
from bot.message.labels import truncate
from bot.message.model import Message
from bot.sources.addresses import host_of

_TITLE_CHARS: Final = 60


def waiting(address: str, tr: Translator) -> Message:
    """Say that a page is fetched when its turn comes."""
    return _progress(tr("links.waiting", host=host_of(address)), tr)


def progress(link: PageLink, step: LinkStep, tr: Translator) -> Message:
    """Say how far a page is."""
    return _progress(tr(f"links.{step}", host=host_of(link.address)), tr)


def _progress(text: str, tr: Translator) -> Message:
    return plain_message(text, (button(tr("links.button_cancel"), CancelLinks()),))


def known(link: PageLink, card: Card, tr: Translator) -> Message:
    """Say that a page is here already, and ask whether it is to be read all the same."""
    open_ = button(tr("editing.button_read"), OpenSummary(card.id), in_new_message=True)
    again = button(tr("links.button_again"), ReadLinkAgain(link.id))
    return plain_message(tr("links.known", title=truncate(card.title, _TITLE_CHARS)), (open_,), (again,))
