"""A document to an article. Pure: the same text always gives the same article."""

import re
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import Final

from bot.article.front import Front, split_front
from bot.article.given import Given
from bot.article.language import count, language_of_text, minutes_to_read
from bot.article.markdown import tokens
from bot.article.metadata import Metadata, read_metadata
from bot.article.model import (
    Article,
    Block,
    BlockQuote,
    Blocks,
    ListBlock,
    Paragraph,
    Picture,
    Rule,
    Section,
)
from bot.article.quotes import quotes_of
from bot.article.read import decode
from bot.article.sections import Passage, passages_of, tree_of
from bot.article.signature import attribution
from bot.article.tree import blocks_of
from bot.article.words import plain, plain_blocks, visible
from bot.errors import ArticleError

_SUMMARIES: Final = frozenset(
    "核心观点 核心觀點 摘要 导读 導讀 概述 概要 要点 要點 太长不看 内容提要 内容摘要 本文要点".split()
    + "tldr summary abstract keypoints keytakeaways takeaways inbrief inshort overview".split()
    + "executivesummary highlights ataglance thegist".split()
)
_NUMBERING: Final = re.compile(r"^\s*[(（]?(?:[\d.]+|[一二三四五六七八九十]+)[)）、.．:：\s]\s*")
_SEPARATORS: Final = re.compile(r"[_\s]+|(?<!\d)-|-(?!\d)")
_CAPTION: Final = re.compile(
    r"\s*(?:图[片\d一二三四五六七八九十]*(?:来源)?\s*[:：|]|图源|配图|▲|△|photo\b|image\b|figure \d|credit)",
    re.IGNORECASE,
)
_MOST: Final = 100
"""Blocks of a summary, or entries of a list in it."""

_LEAD: Final = 20
"""Visible characters from which on a paragraph can stand for the article."""


def parse_bytes(data: bytes, *, file: str) -> Article:
    """Read a file's bytes. ArticleError names the file, and the line where it is known."""
    return parse(decode(data, file=file), file=file)


def parse(text: str, *, file: str) -> Article:
    """Read a document. ArticleError names the file, and the line where it is known."""
    front = split_front(text, file=file)
    passages = passages_of(tokens(front.body), line=front.line)
    title, heading, passages = _title(front, passages, file)
    metadata, passages = _metadata(passages)
    sections = tree_of([passage for passage in passages if passage.level or passage.body])
    whole = _text(sections, code=True)
    if not any(char.isalnum() for char in whole):
        raise ArticleError("error.no_text", file=file)
    characters, words = count(whole)
    given = Given(front, metadata, file)
    published = given.published()
    if heading and front.text("title"):
        given.title_differs(heading)
    return Article(
        slug=given.slug(text, title, published),
        title=title,
        language=given.language() or language_of_text(f"{title}\n{_text(sections, code=False)}"),
        summary=_summary(front, sections),
        sections=sections,
        quotes=quotes_of(sections, title=title, speaker=front.text("speaker"), said=front.said),
        minutes=minutes_to_read(characters, words),
        source=given.source(),
        author=given.author(),
        published=published,
        url=given.url(),
        tags=given.tags(),
        cover=given.cover(),
        cautions=tuple(given.cautions),
    )


def _text(sections: tuple[Section, ...], *, code: bool) -> str:
    every = (section for top in sections for section in top.walk())
    return "\n".join(
        f"{plain(section.title, code=code)}\n{plain_blocks(section.body, code=code)}" for section in every
    )


def _title(front: Front, passages: list[Passage], file: str) -> tuple[str, str, list[Passage]]:
    """The title, the heading above all others if it says something else, and the passages without it."""
    given = visible(front.text("title") or "")
    headings = [passage for passage in passages if passage.level]
    ones = [passage for passage in headings if passage.level == 1]
    named = next(filter(None, (_title_of(heading) for heading in ones + headings)), "")
    title = given or named or _name_in_words(file) or _first_words(passages[0]) or "–"
    if len(ones) != 1 or ones[0] is not headings[0]:
        return title, "", passages
    # The one heading above all others is the title itself and no section.
    lead, main, *rest = passages
    first = _title_of(main)
    other = "" if first == title else first
    heading = (Paragraph(main.title, heading=main.level),) if other else ()
    # A metadata quote stands first; what stood above the heading comes behind it.
    body: Blocks = (
        (*main.body[:1], *lead.body, *main.body[1:]) if _is_quote(main.body) else (*lead.body, *main.body)
    )
    return title, other, [Passage(0, (), (*heading, *body), main.line), *rest]


def _title_of(passage: Passage) -> str:
    """A heading as one line, be it of several."""
    return visible(" ".join(plain(passage.title).split()))


def _is_quote(blocks: Blocks) -> bool:
    return bool(blocks) and isinstance(blocks[0], BlockQuote)


def _first_words(passage: Passage) -> str:
    line = visible(visible(plain_blocks(passage.body)).split("\n")[0])
    return line if len(line) <= 80 else line[:79] + "…"  # noqa: PLR2004  # a title, not a paragraph


def _name_in_words(file: str) -> str:
    """A file's name as a title; pasted text has none."""
    stem = PurePath(file.replace("\\", "/")).stem
    return " ".join(_SEPARATORS.sub(" ", stem).split())


def _metadata(passages: list[Passage]) -> tuple[Metadata, list[Passage]]:
    """What the block quote at the top says; its lines that say nothing of the kind stay in the text."""
    first = passages[0]
    # With several top headings, the quote stands under the first of them.
    index = 0 if first.body or len(passages) == 1 else 1
    passage = passages[index]
    if not passage.body or not isinstance(passage.body[0], BlockQuote):
        return Metadata(), passages
    metadata = read_metadata(passage.body[0])
    if metadata is None:
        return Metadata(), passages
    left = tuple(Paragraph(line) for line in metadata.left)
    changed = replace(passage, body=(*left, *passage.body[1:]))
    return metadata, [*passages[:index], changed, *passages[index + 1 :]]


def _summary(front: Front, sections: tuple[Section, ...]) -> Blocks:
    """As given; else the section that says so; else the first real paragraph."""
    given = front.text("summary")
    if given and visible(given):
        return blocks_of(tokens(given))
    every = [section for top in sections for section in top.walk()]
    for section in every:
        if _is_summary(plain(section.title)):
            blocks = (block for below in section.walk() for block in below.body if _is_text(block))
            if found := tuple(map(_beginning, islice(blocks, _MOST))):
                return found
    texts = [block for section in every for block in section.body if _is_text(block)]
    for rule in (_is_lead, _is_said, _is_text):
        if found := tuple(islice(filter(rule, texts), 1)):
            return tuple(map(_beginning, found))
    return (Paragraph(every[0].title),)


def _beginning(block: Block) -> Block:
    """As much of a list as a summary has room for."""
    return replace(block, items=block.items[:_MOST]) if isinstance(block, ListBlock) else block


def _is_lead(block: Block) -> bool:
    """A paragraph that can stand for the article."""
    return _is_said(block) and isinstance(block, Paragraph) and len(visible(plain(block.inlines))) >= _LEAD


def _is_said(block: Block) -> bool:
    return not _is_aside(block) and not (isinstance(block, Paragraph) and block.heading)


def _is_aside(block: Block) -> bool:
    """A byline, an attribution or a caption: nothing that could stand for the article."""
    if not isinstance(block, Paragraph):
        return False
    picture = any(isinstance(inline, Picture) for inline in block.inlines)
    return (
        picture
        or attribution(block) is not None
        or read_metadata(BlockQuote((block,))) is not None
        or _CAPTION.match(plain(block.inlines)) is not None
    )


def _is_summary(title: str) -> bool:
    named = _NUMBERING.sub("", title.casefold())
    return "".join(char for char in named if char.isalpha()) in _SUMMARIES


def _is_text(block: Block) -> bool:
    """Not a rule, not a picture alone."""
    if isinstance(block, Paragraph):
        return any(not isinstance(inline, Picture) and visible(plain((inline,))) for inline in block.inlines)
    return not isinstance(block, Rule) and bool(visible(plain_blocks((block,))))
