"""What the index holds of an article: a column for each rank of a hit, the best first. Pure."""

from collections.abc import Iterable
from itertools import chain
from typing import Final

from bot.article.library import Card
from bot.message.edition import Edition
from bot.search.words import indexed

COLUMNS: Final = ("title", "headings", "about", "quotes", "body")
"""A hit in an earlier one is better; `about` is the summary, tags, source and author, `body` has it all."""


def columns_of(card: Card, edition: Edition) -> bytes:
    """Return the tokens of an article that was set for reading, as `unpack_columns` takes them."""
    return pack_columns(
        card,
        edition.summary.text,
        headings=(section.head.title for section in edition.sections),
        quotes=(quote.searched for quote in edition.quotes),
        # A section's pages together: a phrase may go on across them.
        pages=("\n".join(page.text for page in section.pages) for section in edition.sections),
    )


def pack_columns(
    card: Card, summary: str, *, headings: Iterable[str], quotes: Iterable[str], pages: Iterable[str]
) -> bytes:
    """Return the tokens of an article as the database has it."""
    about = (summary, *card.tags, card.source or "", card.author or "")
    names = ((card.title, card.slug), tuple(headings), about, tuple(quotes))
    return "\n".join(map(indexed, (*names, chain(*names, pages)))).encode()


def unpack_columns(packed: bytes) -> dict[str, str]:
    """Return the tokens by column. ValueError for anything that `pack_columns` did not make."""
    return dict(zip(COLUMNS, packed.decode().split("\n"), strict=True))
