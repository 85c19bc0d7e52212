"""The check before publishing: every message that an article can ever produce, within every limit."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.actions.readers import ListArticles
from bot.article.library import Card, card_of
from bot.article.model import Article, ArticleId
from bot.digest.model import DigestContent
from bot.i18n import LANGUAGES, Translator, translator
from bot.message.edition import Edition, SectionPage, edition_of
from bot.message.limits import problems
from bot.message.model import Message
from bot.views import articles as views
from bot.views.digest import WITH_LEAD, WITH_TITLE, compose

_LARGEST: Final = ArticleId(2**53)
"""Stands for the id that the article will have: no real one makes a button longer."""

_DAY: Final = date(2026, 11, 25)


def sample_card(article: Article) -> Card:
    """Return a card as large as any that the article may get."""
    return card_of(article, id=_LARGEST, news=_LARGEST, version=1)


def inspect(article: Article, edition: Edition) -> list[str]:
    """Render everything, and say what would fail; empty for an article that can be published."""
    found = {
        f"{kind}: {problem}": None
        for kind, message in every_message(sample_card(article), edition)
        for problem in problems(message)
    }  # a dict, since all languages often fail alike
    return list(found)


def messages_of(article: Article) -> list[tuple[str, Message]]:
    """Return every message of an article that is not published yet, each with its kind."""
    return list(every_message(sample_card(article), edition_of(article)))


def every_message(card: Card, edition: Edition) -> Iterator[tuple[str, Message]]:
    """Yield in every language: summary, outline, sections, quotes, lists, digests."""
    for tr in map(translator, LANGUAGES):
        yield "summary", views.summary(card, edition.summary, tr)
        yield from (("sections", message) for message in _outlines(card, edition, tr))
        yield from (("section", message) for _, message in section_messages(card, edition, tr))
        for said in edition.quotes:
            yield "quote", views.quote(card, said, tr, pool=card.id)
        yield "articles", views.articles([card] * views.LIST_PAGE, 0, tr, title="0", turn=ListArticles)
        yield from (("digest", message) for message in _digests(card, edition, tr))


def _outlines(card: Card, edition: Edition, tr: Translator) -> Iterator[Message]:
    count = len(edition.sections)
    for page, first in enumerate(range(0, max(count, 1), views.OUTLINE_PAGE)):
        heads = [section.head for section in edition.sections[first : first + views.OUTLINE_PAGE]]
        yield views.outline(card, heads, count, page, tr)


def section_messages(card: Card, edition: Edition, tr: Translator) -> Iterator[tuple[int, Message]]:
    """Yield every page of every section, with its number; 0 is what stands before the first heading."""
    count = len(edition.sections)
    ids = [None, *(section.head.id for section in edition.sections), None]
    for section, before, after in zip(edition.sections, ids, ids[2:], strict=False):
        for page, body in enumerate(section.pages):
            place = SectionPage(
                section=section.head, page=page, body=body, count=count, before=before, after=after
            )
            yield views.shown_number(card, section.head, count), views.section(card, place, tr)


def _digests(card: Card, edition: Edition, tr: Translator) -> Iterator[Message]:
    """Yield digests with it as the only news, among many, and with each quote."""
    many = [card] * (WITH_LEAD + WITH_TITLE + 1)
    yield from compose(DigestContent(day=_DAY, new=many, since=card.news, merged=2), tr)
    yield from compose(DigestContent(day=_DAY, new=[card]), tr)
    for said in edition.quotes:
        yield from compose(
            DigestContent(day=_DAY, new=many, since=card.news, quote=(card, said), merged=2), tr
        )
