"""Markdown to tokens: CommonMark and what is common beside it, and emphasis that works in Chinese."""

import re
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from bot.article.markdown.dialect_blocks import with_dialect_blocks
from bot.article.markdown.dialects import with_dialects
from bot.article.plain_text import is_wide

_MAX_NESTING: Final = 200
_MAX_MARKERS: Final = 30
"""Containers opened on one line; far below the nesting at which the parser would drop the rest."""
_MAX_INDENT_CHARS: Final = 80
_MAX_OPEN_NOTES: Final = 30

_MATH_ENDS: Final = {r"\(": r"\)", r"\[": r"\]"}
_MAX_MATH_CHARS: Final = 2000
"""Characters of a formula: an opening that nothing closes must not be looked for to the end."""
_FORMULA: Final = re.compile(r"\\[A-Za-z]{2}|[_^=]")

_STANDARD_ADDRESS: Final = re.compile(r"https?://[a-z0-9.-]+(?:[/?#][A-Za-z0-9/?#@!$&'()*+,;=:~._-]*)?")

_MARKERS: Final = re.compile(r"(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))+")
_MARKER: Final = re.compile(r"[ \t]*(?:>|[-*+]|\d{1,9}[.)])")


def tokens(text: str) -> list[Token]:
    """Block tokens with their inline children; a token's `map` holds its lines, from 0."""
    env: dict[str, Any] = {}
    found = _PARSER.parse("\n".join(_tame(line) for line in text.split("\n")), env)
    if notes := env.get("footnotes", {}).get("list"):
        _hand_out(found, notes)
    return found


def _hand_out(found: list[Token], notes: dict[int, Any]) -> None:
    """Give each `^[note]` its own tokens, which the parser keeps apart; a note may hold another."""
    within = (note["tokens"] for note in notes.values() if note.get("tokens"))
    for children in (*(token.children or () for token in found), *within):
        for child in children:
            if child.type == "footnote_ref" and "tokens" in notes.get(child.meta["id"], {}):
                child.meta["tokens"] = notes[child.meta["id"]]["tokens"]


def _tame(line: str) -> str:
    """Cut absurd nesting, beyond which the parser drops text: whoever wrote it meant the words."""
    indent = len(line) - len(line.lstrip(" \t"))
    if indent > _MAX_INDENT_CHARS:
        line = line[indent - _MAX_INDENT_CHARS :]
    # Each note that nobody closes is looked through to its end once more.
    if line.count("^[") > line.count("]") + _MAX_OPEN_NOTES:
        line = line.replace("^[", "^\\[")
    match = _MARKERS.match(line)
    if match and match.end() > _MAX_MARKERS:
        markers = _MARKER.findall(match[0])
        if len(markers) > _MAX_MARKERS:
            line = "".join(markers[:_MAX_MARKERS]) + line[match.end() :]
    return line


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """Apply CommonMark's rule of emphasis, but let a Chinese character beside `**` end a word.

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
        can_open = can_open or (is_wide(before) and not after.isspace())
        can_close = can_close or (is_wide(after) and not before.isspace())
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


def _bracketed_math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    r"""`\(…\)` and `\[…\]` as they are written: nothing inside is markup, and no backslash goes."""
    start = state.pos
    close = _MATH_ENDS.get(state.src[start : start + 2])
    end = state.src.find(close, start + 2, min(state.posMax, start + _MAX_MATH_CHARS)) if close else -1
    if end < 0 or not _FORMULA.search(state.src, start + 2, end):
        return False  # brackets that are only escaped
    if not silent:
        state.push("text", "", 0).content = state.src[start : end + 2]
    state.pos = end + 2
    return True


def with_wide_emphasis(engine: MarkdownIt) -> MarkdownIt:
    """Return the same parser; emphasis opens and closes beside Chinese, Japanese and Korean characters."""
    engine.inline.ruler.at("emphasis", _emphasis)
    return engine


class _Engine(MarkdownIt):
    """The parser, which takes an address as it is where the standard would write it no other way."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # markdown-it's own name
        """Return an address in the letters of the standard; taking one apart is a twentieth of reading."""
        return url if _STANDARD_ADDRESS.fullmatch(url) else super().normalizeLink(url)


def parser() -> MarkdownIt:
    """Build a parser of CommonMark, tables, strikethrough, footnotes, definitions and formulas."""
    engine = _Engine("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    footnote_plugin(engine, move_to_end=False)
    deflist_plugin(engine)
    dollarmath_plugin(engine, allow_labels=False, allow_space=False, allow_digits=False)
    engine.inline.ruler.before("escape", "bracketed_math", _bracketed_math)
    return with_dialect_blocks(with_dialects(with_wide_emphasis(engine)))


_PARSER: Final = parser()
