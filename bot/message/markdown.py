"""A text that somebody formatted in Telegram, as Markdown: bold, links, code and quotes are not lost."""

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final

from bot.message.limits import utf16
from bot.message.model import Entity

_TAGS: Final = {"bold": "b", "italic": "i", "strikethrough": "s"}
_BLOCKS: Final = frozenset({"pre", "blockquote", "expandable_blockquote"})
_MARK: Final = re.compile(r"[ \t]*(?:(?:#{1,6}|[-*+>]|\d{1,9}[.)])[ \t]+)?")
"""What says that a line is a heading or stands in a list: a tag before it would hide that."""
_INDENTED: Final = re.compile(r"(?m)^(?: {4}| {,3}\t)[ \t]*(?!(?:[-*+]|\d{1,9}[.)])[ \t])(?=\S.*(?:</|`))")
"""The beginning of a line that Markdown would take for code, and show its mark-up as it stands."""
_TICKS: Final = re.compile("`+")


def to_markdown(text: str, entities: Sequence[Entity], *, start: int = 0) -> str:
    """Return what was typed, which may be Markdown already, with mark-up around what an entity covers.

    What stands before `start` (in characters) is left out. Tags rather than asterisks: those mean nothing
    between a Chinese character and a quotation mark.
    """
    units = text.encode("utf-16-le")
    first = utf16(text[:start])
    return _marked(
        units, first, len(units) // 2, sorted(entities, key=lambda each: (each.offset, -each.length))
    )


def _marked(units: bytes, start: int, end: int, entities: Sequence[Entity]) -> str:
    """Set blocks on lines of their own, and what stands between them."""
    parts: list[str] = []
    at = start
    for number, block in enumerate(entities):
        if block.kind in _BLOCKS and at <= block.offset < end:
            last = min(block.offset + block.length, end)
            parts.append(_inline(units, at, block.offset, entities))
            if block.kind == "pre":
                parts.append(_fenced(_words(units, block.offset, last), block.language or ""))
            else:
                inner = _marked(units, block.offset, last, entities[number + 1 :])
                # Entities within a quote are looked at again, without the quote itself.
                parts.append(re.sub("(?m)^", "> ", inner.strip("\n")))
            at = last
    parts.append(_inline(units, at, end, entities))
    return "\n\n".join(part.strip("\n") for part in parts if part.strip("\n"))


def _inline(units: bytes, start: int, end: int, entities: Sequence[Entity]) -> str:
    """Return each stretch between two edges in the tags of all that covers it."""
    inside = [
        (max(each.offset, start), min(each.offset + each.length, end), each)
        for each in entities
        if each.kind not in _BLOCKS
    ]
    inside = [each for each in inside if each[0] < each[1]]
    # Entities may overlap without one holding the other; between two edges, all is covered alike.
    edges = sorted({start, end, *(edge for first, last, _ in inside for edge in (first, last))})
    stretches = []
    for first, last in pairwise(edges):
        covering = [each for begin, stop, each in inside if begin <= first and last <= stop]
        lines = _words(units, first, last).split("\n")
        stretches.append("\n".join(_line(line, covering) for line in lines))
    text = "".join(stretches)
    return _INDENTED.sub("   ", text) if inside else text


def _line(line: str, covering: Sequence[Entity]) -> str:
    mark = _MARK.match(line)
    start = mark.end() if mark else 0
    return line[:start] + _tagged(line[start:], covering)


def _tagged(words: str, covering: Sequence[Entity]) -> str:
    if not words.strip():
        return words
    if any(each.kind == "code" for each in covering):
        words = _coded(words)
    for each in covering:
        if tag := _TAGS.get(each.kind):
            words = f"<{tag}>{words}</{tag}>"
        elif each.url:
            words = f'<a href="{escape(each.url)}">{words}</a>'
    return words


def _coded(words: str) -> str:
    # CommonMark: a run of ticks longer than any inside, and a space beside a tick at the edge.
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(words)), default=0))
    space = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{ticks}{space}{words}{space}{ticks}"


def _fenced(words: str, language: str) -> str:
    ticks = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(words)), default=0))
    return f"{ticks}{language}\n{words.strip(chr(10))}\n{ticks}"


def _words(units: bytes, start: int, end: int) -> str:
    return units[start * 2 : end * 2].decode("utf-16-le", "replace")
