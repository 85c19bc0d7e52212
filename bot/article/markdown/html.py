"""The visible part of HTML inside Markdown: words, weight, links and pictures; never scripts or styles."""

import re
from html.parser import HTMLParser
from typing import Final, Literal

from bot.article.markdown.tags import HIDDEN, VOID, is_hidden, is_markup, raised
from bot.article.model import (
    CELL_BREAK,
    Block,
    BlockQuote,
    Blocks,
    CodeBlock,
    Emphasis,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Paragraph,
    Text,
)
from bot.article.plain_text import plain

Style = Literal["strong", "emphasis", "strike"]

STYLES: Final[dict[str, Style]] = {
    "b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "s": "strike", "del": "strike",
    "strike": "strike",
}  # fmt: skip
_SCRIPTS: Final = frozenset({"sup", "sub"})
_CODE: Final = frozenset({"script", "style", "head", "template"})
"""Hide all that follows where their end is missing; others show it."""
_BLOCKS: Final = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead "
    "tr ul".split()
)
_LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
_HIDES: Final = re.compile(r"<!--|<!|<\?")
_SIGNS: Final = frozenset({"footer", "cite", "figcaption"})
"""Say, in or below a block quote, whose words it gives."""
_CELLS: Final = frozenset({"td", "th"})
_DASHED: Final = re.compile(r"\s*[-–—―]")
_ONLY_TAGS: Final = re.compile(r"(?:\s*</?[A-Za-z][^<>]*>)+\s*")
_MAX_DEPTH: Final = 20


def html_blocks(source: str) -> Blocks:
    """Return a block of HTML as paragraphs, code and block quotes."""
    source = _without_comments(source)
    reader = _HtmlReader(source)
    reader.feed(source)
    reader.close()
    return reader.finish()


def closed(tag: str, address: str, children: Inlines) -> Inlines:
    """Return what an element within a line stands for, now that all of it is known."""
    if tag in STYLES:
        return (Emphasis(STYLES[tag], children),)
    if tag in _SCRIPTS:
        return _raised(tag, children)
    return (Link(address, children),) if address else children


def _raised(tag: str, children: Inlines) -> Inlines:
    words = plain(children)
    shown = raised(tag, words)
    if shown == words:
        return children
    if all(isinstance(child, Text) for child in children):
        return (Text(shown),)
    return (Text(f"{shown[0]}("), *children, Text(")"))


def _without_comments(source: str) -> str:
    """Strip comments first: html.parser takes quadratic time over those that do not end."""
    kept, start = [], 0
    while opened := _HIDES.search(source, start):
        kept.append(source[start : opened.start()])
        end = "-->" if opened[0] == "<!--" else ">"
        closed = source.find(end, opened.end())
        if closed < 0:
            # A comment hides all that follows, anything else is but a sign.
            rest = "" if opened[0] == "<!--" else source[opened.start() :]
            return "".join((*kept, _HIDES.sub(lambda sign: f"&lt;{sign[0][1:]}", rest)))
        start = closed + len(end)
    return "".join((*kept, source[start:]))


class _HtmlReader(HTMLParser):
    """Collects visible text; tags that are never closed, or closed twice, do no harm."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self._folded = source.lower()
        self._bare = _ONLY_TAGS.fullmatch(source) is not None
        self._blocks: list[Block] = []
        self._quotes: list[int] = []  # where each block quote that is open began
        self._signs = False
        self._stack: list[tuple[str, str, list[Inline]]] = [("", "", [])]
        self._hidden: list[str] = []  # the elements around it whose words nobody sees
        self._components: set[str] = set()
        self._at = 0
        self._pre = False
        self._heading = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = self.get_starttag_text() or ""
        rest = source[len(tag) + 1 : -1]
        if self._hidden:
            if tag == self._hidden[-1] and tag not in VOID:
                self._hidden.append(tag)
            return
        closed = f"</{tag}" in self._folded
        # `<Tabs>` on a line of its own is a component of the page, not a word.
        component = self._bare and source[1:2].isupper()
        if not component and not is_markup(tag, rest, closed=True):
            self.handle_data(source)
            return
        self._components.add(tag)
        if is_hidden(tag, rest) and tag not in VOID:
            if closed or tag in _CODE:
                self._hidden.append(tag)
        elif tag not in HIDDEN:
            self._open(tag, {name: value or "" for name, value in attrs})

    def _open(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._add(LineBreak())
        elif tag == "img":
            self._add(Image(given.get("src", ""), given.get("alt", ""), given.get("title", "")))
        elif tag in _BLOCKS:
            self._open_block(tag)
        elif tag in _SIGNS:
            self._sign()
        elif (tag in STYLES or tag == "a" or tag in _SCRIPTS) and len(self._stack) < _MAX_DEPTH:
            self._stack.append((tag, given.get("href", ""), []))

    def _open_block(self, tag: str) -> None:
        if tag in _CELLS and self._stack[-1][2]:
            self._add(CELL_BREAK)
        elif tag not in _CELLS:
            self._close_paragraph()
        self._pre = tag == "pre" or self._pre
        if tag == "blockquote" and len(self._quotes) < _MAX_DEPTH:
            self._quotes.append(len(self._blocks))
        self._heading = _LEVELS.get(tag, 0)
        if tag == "li":
            self._add(Text("• "))
        if tag in _SIGNS:
            self._sign()

    def parse_endtag(self, i: int) -> int:
        """Note where an end tag stands, so that its source can be shown."""
        self._at = i
        return super().parse_endtag(i)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
        elif tag in _BLOCKS:
            if tag not in _CELLS:
                self._close_paragraph()
            self._pre = self._pre and tag != "pre"
            self._signs = self._signs and tag not in _SIGNS
            if tag == "blockquote" and self._quotes:
                self._close_quote()
        elif any(tag == opened for opened, _, _ in self._stack[1:]):
            while self._close_inline() != tag:
                pass
        elif tag not in self._components and not (is_markup(tag, "", closed=True) or self._bare):
            source = self.rawdata[self._at : self.rawdata.find(">", self._at) + 1]
            self.handle_data(source)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            self._add(Text(data))
            return
        words = " ".join(data.split())
        if words:
            before, after = data[0].isspace(), data[-1].isspace()
            self._add(Text(f"{' ' if before else ''}{words}{' ' if after else ''}"))
        elif data and self._stack[-1][2]:
            self._add(Text(" "))

    def finish(self) -> Blocks:
        self._close_paragraph()
        while self._quotes:
            self._close_quote()
        return tuple(self._blocks)

    def _add(self, inline: Inline) -> None:
        if not self._hidden:
            self._stack[-1][2].append(inline)

    def _close_inline(self) -> str:
        tag, href, children = self._stack.pop()
        if children:
            self._stack[-1][2].extend(closed(tag, href, tuple(children)))
        return tag

    def _sign(self) -> None:
        """Treat the next paragraph as an attribution; add the dash that a style sheet would draw."""
        below = bool(self._blocks) and isinstance(self._blocks[-1], BlockQuote)
        begins = len(self._stack) == 1 and not self._stack[0][2]
        self._signs = begins and (bool(self._quotes) or below)

    def _close_quote(self) -> None:
        start = self._quotes.pop()
        inside = tuple(self._blocks[start:])
        self._blocks[start:] = [BlockQuote(inside)] if inside else []

    def _close_paragraph(self) -> None:
        while len(self._stack) > 1:
            self._close_inline()
        inlines = tuple(self._stack.pop()[2])
        self._stack.append(("", "", []))
        if self._pre and all(isinstance(inline, Text) for inline in inlines):
            text = "".join(inline.text for inline in inlines if isinstance(inline, Text)).strip("\n")
            if text.strip():
                self._blocks.append(CodeBlock(text))
        elif any(not isinstance(inline, Text) or inline.text.strip() for inline in inlines):
            dash = (Text("— "),) if self._signs and not _DASHED.match(plain(inlines)) else ()
            self._blocks.append(Paragraph((*dash, *inlines), self._heading))
            self._signs = False
        self._heading = 0
