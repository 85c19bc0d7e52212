"""An article in short: what its author gave as such, or what stands for it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from bot.article.markdown.parser import tokens
from bot.article.markdown.tree import blocks_of
from bot.article.metadata.block_quote import read_metadata
from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    Image,
    Link,
    ListBlock,
    Paragraph,
    Section,
    ThematicBreak,
)
from bot.article.plain_text import plain, plain_blocks, visible, without_images
from bot.article.quotes.admonitions import is_admonition
from bot.article.quotes.attribution import attribution

_SUMMARIES: Final = frozenset(
    "核心观点 核心觀點 摘要 导读 導讀 概述 概要 要点 要點 太长不看 内容提要 内容摘要 本文要点".split()
    + "tldr summary abstract keypoints keytakeaways takeaways inbrief inshort overview".split()
    + "executivesummary highlights ataglance thegist".split()
)
_NUMBERING: Final = re.compile(r"^\s*[(（]?(?:[\d.]+|[一二三四五六七八九十]+)[)）、.．:：\s]\s*")
_CAPTION: Final = re.compile(
    r"\s*(?:图[片\d一二三四五六七八九十]*(?:来源)?\s*[:：|]|图源|配图|▲|△|photo\b|image\b|figure \d|credit)",
    re.IGNORECASE,
)
_MAX_BEGINNING_CHARS: Final = 100
"""Blocks of a summary, or entries of a list in it."""

_MIN_LEAD_CHARS: Final = 20
"""Visible characters from which on a paragraph can stand for the article."""


def summary_of(sections: Sequence[Section], *, given: str | None) -> Blocks:
    """As given; else the section that says so; else the first real paragraph."""
    if given and visible(given):
        return blocks_of(tokens(given))
    every = [section for top in sections for section in top.walk()]
    for section in every:
        if _is_summary(plain(section.title)):
            # A summary may have headings of its own: everything below counts.
            blocks = (block for below in section.walk() for block in below.body if _is_text(block))
            if found := tuple(map(_beginning, islice(blocks, _MAX_BEGINNING_CHARS))):
                return found
    texts = [block for section in every for block in section.body if _is_text(block)]
    # From what stands for the article well to what stands for it at all.
    for rule in (_is_lead, _is_said, _is_text):
        if found := tuple(islice(filter(rule, texts), 1)):
            return tuple(map(_beginning, found))
    return (Paragraph(every[0].title),)


def _beginning(block: Block) -> Block:
    """As much of a list as a summary has room for, and of a paragraph the words without its pictures."""
    if isinstance(block, Paragraph):
        words = without_images(block.inlines)
        return replace(block, inlines=words) if visible(plain(words)) else block
    return replace(block, items=block.items[:_MAX_BEGINNING_CHARS]) if isinstance(block, ListBlock) else block


def _is_lead(block: Block) -> bool:
    """Return whether a block is a paragraph that can stand for the article: long enough, more than a link."""
    if not isinstance(block, Paragraph) or not _is_said(block):
        return False
    linked = all(isinstance(inline, Link) or not plain((inline,)).strip() for inline in block.inlines)
    return not linked and len(visible(plain(block.inlines))) >= _MIN_LEAD_CHARS


def _is_said(block: Block) -> bool:
    if isinstance(block, BlockQuote) and is_admonition(block.blocks):
        return False
    return not _is_aside(block) and not (isinstance(block, Paragraph) and block.heading)


def _is_aside(block: Block) -> bool:
    """Return whether a block is a byline, an attribution or a caption."""
    if not isinstance(block, Paragraph):
        return False
    picture = any(isinstance(inline, Image) for inline in block.inlines)
    return (
        picture
        or attribution(block) is not None
        or read_metadata(BlockQuote((block,))) is not None
        or _CAPTION.match(plain(block.inlines)) is not None
    )


def _is_summary(title: str) -> bool:
    # “3. Key Takeaways” and “TL;DR” are compared by their letters.
    named = _NUMBERING.sub("", title.casefold())
    return "".join(char for char in named if char.isalpha()) in _SUMMARIES


def _is_text(block: Block) -> bool:
    """Return whether a block is more than a thematic break or an image."""
    if isinstance(block, Paragraph):
        return bool(visible(plain(without_images(block.inlines))))
    return not isinstance(block, ThematicBreak) and bool(visible(plain_blocks((block,))))
