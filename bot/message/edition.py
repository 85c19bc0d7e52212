"""An article set for reading: summary, sections in pages, quotes; rendered once, when it is published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.article.model import Article, Blocks, Inlines, Quote, QuoteId, Section, SectionId, ThematicBreak
from bot.article.plain_text import links_in, plain
from bot.article.quotes.quotation_marks import without_marks
from bot.message.blocks import format_blocks, format_inlines
from bot.message.formatted_text import FormattedText
from bot.message.labels import TITLE_CHARS, truncate
from bot.message.limits import web_link
from bot.message.split import split
from bot.text import as_name

PAGE_UNITS: Final = 1200
"""UTF-16 units of a section's page: what a phone shows in one or two screens, edited in place."""

MAX_PAGE_ENTITIES: Final = 90
"""Entities of a page; the rest belongs to what stands above it."""

MAX_WHOLE_UNITS: Final = 2600
"""UTF-16 units of a summary or quote; one that is longer ends with an ellipsis, the section has it all."""

MAX_SUBSECTIONS: Final = 8
"""Subsections that a section names."""

PATH_TITLE_CHARS: Final = 60
"""Characters of a title in a breadcrumb or a button."""

_MAX_PATH: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionHead:
    """What is known of a section without its text; `number` is its place in reading order, from 0.

    `depth` is how many sections it stands in, `path` their titles, the outermost first; `below` the sections
    directly in it. A title may be empty: text before the first heading has none. `url` is where it leads
    if its author made it a link.
    """

    number: int
    id: SectionId
    title: str
    depth: int
    path: tuple[str, ...]
    below: tuple[tuple[SectionId, str], ...]
    pages: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class RenderedSection:
    """A section in pages, at least one."""

    head: SectionHead
    pages: tuple[FormattedText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    """A page of a section, and where it stands: among `count` sections, between two others."""

    section: SectionHead
    page: int
    body: FormattedText
    count: int
    before: SectionId | None
    after: SectionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedQuote:
    """Somebody's words without the marks around them; `text` is without formatting."""

    id: QuoteId
    text: str
    body: FormattedText
    by: str | None
    url: str | None
    section: SectionId

    @property
    def searched(self) -> str:
        """What a search looks at: the words, and who said them."""
        return f"{self.text}\n{self.by or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All of an article that messages are made of."""

    summary: FormattedText
    sections: tuple[RenderedSection, ...]
    quotes: tuple[RenderedQuote, ...]


def edition_of(article: Article) -> Edition:
    """Render an article; linear in its length."""
    return Edition(
        summary=_whole(format_blocks(article.summary)),
        sections=tuple(
            _section(number, section, path)
            for number, (section, path) in enumerate(_with_path(article.sections, ()))
        ),
        quotes=tuple(map(_quote, article.quotes)),
    )


def _with_path(
    sections: Sequence[Section], path: tuple[Section, ...]
) -> Iterator[tuple[Section, tuple[Section, ...]]]:
    for section in sections:
        yield section, path
        yield from _with_path(section.children, (*path, section))


def _section(number: int, section: Section, path: tuple[Section, ...]) -> RenderedSection:
    links = list(dict.fromkeys(filter(web_link, links_in(section.title))))
    pages = _pages(section, whole_title=len(links) > 1)
    children = section.children[:MAX_SUBSECTIONS]
    head = SectionHead(
        number=number,
        id=section.id,
        title=_name(section.title, TITLE_CHARS),
        depth=len(path),
        path=tuple(filter(None, (_name(above.title, PATH_TITLE_CHARS) for above in path[-_MAX_PATH:]))),
        below=tuple((child.id, _name(child.title, PATH_TITLE_CHARS)) for child in children),
        pages=len(pages),
        url=links[0] if links else None,
    )
    return RenderedSection(head, pages)


def _name(title: Inlines, length: int) -> str:
    return truncate(as_name(plain(title)), length)


def _pages(section: Section, *, whole_title: bool) -> tuple[FormattedText, ...]:
    """Return the pages of a section; a title that the header cannot show begins the text."""
    body = format_blocks(_without_outer_rules(section.body))
    if whole_title or len(" ".join(plain(section.title).split())) > TITLE_CHARS:
        body = FormattedText.join("\n\n", filter(None, (format_inlines(section.title).strip().bold(), body)))
    return split(body, limit=PAGE_UNITS, entities=MAX_PAGE_ENTITIES) or (FormattedText(),)


def _without_outer_rules(blocks: Blocks) -> Blocks:
    """Drop thematic breaks at both edges: inside one section they separate it from nothing."""
    while blocks and isinstance(blocks[-1], ThematicBreak):
        blocks = blocks[:-1]
    while blocks and isinstance(blocks[0], ThematicBreak):
        blocks = blocks[1:]
    return blocks


def _quote(quote: Quote) -> RenderedQuote:
    body = format_blocks(quote.body).strip()
    inner = without_marks(body.text)
    # The marks are cut off, with whatever formatting covers them.
    start = body.text.find(inner)
    return RenderedQuote(
        id=quote.id,
        text=quote.text,
        body=_whole(body.cut(start, start + len(inner))),
        by=truncate(as_name(quote.by), PATH_TITLE_CHARS) if quote.by else None,
        url=quote.url,
        section=quote.section,
    )


def _whole(rich: FormattedText) -> FormattedText:
    first, *rest = split(rich, limit=MAX_WHOLE_UNITS, entities=MAX_PAGE_ENTITIES) or (FormattedText("…"),)
    return first + FormattedText(" …") if rest else first
