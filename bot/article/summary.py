"""An article in short: what its author gave as such, or what stands for it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from bot.article.asides import is_advertising, is_aside, is_of_every_issue
from bot.article.model import (
    Block,
    Blocks,
    Code,
    CodeBlock,
    LineBreak,
    ListBlock,
    Paragraph,
    Section,
    Text,
    ThematicBreak,
)
from bot.article.plain_text import is_linked, plain, plain_blocks, visible, without_images
from bot.article.quotes.collect import has_marks

_NUMBERING: Final = re.compile(r"^\s*[(（]?(?:[\d.]+|[一二三四五六七八九十]+)[)）、.．:：\s]\s*")
_NOT_A_LETTER: Final = re.compile(r"[\W\d_]+")
_SUMMARY: Final = re.compile(
    # One of these words alone, or with others that say whose or how long it is.
    r"(?:本文|全文|文章|内容|內容|主要|核心|关键|關鍵|重点|重點|ai|智能|今日|本期|一分钟|快速|中文|英文"
    r"|作者|编者|简要|报告|论文|视频|播客|的)*"
    r"(?:摘要|导读|導讀|概要|概述|要点|要點|提要|看点|看點|速览|速覽|速读|亮点|亮點|太长不看|太長不看)"
    r"(?:提炼|提煉|总结|總結|汇总|一览|概览|速览|梳理|整理|归纳|分享|版|tldr)*"
    # These are a summary only if another word says so: 总结 alone ends an article.
    r"|(?:本文|全文|文章|内容|內容|主要|核心|关键|關鍵|ai|一句话|一句話|三句话|一分钟|一段话)+的?"
    r"(?:总结|總結|概括|观点|觀點|结论|結論|精华|思想|论点|信息|收获|启示|发现)"
    r"(?:提炼|提煉|总结|總結|汇总|概括|一览|梳理|整理|归纳|摘要|分享)*"
    r"|(?:the|an?|this|quick|brief|short|key|main|core|top|executive|ai|one|two|three|sentence|line"
    r"|paragraph|page|minute|my|"
    r"article|chapter|talk|video|episode|book|paper|post|report|s)*"
    r"(?:summary|tldr|takeaways?|synopsis|abstract|overview|gist|ataglance|inanutshell|inshort|bottomline)"
    r"(?:ofthe(?:article|talk|paper|post|episode|chapter))?"
    r"|(?:the|our|my|top|some)*(?:key|main|core|major)(?:points?|insights?|ideas?|findings|messages?"
    r"|lessons|highlights|facts|arguments|learnings)"
    r"|highlights|요약|핵심요약|要約|まとめ|zusammenfassung|kurzfassung|daswichtigste(?:inkürze)?|résumé"
    r"|enbref|resumen|resumo|riassunto|samenvatting"
    r"|streszczenie|özet|tómtắt|ringkasan|краткоесодержание|резюме"
)
"""What the letters of a heading say whose section is the article in short."""
_MAX_HEADING_CHARS: Final = 30
_TOPIC: Final = re.compile(
    r"(?:本周|本期|本月|今日)?(?:话题|話題|封面故事|封面文章|主题|主題|头条|特稿|专题|深度)"
    r"|(?:cover|lead|top|main|feature[d]?)(?:story|article|essay)|(?:this(?:week|month|issue)s?"
    r"|todays)?(?:topic|theme|bigidea)"
    r"|editorial|deepdive|(?:from|by)theeditors?"
)
"""What the letters of a heading say under which a series has what this piece is about."""
_MIN_TOPIC_CHARS: Final = 4
_MAX_OPENING: Final = 6
"""Blocks from the beginning that tell whether a document belongs to a series."""
_MAX_TITLES: Final = 8
_MAX_BEGINNING: Final = 100
"""Blocks of a summary, or entries of a list in it."""

_MIN_LEAD_CHARS: Final = 20
"""Visible characters from which on a paragraph can stand for the article."""


def summary_of(
    sections: Sequence[Section],
    *,
    given: Blocks = (),
    title: str = "",
    asides: Blocks = (),
    recurs: Callable[[Block], bool] = lambda _: False,
) -> Blocks:
    """As given; else the section that says so; else the first real paragraph.

    `asides` are never it. What `recurs` in each piece of a series, or says so, is not what this one is about.
    """
    if given and not any(map(recurs, given)):
        return given
    every = [section for top in sections for section in top.walk()]
    for section in every:
        if _is_summary(plain(section.title)) and not has_marks(section):
            # A summary may have headings of its own: everything below counts.
            every_block = (block for below in section.walk() for block in below.body)
            own = (block for block in every_block if _is_text(block) and not recurs(block))
            found = tuple(map(_beginning, islice(own, _MAX_BEGINNING)))
            # The synopsis of a manual begins with code: how to call a thing, not what it is.
            if found and not _is_code(found[0]):
                return found
    # What others paid for comes last: there may be nothing else.
    by_whom = sorted(every, key=lambda section: is_advertising(plain(section.title)))
    bodies = [tuple(filter(_is_text, section.body)) for section in by_whom]

    def is_own(block: Block) -> bool:
        return block not in asides and not recurs(block) and not is_of_every_issue(plain_blocks((block,)))

    opening = [block for body in bodies for block in body][:_MAX_OPENING]
    serial = not all(map(is_own, (block for block in opening if block not in asides)))
    first = [*_topics(every, title), *bodies] if serial else bodies
    return (
        _first(first, lambda block: _is_lead(block) and is_own(block))
        or _first(bodies, lambda block: _is_said(block) and is_own(block))
        or (_contents(every, recurs) if serial else ())
        or _first(bodies, _is_lead)
        or _first(bodies, _is_text)
        or (Paragraph(next((each.title for each in every if visible(plain(each.title))), (Text(title),))),)
    )


def _first(bodies: Sequence[Blocks], fits: Callable[[Block], bool]) -> Blocks:
    """Return the first block that fits, ready to be a summary; nothing when none does."""
    for body in bodies:
        for number, block in enumerate(body):
            if fits(block):
                return tuple(map(_beginning, _with_what_it_announces(body, number)))
    return ()


def _topics(every: Sequence[Section], title: str) -> list[Blocks]:
    """Return the texts under headings that say what this piece is about: its title, a cover story."""
    folded = _NOT_A_LETTER.sub("", title.casefold())
    found = []
    for section in every:
        name = _NOT_A_LETTER.sub("", _NUMBERING.sub("", plain(section.title).casefold()))
        if _TOPIC.fullmatch(name) or (len(name) >= _MIN_TOPIC_CHARS and name in folded):
            found.append(tuple(filter(_is_text, section.body)))
    return found


def _contents(every: Sequence[Section], recurs: Callable[[Block], bool]) -> Blocks:
    """Return the headings that are this piece's own in one line."""
    own = (section.title for section in every if section.level and not recurs(Paragraph(section.title)))
    titles = [title for title in (visible(plain(title)) for title in own) if title][:_MAX_TITLES]
    return (Paragraph((Text(" · ".join(titles)),)),) if len(titles) > 1 else ()


def _with_what_it_announces(body: Blocks, number: int) -> Blocks:
    """Return a block and, if it ends in a colon or comma, the one that it leads over to."""
    announces = plain_blocks((body[number],)).rstrip().endswith((":", "：", ",", "，"))
    return body[number : number + 2] if announces else body[number : number + 1]


def _beginning(block: Block) -> Block:
    """As much of a list as a summary has room for, and of a paragraph the words without its pictures."""
    if isinstance(block, Paragraph):
        words = without_images(block.inlines)
        return replace(block, inlines=words) if visible(plain(words)) else block
    return replace(block, items=block.items[:_MAX_BEGINNING]) if isinstance(block, ListBlock) else block


def _is_lead(block: Block) -> bool:
    """Return whether a paragraph can stand for the article: long enough, more than a link."""
    if not isinstance(block, Paragraph) or not _is_said(block) or _is_code(block):
        return False
    return not is_linked(block.inlines) and len(visible(plain(block.inlines))) >= _MIN_LEAD_CHARS


def _is_said(block: Block) -> bool:
    return not is_aside(block) and not (isinstance(block, Paragraph) and block.heading)


def _is_code(block: Block) -> bool:
    """Return whether a block is code, in a fence or as a line of its own."""
    if isinstance(block, Paragraph):
        return all(isinstance(inline, Code | LineBreak) for inline in block.inlines)
    return isinstance(block, CodeBlock)


def _is_summary(title: str) -> bool:
    """Return whether a heading promises the article in short; `3. Key Takeaways` by its letters."""
    letters = _NOT_A_LETTER.sub("", _NUMBERING.sub("", title.casefold()))
    return len(letters) <= _MAX_HEADING_CHARS and _SUMMARY.fullmatch(letters) is not None


def _is_text(block: Block) -> bool:
    """Return whether a block is more than a thematic break or an image."""
    if isinstance(block, Paragraph):
        first = block.inlines[0] if block.inlines else None
        has_letter = isinstance(first, Text) and any(map(str.isalnum, first.text))
        return has_letter or bool(visible(plain(without_images(block.inlines))))
    return not isinstance(block, ThematicBreak) and bool(visible(plain_blocks((block,))))
