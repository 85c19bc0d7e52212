"""The library in memory: a card for each live article, enough for lists, look-ups and digests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from bot.article.model import Article, ArticleId, QuoteId
from bot.article.plain_text import plain_blocks
from bot.article.query import Query, index_text, parse_query
from bot.text import as_name, typed

_MAX_LEAD_CHARS: Final = 300


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
    """Return the card of an article."""
    lead = " ".join(plain_blocks(article.summary).split())
    return Card(
        id=id,
        news=news,
        version=version,
        slug=article.slug,
        title=as_name(article.title),
        language=article.language,
        source=as_name(article.source) if article.source else None,
        author=as_name(article.author) if article.author else None,
        published=article.published,
        url=article.url,
        minutes=article.minutes,
        tags=tuple(map(as_name, article.tags)),
        lead=lead if len(lead) <= _MAX_LEAD_CHARS else lead[: _MAX_LEAD_CHARS - 1] + "…",
        sections=sum(1 for section in article.walk() if section.level) or len(article.sections),
        quotes=tuple(quote.id for quote in article.quotes),
    )


@dataclass(frozen=True, slots=True)
class QuotePool:
    """Every quote that can be drawn, as 64-bit keys in ascending order, and the newest article that has it.

    `preferred` are those of articles in the reader's language, `others` the rest.
    """

    preferred: Sequence[int]
    others: Sequence[int]
    articles: Mapping[int, ArticleId]


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A card with its text as `Query.matches` takes it; the title comes first."""

    card: Card
    text: str
    title_chars: int


class Library:
    """Every live article's card."""

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self._indexed = {card.id: _index(card) for card in cards}
        self._refresh()

    def put(self, card: Card) -> None:
        """Add an article, or a new version of one."""
        self._indexed[card.id] = _index(card)
        self._refresh()

    def remove(self, article: ArticleId) -> None:
        """Take an article out; one that is not there is no mistake."""
        self._indexed.pop(article, None)
        self._refresh()

    def get(self, article: ArticleId) -> Card | None:
        """Return the card of a live article."""
        indexed = self._indexed.get(article)
        return indexed.card if indexed else None

    def by_slug(self, slug: str) -> Card | None:
        """Return the live article of that name."""
        return self._slugs.get(slug)

    def newest(self) -> Sequence[Card]:
        """Return all of them, newest first."""
        return self._newest

    def after(self, news: int) -> Sequence[Card]:
        """Return those announced after a watermark, newest first."""
        recent = takewhile(lambda card: card.news > news, self._newest)
        return [card for card in recent if not card.quarantined]

    def find(self, words: str) -> Sequence[Card]:
        """Return the one of that name, else those in which every word occurs; titles first, then newest.

        Words are looked for in title, name, tags, source, author and lead.
        """
        named = self.by_slug(typed(words).casefold())
        if named and "-" in named.slug:  # a single word means whatever has it
            return [named]
        titled, others = self.search(parse_query(words))
        return [*titled, *others]

    def search(self, query: Query) -> tuple[Sequence[Card], Sequence[Card]]:
        """Return the articles that have the words in title or name, and those that have them elsewhere."""
        titled: list[Card] = []
        others: list[Card] = []
        for card in self._newest if query else ():
            indexed = self._indexed[card.id]
            if query.matches(indexed.text):
                in_title = query.matches(indexed.text[: indexed.title_chars])
                (titled if in_title else others).append(card)
        return titled, others

    def quote_pool(self, language: str) -> QuotePool:
        """Return the quotes of articles that can be announced, for a reader of this language."""
        if language not in self._pools:
            self._pools[language] = self._pool(language)
        return self._pools[language]

    def _pool(self, language: str) -> QuotePool:
        articles: dict[int, ArticleId] = {}
        preferred: list[int] = []
        others: list[int] = []
        for card in self._newest:
            for quote in card.quotes if not card.quarantined else ():
                key = int(quote, 16)
                if key not in articles:
                    articles[key] = card.id
                    (preferred if card.language == language else others).append(key)
        return QuotePool(sorted(preferred), sorted(others), articles)

    def _refresh(self) -> None:
        """Rebuild the lists, which are read far more often than articles are added."""
        cards = (indexed.card for indexed in self._indexed.values())
        self._newest = sorted(cards, key=lambda card: -card.news)
        self._slugs = {card.slug: card for card in self._newest}
        self._pools: dict[str, QuotePool] = {}


def _index(card: Card) -> _Indexed:
    title = index_text(f"{card.title}\n{card.slug}")
    rest = index_text("\n".join((*card.tags, card.source or "", card.author or "", card.lead)))
    return _Indexed(card, title + rest, len(title))
