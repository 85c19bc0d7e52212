"""What owners and editors are told without having asked."""

from typing import Final

from bot.actions.staff import CountAsTold, ResumeDelivery, TellAgain, UndoRefusals
from bot.article.library import Card
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.edition import PATH_TITLE_CHARS
from bot.message.formatted_text import plain_message
from bot.message.labels import truncate
from bot.message.model import ButtonRow, Message
from bot.reader.model import SUSPENSIONS, Reader

_MAX_REASON_CHARS: Final = 200


def suspended_chat(reader: Reader, tr: Translator) -> Message:
    """Tell that a group or channel gets no more digests, and why."""
    reason = reader.subscription.suspended or ""
    known = tr(f"chat.suspended_{reason}") if reason in SUSPENSIONS else truncate(reason, _MAX_REASON_CHARS)
    title = truncate(reader.title, PATH_TITLE_CHARS) or str(reader.place.chat)
    return plain_message(tr("chat.suspended", title=title, reason=known))


def restored_backup(tr: Translator) -> Message:
    """Ask what becomes of digests that were sent after the backup was made."""
    told = button(tr("restored.button_told"), CountAsTold())
    again = button(tr("restored.button_again"), TellAgain())
    return plain_message(tr("restored.ask"), (told,), (again,))


def quarantined_article(card: Card, reason: str, tr: Translator) -> Message:
    """Tell that Telegram refuses an article."""
    title = truncate(card.title, PATH_TITLE_CHARS)
    return plain_message(tr("chat.quarantined", title=title, reason=truncate(reason, _MAX_REASON_CHARS)))


def stopped_delivery(tr: Translator) -> Message:
    """Ask whether delivery goes on that stopped because too many were refused."""
    return plain_message(tr("stopped.ask"), *stopped_choices(tr))


def stopped_choices(tr: Translator) -> tuple[ButtonRow, ...]:
    """Return the two buttons by which an owner decides about stopped delivery."""
    undo = button(tr("stopped.button_undo"), UndoRefusals())
    return (undo,), (button(tr("stopped.button_go_on"), ResumeDelivery()),)
