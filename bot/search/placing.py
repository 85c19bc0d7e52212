"""Where in an article the words of a query stand, and the words around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.article.model import ArticleId, SectionId
from bot.search.columns import COLUMNS
from bot.search.finder import Hit
from bot.search.snippets import Pattern, Snippet

_PAGES_AT_ONCE: Final = 40
"""Looking through so many takes a few milliseconds; others are answered in between."""

_HEADINGS: Final = COLUMNS.index("headings")


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A page of a section with its text; `number` counts the section's pages from 0."""

    section: SectionId
    title: str
    number: int
    text: str


class Pages(Protocol):
    """The pages of all articles."""

    async def heading_pages(self, article: ArticleId) -> Sequence[PlacedPage]:
        """Return the first page of each section, in reading order."""

    async def pages(self, article: ArticleId, *, skip: int, most: int) -> Sequence[PlacedPage]:
        """Return pages of an article in reading order; fewer than `most` at its end."""


@dataclass(frozen=True, slots=True)
class PlacedHit:
    """A hit with the page on which its words are; None when they are only in what is told about it."""

    hit: Hit
    page: PlacedPage | None
    snippet: Snippet


async def place(hit: Hit, pattern: Pattern, pages: Pages) -> PlacedHit:
    """Return the first page that has all words, else the first of those that have most.

    A heading that has them all comes before any text.
    """
    page = await _page_with(hit, pattern, pages) if pattern.terms else None
    return PlacedHit(hit, page, pattern.snippet(page.text if page and page.text else hit.card.lead))


async def _page_with(hit: Hit, pattern: Pattern, pages: Pages) -> PlacedPage | None:
    if hit.column == _HEADINGS:
        for first in await pages.heading_pages(hit.card.id):
            if pattern.count(first.title) == pattern.terms:
                return first
    best, most, skip = None, 0, 0
    while True:
        some = await pages.pages(hit.card.id, skip=skip, most=_PAGES_AT_ONCE)
        for page in some:
            count = pattern.count(f"{page.title}\n{page.text}" if page.number == 0 else page.text)
            if count > most:
                best, most = page, count
            if most == pattern.terms:
                return best
        if len(some) < _PAGES_AT_ONCE:
            return best
        skip += _PAGES_AT_ONCE
