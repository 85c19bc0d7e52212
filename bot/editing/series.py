"""Read documents as what they are among others: pieces of a series share what introduces it."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

from bot.article.recurring import NO_RECURRING, Recurring
from bot.editing.prepared import Prepare, Prepared
from bot.editing.stores import SeriesStore


@dataclass(frozen=True, slots=True)
class SeriesReader:
    """Reads a document, and once more where it shows what others have as well."""

    prepare: Prepare
    series: SeriesStore

    async def __call__(
        self,
        data: bytes,
        file: str,
        *,
        owner: Hashable = None,
        recurring: Recurring = NO_RECURRING,
        in_background: bool = False,
    ) -> Prepared:
        """Read, render and check a document, as `Prepare` does."""
        read = partial(self.prepare, data, file, owner=owner, in_background=in_background)
        prepared = await read(recurring=recurring)
        found = await self.series.recurring(prepared.paragraphs)
        if found.keys().isdisjoint(prepared.used):
            return prepared
        return await read(recurring={**recurring, **found})
