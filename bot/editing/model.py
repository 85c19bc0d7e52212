"""The words of editing: a draft, what was found in it, what the content folder held."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.article.library import Card
from bot.article.model import ArticleId, Diagnostic
from bot.article.sketch import Sketch
from bot.message.edition import RenderedQuote, SectionHead
from bot.message.formatted_text import FormattedText
from bot.sources.model import Origin

Fields = Mapping[str, str | list[str]]
"""What an editor has changed in a draft's metadata, under our own keys."""

Match = Literal["address", "text", "name"]
"""What a document has in common with a live article: its page, nearly all of its text, the name."""


@dataclass(frozen=True, slots=True)
class PendingLink:
    """A link that ends when its draft is saved."""

    id: int


@dataclass(frozen=True, slots=True)
class PendingGathering:
    """Messages of which a draft is made; it is saved only if they are still those of this revision."""

    id: int
    revision: int


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that counts as taken when its draft is saved; not twice, and not while its feed is gone."""

    feed: int
    key: str
    address: str | None
    seen_at: datetime
    sketch: Sketch = ()

    @property
    def id(self) -> int:
        """The feed, for errors."""
        return self.feed


Pending = PendingLink | PendingGathering | PendingEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Messages on their way to a draft; `message` is ours, in which the draft appears.

    `draft` is what it became; `is_open` while more is to come, until the editor says that this is all.
    """

    id: int
    editor: int
    chat: int
    message: int
    revision: int
    draft: int | None
    is_open: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document that waits for its editor's decision; any editor's when `editor` is None.

    `replaces` is the live article whose new version it could be; `fields` is the metadata that its editor has
    changed.
    """

    id: int
    editor: int | None
    name: str
    text: str
    fields: Fields
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
