"""What an editor sees while messages are gathered for a draft."""

from bot.actions.staff import DropGathering, FinishGathering, HoldGathering
from bot.editing.gathering import Drafted
from bot.errors import ArticleError, BotError
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import plain_message
from bot.message.model import ButtonRow, Message
from bot.views.editing import proposal
from bot.views.errors import worded


def gathering(tr: Translator) -> Message:
    """Say that a draft follows in a moment, and how to add more to it."""
    done, drop = _ends(tr)
    return plain_message(
        tr("gathering.first"), (done, button(tr("gathering.button_more"), HoldGathering())), (drop,)
    )


def held(tr: Translator) -> Message:
    """Say that more is waited for, and how to end that."""
    return plain_message(tr("gathering.held"), _ends(tr))


def _ends(tr: Translator) -> ButtonRow:
    return button(tr("gathering.button_done"), FinishGathering()), button(
        tr("gathering.button_drop"), DropGathering()
    )


def drafted(made: Drafted, tr: Translator) -> Message:
    """Show the draft, and say which files are not in it."""
    return proposal(made.proposal, tr, note="\n".join(_left_out(error, tr) for error in made.errors))


def _left_out(error: BotError, tr: Translator) -> str:
    name = error.file if isinstance(error, ArticleError) else ""
    return f"⚠️ {name}: {worded(error, tr)}" if name else f"⚠️ {worded(error, tr)}"
