"""Editions of articles: written piece by piece, and written anew when a series is found out later."""

import logging
from dataclasses import replace

from bot.article.library import Card, Library
from bot.editing.prepared import Prepare, Prepared, quotes_in, sections_in
from bot.editing.stores import ArticleStore, EditionStore, SeriesStore
from bot.errors import ArticleError, StoreError
from bot.inbox import repeatable

log = logging.getLogger(__name__)


class EditionWriter:
    """Writes what readers see of an article."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        editions: EditionStore,
        series: SeriesStore,
        library: Library,
        prepare: Prepare,
    ) -> None:
        self._articles = articles
        self._editions = editions
        self._series = series
        self._library = library
        self._prepare = prepare

    async def write(self, prepared: Prepared) -> int:
        """Write an edition piece by piece, which nobody sees yet; its number."""
        with repeatable():
            edition = await self._editions.begin()
            for piece in prepared.section_pieces:
                await self._editions.write_sections(edition, sections_in(piece))
            for piece in prepared.quote_pieces:
                await self._editions.write_quotes(edition, quotes_in(piece))
        return edition

    async def drop(self, edition: int) -> None:
        """Throw away an edition that nobody will see."""
        await self._editions.drop(edition)

    async def correct_series(self, published: Card) -> None:
        """Read those articles again that show what, as is known since, each piece of their series has."""
        try:
            for article in await self._series.outdated(published.id):
                if card := self._library.get(article):
                    await self._read_again(card)
        except (ArticleError, StoreError):
            # What was asked for is done; the next piece of the series corrects these as well.
            log.exception("Articles of the series of %s were not corrected.", published.slug)

    async def _read_again(self, card: Card) -> None:
        text = await self._articles.text(card.id)
        prepared = await self._prepare(text.encode("utf-8", "surrogatepass"), f"{card.slug}.md")
        # What the name of its file said is not in the text: only what the text shows is taken.
        corrected = replace(card, lead=prepared.card.lead, quotes=prepared.card.quotes)
        edition = await self.write(prepared)
        if await self._articles.refresh(corrected, prepared, edition=edition):
            self._library.put(corrected)
        else:
            await self._editions.drop(edition)
