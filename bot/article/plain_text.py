"""What a reader sees of a text: its characters without weight, links or layout."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    Code,
    CodeBlock,
    Emphasis,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    ListBlock,
    Paragraph,
    Table,
    Text,
    ThematicBreak,
)

_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})
_BLANKS: Final = "\u2800\u3164\u115f\u1160"
"""Letters and symbols that show nothing: Braille's empty pattern and the Hangul fillers."""


def plain(inlines: Inlines, *, code: bool = True) -> str:
    """Return the visible characters of a line or paragraph, with or without code."""
    parts: list[str] = []
    _gather(inlines, parts, code=code)
    return "".join(parts)


def links_in(inlines: Inlines) -> Iterator[str]:
    """Yield the addresses that a line or paragraph leads to, in reading order."""
    return (link.url for link in links_of(inlines))


def links_of(inlines: Inlines) -> Iterator[Link]:
    """Yield the links of a line or paragraph, in reading order."""
    for inline in inlines:
        if isinstance(inline, Link):
            yield inline
        if isinstance(inline, Link | Emphasis):
            yield from links_of(inline.children)


def is_linked(inlines: Inlines) -> bool:
    """Return whether all words of a line are links."""
    return all(isinstance(inline, Link) or not any(map(str.isalnum, plain((inline,)))) for inline in inlines)


def lines_of(inlines: Inlines) -> list[Inlines]:
    """Return the lines of a paragraph."""
    lines: list[list[Inline]] = [[]]
    for inline in inlines:
        if isinstance(inline, LineBreak):
            lines.append([])
        else:
            lines[-1].append(inline)
    return [tuple(line) for line in lines]


def without_images(inlines: Inlines) -> Inlines:
    """Return the same line without its pictures, and without what held nothing else."""
    found: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Emphasis | Link):
            if children := without_images(inline.children):
                found.append(replace(inline, children=children))
        elif not isinstance(inline, Image):
            found.append(inline)
    return tuple(found)


def is_wide(char: str) -> bool:
    """Return whether a character is as wide as two Latin ones, as Chinese, Japanese and Korean ones are."""
    return bool(char) and unicodedata.east_asian_width(char) in "WF"


def columns(text: str) -> int:
    """Return how wide a text stands where all letters have one width; marks upon letters take no room."""
    if text.isascii():
        return len(text)
    return sum(1 + is_wide(char) for char in text if unicodedata.category(char) not in _NO_WIDTH)


def visible(text: str) -> str:
    """Strip space and invisible characters at the ends; return nothing when nothing can be seen."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end] if "\n" in text[start:end] else " ".join(text[start:end].split())


def _is_invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Cn"} or char in _BLANKS


def plain_blocks(blocks: Blocks, *, code: bool = True) -> str:
    """Return the visible text of blocks, with or without code: a blank line between them."""
    return "\n\n".join(text for text in (_block(block, code=code) for block in blocks) if text)


def _gather(inlines: Inlines, parts: list[str], *, code: bool) -> None:
    # Each word of an article passes here several times: a list and plain checks take half of what a generator
    # and patterns do.
    for inline in inlines:
        if isinstance(inline, Text):
            parts.append(inline.text)
        elif isinstance(inline, Emphasis | Link):
            _gather(inline.children, parts, code=code)
        elif isinstance(inline, LineBreak):
            parts.append("\n")
        elif isinstance(inline, Code):
            parts.append(inline.text if code else " ")
        else:
            parts.append(inline.words)


def _block(block: Block, *, code: bool) -> str:
    match block:
        case Paragraph(inlines):
            return plain(inlines, code=code).strip()
        case ListBlock(items):
            return "\n".join(plain_blocks(item.blocks, code=code) for item in items)
        case CodeBlock(text):
            return text if code else ""
        case BlockQuote(blocks):
            return plain_blocks(blocks, code=code)
        case Table(rows):
            return "\n".join(" · ".join(plain(cell, code=code) for cell in row) for row in rows)
        case ThematicBreak():
            return ""
