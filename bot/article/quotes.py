"""The quotes of an article: words worth repeating, who said them, and where they stand."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    CodeBlock,
    Inline,
    Inlines,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    QuoteId,
    Section,
    Text,
)
from bot.article.quotation import (
    attribution,
    is_quotation,
    joined,
    lead_in,
    lines_of,
    trimmed,
    without_marks,
)
from bot.article.remarks import is_remark
from bot.article.words import plain, plain_blocks

_COLLECTION: Final = re.compile(
    r"金句|语录|語錄|言论|言論|名言|引用|引语|\bquot(?:e|es|ations?)\b", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"\s*[（(]?\d{1,3}\s*[、.．)）]\s*")
_CALL_OUT: Final = "[!"
_MIN_LETTERS: Final = 4


@dataclass(frozen=True, slots=True)
class _Found:
    """Somebody's words, before they have an id."""

    body: Blocks
    by: str | None = None
    url: str | None = None
    doubtful: bool = False
    """It reads like a remark: only a signature below makes it somebody's words."""


def quotes_of(sections: Sequence[Section], *, speaker: str | None) -> tuple[Quote, ...]:
    """Every quote in reading order; the same words count once."""
    quotes: dict[QuoteId, Quote] = {}
    for section, collection in _walk(sections, collection=False):
        for found in _in_collection(section.body) if collection else _in_text(section.body):
            text = without_marks(plain_blocks(found.body))
            id_ = quote_id(text)
            if sum(char.isalnum() for char in text) < _MIN_LETTERS:
                continue
            quote = Quote(
                id=id_, text=text, body=found.body, by=found.by or speaker, url=found.url, section=section.id
            )
            first = quotes.setdefault(id_, quote)
            if found.by and first.by == speaker:
                quotes[id_] = replace(first, by=found.by, url=found.url)
    return tuple(quotes.values())


def quote_id(text: str) -> QuoteId:
    """The id of a quote: its letters and digits count, not its spaces, marks or case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(char for char in folded if char.isalnum())
    return QuoteId(hashlib.sha256(letters.encode()).hexdigest()[:16])


def _walk(sections: Sequence[Section], *, collection: bool) -> Iterator[tuple[Section, bool]]:
    for section in sections:
        inside = collection or bool(_COLLECTION.search(plain(section.title)))
        yield section, inside
        yield from _walk(section.children, collection=inside)


def _in_text(blocks: Blocks) -> Iterator[_Found]:
    """Block quotes and paragraphs that are one quotation; an attribution may follow."""
    found: _Found | None = None
    for block in blocks:
        named = _attribution_of(block)
        if named and found:
            yield replace(found, by=found.by or named[0], url=found.url or named[1])
            found = None
            continue
        if found and not found.doubtful:
            yield found
        found = _one(block)
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from _in_text(item.blocks)
    if found and not found.doubtful:
        yield found


def _one(block: Block) -> _Found | None:
    match block:
        case BlockQuote(blocks):
            return _block_quote(blocks)
        case Paragraph(inlines):
            if led := lead_in(inlines):
                return _Found((Paragraph(led[1]),), led[0])
            entry = _closed((Paragraph(inlines),))
            return entry if is_quotation(plain_blocks(entry.body)) else None
        case _:
            return None


def _block_quote(blocks: Blocks) -> _Found | None:
    if len(blocks) == 1 and isinstance(blocks[0], BlockQuote):
        return _block_quote(blocks[0].blocks)
    text = plain_blocks(blocks)
    speaks = any(isinstance(block, Paragraph) and _has_words(block.inlines) for block in blocks)
    if not speaks or text.startswith(_CALL_OUT) or any(isinstance(block, CodeBlock) for block in blocks):
        return None
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph) and (led := lead_in(blocks[0].inlines)):
        return _Found((Paragraph(led[1]),), led[0])
    entry = _closed(blocks)
    doubtful = not entry.by and not is_quotation(text) and is_remark(text)
    return replace(entry, doubtful=doubtful) if entry.body else None


def _has_words(inlines: Inlines) -> bool:
    """Whether a paragraph says anything beyond a picture."""
    return bool(plain(tuple(inline for inline in inlines if not isinstance(inline, Picture))).strip())


def _in_collection(blocks: Blocks) -> Iterator[_Found]:
    """Entries: numbered, bulleted, or closed by who said them."""
    entry: list[Block] = []
    whole = False  # numbered: an entry even if nobody signs it
    for number, block in enumerate(blocks):
        starts = _numbered(block)
        if named := _attribution_of(block):
            if entry:
                yield replace(_closed(tuple(entry)), by=named[0], url=named[1])
            entry, whole = [], False
        elif starts is not None:
            yield from _loose(entry, whole=whole)
            entry, whole = [starts], True
        elif isinstance(block, Paragraph):
            entry.extend((block,) if _has_words(block.inlines) else ())
        else:
            yield from _loose(entry, whole=whole)
            entry, whole = [], False
            if isinstance(block, ListBlock):
                yield from (_closed(item.blocks) for item in block.items if _has_text(item.blocks))
            else:  # a block quote, and who said it below
                below = [next_ for next_ in blocks[number + 1 : number + 2] if _attribution_of(next_)]
                yield from _in_text((block, *below))
    yield from _loose(entry, whole=whole)


def _loose(entry: list[Block], *, whole: bool) -> Iterator[_Found]:
    """An entry that no line below signs."""
    if whole and entry:
        yield _closed(tuple(entry))
        return
    start = 0
    for number, block in enumerate(entry):
        closed = _closed((block,))
        if closed.by:  # signed in its own last line: it and what stands above it
            yield _Found((*entry[start:number], *closed.body), closed.by, closed.url)
            start = number + 1
    # Of the rest, only what stands in quotation marks is certainly somebody's words.
    yield from _in_text(tuple(entry[start:]))


def _numbered(block: Block) -> Paragraph | None:
    """`1、Words`: the paragraph without its number."""
    if not isinstance(block, Paragraph) or not (match := _NUMBER.match(plain(block.inlines))):
        return None
    return Paragraph(trimmed(block.inlines, lambda text: text.lstrip()[len(match[0].lstrip()) :]))


def _has_text(blocks: Blocks) -> bool:
    return any(isinstance(block, Paragraph | BlockQuote) for block in blocks) and bool(plain_blocks(blocks))


def _attribution_of(block: Block) -> tuple[str, str | None] | None:
    return attribution(block.inlines) if isinstance(block, Paragraph) else None


def _closed(blocks: Blocks) -> _Found:
    """Blocks whose last line may say who spoke."""
    last = blocks[-1] if blocks else None
    if isinstance(last, BlockQuote):
        inner = _closed(last.blocks)
        return replace(inner, body=(*blocks[:-1], *inner.body))
    if not isinstance(last, Paragraph):
        return _Found(blocks)
    lines = lines_of(last.inlines)
    named = attribution(lines[-1])
    if named is None or (len(lines) == 1 and len(blocks) == 1):
        return _after_close(blocks, last)
    rest = (Paragraph(joined(lines[:-1])),) if len(lines) > 1 else ()
    return _Found((*blocks[:-1], *rest), *named)


_SIGNED: Final = re.compile(r"(?<=[”\"」』])\s*(?:——|—|--|–)\s*([^“”\"「」]{1,60})$")


def _after_close(blocks: Blocks, last: Paragraph) -> _Found:
    """`“…” —— 名字` on one line."""
    match = _SIGNED.search(plain(last.inlines).rstrip())
    if match is None or not is_quotation(plain(last.inlines).rstrip()[: match.start()]):
        return _Found(blocks)
    named = attribution(last.inlines[-1:])
    kept = _cut(last.inlines, match.start())
    return _Found((*blocks[:-1], Paragraph(kept)), match[1].strip(), named[1] if named else None)


def _cut(inlines: Inlines, length: int) -> Inlines:
    """The first `length` characters; what is cut is the attribution, in a text or link at the end."""
    kept: list[Inline] = []
    for inline in inlines:
        size = len(plain((inline,)))
        if size <= length:
            kept.append(inline)
        elif length > 0 and isinstance(inline, Text):
            kept.append(Text(inline.text[:length].rstrip()))
        length -= size
    return tuple(kept)
