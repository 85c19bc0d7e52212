"""The words of editing: a draft, what was found in it, what the content folder held."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.article.chosen import ChosenSentence
from bot.article.library import Card
from bot.article.model import ArticleId, Diagnostic
from bot.article.sketch import Sketch
from bot.message.edition import RenderedQuote, SectionHead
from bot.message.formatted_text import FormattedText
from bot.sources.model import Origin

FieldValue = str | Sequence[str] | Sequence[Mapping[str, str]]
Fields = Mapping[str, FieldValue]
"""What editors have changed in a draft's metadata, under our own keys."""

Match = Literal["address", "text", "name", "edited"]
"""What a document has in common with a live article: its page, nearly all of its text, the name, or that it
was made of it.
"""


@dataclass(frozen=True, slots=True)
class Edited:
    """The article that a draft was made of, and which version of it."""

    article: ArticleId
    version: int


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


@dataclass(frozen=True, slots=True)
class PendingDeposit:
    """Something from the command line; it is tied to its draft when that is saved."""

    id: int


Pending = PendingLink | PendingGathering | PendingEntry | PendingDeposit


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


PublishAs = Literal["news", "quiet", "replacement"]
"""How a draft becomes an article: announced, without a word, as a new version of the one that it replaces."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """When a draft is to be published, by which editor, and how."""

    at: datetime
    by: int
    publish_as: PublishAs


@dataclass(frozen=True, slots=True)
class Opened:
    """Which editor has a draft on their screen, since when."""

    by: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document that waits for an editor's decision; it came from `editor`, or from a file or a feed.

    `replaces` is the live article whose new version it could be; `fields` is the metadata that editors have
    changed.
    """

    id: int
    editor: int | None
    name: str
    title: str
    text: str
    fields: Fields
    origin: Origin
    replaces: ArticleId | None
    saved_at: datetime
    edited: Edited | None = None
    opened: Opened | None = None
    appointment: Appointment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A draft and what was found in it; of its sections and quotes the first few.

    `chosen` are sentences that could stand for it.

    `replaces` is the live article whose new version it can be, `match` by what that was found; a file of the
    content folder can be nothing else. `is_old` if it was written so long ago that digests had better not
    tell of it. `opened` is the editor who opened it before.
    """

    draft: int
    card: Card
    summary: FormattedText
    sections: tuple[SectionHead, ...]
    quotes: tuple[RenderedQuote, ...]
    diagnostics: tuple[Diagnostic, ...]
    chosen: tuple[ChosenSentence, ...]
    replaces: Card | None
    match: Match | None
    origin: Origin
    is_old: bool
    is_outdated: bool = False
    """Whether the article that it was made of has another version by now."""
    opened: Opened | None = None
    appointment: Appointment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing made: an article, whether digests announce it, and the version that it stands for."""

    card: Card
    is_news: bool
    earlier: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of an article: its number from 1, by whom (None: by a file or a feed), since when."""

    number: int
    editor: int | None
    saved_at: datetime


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
