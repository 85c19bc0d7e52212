"""Find the articles that a query means: exact hits first, then near ones, else words that would find any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.article.library import Card, Library
from bot.article.model import ArticleId
from bot.search.index import MOST, Index, Wanted
from bot.search.nearest import beginning_of_forms, forms_among, nearest_words, neighbours
from bot.search.query import WHOLE_CHARS, Query, Term

_ENOUGH: Final = 20
"""Exact hits from which on nobody needs near ones."""

_MAX_FORMS_READ: Final = 100
_MAX_ENDING_CHARS: Final = 5
"""Letters by which a form may be longer than what all forms begin with, as in `transform-ations`."""

_MAX_MEANT: Final = 3


class Hit(NamedTuple):
    """An article that was found; a near one has another form of a word, or one that may have been meant."""

    card: Card
    column: int | None
    is_near: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found.

    `terms` are the terms of the query with what was taken for the same: by these the words are found in a
    text. `meant` are words that were looked for in place of mistyped ones; `nearest` are words to look for
    when nothing was found.
    """

    hits: Sequence[Hit] = ()
    terms: Sequence[tuple[Term, ...]] = ()
    meant: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


class Finder:
    """Finds articles by their words."""

    def __init__(self, index: Index, library: Library) -> None:
        self._index = index
        self._library = library

    async def find(self, query: Query, *, language: str) -> Found:
        """Return all hits, those in a language first. SearchStopped when it takes too long."""
        among: list[ArticleId] | None = None
        if query.is_narrowed:
            cards = [card for card in self._library.newest() if not card.quarantined and query.admits(card)]
            if not query.terms:
                return Found(hits=_in_order([Hit(card, None) for card in cards], language))
            among = [card.id for card in cards]
        exact = await self._exact(query.terms, among)
        near, terms = await self._other_forms(query.terms, among, exact)
        hits = [*_in_order(exact, language), *_in_order(near, language)]
        if hits or not query.terms:
            return Found(hits=hits, terms=terms)
        return await self._meant(query.terms, among, language)

    async def _exact(self, terms: Sequence[Term], among: Sequence[ArticleId] | None) -> list[Hit]:
        shortest = min((len(term.words[0]) for term in terms if term.is_word), default=WHOLE_CHARS + 1)
        if shortest > WHOLE_CHARS:
            return await self._ranked([[term.phrase()] for term in terms], among)
        # `go` means the language before it means Google.
        whole = [[term.phrase(whole=len(term.words[0]) <= WHOLE_CHARS)] for term in terms]
        hits = await self._ranked(whole, among)
        if len(hits) >= MOST or (len(hits) >= _ENOUGH and len(terms) > 1):
            return hits
        had = {hit.card.id for hit in hits}
        longer = await self._ranked([[term.phrase()] for term in terms], among, newest=len(hits) >= _ENOUGH)
        return [*hits, *(hit for hit in longer if hit.card.id not in had)][:MOST]

    async def _other_forms(
        self, terms: Sequence[Term], among: Sequence[ArticleId] | None, exact: Sequence[Hit]
    ) -> tuple[list[Hit], Sequence[tuple[Term, ...]]]:
        """Return articles that have other forms of the words, and all forms that there are."""
        ways: list[tuple[Term, ...]] = [(term,) for term in terms]
        if len(exact) < _ENOUGH:
            ways = [(term, *await self._forms(term)) for term in terms]
        if all(len(forms) == 1 for forms in ways):
            return [], ways
        had = {hit.card.id for hit in exact}
        wanted = [[each[0].phrase(), *(form.phrase(whole=True) for form in each[1:])] for each in ways]
        near = await self._ranked(wanted, among)
        return [hit._replace(is_near=True) for hit in near if hit.card.id not in had], ways

    async def _forms(self, term: Term) -> list[Term]:
        beginning = beginning_of_forms(term.words[0]) if term.is_word else None
        if beginning is None:
            return []
        longest = len(beginning) + _MAX_ENDING_CHARS
        known = await self._index.beginning_with(beginning, longest=longest, most=_MAX_FORMS_READ)
        return [Term((form,)) for form in forms_among(term.words[0], known)]

    async def _meant(self, terms: Sequence[Term], among: Sequence[ArticleId] | None, language: str) -> Found:
        """Look for what mistyped words may have meant; name the nearest words if even that finds nothing."""
        ways = [await self._taken_for(term) for term in terms]
        meant = tuple(
            way.words[0] for term, each in zip(terms, ways, strict=True) for way in each if way != term
        )
        if meant:
            near = await self._ranked([[way.phrase() for way in each] for each in ways], among)
            if near:
                hits = _in_order([hit._replace(is_near=True) for hit in near], language)
                return Found(hits=hits, terms=ways, meant=meant)
        return Found(terms=ways, nearest=await nearest_words(self._index, ways))

    async def _taken_for(self, term: Term) -> tuple[Term, ...]:
        """Return the neighbours of a word that is unknown; else the term itself."""
        if not term.is_word or await self._index.beginnings_known(term.words):
            return (term,)
        others = sorted(neighbours(term.words[0]))
        known = [*await self._index.known(others)]
        for beginning in () if known else await self._index.beginnings_known(others):
            longest = len(beginning) + _MAX_ENDING_CHARS
            known += await self._index.beginning_with(beginning, longest=longest, most=1)
        known = list(dict.fromkeys(known))
        return tuple(Term((word,)) for word in known[:_MAX_MEANT]) or (term,)

    async def _ranked(
        self, wanted: Wanted, among: Sequence[ArticleId] | None, *, newest: bool = False
    ) -> list[Hit]:
        ranked = await self._index.ranked(wanted, among=among, newest=newest)
        # An article may have been removed a moment ago.
        return [Hit(card, each.column) for each in ranked if (card := self._library.get(each.article))]


def _in_order(hits: Sequence[Hit], language: str) -> list[Hit]:
    """Put hits in a language first, each kind in the order that it has."""
    return sorted(hits, key=lambda hit: hit.card.language != language)
