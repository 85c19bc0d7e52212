"""What stands above an article's messages, in one shape everywhere."""

from typing import Final

from bot.article.library import Card
from bot.i18n import Say
from bot.message.labels import TITLE, short
from bot.message.rich import Rich

_NAME: Final = 80
"""Characters of a source or an author."""


def head(card: Card, say: Say) -> Rich:
    """Return an article's title, and the facts below it."""
    return title_line(card) + Rich("\n") + facts_line(card, say).italic()


def title_line(card: Card) -> Rich:
    """Return the article's title, bold."""
    return Rich.plain(short(card.title, TITLE) or "–").bold()


def facts_line(card: Card, say: Say) -> Rich:
    """Return source · author · date · reading time."""
    facts = [short(fact, _NAME) for fact in (card.source, card.author) if fact]
    if card.published:
        facts.append(say.full_day(card.published))
    facts.append(say("article.minutes", count=card.minutes))
    return Rich.plain(" · ".join(facts))
