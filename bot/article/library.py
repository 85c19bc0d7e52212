"""The library in memory: a card for each live article, enough for lists, look-ups and digests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Final

from bot.article.model import Article, ArticleId, QuoteId, SectionId
from bot.article.pictures import picture_in
from bot.article.plain_text import plain, plain_blocks, visible
from bot.text import as_name

_MAX_LEAD_CHARS: Final = 300


@dataclass(frozen=True, slots=True)
class ChosenFrom:
    """A section that a sentence of a summary is from."""

    section: SectionId
    title: str


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
    picture: str = ""
    """The address of a picture, or `tg:` and how Telegram names it."""
    approved: bool = True
    """Whether an editor stands for it; a feed may publish by itself."""
    chosen: tuple[ChosenFrom, ...] = ()
    """The sections that the sentences of its summary are from, if the bot has chosen them."""
    added_at: datetime | None = None
    """When it was first published here; None before that."""

    @property
    def quotable(self) -> tuple[QuoteId, ...]:
        """The quotes that are passed on: of what nobody has approved, none."""
        return self.quotes if self.approved else ()


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
        picture=picture_in(article.cover or ""),
        chosen=tuple(
            ChosenFrom(section.id, as_name(visible(plain(section.title))))
            for section in article.walk()
            if section.id in article.chosen
        ),
    )


@dataclass(frozen=True, slots=True)
class QuotePool:
    """Every quote that can be drawn, as 64-bit keys in ascending order, and the newest article that has it.

    `preferred` are those of articles in the reader's language, `others` the rest.
    """

    preferred: Sequence[int]
    others: Sequence[int]
    articles: Mapping[int, ArticleId]


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
        """Return the card of a live article."""
        return self._cards.get(article)

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

    def added_since(self, moment: datetime) -> Sequence[Card]:
        """Return those announced that were first published here since then, newest first."""
        return [
            card
            for card in self._newest
            if card.news > 0 and card.added_at and card.added_at >= moment and not card.quarantined
        ]

    def quote_pool(self, language: str) -> QuotePool:
        """Return the quotes of articles that can be announced and were approved, for this language."""
        if language not in self._pools:
            self._pools[language] = self._pool(language)
        return self._pools[language]

    def _pool(self, language: str) -> QuotePool:
        articles: dict[int, ArticleId] = {}
        preferred: list[int] = []
        others: list[int] = []
        for card in self._newest:
            for quote in card.quotable if not card.quarantined else ():
                key = int(quote, 16)
                if key not in articles:
                    articles[key] = card.id
                    (preferred if card.language == language else others).append(key)
        return QuotePool(sorted(preferred), sorted(others), articles)

    def _refresh(self) -> None:
        """Rebuild the lists, which are read far more often than articles are added."""
        self._newest = sorted(self._cards.values(), key=lambda card: -card.news)
        self._slugs = {card.slug: card for card in self._newest}
        self._pools: dict[str, QuotePool] = {}
