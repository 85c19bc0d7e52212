"""One line about the article: `来源：…，编译 | …，2026-01-23`, `**Author:** …`, `By … · 5 min read`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.article.metadata.dates import find_date, without_commas
from bot.article.metadata.keys import KEYS, folded
from bot.article.metadata.names import bare_name
from bot.article.model import Emphasis, Inlines
from bot.article.plain_text import is_linked, links_in, plain

_MARK: Final = r"\s*[:：|｜丨]\s*"
_LABEL: Final = r"[^\W\d_][^\W_]*(?:[ /_-][^\W_]+){0,3}"
_ENTRY: Final = re.compile(rf"[\W_]*({_LABEL}){_MARK}(.+)", re.DOTALL)
_SLASHED: Final = re.compile(r"\s*(文|作者|撰文|编辑|編輯|来源|译者)\s*[/／]\s*(\S.*)", re.DOTALL)  # as typed
_PROSE: Final = re.compile(
    r"\s*(published on|published|posted on|written by|words by|by|translated by|edited by|from)\s+(.+)",
    re.IGNORECASE,
)
_ORIGINAL: Final = re.compile(
    r"\W*(?:(?:read|view|see)\s+(?:the\s+)?(?:original|full|source)\b.{0,20}"
    r"|(?:link to\s+)?(?:the\s+)?original(?:\s+(?:article|post|source|link))?|source link"
    r"|阅读原文|閱讀原文|查看原文|原文链接|原文連結|原文|원문 보기)\W*",
    re.IGNORECASE,
)
_BARS: Final = frozenset({" | ", "｜", "丨"})  # as typed
_PARTS: Final = re.compile(
    r"([，,；;]| · | • | \| |｜|丨|[\s\u3000]{2,}|[\s\u3000]+(?=[^\W\d_]{1,8}[:：]))"  # as typed
)
_ABOUT: Final = frozenset({"source", "author", "editor", "published", "url", "tags", "categories", "title"})
"""Keys that a line without a mark of any kind around it may have."""
_ENDS: Final = ("。", "！", "？", "!", "?", "；", ";", "…")
_MAX_VALUE_CHARS: Final = 100
_MAX_NAME_WORDS: Final = 6
_MAX_DATE_CHARS: Final = 24
"""Of the longest date with its time."""


@dataclass(slots=True)
class Metadata:
    """What was understood, under our keys, and the lines that were not."""

    values: dict[str, str] = field(default_factory=dict)
    left: list[Inlines] = field(default_factory=list)

    def take(self, values: dict[str, str]) -> None:
        """Add what is not known yet."""
        for key, value in values.items():
            self.values.setdefault(key, value)


def entries_of(line: Inlines) -> dict[str, str] | None:
    """Return what a line says under our keys; None unless it begins with an entry."""
    text = without_commas(plain(line).strip())
    if original := _original(line):
        return {"url": original}
    address = next(links_in(line), None)
    values: dict[str, str] = {}
    last = ""
    for separator, part in _parts(text):
        key, value = _part(part)
        if key:
            last = key if key not in values else ""
            values.setdefault(key, value)
        elif last:
            values[last] += separator + part  # a comma inside a value
        elif not values and any(map(str.isalnum, part)):
            return None
    if address and {"url", "source"} & values.keys():
        values["url"] = address
    if not is_address(values.get("url", "http://")):
        del values["url"]
    if "published" in values:
        day = find_date(values["published"])
        if day is None:
            return None  # a time that is no date stays in the text
        values["published"] = day.isoformat()
    named = {
        key: value.strip() if key in {"url", "tags"} else bare_name(value) for key, value in values.items()
    }
    return {key: value for key, value in named.items() if value} or None


def label_of(text: str) -> str:
    """Return what stands before the colon of a line that has one near its beginning, or nothing."""
    match = _ENTRY.match(text) or _SLASHED.match(text)
    return match[1] if match else ""


def key_of(label: str) -> str:
    """Return our key for a label; nothing for one that nobody uses for metadata."""
    return KEYS.get(folded(label), "")


def is_stated(lines: Sequence[Inlines]) -> bool:
    """Return whether each line of a paragraph is an entry; prose that merely has a colon stays prose."""
    if any(map(_original, lines)):
        return all(map(is_linked, lines))
    known = 0
    for line in lines:
        text = plain(line).strip()
        if not label_of(text) or not is_statement(text):
            return False
        if key_of(label_of(text)) in _ABOUT and entries_of(line):
            known += 1
    # Labels in bold say themselves that they are some.
    needed = 0 if all(map(_is_bold, lines)) else min(1, max(len(lines) - 1, 0))
    return known > needed


def _is_bold(line: Inlines) -> bool:
    return bool(line) and isinstance(line[0], Emphasis) and line[0].style == "strong"


def _original(line: Inlines) -> str | None:
    """Return where a line leads that is nothing but a link to the original: `[Read original](…)`."""
    named = is_linked(line) and _ORIGINAL.fullmatch(plain(line))
    return next(links_in(line), None) if named else None


def is_statement(text: str) -> bool:
    """Return whether a line is short, and no sentence."""
    sentence = text.endswith(_ENDS) or (text.endswith(".") and len(text.split()) > _MAX_NAME_WORDS)
    return len(text) <= _MAX_VALUE_CHARS and not sentence


def is_address(word: str) -> bool:
    """Return whether a word is an address of the web."""
    return word.strip("<> ").startswith(("http://", "https://"))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield parts between commas and bars, each with what stood before it; `编译 | Tina` is one part."""
    pieces = _PARTS.split(text)
    separator, part = "", pieces[0]
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        # A space parts two entries where one stands before it, and a name that is known behind it.
        entries = label_of(part) and key_of(label_of(piece))
        if (mark in _BARS and key_of(part)) or (mark.isspace() and not entries):
            part += mark + piece
        else:
            yield separator, part
            separator, part = mark, piece
    yield separator, part


def _part(part: str) -> tuple[str, str]:
    match = _ENTRY.fullmatch(part) or _SLASHED.fullmatch(part)
    if match and (key := key_of(match[1])):
        return key, match[2]
    match = _PROSE.fullmatch(part)
    if match and (key := key_of(match[1])) and (key != "published" or find_date(match[2])):
        return key, match[2]
    # A date alone, perhaps with a weekday or time beside it, needs no name.
    if len(part.strip()) <= _MAX_DATE_CHARS and find_date(part):
        return "published", part
    return "", ""
