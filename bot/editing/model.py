"""The words of editing: a draft, what was found in it, what the content folder held."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from bot.article.library import Card
from bot.article.model import ArticleId, Diagnostic
from bot.message.edition import RenderedQuote, SectionHead
from bot.message.formatted_text import FormattedText
from bot.sources.model import Origin

Match = Literal["address", "text", "name"]
"""What a document has in common with a live article: its page, nearly all of its text, the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document that waits for its editor's decision; any editor's when `editor` is None.

    `replaces` is the live article whose new version it could be.
    """

    id: int
    editor: int | None
    name: str
    text: str
    origin: Origin
    replaces: ArticleId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A draft and what was found in it; of its sections and quotes the first few.

    `replaces` is the live article whose new version it can be, `match` by what that was found; a file of the
    content folder can be nothing else. `is_old` if it was written so long ago that digests had better not
    tell of it.
    """

    draft: int
    card: Card
    summary: FormattedText
    sections: tuple[SectionHead, ...]
    quotes: tuple[RenderedQuote, ...]
    diagnostics: tuple[Diagnostic, ...]
    replaces: Card | None
    match: Match | None
    origin: Origin
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing made: an article, whether digests announce it, and the version that it stands for."""

    card: Card
    is_news: bool
    earlier: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file as it was last read, the hash of its article's present text, and whether that was removed."""

    hash: str
    article: ArticleId | None
    live: str | None
    removed: bool


def text_hash(text: str) -> str:
    """Return the hash by which two documents are compared."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
