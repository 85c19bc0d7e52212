"""Errors in the language of whoever reads them."""

from bot.errors import ArticleError, BotError
from bot.i18n import Translator
from bot.message.formatted_text import plain_message
from bot.message.model import Message


def worded(error: BotError, tr: Translator) -> str:
    """Return an error in words, with the line where it is."""
    reason = tr(error.key, **error.values)
    if isinstance(error, ArticleError) and error.line is not None:
        return tr("error.at_line", line=error.line, reason=reason)
    return reason


def refused(error: BotError, tr: Translator) -> Message:
    """Say why something is no draft, and what to do instead."""
    return plain_message("⚠️ " + worded(error, tr))
