"""What is set apart in an article although nobody said it: notes, labels, advertisements."""

import re
from collections.abc import Iterator
from typing import Final

from bot.article.model import BlockQuote, Blocks, Code, Emphasis, Inline, Inlines, Link, ListBlock, Paragraph
from bot.article.plain_text import links_in, plain, plain_blocks
from bot.article.quotes.quotation_marks import is_quotation

_LABEL: Final = re.compile(
    r"\s*(?:💡|⚠|ℹ|📝|❗"
    r"|(?:温馨提示|友情提示|提示|注意|注|说明|說明|小贴士|警告|备注|備註|编者按|編者按|编者注|译注|译者注"
    r"|译者按|校注|补充|補充|参考|參考|来源|相关阅读"
    r"|延伸阅读|延伸閱讀|作者简介|版权声明|声明|免责声明|更新|公告|示例"
    r"|tips?|notes?|warning|caution|important|hint|info|nb|update|edit|breaking|example|stability|output"
    r"|prerequisites?|difficulty|storage|related|table \d+|tl;dr|hinweis|translator['’]s note"
    r"|editor['’]s note|trans(?:lator)?\. note|ed\. note|n\.b\.|disclaimer|see also|ps|p\.s\.)"
    r"\s*[:：!！]"
    r"|(?:提示|注意|记者手记|tip|note|warning)\s*$|see also\s)",
    re.IGNORECASE | re.MULTILINE,
)
_ADVERTISEMENT: Final = re.compile(
    r"扫码|二维码|(?:欢迎|推荐|点击)\S{0,4}(?:订阅|关注)|限时\S{0,4}折|点击下方|知识星球|赞助。"
    r"|^\s*(?:sponsored by|subscribe|follow us|sign up|we are hiring)\b"
    r"|\d+\s?% off\b|buy me a coffee|become a member|no spam|join [\d,]+ |\bbook (?:online|now)\b",
    re.IGNORECASE,
)

_COLOPHON: Final = re.compile(
    r"(?:本文|图为|圖為|图中|圖中|写于|寫於|更新于|更新於|发布于|最后更新|作于"
    r"|转载自|转载请|原文|翻译[:：]|感谢|感謝|需要 "
    r"|thanks to|recorded (?:by|on|at)|written (?:on|in)|last (?:updated|modified)|published (?:on|in)"
    r"|serves \d|this (?:project|package|library|release|version|document|page|post|article|repo|module)\b"
    r"|translated from|originally published)",
    re.IGNORECASE,
)
_COMMAND: Final = re.compile(
    r"[$#%] |(?:git|npm|npx|yarn|pip3?|python3?|sudo|apt(?:-get)?|brew|cargo|curl|wget|docker|cd|strace) \S"
)
_PAIR: Final = re.compile(r"[^:：\n]{1,24}[:：]\s*(\S.*)")
_MIN_WORDS: Final = 2


def is_admonition(blocks: Blocks) -> bool:
    """Return whether a block quote looks like a note to the reader, or wants something followed or bought.

    Somebody's words may look like that too: whoever signs them, or sets quotation marks, is right.
    """
    text = plain_blocks(blocks)
    return bool(
        _LABEL.match(text)
        or _ADVERTISEMENT.search(text)
        or _COLOPHON.match(text)
        or _COMMAND.match(text)
        or not _is_prose(blocks)
        or _spaced(text) < _MIN_WORDS
        or all(_is_pair(line) for line in text.splitlines() if line.strip())
    )


def has_link(blocks: Blocks) -> bool:
    """Return whether words lead elsewhere, as notes do and somebody's words seldom."""
    return next(links_in(tuple(_inlines(blocks))), None) is not None


def _is_pair(line: str) -> bool:
    """`Telephone: 555-0100`; somebody's name before what they say is none."""
    pair = _PAIR.fullmatch(line)
    return pair is not None and not is_quotation(pair[1])


def _is_prose(blocks: Blocks) -> bool:
    """Return whether all is said in paragraphs, in words that are neither code nor, all of them, links."""
    if any(
        isinstance(block, ListBlock) or (isinstance(block, Paragraph) and block.heading) for block in blocks
    ):
        return False
    inlines = tuple(_inlines(blocks))
    return not any(isinstance(inline, Code) for inline in _flat(inlines)) and any(
        char.isalnum() for inline in inlines if not isinstance(inline, Link) for char in plain((inline,))
    )


def _inlines(blocks: Blocks) -> Iterator[Inline]:
    for block in blocks:
        match block:
            case Paragraph(inlines):
                yield from inlines
            case BlockQuote(inner):
                yield from _inlines(inner)
            case _:
                pass


def _flat(inlines: Inlines) -> Iterator[Inline]:
    for inline in inlines:
        yield inline
        if isinstance(inline, Emphasis | Link):
            yield from _flat(inline.children)


def _spaced(text: str) -> int:
    """Return words, where a character of a script that sets no spaces counts as one."""
    return sum(1 if word.isascii() else len(word) for word in text.split())
