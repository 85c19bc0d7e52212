"""A document made ready for publishing: read, rendered, checked. Pure: it can run in another process."""

import gc
import pickle
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.article.library import Card, card_of
from bot.article.model import ArticleId, Caution
from bot.article.parse import parse
from bot.article.read import decode
from bot.editing.preflight import inspect
from bot.errors import ArticleError
from bot.message.edition import RenderedQuote, RenderedSection, SectionHead, edition_of
from bot.message.rich import Rich

_PAGES: Final = 200
"""Pages in a piece: unpacking and writing one takes a few milliseconds, and others are served in between."""

_QUOTES: Final = 500

FIRST: Final = 8
"""Sections, quotes and cautions that an editor is shown before publishing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that publishing writes.

    The card has neither id nor numbers yet. Sections and quotes come in pickled pieces, since unpacking a
    large article at once would hold everybody else up.
    """

    text: str
    card: Card
    summary: Rich
    first_sections: tuple[SectionHead, ...]
    first_quotes: tuple[RenderedQuote, ...]
    cautions: tuple[Caution, ...]
    section_pieces: tuple[bytes, ...]
    quote_pieces: tuple[bytes, ...]


def prepare(data: bytes, file: str) -> Prepared:
    """Read, render and check a document. ArticleError when it cannot be published."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is garbage before the end, and looking for it takes a third of the time
    try:
        text = decode(data, file=file)
        article = parse(text, file=file)
        edition = edition_of(article)
        if faults := inspect(article, edition):
            raise ArticleError("error.limit", file=file, problem=faults[0])
        heads = [section.head for section in edition.sections]
        return Prepared(
            text=text,
            card=card_of(article, id=ArticleId(0), news=0, version=0),
            summary=edition.summary,
            # As the card counts them: what stands above the first heading is no section if others follow.
            first_sections=tuple(([head for head in heads if head.title] or heads)[:FIRST]),
            first_quotes=edition.quotes[:FIRST],
            cautions=article.cautions[:FIRST],
            section_pieces=tuple(_section_pieces(edition.sections)),
            quote_pieces=tuple(_quote_pieces(edition.quotes)),
        )
    finally:
        if collecting:
            gc.enable()


def sections_in(piece: bytes) -> list[RenderedSection]:
    """Unpack a piece."""
    sections: list[RenderedSection] = pickle.loads(piece)  # noqa: S301  # packed below
    return sections


def quotes_in(piece: bytes) -> list[RenderedQuote]:
    """Unpack a piece."""
    quotes: list[RenderedQuote] = pickle.loads(piece)  # noqa: S301  # packed below
    return quotes


def _section_pieces(sections: tuple[RenderedSection, ...]) -> list[bytes]:
    """Whole sections, so many pages at a time; a section that has more is a piece of its own."""
    pieces: list[bytes] = []
    waiting: list[RenderedSection] = []
    room = _PAGES
    for section in sections:
        waiting.append(section)
        room -= len(section.pages)
        if room <= 0:
            pieces.append(pickle.dumps(waiting))
            waiting, room = [], _PAGES
    return [*pieces, pickle.dumps(waiting)] if waiting else pieces


def _quote_pieces(quotes: tuple[RenderedQuote, ...]) -> list[bytes]:
    rest = iter(quotes)
    pieces: list[bytes] = []
    while piece := list(islice(rest, _QUOTES)):
        pieces.append(pickle.dumps(piece))
    return pieces
