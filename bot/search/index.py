"""What a search asks of the full-text index."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from bot.article.model import ArticleId
from bot.search.query import Phrase

MOST: Final = 1_000
"""Hits that are told of; of more, those in better columns and the newest."""

MOST_RANKED = 200
"""Hits up to which relevance is computed: of a word that so many articles have, it says little."""

AFTER_ALL: Final = "\U0010ffff"
"""Stands after every character that a word may go on with."""

Wanted = Sequence[Sequence[Phrase]]
"""For each term, phrases of which one must occur."""


class Ranked(NamedTuple):
    """An article that has all terms in a column and better ones, and the first such column."""

    article: ArticleId
    column: int


def best_first(columns: Mapping[int, int], by_relevance: Sequence[int] = ()) -> list[Ranked]:
    """Order hits by their columns, and within one by relevance; those without stay in their order."""
    places = {article: place for place, article in enumerate(by_relevance)}
    ids = sorted(columns, key=lambda article: (columns[article], places.get(article, MOST)))
    return [Ranked(ArticleId(article), columns[article]) for article in ids]


class Index(Protocol):
    """The full-text index of all live articles that are not quarantined."""

    async def ranked(
        self, wanted: Wanted, *, among: Sequence[ArticleId] | None, newest: bool = False
    ) -> Sequence[Ranked]:
        """Return at most MOST articles that have every term, the best first; or just the newest."""

    async def has(self, phrase: Phrase) -> bool:
        """Return whether an article has a phrase."""

    async def beginning_with(self, beginning: str, *, longest: int, most: int) -> Sequence[str]:
        """Return words of the index that begin so, of at most so many letters, the most frequent first."""

    async def known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words that are in the index, the most frequent first."""

    async def beginnings_known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words with which words of the index begin."""
