"""Quotation marks and attribution lines: what is somebody's words, and whose."""

import re
from collections.abc import Callable
from typing import Final

from bot.article.model import (
    Break,
    Inline,
    Inlines,
    Link,
    Styled,
    Text,
)
from bot.article.words import plain

_PAIRS: Final = {"“": "”", '"': '"', "「": "」", "『": "』", "«": "»", "„": "“", "＂": "＂"}
_ATTRIBUTION: Final = re.compile(r"\s*(?:[-–—―⸺－]{1,3}|~)\s*(\S.{0,99})", re.DOTALL)
_CLOSE: Final = "。.！!？?，,"
_MAX_LEAD_IN: Final = 24


def is_quotation(text: str) -> bool:
    """Whether a text is one quotation from end to end."""
    text = text.strip().rstrip(_CLOSE) if text.strip()[-1:] in _CLOSE else text.strip()
    close = _PAIRS.get(text[:1])
    if close is None or len(text) < 4 or text[-1] != close:  # noqa: PLR2004  # two marks and two characters
        return False
    depth = 0
    for number, char in enumerate(text):
        if text[0] == close:
            if char == close and 0 < number < len(text) - 1:
                return False
        elif char == text[0]:
            depth += 1
        elif char == close:
            depth -= 1
            if depth == 0 and number < len(text) - 1:
                return False
    return True


def without_marks(text: str) -> str:
    """The words inside the outer quotation marks."""
    text = text.strip()
    if not is_quotation(text):
        return text
    return (text[1:-1] if text[-1] not in _CLOSE else text.rstrip(_CLOSE)[1:-1]).strip()


def attribution(line: Inlines) -> tuple[str, str | None] | None:
    """Who `—— 名字` or `-- [name](url)` names, and the link; None for any other line."""
    match = _ATTRIBUTION.fullmatch(plain(line).strip())
    if match is None or "\n" in match[1] or is_quotation(match[1]):
        return None
    return match[1].strip(), _first_link(line)


def lead_in(inlines: Inlines) -> tuple[str, Inlines] | None:
    """`**有人评价**："…"`: who is named in front, and the rest; None for any other paragraph."""
    match inlines:
        case (Styled("strong", who), Text(text), *rest) if text.lstrip()[:1] in {"：", ":"}:
            name, said = plain(who), (Text(text.lstrip()[1:].lstrip()), *rest)
        case (Styled("strong", who), *rest) if plain(who).rstrip()[-1:] in {"：", ":"}:
            name, said = plain(who).rstrip()[:-1], tuple(rest)
        case _:
            return None
    name = name.strip()
    if not name or len(name) > _MAX_LEAD_IN or not is_quotation(plain(said)):
        return None
    return name, said


def lines_of(inlines: Inlines) -> list[Inlines]:
    """A paragraph cut at its line breaks."""
    lines: list[list[Inline]] = [[]]
    for inline in inlines:
        if isinstance(inline, Break):
            lines.append([])
        else:
            lines[-1].append(inline)
    return [tuple(line) for line in lines]


def joined(lines: list[Inlines]) -> Inlines:
    """Lines put together again."""
    found: list[Inline] = []
    for line in lines:
        if found:
            found.append(Break())
        found.extend(line)
    return tuple(found)


def trimmed(inlines: Inlines, cut: Callable[[str], str]) -> Inlines:
    """The same line with its first text changed by `cut`, however deep it stands."""
    for number, inline in enumerate(inlines):
        match inline:
            case Text(text):
                changed: Inline = Text(cut(text))
            case Styled(style, children):
                changed = Styled(style, trimmed(children, cut))
            case Link(url, children):
                changed = Link(url, trimmed(children, cut))
            case _:
                return inlines
        return (*inlines[:number], changed, *inlines[number + 1 :])
    return inlines


def _first_link(inlines: Inlines) -> str | None:
    for inline in inlines:
        match inline:
            case Link(url, _):
                return url
            case Styled(_, children):
                if found := _first_link(children):
                    return found
            case _:
                pass
    return None
