"""The quotes of an article: words worth repeating, who said them, and where they stand."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.article.model import Block, Blocks, CodeBlock, ListBlock, Paragraph, Quote, QuoteId, Section, Text
from bot.article.plain_text import plain, plain_blocks
from bot.article.quotes.attribution import Speaker, attribution
from bot.article.quotes.extraction import QuoteCandidate, from_collection, from_prose, is_slogan
from bot.article.quotes.front_matter import FrontMatterQuote
from bot.article.quotes.headings import is_collection, is_highlights, is_reference_section
from bot.article.quotes.quotation_marks import without_marks
from bot.article.quotes.tails import bare_speaker, is_marked, without_tail

_MIN_LETTERS: Final = 4
_MIN_REFERENCE_SECTIONS: Final = 2
"""Sections that instruct, in a document that does."""
_MARKUP: Final = re.compile(r"\]\([^()\[\]\s]{0,300}\)|<[^<>]{0,200}>")
"""Addresses and tags, of which readers see nothing."""
_MIN_CODE_BLOCKS: Final = 3
"""Blocks of code likewise."""


def quotes_of(
    sections: Sequence[Section],
    *,
    title: str = "",
    speaker: str | None = None,
    said: Sequence[FrontMatterQuote] = (),
    unwanted: Sequence[str] = (),
) -> tuple[Quote, ...]:
    """Return every quote in reading order, each once, those that the metadata lists too.

    Those whose words are `unwanted` are left out.
    """
    left_out = set(map(quote_id, unwanted))
    every = [section for top in sections for section in top.walk()]
    quotes: dict[QuoteId, Quote] = {}
    for section, found in (*_listed(said, every), *_walk(sections, title)):
        body, name = without_tail(found.body), bare_speaker(found.name)
        text = without_marks(plain_blocks(body))
        id_ = quote_id(text)
        # “No.” is no quote to send to somebody at eight in the morning.
        if sum(char.isalnum() for char in text) < _MIN_LETTERS or id_ in left_out:
            continue
        by, url = name or (speaker, None)
        quote = Quote(id=id_, text=text, body=body, by=by, url=url, section=section.id)
        first = quotes.setdefault(id_, quote)
        # The same words again, this time with a name: keep the name.
        if name and first.by == speaker:
            quotes[id_] = replace(first, by=by, url=url)
    # The usual case is in order already; only quotes of the metadata are out of it.
    if not said:
        return tuple(quotes.values())
    order = {section.id: number for number, section in enumerate(every)}
    return tuple(sorted(quotes.values(), key=lambda quote: order[quote.section]))


def quote_id(text: str) -> QuoteId:
    """Return the id of a quote: its letters and digits count, not its spaces, marks or case."""
    return QuoteId(hashlib.sha256(_letters(text).encode()).hexdigest()[:16])


def stands_in(words: str, document: str) -> bool:
    """Return whether words stand in a Markdown document, whatever its marks, its case and its line breaks."""
    letters = _letters(words)
    return len(letters) >= _MIN_LETTERS and letters in _letters(_MARKUP.sub("", document))


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())


def _listed(
    said: Sequence[FrontMatterQuote], every: Sequence[Section]
) -> Iterator[tuple[Section, QuoteCandidate]]:
    """Yield quotes of the metadata, each in the section where its words stand, or else in the first."""
    # Letters only: the words may stand in the text with other marks, case or line breaks.
    texts = [_letters(plain_blocks(section.body)) for section in every] if said else []
    for one in said:
        at = next((number for number, text in enumerate(texts) if _letters(one.text) in text), 0)
        name = Speaker(one.by, one.url) if one.by else None
        yield every[at], QuoteCandidate((Paragraph((Text(one.text),)),), name)


def _walk(sections: Sequence[Section], title: str) -> Iterator[tuple[Section, QuoteCandidate]]:
    every = [section for top in sections for section in top.walk()]
    opens = (
        # A manual is told by its sections: FAQ, API, installation.
        is_reference_section(title)
        or sum(is_reference_section(plain(section.title)) for section in every) >= _MIN_REFERENCE_SECTIONS
    )
    codes = sum(isinstance(block, CodeBlock) for section in every for block in section.body)
    whole = is_collection(title) or (is_highlights(title) and any(map(has_marks, every)))
    for number, section in enumerate(sections):
        opening = section if number else replace(section, body=_without_slogan(section.body))
        yield from _in_section(opening, collection=whole, reference=codes >= _MIN_CODE_BLOCKS, top=opens)


def _without_slogan(body: Blocks) -> Blocks:
    """Return the text under a title without the slogan that nobody signs."""
    match body:
        case (first, *rest) if is_slogan(first) and not (rest and attribution(rest[0])):
            return tuple(rest)
        case _:
            return body


def _in_section(
    section: Section, *, collection: bool, reference: bool, top: bool = False
) -> Iterator[tuple[Section, QuoteCandidate]]:
    """Yield what a section and those below it quote; `top` if it opens a document that instructs."""
    title = plain(section.title)
    marked = is_highlights(title) and has_marks(section)
    collection = collection or marked or (is_collection(title) and not _is_about(title, section.body))
    reference = not collection and (reference or is_reference_section(title))
    opens = top and (not title or section.level == 1)
    found = (
        from_collection(section.body)
        if collection
        else from_prose(section.body, reference=reference or opens)
    )
    yield from ((section, one) for one in found)
    for child in section.children:
        yield from _in_section(child, collection=collection, reference=reference)


def has_marks(section: Section) -> bool:
    """Return whether a tool for reading has marked what stands in a section."""
    return any(is_marked(plain_blocks((block,))) for block in _entries(section.body))


def _is_about(title: str, body: Blocks) -> bool:
    """Return whether a section called Quotes, or 引用, explains the word rather than collecting quotes."""
    # “A quote is …” explains the word; a collection of quotes does not repeat it.
    words = [plain_blocks((block,)).casefold() for block in _entries(body)]
    return sum(title.strip().casefold() in text for text in words) > 1


def _entries(body: Blocks) -> Iterator[Block]:
    for block in body:
        if isinstance(block, ListBlock):
            yield from (inner for item in block.items for inner in item.blocks[:1])
        else:
            yield block
