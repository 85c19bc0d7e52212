"""Who said it: an attribution line, a name behind the words or in front of them."""

import re
from collections.abc import Callable
from itertools import islice
from typing import Final, NamedTuple

from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    ListBlock,
    Paragraph,
    Text,
)
from bot.article.plain_text import lines_of, links_in, plain, plain_blocks
from bot.article.quotes.quotation_marks import is_quotation

_ATTRIBUTION: Final = re.compile(r"[\s★☆⭐✩]*(?:[-–—―⸺－]{1,3}|~)\s*(\S.{0,99})", re.DOTALL)
_BEHIND: Final = re.compile(
    r"(?P<words>.*[”\"」』»›’'‘“.。!！?？…～~♥)）])"
    r"(?:\s+[-–—―⸺－]{1,3}|\s*(?:[–—―⸺]{1,2}|-{2,3}))\s*"
    r"(?P<name>[^-–—―⸺－\s“”\"「」][^“”\"「」\n]{0,99})",
    re.DOTALL,
)
_TAIL_CHARS: Final = 120
"""Characters at the end of a line in which a name may stand behind the words."""
_CLAUSE: Final = re.compile(r"[。！？!?，；;：:]|\w{4,}\.\s*$|\.\s+[a-z]")
_PHRASE: Final = re.compile(r"^[a-z]|(?:\b[a-z]+\b.*){3}")
"""What is no name though it is short: words in lower case first, or many of them."""
_OPTION: Final = re.compile(r"--?[a-z]")
_NAMED_BEFORE: Final = re.compile(
    r"\s*([^\W\d_][^\n:：。！？!?，,；;“”\"「」]{0,19})\s*[:：]\s*(?=[“\"「『])"
)
"""`方远：“…”`: a name that is short, before words in quotation marks."""
_SAID: Final = re.compile(r"[。.！!？?…~～]\s*[”\"」』]\W*$")
"""A sentence: `Default: "public"` is none."""
_MAX_LEAD_IN_CHARS: Final = 60
_MAX_BARE_CHARS: Final = 40


class Speaker(NamedTuple):
    """Who is named, and where the name links to."""

    by: str
    url: str | None


class Attributed(NamedTuple):
    """Words and, where somebody is named, who said them."""

    body: Blocks
    name: Speaker | None


def attribution(block: Block | None) -> Speaker | None:
    """Return who a paragraph `—— 名字` or `-- [name](url)` names, also in a block quote or one bullet."""
    match block:
        case Paragraph(inlines):
            return _line(inlines)
        case BlockQuote((Paragraph(inlines),)):
            return _line(inlines)
        case ListBlock(items=(item,)) if len(item.blocks) == 1 and isinstance(item.blocks[0], Paragraph):
            return _bare(item.blocks[0])
        case _:
            return None


def attributed(blocks: Blocks) -> Attributed:
    """Return blocks without the line, or the end of the line, that says who spoke."""
    last = blocks[-1] if blocks else None
    # The attribution may stand within the block quote, as its last line.
    if isinstance(last, BlockQuote):
        body, name = attributed(last.blocks)
        return Attributed((*blocks[:-1], *body), name)
    if len(blocks) > 1 and isinstance(last, ListBlock) and (name := attribution(last)):
        return Attributed(blocks[:-1], name)
    if not isinstance(last, Paragraph):
        return Attributed(blocks, None)
    lines = lines_of(last.inlines)
    # At least one line of words must remain: a lone line with a dash is dialogue.
    if len(lines) + len(blocks) > 2 and (name := _line(lines[-1])):  # noqa: PLR2004  # words, and the line
        rest = (Paragraph(_joined(lines[:-1])),) if len(lines) > 1 else ()
        return Attributed((*blocks[:-1], *rest), name)
    # After words in quotation marks even a bare name is an attribution.
    if len(blocks) > 1 and is_quotation(plain_blocks(blocks[:-1])) and (name := _bare(last)):
        return Attributed(blocks[:-1], name)
    return _named_behind(blocks, last)


def lead_in(block: Block) -> Attributed | None:
    """`**有人评价**："…"`: words, and who is named in front of them."""
    match block:
        case Paragraph((Emphasis("strong", who), Text(text), *rest)) if text.lstrip()[:1] in {"：", ":"}:
            name, said = plain(who), (Text(text.lstrip()[1:].lstrip()), *rest)
        case Paragraph((Emphasis("strong", who), *rest)) if plain(who).rstrip()[-1:] in {"：", ":"}:
            name, said = plain(who).rstrip()[:-1], tuple(rest)
        case Paragraph(inlines) if (match := _NAMED_BEFORE.match(plain(inlines))) and _SAID.search(
            plain(inlines)
        ):
            length = len(match[0].lstrip())
            name, said = match[1], trimmed(inlines, lambda text: text.lstrip()[length:])
        case _:
            return None
    if not 0 < len(name.strip()) <= _MAX_LEAD_IN_CHARS or not is_quotation(plain(said)):
        return None
    return Attributed((Paragraph(said),), Speaker(name.strip(), None))


def trimmed(inlines: Inlines, cut: Callable[[str], str]) -> Inlines:
    """Return the same line with its first text changed by `cut`, however deep it stands."""
    # Leading whitespace or a number may stand within nested emphasis; only the first text is changed.
    for number, inline in enumerate(inlines):
        match inline:
            case Text(text):
                changed: Inline = Text(cut(text))
            case Emphasis(style, children):
                changed = Emphasis(style, trimmed(children, cut))
            case Link(url, children):
                changed = Link(url, trimmed(children, cut))
            case _:
                return inlines
        return (*inlines[:number], changed, *inlines[number + 1 :])
    return inlines


def _bare(paragraph: Paragraph) -> Speaker | None:
    """Return a name without a dash, where a name is likely: short, and no clause."""
    text = plain(paragraph.inlines).strip()
    named = 0 < len(text) <= _MAX_BARE_CHARS and _is_name(text) and not _PHRASE.search(text)
    return Speaker(text, next(links_in(paragraph.inlines), None)) if named else None


def _line(line: Inlines) -> Speaker | None:
    text = plain(line).strip()
    match = _ATTRIBUTION.fullmatch(text)
    # `--help` is an option of a program, and a quoted phrase after a dash is no name.
    if match is None or "\n" in match[1] or is_quotation(match[1]) or _OPTION.match(text):
        return None
    return Speaker(match[1].strip(), next(links_in(line), None))


def _named_behind(blocks: Blocks, last: Paragraph) -> Attributed:
    """`“…” —— 名字` or `Words. – Speaker` on one line."""
    text = plain(last.inlines).rstrip()
    # Bounded, because the pattern backtracks: a name stands near the end.
    start = max(len(text) - _TAIL_CHARS, 0)
    match = _BEHIND.fullmatch(text, start)
    if match is None or not _is_name(match["name"]):
        return Attributed(blocks, None)
    words = cut(last.inlines, match.end("words"))
    return Attributed(
        (*blocks[:-1], Paragraph(words)), Speaker(match["name"].strip(), _link_behind(words, last.inlines))
    )


def _link_behind(words: Inlines, line: Inlines) -> str | None:
    """Return the first address of a line behind the words that it begins with."""
    return next(islice(links_in(line), sum(1 for _ in links_in(words)), None), None)


def _is_name(text: str) -> bool:
    return not _CLAUSE.search(text.strip())


def _joined(lines: list[Inlines]) -> Inlines:
    found: list[Inline] = []
    for line in lines:
        if found:
            found.append(LineBreak())
        found.extend(line)
    return tuple(found)


def cut(inlines: Inlines, length: int) -> Inlines:
    """Return the first `length` characters of a line."""
    kept: list[Inline] = []
    for inline in inlines:
        size = len(plain((inline,)))
        if size <= length:
            kept.append(inline)
        elif length > 0:
            match inline:
                case Text(text):
                    kept.append(Text(text[:length].rstrip()))
                case Emphasis(style, children):
                    kept.append(Emphasis(style, cut(children, length)))
                case Link(url, children):
                    kept.append(Link(url, cut(children, length)))
                case _:
                    pass
        length -= size
    return tuple(kept)
