"""Lines on pages as headings, paragraphs, lists and code: by their size, place and distance. Pure."""

import html
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from bot.sources.pages.headline import letters_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page; its place in points, from the lower left corner.

    `fixed`: in letters of one width. `cut`: ends in the middle of a word.
    """

    text: str
    size: float
    left: float
    right: float
    bottom: float
    bold: bool = False
    fixed: bool = False
    cut: bool = False


Kind = Literal["heading", "paragraph", "item", "code"]


@dataclass(slots=True)
class _Block:
    kind: Kind
    lines: list[Line]
    level: int = 0


_EDGE_LINES: Final = 2
"""At the top and the bottom of a page, which may be the same on many pages."""
_MARGIN: Final = 0.1
"""Of a page's height, where such lines stand."""
_MIN_PAGES: Final = 3
_MIN_PAGE_SHARE: Final = 0.15
_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:page|seite|p\.|第)?\s*(?:\d{1,4}|[ivxl]{1,7})\s*(?:页|頁)?(?:\s*(?:/|of|von|共)\s*\d{1,4}\s*(?:页|頁)?)?\W*",
    re.IGNORECASE,
)
_CONTENTS_LINE: Final = re.compile(r".*(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxl]{1,7})?$|.*…{2,}\s*\d{0,4}$")
_ITEM: Final = re.compile(r"(?:[•‣◦▪■●○∙]\s*|(?:[·–—*-]|\(?\d{1,2}[.)]|[a-z][.)])\s+|\(?\d{1,2}、\s*)(?=\S)")
_NUMBERED: Final = re.compile(r"\(?(\d{1,2})[.)、]")
_SENTENCE_END: Final = re.compile(r"""[.!?:;。！？：；…][”’"')）】」』]*$""")
_LARGER: Final = 1.15
"""Of the text's size, from which on a line is a heading."""
_NEAR: Final = 1.08
_MAX_HEADING_CHARS: Final = 150
_MAX_BOLD_CHARS: Final = 80
_MAX_LEVELS: Final = 3
_APART: Final = 1.35
"""Of the usual distance of lines, from which on a paragraph ends."""
_SHORT: Final = 0.85
"""Of the width of the text; a line that ends before is perhaps the last of its paragraph."""
_MIN_OUTLINE: Final = 3
_MAX_BEFORE_TITLE: Final = 3
_CJK: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def html_of(pages: Sequence[Sequence[Line]], outline: Sequence[tuple[int, str]] = ()) -> str:
    """Return pages as HTML; `outline` is what the document lists as its headings, each with its depth."""
    kept = [[line for line in page if not _CONTENTS_LINE.match(line.text)] for page in _without_edges(pages)]
    lines = [line for page in kept for line in page]
    if not lines:
        return ""
    blocks = list(_blocks(kept, _Measure(lines, outline)))
    first = next((block for block in blocks if block.kind == "heading"), None)
    if first is not None and first in blocks[:_MAX_BEFORE_TITLE] and _stands_alone(first, blocks):
        # What was below it is now the first level below a title.
        for block in blocks:
            block.level -= block.kind == "heading" and block.level > first.level
        first.level = 0
    return "\n".join(map(_html, blocks))


def _stands_alone(heading: _Block, blocks: Sequence[_Block]) -> bool:
    """Return whether no other heading is as large: it is the title."""
    return [block.level for block in blocks if block.kind == "heading"].count(heading.level) == 1


class _Measure:
    """What is usual in a document."""

    def __init__(self, lines: Sequence[Line], outline: Sequence[tuple[int, str]]) -> None:
        sizes = Counter[float]()
        for line in lines:
            sizes[line.size] += len(line.text)
        [(self.size, _)] = sizes.most_common(1)
        body = [line for line in lines if line.size == self.size]
        gaps = [one.bottom - other.bottom for one, other in pairwise(body)]
        # Half a short text may be gaps between paragraphs.
        self.leading = statistics.median_low(
            [gap for gap in gaps if 0 < gap < 3 * self.size] or [1.2 * self.size]
        )
        self.right = statistics.quantiles([line.right for line in body], n=20)[-2] if len(body) > 1 else 0
        self.left = statistics.median(line.left for line in body)
        larger = sorted({line.size for line in lines if line.size >= _LARGER * self.size}, reverse=True)
        self.levels = {size: min(number, _MAX_LEVELS) for number, size in enumerate(larger, 1)}
        self.is_bold = (
            sum(len(line.text) for line in body if line.bold) > sum(map(len, (x.text for x in body))) / 2
        )
        self.outline = {letters_of(title): depth for depth, title in outline if letters_of(title)}
        self.has_outline = len(self.outline) >= _MIN_OUTLINE

    def heading_level(self, line: Line) -> int:
        """Return how deep the heading of a line is; 0 for a line of text."""
        if line.fixed or (_ITEM.match(line.text) and not _NUMBERED.match(line.text)):
            return 0
        if self.has_outline:
            return self._level_in_outline(line)
        if line.size in self.levels and len(line.text) <= _MAX_HEADING_CHARS:
            return self.levels[line.size]
        is_bold = line.bold and not self.is_bold and line.size >= self.size
        if is_bold and len(line.text) <= _MAX_BOLD_CHARS and not _SENTENCE_END.search(line.text):
            return min(len(self.levels), _MAX_LEVELS) + 1
        return 0

    def _level_in_outline(self, line: Line) -> int:
        letters = letters_of(line.text)
        known = (self.outline.get(each) for each in (letters, letters.lstrip("0123456789")))
        return next((depth + 1 for depth in known if depth is not None), 0)


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return pages without what stands at the top or the bottom of many, and without their numbers."""
    heights = [line.bottom for page in pages for line in page]
    margin = _MARGIN * (max(heights, default=0) - min(heights, default=0))
    lowest, highest = min(heights, default=0) + margin, max(heights, default=0) - margin
    edges = [[line for line in _edges(page) if not lowest < line.bottom < highest] for page in pages]
    counts = Counter(shape for page in edges for shape in {_shape(line) for line in page})
    least = max(_MIN_PAGES, round(len(pages) * _MIN_PAGE_SHARE))
    return [
        [
            line
            for line in page
            if line not in edge or not (counts[_shape(line)] >= least or _PAGE_NUMBER.fullmatch(line.text))
        ]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: -line.bottom)
    return [*ordered[:_EDGE_LINES], *ordered[_EDGE_LINES:][-_EDGE_LINES:]]


def _shape(line: Line) -> str:
    """Return what a line has in common with those of other pages that differ in numbers only."""
    return re.sub(r"\d+", "#", " ".join(line.text.split()).casefold())


def _blocks(pages: Sequence[Sequence[Line]], measure: _Measure) -> Iterator[_Block]:
    block: _Block | None = None
    for page in pages:
        before: Line | None = None
        for line in page:
            level = measure.heading_level(line)
            kind: Kind = "heading" if level else "code" if line.fixed else _kind(line)
            if block is not None and _goes_on(block, line, kind, level, measure, is_first=before is None):
                block.lines.append(line)
            else:
                if block is not None:
                    yield block
                block = _Block(kind, [line], level)
            before = line
    if block is not None:
        yield block


def _kind(line: Line) -> Kind:
    return "item" if _ITEM.match(line.text) else "paragraph"


def _goes_on(block: _Block, line: Line, kind: Kind, level: int, measure: _Measure, *, is_first: bool) -> bool:
    """Return whether a line belongs to the block before it."""
    last = block.lines[-1]
    gap = last.bottom - line.bottom
    # A new page or column: only what is unfinished goes on.
    jumps = is_first or gap < -measure.size / 2
    if kind in {"heading", "code"} or block.kind in {"heading", "code"}:
        same = block.kind == kind and block.level == level and not jumps
        return same and gap < 2 * measure.leading * max(1.0, line.size / measure.size)
    if kind == "item" or not 1 / _NEAR < line.size / last.size < _NEAR:
        return False
    is_finished = bool(_SENTENCE_END.search(last.text))
    if jumps:
        return not is_finished
    if gap > _APART * measure.leading:
        return False
    if block.kind == "item":
        return line.left > block.lines[0].left + measure.size / 3 or not is_finished
    is_indented = line.left > last.left + measure.size and last.left <= measure.left + measure.size / 2
    return not is_indented and not (is_finished and last.right < _SHORT * measure.right)


def _html(block: _Block) -> str:
    if block.kind == "code":
        left = min(line.left for line in block.lines)
        return f"<pre>{html.escape(chr(10).join(_indented(line, left) for line in block.lines))}</pre>"
    words = _joined(block.lines)
    if block.kind == "heading":
        return f"<h{block.level + 1}>{html.escape(words)}</h{block.level + 1}>"
    if block.kind == "item":
        number = _NUMBERED.match(words)
        inner = f"<li>{html.escape(_ITEM.sub('', words, count=1))}</li>"
        return f'<ol start="{number[1]}">{inner}</ol>' if number else f"<ul>{inner}</ul>"
    return f"<p>{html.escape(words)}</p>"


def _indented(line: Line, left: float) -> str:
    width = (line.right - line.left) / max(1, len(line.text))
    return " " * (round((line.left - left) / width) if width > 0 else 0) + line.text


def _joined(lines: Sequence[Line]) -> str:
    """Return the words of lines without the seams between them."""
    text = lines[0].text
    for before, line in pairwise(lines):
        is_word = text[-2:-1].isalpha() and line.text[:1].islower()
        if before.cut or (text.endswith("-") and is_word):
            text = text.removesuffix("-") + line.text
        elif text and _CJK.match(text[-1]) and _CJK.match(line.text[:1]):
            text += line.text
        else:
            text += " " + line.text
    return text
