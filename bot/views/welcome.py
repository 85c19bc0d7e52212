"""The first messages that people see: /start, /help, and what is said to words that mean nothing."""

from collections.abc import Mapping, Sequence

from bot.actions.readers import (
    ListArticles,
    OpenGuide,
    OpenSettings,
    OpenSummary,
    ShowHelp,
    ShowQuote,
    Subscribe,
)
from bot.article.library import Card
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import FormattedText, plain_message, to_message
from bot.message.model import Button, ButtonRow, Message


def greeting(newest: Card | None, tr: Translator) -> Message:
    """Greet, with buttons for the newest article, a quote and the digest."""
    text = FormattedText.plain(tr("chat.start_title")).bold() + FormattedText.plain(
        "\n" + tr("chat.start_text")
    )
    return to_message(text, (*_article(newest, tr), (_quote(tr), _subscribe(tr))))


def commands(groups: Mapping[str, Sequence[str]], newest: Card | None, tr: Translator) -> Message:
    """List commands by the task that they serve."""
    parts = [FormattedText.plain(tr("chat.help_title")).bold(), FormattedText.plain(tr("chat.help_more"))]
    for name, listed in groups.items():
        lines = "\n".join(f"/{each} – {tr(f'menu.{each}')}" for each in listed)
        parts.append(FormattedText.plain(tr(f"chat.help_{name}")).bold() + FormattedText.plain("\n" + lines))
    articles = button(tr("chat.button_articles"), ListArticles(0), in_new_message=True)
    settings = button(tr("chat.button_settings"), OpenSettings(None, "all"), in_new_message=True)
    guide = button(tr("chat.button_guide"), OpenGuide(0), in_new_message=True)
    rows = (*_article(newest, tr), (articles, _quote(tr)), (_subscribe(tr), settings), (guide,))
    return to_message(FormattedText.join("\n\n", parts), rows)


def not_understood(text: str, tr: Translator) -> Message:
    """Say that something meant nothing, with a way to all commands."""
    return plain_message(text, (button(tr("chat.button_help"), ShowHelp()),))


def _article(newest: Card | None, tr: Translator) -> tuple[ButtonRow, ...]:
    if newest is None:
        return ()
    return ((button(tr("chat.button_newest"), OpenSummary(newest.id), in_new_message=True),),)


def _quote(tr: Translator) -> Button:
    return button(tr("chat.button_quote"), ShowQuote(None))


def _subscribe(tr: Translator) -> Button:
    return button(tr("chat.button_subscribe"), Subscribe(), in_new_message=True)
