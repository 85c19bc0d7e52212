"""What owners and editors are told without having asked."""

from typing import Final

from bot.actions.staff import CountAsTold, ResumeDelivery, TellAgain, UndoRefusals
from bot.article.library import Card
from bot.i18n import Say
from bot.message.callback import button
from bot.message.edition import PATH_TITLE
from bot.message.labels import short
from bot.message.model import Message, Row
from bot.message.rich import plain_message
from bot.reader.model import SUSPENSIONS, Reader

_MAX_REASON_CHARS: Final = 200


def suspended_chat(reader: Reader, say: Say) -> Message:
    """Tell that a group or channel gets no more digests, and why."""
    reason = reader.subscription.suspended or ""
    known = say(f"chat.suspended_{reason}") if reason in SUSPENSIONS else short(reason, _MAX_REASON_CHARS)
    title = short(reader.title, PATH_TITLE) or str(reader.place.chat)
    return plain_message(say("chat.suspended", title=title, reason=known))


def restored_backup(say: Say) -> Message:
    """Ask what becomes of digests that were sent after the backup was made."""
    told = button(say("restored.button_told"), CountAsTold())
    again = button(say("restored.button_again"), TellAgain())
    return plain_message(say("restored.ask"), (told,), (again,))


def quarantined_article(card: Card, reason: str, say: Say) -> Message:
    """Tell that Telegram refuses an article."""
    title = short(card.title, PATH_TITLE)
    return plain_message(say("chat.quarantined", title=title, reason=short(reason, _MAX_REASON_CHARS)))


def stopped_delivery(say: Say) -> Message:
    """Ask whether delivery goes on that stopped because too many were refused."""
    return plain_message(say("stopped.ask"), *stopped_choices(say))


def stopped_choices(say: Say) -> tuple[Row, ...]:
    """Return the two buttons by which an owner decides about stopped delivery."""
    undo = button(say("stopped.button_undo"), UndoRefusals())
    return (undo,), (button(say("stopped.button_go_on"), ResumeDelivery()),)
