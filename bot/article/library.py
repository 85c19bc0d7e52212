"""The library in memory: a card for each live article, enough for lists, look-ups and digests."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.article.model import Article, ArticleId, QuoteId
from bot.article.words import plain_blocks

_LEAD: Final = 300
_WIDE: Final = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_CJK: Final = re.compile(f"[{_WIDE}]+")
_TOKEN: Final = re.compile(rf"[{_WIDE}]+|[^\W\d_{_WIDE}]+|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What lists and digests need of an article without reading it.

    `news` numbers the announcements: an article gets a new one when it is published or restored, and keeps it
    when it is corrected. `version` counts the article's texts from 1; `lead` is the summary's first words.
    A quarantined article can be read but is announced to nobody, since Telegram refuses it.
    """

    id: ArticleId
    news: int
    version: int
    slug: str
    title: str
    language: str
    source: str | None
    author: str | None
    published: date | None
    url: str | None
    minutes: int
    tags: tuple[str, ...]
    lead: str
    sections: int
    quotes: tuple[QuoteId, ...]
    quarantined: bool = False


def card_of(article: Article, *, id: ArticleId, news: int, version: int) -> Card:  # noqa: A002  # the card's own word
    """The card of an article."""
    lead = " ".join(plain_blocks(article.summary).split())
    return Card(
        id=id,
        news=news,
        version=version,
        slug=article.slug,
        title=article.title,
        language=article.language,
        source=article.source,
        author=article.author,
        published=article.published,
        url=article.url,
        minutes=article.minutes,
        tags=article.tags,
        lead=lead if len(lead) <= _LEAD else lead[: _LEAD - 1] + "…",
        sections=sum(1 for section in article.walk() if section.level) or len(article.sections),
        quotes=tuple(quote.id for quote in article.quotes),
    )


@dataclass(frozen=True, slots=True)
class Pooled:
    """A quote that can be drawn, an article that has it, and whether that is in the reader's language."""

    quote: QuoteId
    article: ArticleId
    preferred: bool


class Library:
    """Every live article's card."""

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self._cards = {card.id: card for card in cards}
        self._refresh()

    def put(self, card: Card) -> None:
        """Add an article, or a new version of one."""
        self._cards[card.id] = card
        self._refresh()

    def remove(self, article: ArticleId) -> None:
        """Take an article out; one that is not there is no mistake."""
        self._cards.pop(article, None)
        self._refresh()

    def get(self, article: ArticleId) -> Card | None:
        """The card of a live article."""
        return self._cards.get(article)

    def by_slug(self, slug: str) -> Card | None:
        """The live article of that name."""
        return self._slugs.get(slug)

    def newest(self) -> Sequence[Card]:
        """All of them, newest first."""
        return self._newest

    def after(self, news: int) -> Sequence[Card]:
        """Those announced after a watermark, newest first."""
        return [card for card in self._newest if card.news > news and not card.quarantined]

    def find(self, words: str) -> Sequence[Card]:
        """The one of that name, else those in which every word occurs; titles first, then newest.

        Words are looked for in title, name, tags, source, author and lead.
        """
        named = self.by_slug(words.strip().casefold())
        if named and "-" in named.slug:  # a single word means whatever has it
            return [named]
        wanted = tokens(words)
        if not wanted:
            return []
        found = [card for card in self._newest if matches(wanted, _text(card))]
        return sorted(found, key=lambda card: not matches(wanted, card.title))

    def quotes(self, language: str) -> Sequence[Pooled]:
        """Every quote of articles that can be announced, once, in the newest article that has it."""
        return [
            Pooled(quote, article, self._cards[article].language == language)
            for quote, article in self._quotes
        ]

    def _refresh(self) -> None:
        """Lists are read far more often than articles are added."""
        self._newest = sorted(self._cards.values(), key=lambda card: -card.news)
        self._slugs = {card.slug: card for card in self._newest}
        pool: dict[QuoteId, ArticleId] = {}
        for card in self._newest:
            for quote in card.quotes if not card.quarantined else ():
                pool.setdefault(quote, card.id)
        self._quotes = list(pool.items())


def tokens(words: str) -> list[str]:
    """What to look for: words and numbers, folded; a run of Chinese is one token."""
    return _TOKEN.findall(words.casefold())


def matches(wanted: Sequence[str], text: str) -> bool:
    """Whether each token occurs: Chinese anywhere, other words from a word's beginning."""
    folded = text.casefold()
    return all(_occurs(token, folded) for token in wanted)


def _occurs(token: str, folded: str) -> bool:
    if _CJK.match(token):
        return token in folded
    # Beside Chinese, a word begins where the script changes.
    return re.search(rf"(?<![^\W_{_WIDE}]){re.escape(token)}", folded) is not None


def _text(card: Card) -> str:
    return "\n".join((card.title, card.slug, *card.tags, card.source or "", card.author or "", card.lead))
