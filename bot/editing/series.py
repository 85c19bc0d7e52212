"""Read documents as what they are among others: pieces of a series share what introduces it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.article.model import Fingerprint
from bot.article.recurring import NO_RECURRING, Recurring
from bot.editing.prepared import Prepare, Prepared


class ParagraphStore(Protocol):
    """What knows the paragraphs of all articles."""

    async def recurring(self, paragraphs: Sequence[Fingerprint]) -> Recurring:
        """Return those of these paragraphs that two live articles have or more."""


@dataclass(frozen=True, slots=True)
class SeriesReader:
    """Reads a document, and once more where it shows what others have as well."""

    prepare: Prepare
    series: ParagraphStore

    async def __call__(
        self, data: bytes, file: str, *, owner: Hashable = None, recurring: Recurring = NO_RECURRING
    ) -> Prepared:
        """Read, render and check a document, as `Prepare` does."""
        prepared = await self.prepare(data, file, owner=owner, recurring=recurring)
        found = await self.series.recurring(prepared.paragraphs)
        if found.keys().isdisjoint(prepared.used):
            return prepared
        return await self.prepare(data, file, owner=owner, recurring={**recurring, **found})
