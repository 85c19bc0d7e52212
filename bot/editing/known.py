"""What is here already: by its page, by its text, by its name."""

from dataclasses import dataclass
from typing import Final

from bot.article.library import Card, Library
from bot.editing.model import Match
from bot.editing.prepared import Prepared
from bot.editing.stores import OriginStore
from bot.sources.model import Origin

SAME_TEXT: Final = 0.8
"""Which share of their runs two texts have in common that are one article, perhaps in two versions."""


@dataclass(frozen=True, slots=True)
class KnownArticles:
    """Finds the live article that a document is, perhaps in another version."""

    origins: OriginStore
    library: Library

    async def at_page(self, address: str) -> Card | None:
        """Return the live article of a page; None when there is none."""
        article = await self.origins.at_address(address)
        return self.library.get(article) if article is not None else None

    async def of(self, prepared: Prepared, origin: Origin) -> tuple[Card | None, Match | None]:
        """Return the live article whose new version a document can be, and by what it was found."""
        address = origin.address or prepared.card.url
        if address and (page := await self.at_page(address)):
            return page, "address"
        alike = await self.origins.most_alike(prepared.sketch)
        if alike and alike[1] >= SAME_TEXT and (same := self.library.get(alike[0])):
            return same, "text"
        named = self.library.by_slug(prepared.card.slug)
        return named, "name" if named else None
