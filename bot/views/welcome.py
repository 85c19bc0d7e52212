"""The first messages that people see: /start, /help, and what is said to words that mean nothing."""

from collections.abc import Mapping, Sequence

from bot.actions.readers import ListArticles, OpenSettings, OpenSummary, ShowHelp, ShowQuote, SubscribeAgain
from bot.article.library import Card
from bot.i18n import Say
from bot.message.callback import button
from bot.message.model import Button, Message, Row
from bot.message.rich import Rich, plain_message, to_message


def greeting(newest: Card | None, say: Say) -> Message:
    """Greet, with buttons for the newest article, a quote and the digest."""
    text = Rich.plain(say("chat.start_title")).bold() + Rich.plain("\n" + say("chat.start_text"))
    return to_message(text, (*_article(newest, say), (_quote(say), _subscribe(say))))


def commands(groups: Mapping[str, Sequence[str]], newest: Card | None, say: Say) -> Message:
    """List commands by the task that they serve."""
    parts = [Rich.plain(say("chat.help_title")).bold()]
    for name, listed in groups.items():
        lines = "\n".join(f"/{each} – {say(f'menu.{each}')}" for each in listed)
        parts.append(Rich.plain(say(f"chat.help_{name}")).bold() + Rich.plain("\n" + lines))
    parts.append(Rich.plain(say("chat.help_more")))
    articles = button(say("chat.button_articles"), ListArticles(0), in_new_message=True)
    settings = button(say("chat.button_settings"), OpenSettings(None, "all"), in_new_message=True)
    rows = (*_article(newest, say), (articles, _quote(say)), (_subscribe(say), settings))
    return to_message(Rich.join("\n\n", parts), rows)


def not_understood(text: str, say: Say) -> Message:
    """Say that something meant nothing, with a way to all commands."""
    return plain_message(text, (button(say("chat.button_help"), ShowHelp()),))


def _article(newest: Card | None, say: Say) -> tuple[Row, ...]:
    if newest is None:
        return ()
    return ((button(say("chat.button_newest"), OpenSummary(newest.id), in_new_message=True),),)


def _quote(say: Say) -> Button:
    return button(say("chat.button_quote"), ShowQuote(None))


def _subscribe(say: Say) -> Button:
    return button(say("chat.button_subscribe"), SubscribeAgain(), in_new_message=True)
