"""What stands above an article's messages, in one shape everywhere."""

from typing import Final

from bot.article.library import Card
from bot.i18n import Translator
from bot.message.formatted_text import FormattedText
from bot.message.labels import TITLE_CHARS, truncate

_NAME_CHARS: Final = 80
"""Characters of a source or an author."""


def head(card: Card, tr: Translator) -> FormattedText:
    """Return an article's title, and the facts below it."""
    return title_line(card) + FormattedText("\n") + facts_line(card, tr).italic()


def title_line(card: Card) -> FormattedText:
    """Return the article's title, bold."""
    return FormattedText.plain(truncate(card.title, TITLE_CHARS) or "–").bold()


def facts_line(card: Card, tr: Translator) -> FormattedText:
    """Return the line of facts: source · author · date · reading time."""
    facts = [truncate(fact, _NAME_CHARS) for fact in (card.source, card.author) if fact]
    if card.published:
        facts.append(tr.full_day(card.published))
    facts.append(tr("article.minutes", count=card.minutes))
    return FormattedText.plain(" · ".join(facts))
