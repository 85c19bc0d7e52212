"""Headings and what stands under them, as a tree; levels may jump."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it.token import Token

from bot.article.markdown.footnotes import Footnotes
from bot.article.markdown.inline import inlines_of
from bot.article.markdown.tree import blocks_of
from bot.article.model import Blocks, Inlines, Paragraph, Section, SectionId
from bot.article.plain_text import plain


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """A heading (level 0 and no title for the text before the first one) and the blocks up to the next."""

    level: int
    title: Inlines
    body: Blocks
    line: int


@dataclass(slots=True)
class _Branch:
    passage: HeadingBlock
    children: "list[_Branch]" = field(default_factory=list)


def heading_blocks(tokens: Sequence[Token], *, line: int = 1) -> list[HeadingBlock]:
    """Cut a document at its headings; `line` is where its text begins in the file."""
    notes = Footnotes(tokens)
    text = notes.text
    starts = [i for i, token in enumerate(text) if token.type == "heading_open" and token.level == 0]
    first = text[: starts[0]] if starts else text
    passages = [*_cut_at_html(HeadingBlock(0, (), (*blocks_of(first), *notes.of(first)), line))]
    for start, end in pairwise([*starts, len(text)]):
        heading, below = text[start], text[start + 1 : end]
        at = heading.map[0] if heading.map else 0
        body = (*blocks_of(below[2:]), *notes.of(below))
        passages += _cut_at_html(HeadingBlock(int(heading.tag[1:]), inlines_of(below[0]), body, line + at))
    return passages


def _cut_at_html(passage: HeadingBlock) -> Iterator[HeadingBlock]:
    """Cut at headings that are written in HTML, too."""
    start, level, title = 0, passage.level, passage.title
    for number, block in enumerate(passage.body):
        if isinstance(block, Paragraph) and block.heading and plain(block.inlines).strip():
            yield HeadingBlock(level, title, passage.body[start:number], passage.line)
            start, level, title = number + 1, block.heading, block.inlines
    yield HeadingBlock(level, title, passage.body[start:], passage.line)


def section_tree(passages: Sequence[HeadingBlock]) -> tuple[Section, ...]:
    """Nest each section under the nearest heading above it that has a lower level."""
    root = _Branch(HeadingBlock(-1, (), (), 0))
    open_: list[_Branch] = [root]
    for passage in passages:
        branch = _Branch(passage)
        while open_[-1].passage.level >= passage.level or (open_[-1].passage.level == 0):
            open_.pop()
        open_[-1].children.append(branch)
        open_.append(branch)
    return _grown(root, "", _Ids())


class _Ids:
    """Short names, each given once; hashes of the titles above, so that a section keeps its own."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._given: set[SectionId] = set()

    def give(self, path: str) -> SectionId:
        while True:
            self._seen[path] += 1
            digest = hashlib.sha256(f"{path}#{self._seen[path]}".encode()).digest()
            id_ = SectionId(base64.b32encode(digest)[:6].decode().lower())
            if id_ not in self._given:  # among 100,000 sections, some would share theirs
                self._given.add(id_)
                return id_


def _grown(branch: _Branch, path: str, ids: _Ids) -> tuple[Section, ...]:
    sections = []
    for child in branch.children:
        passage = child.passage
        below = f"{path}/{plain(passage.title).strip().casefold()}"
        sections.append(
            Section(
                id=ids.give(below),
                title=passage.title,
                level=passage.level,
                body=passage.body,
                children=_grown(child, below, ids),
                line=passage.line,
            )
        )
    return tuple(sections)
