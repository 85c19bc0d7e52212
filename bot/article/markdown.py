"""Markdown to tokens: CommonMark with tables and strikethrough, and emphasis that works in Chinese."""

import re
import unicodedata
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

_MAX_NESTING: Final = 200
_MAX_MARKERS: Final = 30
"""Containers opened on one line; far below the nesting at which the parser would drop the rest."""
_MAX_INDENT: Final = 80

_MARKERS: Final = re.compile(r"(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))+")
_MARKER: Final = re.compile(r"[ \t]*(?:>|[-*+]|\d{1,9}[.)])")


def tokens(text: str) -> list[Token]:
    """Block tokens with their inline children; a token's `map` holds its lines, from 0."""
    return _PARSER.parse("\n".join(_tame(line) for line in text.split("\n")))


def _tame(line: str) -> str:
    """Cut absurd nesting, beyond which the parser drops text: whoever wrote it meant the words."""
    indent = len(line) - len(line.lstrip(" \t"))
    if indent > _MAX_INDENT:
        line = line[indent - _MAX_INDENT :]
    match = _MARKERS.match(line)
    if match and match.end() > _MAX_MARKERS:
        markers = _MARKER.findall(match[0])
        if len(markers) > _MAX_MARKERS:
            line = "".join(markers[:_MAX_MARKERS]) + line[match.end() :]
    return line


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """The specification's rule, but a Chinese character beside `**` ends a word.

    Else `**真。**她` would stay literal: after a full stop, closing marks would need a space.
    """
    start, marker = state.pos, state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(start, marker == "*")
    end = start + scanned.length
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    can_open, can_close = scanned.can_open, scanned.can_close
    if marker == "*":
        can_open = can_open or (_is_wide(before) and not after.isspace())
        can_close = can_close or (_is_wide(after) and not before.isspace())
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos = end
    return True


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's
    """Link definitions, but not `[^1]: …`: a footnote's text is to be read."""
    first = state.bMarks[start] + state.tShift[start]
    if state.src.startswith("[^", first):
        return False
    return reference(state, start, end, silent)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.block.ruler.at("reference", _reference)
    return parser


_PARSER: Final = _parser()
