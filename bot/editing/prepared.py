"""A document that was read, rendered and checked: all that publishing writes."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import TypeAdapter

from bot.article.chosen import ChosenSentence
from bot.article.library import Card
from bot.article.model import Diagnostic, Fingerprint
from bot.article.recurring import NO_RECURRING, Recurring
from bot.article.sketch import Sketch
from bot.message.edition import RenderedQuote, RenderedSection, SectionHead
from bot.message.formatted_text import FormattedText

SECTIONS: Final = TypeAdapter(list[RenderedSection])
QUOTES: Final = TypeAdapter(list[RenderedQuote])

MAX_PREVIEWED: Final = 8
"""Sections, quotes and cautions that an editor is shown before publishing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that publishing writes.

    The card has neither id nor numbers yet. Sections and quotes come in pieces of JSON, since unpacking a
    large article at once would block the event loop.
    """

    text: str
    card: Card
    summary: FormattedText
    first_sections: tuple[SectionHead, ...]
    first_quotes: tuple[RenderedQuote, ...]
    diagnostics: tuple[Diagnostic, ...]
    chosen: tuple[ChosenSentence, ...]
    """Sentences that could stand for it, whatever its summary is now."""
    section_pieces: tuple[bytes, ...]
    quote_pieces: tuple[bytes, ...]
    columns: bytes
    """Its words for the index (`bot/search/columns.py`)."""
    paragraphs: tuple[Fingerprint, ...]
    """Of its beginning, by which a series is told; `used` are those of its summary and quotes."""
    used: tuple[Fingerprint, ...]
    sketch: Sketch
    """Of its text, by which it is known again."""


class Prepare(Protocol):
    """Reads a document somewhere; the worker pool, or this process in tests."""

    async def __call__(
        self,
        data: bytes,
        file: str,
        *,
        owner: Hashable = None,
        recurring: Recurring = NO_RECURRING,
        in_background: bool = False,
    ) -> Prepared:
        """Read, render and check a document. ArticleError when it cannot be published.

        Documents of one `owner` (an editor, a feed; None for the content folder) may wait for each other, and
        those `in_background` for all others. `recurring` are paragraphs that other articles have as well.
        """


def sections_in(piece: bytes) -> list[RenderedSection]:
    """Return the sections of a piece. ValueError when it holds something else."""
    return SECTIONS.validate_json(piece)


def quotes_in(piece: bytes) -> list[RenderedQuote]:
    """Return the quotes of a piece. ValueError when it holds something else."""
    return QUOTES.validate_json(piece)
