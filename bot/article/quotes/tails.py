"""What tools write behind words that somebody marked: a link back, a page, a stamp of time."""

import re
from dataclasses import replace
from typing import Final

from bot.article.model import Block, Blocks, Inlines, ListBlock, Paragraph
from bot.article.plain_text import plain, plain_blocks
from bot.article.quotes.attribution import Speaker, cut, trimmed

_CLOCK: Final = (
    r"(?:约|約|大约|at|ca\.?|~|@)?\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s*[-–—~至]\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
_PLACE: Final = (
    r"view highlight|view (?:in|on) \w+|open in \w+|link|⤴\ufe0f?|↗\ufe0f?|🔗|(?:kindle )?loc(?:ation"
    r"|\.)?\s*:?\s*[\d–-]+"
    r"|p(?:age|p?\.)\s*:?\s*[\d–-]+|第\s*\d+\s*[页頁]|位置\s*\d+"
)
_TAIL: Final = re.compile(
    rf"\s*(?:[·•|,，]\s*)?(?:[(（\[【]\s*\[?(?:{_PLACE}|{_CLOCK})\]?\s*[)）\]】]|(?:{_PLACE})"
    rf"|[约約~@]\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)\s*$"
    r"|\s*[\[【(（]\s*[)）\]】]\s*$|\s+\^[\w-]{1,64}\s*$|\s*[·•|]\s*$|(?:\s+#[^\s#]+)+\s*$"
    r"|\s*⏱\ufe0f?\s*[\d/.-]+(?:\s+[\d:]+)?\s*$",
    re.IGNORECASE,
)
_STAMPED: Final = re.compile(
    rf"(?:\s*[·•|,，]\s*|\s+)(?:{_CLOCK}|[(（\[【]\s*{_CLOCK}\s*[)）\]】])\s*(?:\^[\w-]{{1,64}}\s*)?$",
    re.IGNORECASE,
)
_STAMP_BEFORE: Final = re.compile(rf"\s*[(（\[【]\s*(?:{_CLOCK})\s*[)）\]】]\s*", re.IGNORECASE)
_MARK: Final = re.compile(r"\s*(?:📌|🔖|📍|✏\ufe0f?|✍\ufe0f?|🖍\ufe0f?|📝|◆|◇|⭐\ufe0f?|➡\ufe0f?)\s*")
_MAX_TAIL_CHARS: Final = 80


_NOTE_LABELS: Final = frozenset(
    {"note", "notes", "tag", "tags", "comment", "笔记", "想法", "标签", "批注", "备注"}
)


def is_marked(text: str) -> bool:
    """Return whether a text has the mark of a tool before or behind it."""
    return (
        _MARK.match(text) is not None or _TAIL.search(text, max(len(text) - _MAX_TAIL_CHARS, 0)) is not None
    )


def without_mark(text: str) -> str:
    """Return a text without the mark that a tool puts before it."""
    mark = _MARK.match(text)
    return text[mark.end() :] if mark else text


def without_tail(body: Blocks) -> Blocks:
    """Return words without what a tool put before and behind them."""
    if len(body) > 1 and _is_remark(body[-1]):
        body = body[:-1]
    last = body[-1] if body else None
    if isinstance(last, Paragraph):
        text = plain(last.inlines)
        end = _end(text)
        kept = cut(last.inlines, end) if end < len(text) else last.inlines
        body = (*body[:-1], replace(last, inlines=kept)) if plain(kept).strip() else body[:-1]
    first = body[0] if body else None
    if isinstance(first, Paragraph) and (mark := _MARK.match(plain(first.inlines))):
        length = len(mark[0].lstrip())
        words = trimmed(first.inlines, lambda text: text.lstrip()[length:])
        body = (replace(first, inlines=words), *body[1:])
    return body


def bare_speaker(speaker: Speaker | None) -> Speaker | None:
    """Return who spoke without the stamp of time behind the name; a page may be all that is named."""
    if speaker is None:
        return None
    stamp = _STAMPED.search(speaker.by)
    name = (speaker.by[: stamp.start()] if stamp else speaker.by).rstrip(" ·•|,，")
    return Speaker(name, speaker.url) if name else None


def _is_remark(block: Block) -> bool:
    """Return whether a list below the words is what a tool keeps beside them: `Note: …`, `Tags: …`."""
    if not isinstance(block, ListBlock):
        return False
    labels = (
        re.split(r"[:：]", plain_blocks(item.blocks), maxsplit=1)[0].strip().lower() for item in block.items
    )
    return all(label in _NOTE_LABELS for label in labels)


def without_stamp(inlines: Inlines) -> Inlines:
    """Return a line without the stamp of time before it: `[12:05] …`."""
    match = _STAMP_BEFORE.match(plain(inlines))
    length = len(match[0].lstrip()) if match else 0
    return trimmed(inlines, lambda text: text.lstrip()[length:]) if length else inlines


def _end(text: str) -> int:
    """Return where the words end."""
    end = len(text)
    while match := _TAIL.search(text, max(end - _MAX_TAIL_CHARS, 0), end):
        end = match.start()
    return end
