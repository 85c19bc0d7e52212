"""The words of an article: its text as a small tree, its sections, its quotes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NewType, TypeAlias

from bot.article.sketch import Sketch

ArticleId = NewType("ArticleId", int)

SectionId = NewType("SectionId", str)
"""Six of [a-z2-7]: a hash of the headings above and of this one, so that an edit elsewhere keeps it."""

Fingerprint = NewType("Fingerprint", int)
"""63 bits of a hash over the letters of a paragraph, its numbers and dates apart."""

QuoteId = NewType("QuoteId", str)
"""Sixteen hexadecimal digits: a hash of the normalised text."""


# What stands in a line -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as they are; never a line break."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Characters in a fixed width."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words with weight."""

    style: Literal["strong", "emphasis", "strike"]
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; `url` as the document writes it (may be relative)."""

    url: str
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that the text shows; in a chat its `alt` and caption stand for it."""

    url: str
    alt: str
    caption: str = ""

    @property
    def words(self) -> str:
        """What a reader is told of it."""
        same = self.alt.strip() == self.caption.strip()
        return " · ".join(filter(None, (self.alt.strip(), "" if same else self.caption.strip())))


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A new line inside a paragraph."""


CELL_BREAK: Final = Text(" · ")
"""Stands between two cells of a table that a document wrote in HTML; told by identity."""

Inline: TypeAlias = Text | Code | Emphasis | Link | Image | LineBreak
Inlines: TypeAlias = tuple[Inline, ...]


# What stands below one another -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text; `heading` is its level if it was a heading, in HTML, a quote or a list, and else 0."""

    inlines: Inlines
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list; `done` is None unless it is a task."""

    blocks: "Blocks"
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted (`start` is None) or numbered list."""

    items: tuple[Item, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines in a fixed width; `language` may be empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class BlockQuote:
    """Somebody's words, or a remark set apart; `call_out` is the kind of remark, `[!NOTE]`, in lower case.

    The first block of a call-out is its title.
    """

    blocks: "Blocks"
    call_out: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is the header."""

    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True, slots=True)
class ThematicBreak:
    """A line across."""


Block: TypeAlias = Paragraph | ListBlock | CodeBlock | BlockQuote | Table | ThematicBreak
Blocks: TypeAlias = tuple[Block, ...]


# The article -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it; text before the first one has level 0, no title."""

    id: SectionId
    title: Inlines
    level: int
    body: Blocks
    children: "tuple[Section, ...]" = ()
    line: int = 1

    def walk(self) -> "Iterator[Section]":
        """Return this section and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words worth repeating, who said them, and where in the article they stand."""

    id: QuoteId
    text: str
    body: Blocks
    by: str | None
    url: str | None
    section: SectionId


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that its author may not have meant: a key of the catalogue with its values, and the line."""

    key: str
    line: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One Markdown document, read."""

    slug: str
    title: str
    language: str
    summary: Blocks
    sections: tuple[Section, ...]
    quotes: tuple[Quote, ...]
    minutes: int
    source: str | None = None
    author: str | None = None
    published: date | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    cover: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    paragraphs: tuple[Fingerprint, ...] = ()
    """Of its headings, first paragraphs, given summary and quotes (`bot/article/recurring.py`)."""
    used: tuple[Fingerprint, ...] = ()
    """Of its summary and quotes."""
    chosen: tuple[SectionId, ...] = ()
    """The sections that the sentences of its summary are from, if the bot has chosen them."""
    sketch: Sketch = ()
    """Of its text (`bot/article/sketch.py`)."""

    def walk(self) -> Iterator[Section]:
        """Yield every section in reading order."""
        for section in self.sections:
            yield from section.walk()
