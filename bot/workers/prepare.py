"""Make a document ready for publishing: read, render and check it. Pure: it can run in another process."""

import gc
from itertools import islice
from typing import Final

from bot.article.chosen import chosen_sentences
from bot.article.encoding import decode
from bot.article.library import card_of
from bot.article.model import ArticleId
from bot.article.parse import parse
from bot.article.recurring import NO_RECURRING, Recurring
from bot.editing.prepared import MAX_PREVIEWED, QUOTES, SECTIONS, Prepared
from bot.errors import ArticleError
from bot.message.edition import RenderedQuote, RenderedSection, edition_of
from bot.search.columns import columns_of
from bot.workers.preflight import inspect

_PAGES_IN_PIECE: Final = 200
"""Pages in a piece: unpacking and writing one takes a few milliseconds, and others are served in between."""

_QUOTES_IN_PIECE: Final = 500

MAX_GROWTH: Final = 20
FREE_BYTES: Final = 200_000
"""An article set for reading may take so many times the bytes of its document, and these."""


def prepare(data: bytes, file: str, recurring: Recurring = NO_RECURRING) -> Prepared:
    """Read, render and check a document. ArticleError when it cannot be published."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is garbage before the end, and looking for it takes a third of the time
    try:
        text = decode(data, file=file)
        article = parse(text, file=file, recurring=recurring)
        edition = edition_of(article)
        section_pieces, quote_pieces = _section_pieces(edition.sections), _quote_pieces(edition.quotes)
        # A table with a long heading repeats it in every row: a small file could fill the disk.
        if sum(map(len, (*section_pieces, *quote_pieces))) > MAX_GROWTH * len(data) + FREE_BYTES:
            raise ArticleError("error.grows", file=file, times=MAX_GROWTH)
        if faults := inspect(article, edition):
            raise ArticleError("error.limit", file=file, problem=faults[0])
        heads = [section.head for section in edition.sections]
        card = card_of(article, id=ArticleId(0), news=0, version=0)
        return Prepared(
            text=text,
            card=card,
            summary=edition.summary,
            # As the card counts them: what stands above the first heading is no section if others follow.
            first_sections=tuple(([head for head in heads if head.title] or heads)[:MAX_PREVIEWED]),
            first_quotes=edition.quotes[:MAX_PREVIEWED],
            diagnostics=article.diagnostics[:MAX_PREVIEWED],
            chosen=chosen_sentences(article.title, article.sections),
            section_pieces=tuple(section_pieces),
            quote_pieces=tuple(quote_pieces),
            columns=columns_of(card, edition),
            paragraphs=article.paragraphs,
            used=article.used,
            sketch=article.sketch,
        )
    finally:
        if collecting:
            gc.enable()


def _section_pieces(sections: tuple[RenderedSection, ...]) -> list[bytes]:
    """Yield whole sections, so many pages at a time; a section that has more is a piece of its own."""
    pieces: list[bytes] = []
    waiting: list[RenderedSection] = []
    room = _PAGES_IN_PIECE
    for section in sections:
        waiting.append(section)
        room -= len(section.pages)
        if room <= 0:
            pieces.append(SECTIONS.dump_json(waiting))
            waiting, room = [], _PAGES_IN_PIECE
    return [*pieces, SECTIONS.dump_json(waiting)] if waiting else pieces


def _quote_pieces(quotes: tuple[RenderedQuote, ...]) -> list[bytes]:
    rest = iter(quotes)
    pieces: list[bytes] = []
    while piece := list(islice(rest, _QUOTES_IN_PIECE)):
        pieces.append(QUOTES.dump_json(piece))
    return pieces
