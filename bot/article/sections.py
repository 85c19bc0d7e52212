"""Headings and what stands under them, as a tree; levels may jump."""

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it.token import Token

from bot.article.inline import inlines_of
from bot.article.model import Blocks, Inlines, Section, SectionId
from bot.article.tree import blocks_of
from bot.article.words import plain


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading (level 0 and no title for the text before the first one) and the blocks up to the next."""

    level: int
    title: Inlines
    body: Blocks
    line: int


@dataclass(slots=True)
class _Branch:
    passage: Passage
    children: "list[_Branch]" = field(default_factory=list)


def passages_of(tokens: Sequence[Token], *, line: int = 1) -> list[Passage]:
    """Cut a document at its headings; `line` is where its text begins in the file."""
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    passages = [Passage(0, (), blocks_of(tokens[: starts[0]] if starts else tokens), line)]
    for start, end in pairwise([*starts, len(tokens)]):
        heading = tokens[start]
        at = heading.map[0] if heading.map else 0
        title = inlines_of(tokens[start + 1])
        body = blocks_of(tokens[start + 3 : end])
        passages.append(Passage(int(heading.tag[1:]), title, body, line + at))
    return passages


def tree_of(passages: Sequence[Passage]) -> tuple[Section, ...]:
    """Each heading below the nearest one above it that has a lower level."""
    root = _Branch(Passage(-1, (), (), 0))
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
