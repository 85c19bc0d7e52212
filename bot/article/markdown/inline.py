"""Inline tokens to the words, links and pictures of a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markdown_it.token import Token

from bot.article.markdown.dialects import DROPPED
from bot.article.markdown.html import STYLES, closed
from bot.article.markdown.tags import VOID, is_hidden, is_markup
from bot.article.model import Code, Image, Inline, Inlines, LineBreak, Link, Text
from bot.article.plain_text import columns, is_wide, plain

_OPENERS: Final = {"strong_open": "strong", "em_open": "em", "s_open": "s"}
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
_LINK: Final = re.compile(r"\s*!?\[[^\[\]]*\]\([^()]*\)\s*")
"""A line that is one link: where all are, each was meant to be one."""
_SILENT: Final = frozenset({"html_inline", DROPPED})
"""Tokens whose content nobody reads."""
_MAX_DEPTH: Final = 40


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet; `kind` is the token, or the tag, that closes it."""

    kind: str
    tag: str = ""
    url: str = ""
    children: list[Inline] = field(default_factory=list)
    linked: bool = False
    """Whether it stands in a link, or is one."""
    hidden: bool = False
    """Whether its page shows nothing of it, once its end is found."""


def inlines_of(token: Token) -> Inlines:
    """Return the content of a paragraph, heading or cell."""
    children = token.children or []
    reader = _InlineReader(children)
    reader.take_all(children, wrapped=_is_wrapped(token.content))
    return merged(reader.finish())


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


class _InlineReader:
    """Reads tokens from left to right; what is open stands in a stack."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._stack = [_Open("")]
        self._ends = {
            match[2].lower()
            for token in tokens
            if token.type == "html_inline" and (match := _TAG.fullmatch(token.content)) and match[1]
        }
        """The names of all elements that end in this line."""

    def finish(self) -> list[Inline]:
        """Return all that was read; what nobody closed, up to the end."""
        while len(self._stack) > 1:
            self._stack[-1].hidden = False
            self._close()
        return self._stack[0].children

    def take_all(self, tokens: Sequence[Token], *, wrapped: bool) -> None:
        """Read tokens; `wrapped` if a line's end in the source is no line's end on the page."""
        for token, after in zip(tokens, _afters(tokens), strict=True):
            if token.type == "softbreak" and wrapped:
                self._add(_soft(self._stack[-1].children, after))
            else:
                self._take(token)

    def _add(self, *inlines: Inline) -> None:
        self._stack[-1].children.extend(inlines)

    def _take(self, token: Token) -> None:
        if token.type == "html_inline":
            self._take_html(token.content)
        elif token.type == "footnote_ref":
            self._take_note(token)
        elif token.type == "link_open":
            self._open("link_close", "a", url=str(token.attrs.get("href", "")))
        elif token.type in _OPENERS:
            self._open(token.type.replace("open", "close"), _OPENERS[token.type])
        elif token.type in _CLOSERS:
            self._close_to(token.type)
        elif token.type == "text" and not self._stack[-1].linked:
            self._add(*_linked(token.content))
        else:
            self._add(*_words(token))

    def _take_note(self, token: Token) -> None:
        """Take the mark of a footnote; put a note in the text itself in brackets."""
        if "tokens" not in token.meta or len(self._stack) >= _MAX_DEPTH:
            self._add(Text(f"[{token.meta.get('label', '…')}]"))
            return
        self._add(Text(" ("))
        self.take_all(token.meta["tokens"], wrapped=True)
        self._add(Text(")"))

    def _take_html(self, source: str) -> None:
        match = _TAG.fullmatch(source.strip())
        if match is None:
            return  # a comment or declaration: nothing of it is visible
        closing, name, rest = match[1], match[2], match[3]
        tag = name.lower()
        if closing:
            if not self._close_to(f"</{tag}>") and not is_markup(tag, "", closed=True):
                self._add(Text(source))
        elif not is_markup(name, rest, closed=tag in self._ends):
            self._add(Text(source))
        else:
            given = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(rest)}
            if tag == "br":
                self._add(LineBreak())
            elif tag == "img":
                self._add(Image(given.get("src", ""), given.get("alt", ""), given.get("title", "")))
            elif (tag in self._ends or tag in STYLES) and tag not in VOID and len(self._stack) < _MAX_DEPTH:
                url = given.get("href", "") if tag == "a" else ""
                self._open(f"</{tag}>", tag, url=url, hidden=is_hidden(tag, rest))

    def _open(self, kind: str, tag: str = "", *, url: str = "", hidden: bool = False) -> None:
        outer = self._stack[-1]
        if len(self._stack) < _MAX_DEPTH or url:
            linked = outer.linked or bool(url)
            self._stack.append(_Open(kind, tag, url, linked=linked, hidden=hidden))
        else:  # absurdly deep, words keep the weight that they have
            self._stack.append(_Open(kind, children=outer.children, linked=outer.linked))

    def _close_to(self, kind: str) -> bool:
        """Close the nearest element of a kind, and all within; False where none is open."""
        if all(opened.kind != kind for opened in self._stack):
            return False
        while self._stack[-1].kind != kind:
            self._close()
        self._close()
        return True

    def _close(self) -> None:
        opened = self._stack.pop()
        children = tuple(opened.children)
        # Absurdly deep, an element shares its list with the one around it.
        if children and not opened.hidden and opened.children is not self._stack[-1].children:
            self._add(*closed(opened.tag, opened.url, children))


def _words(token: Token) -> Iterable[Inline]:
    """Return what has nothing inside that could be styled."""
    match token.type:
        case "code_inline":
            return [Code(token.content)]
        case "hardbreak" | "softbreak":
            return [LineBreak()]
        case "image":
            caption = str(token.attrs.get("title", ""))
            return [Image(str(token.attrs.get("src", "")), _alt(token), caption)]
        case "math_inline":
            return [Text(f"${token.content}$")]
        case "dropped":
            return ()
        case _:
            return [Text(token.content)]


def _afters(tokens: Sequence[Token]) -> list[str]:
    """Return what is read next behind each token."""
    afters, after = [], ""
    for token in reversed(tokens):
        afters.append(after)
        after = token.content if token.content and token.type not in _SILENT else after
    return afters[::-1]


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
    if "\n" not in source:
        return False
    lines = source.split("\n")
    widths = list(map(columns, lines))
    width = min(max(widths), _MAX_WRAPPED_CHARS)
    if width < _MIN_WRAPPED_CHARS or any(_ENTRY.match(line) for line in lines[1:]):
        return False
    if all(map(_LINK.fullmatch, lines)):
        return False
    return all(
        one >= _MIN_WRAPPED_CHARS or one + 1 + columns(_first_word(after)) > width
        for one, after in zip(widths, lines[1:], strict=False)
    )


def _first_word(line: str) -> str:
    """Return what an editor cannot break: up to a space, or a single Chinese character."""
    line = line.strip()
    return line[:1] if is_wide(line[:1]) else line.split(" ", 1)[0]


def _soft(before: Sequence[Inline], after: str) -> Inline:
    """Turn a soft line break into a space, except between two Chinese characters."""
    last = next(filter(None, (plain((inline,)) for inline in reversed(before))), "")
    return Text("" if is_wide(last[-1:]) and is_wide(after[:1]) else " ")
