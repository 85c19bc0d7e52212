"""Inline tokens to the words, links and pictures of a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from markdown_it.token import Token

from bot.article.markdown.html import STYLES, Style
from bot.article.model import Code, Emphasis, Image, Inline, Inlines, LineBreak, Link, Text
from bot.article.plain_text import columns, is_wide, plain

_OPENERS: Final[dict[str, Style]] = {"strong_open": "strong", "em_open": "emphasis", "s_open": "strike"}
_CLOSERS: Final = frozenset({"strong_close", "em_close", "s_close", "link_close"})
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^>]*)>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(
    r"""\b(href|src|alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`，。；：！？、（）《》【】「」『』“”]+")
_TRAILING: Final = ".,;:!?)]}*_~"
_MIN_WRAPPED_CHARS: Final = 45
"""Columns from which on a line's end is taken for a wrap and not for a line of its own."""
_MAX_WRAPPED_CHARS: Final = 80
"""Columns at which editors wrap; a line that is longer has something in it that cannot be broken."""
_ENTRY: Final = re.compile(r"\s*(?:\d{1,2}[、）)]|[（(]\d{1,2}[）)]|[①-⑳•·▪●◦])")
"""Begins a line of its own, though the source has no list."""
_MAX_DEPTH: Final = 40


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    kind: str
    style: Style | None = None
    url: str = ""
    children: list[Inline] = field(default_factory=list)
    linked: bool = False
    """Whether it stands in a link, or is one."""

    def closed(self) -> list[Inline]:
        children = tuple(self.children)
        if not children:
            return []
        if self.style is not None:
            return [Emphasis(self.style, children)]
        return [Link(self.url, children)] if self.url else list(children)


def inlines_of(token: Token) -> Inlines:
    """Return the content of a paragraph, heading or cell."""
    children = token.children or []
    wrapped = _is_wrapped(token.content)
    stack = [_Open("")]
    _take_all(children, stack, wrapped=wrapped)
    while len(stack) > 1:
        _close(stack)
    return merged(stack[0].children)


def merged(inlines: Sequence[Inline]) -> Inlines:
    """Return the same line with neighbouring texts joined."""
    joined: list[Inline] = []
    for inline in inlines:
        last = joined[-1] if joined else None
        if isinstance(inline, Text) and isinstance(last, Text):
            joined[-1] = Text(last.text + inline.text)
        elif isinstance(inline, Text) and isinstance(last, LineBreak):
            joined.append(Text(inline.text.lstrip(" ")))
        elif isinstance(inline, LineBreak) and isinstance(last, Text):
            joined[-1] = Text(last.text.rstrip(" "))
            joined.append(inline)
        elif inline != Text(""):
            joined.append(inline)
    return tuple(joined)


def _take_all(tokens: Sequence[Token], stack: list[_Open], *, wrapped: bool) -> None:
    for token, after in zip(tokens, _afters(tokens), strict=True):
        if token.type == "softbreak" and wrapped:
            stack[-1].children.append(_soft(stack[-1].children, after))
        else:
            _take(token, stack)


def _afters(tokens: Sequence[Token]) -> list[str]:
    """Return what is read next behind each token."""
    afters, after = [], ""
    for token in reversed(tokens):
        afters.append(after)
        after = token.content if token.content and token.type != "html_inline" else after
    return afters[::-1]


def _take(token: Token, stack: list[_Open]) -> None:
    if token.type == "html_inline":
        _take_html(token.content, stack)
    elif token.type == "footnote_ref":
        _take_note(token, stack)
    elif token.type == "link_open":
        _open(stack, "link_close", url=str(token.attrs.get("href", "")))
    elif token.type in _OPENERS:
        _open(stack, token.type.replace("open", "close"), _OPENERS[token.type])
    elif token.type in _CLOSERS:
        _close_to(token.type, stack)
    else:
        stack[-1].children.extend(_words(token, stack))


def _words(token: Token, stack: list[_Open]) -> Iterable[Inline]:
    """Return what has nothing inside that could be styled."""
    match token.type:
        case "text":
            return [Text(token.content)] if stack[-1].linked else _linked(token.content)
        case "code_inline":
            return [Code(token.content)]
        case "hardbreak" | "softbreak":
            return [LineBreak()]
        case "image":
            caption = str(token.attrs.get("title", ""))
            return [Image(str(token.attrs.get("src", "")), _alt(token), caption)]
        case "math_inline":
            return [Text(f"${token.content}$")]
        case _:
            return [Text(token.content)]


def _take_note(token: Token, stack: list[_Open]) -> None:
    """Take the mark of a footnote; put a note in the text itself in brackets."""
    if "tokens" not in token.meta or len(stack) >= _MAX_DEPTH:
        stack[-1].children.append(Text(f"[{token.meta.get('label', '…')}]"))
        return
    stack[-1].children.append(Text(" ("))
    _take_all(token.meta["tokens"], stack, wrapped=True)
    stack[-1].children.append(Text(")"))


def _take_html(source: str, stack: list[_Open]) -> None:
    match = _TAG.fullmatch(source.strip())
    if match is None:
        return  # a comment or declaration: nothing of it is visible
    closing, tag, rest = match[1], match[2].lower(), match[3]
    given = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(rest)}
    if tag == "br":
        stack[-1].children.append(LineBreak())
    elif tag == "img":
        stack[-1].children.append(Image(given.get("src", ""), given.get("alt", ""), given.get("title", "")))
    elif closing:
        _close_to(f"</{tag}>", stack)
    elif (tag in STYLES or tag == "a") and len(stack) < _MAX_DEPTH:
        _open(stack, f"</{tag}>", STYLES.get(tag), given.get("href", ""))


def _open(stack: list[_Open], kind: str, style: Style | None = None, url: str = "") -> None:
    outer = stack[-1]
    if len(stack) < _MAX_DEPTH or url:
        stack.append(_Open(kind, style, url, linked=outer.linked or bool(url)))
    else:  # absurdly deep, words keep the weight that they have
        stack.append(_Open(kind, children=outer.children, linked=outer.linked))


def _close_to(kind: str, stack: list[_Open]) -> None:
    if any(opened.kind == kind for opened in reversed(stack)):
        while stack[-1].kind != kind:
            _close(stack)
        _close(stack)


def _close(stack: list[_Open]) -> None:
    opened = stack.pop()
    if opened.children is not stack[-1].children:
        stack[-1].children.extend(opened.closed())


def _alt(token: Token) -> str:
    """Return the words in an image's description, whatever stands in it."""
    parts = []
    for child in token.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.children:
            parts.append(_alt(child))
        else:
            parts.append(child.content)
    return "".join(parts)


def _linked(text: str) -> Iterator[Inline]:
    """Link bare addresses; what closes a sentence or bracket is no part of one."""
    start = 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_TRAILING)
        if "(" in address and match[0][len(address) :].startswith(")"):
            address += ")"  # as in …/Digest_(disambiguation)
        yield Text(text[start : match.start()])
        yield Link(address, (Text(address),))
        start = match.start() + len(address)
    yield Text(text[start:])


def _is_wrapped(source: str) -> bool:
    """Return whether an editor wrapped the lines: they are long, or the next word would make them so."""
    lines = source.split("\n")
    width = min(max(map(columns, lines)), _MAX_WRAPPED_CHARS)
    if width < _MIN_WRAPPED_CHARS or any(_ENTRY.match(line) for line in lines[1:]):
        return False
    return all(
        columns(line) >= _MIN_WRAPPED_CHARS or columns(line) + 1 + columns(_first_word(after)) > width
        for line, after in pairwise(lines)
    )


def _first_word(line: str) -> str:
    """Return what an editor cannot break: up to a space, or a single Chinese character."""
    line = line.strip()
    return line[:1] if is_wide(line[:1]) else line.split(" ", 1)[0]


def _soft(before: Sequence[Inline], after: str) -> Inline:
    """Turn a soft line break into a space, except between two Chinese characters."""
    last = next(filter(None, (plain((inline,)) for inline in reversed(before))), "")
    return Text("" if is_wide(last[-1:]) and is_wide(after[:1]) else " ")
