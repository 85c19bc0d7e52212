"""The block quote under a title: `来源：…，编译 | …，2026-01-23`, `Source: …`, `By …`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.article.metadata.dates import find_date
from bot.article.model import BlockQuote, Blocks, Emphasis, Inline, Inlines, LineBreak, Link, Paragraph
from bot.article.plain_text import plain

_WORDS: Final = {
    word: key
    for key, words in {
        "source": "来源,來源,出处,出處,来自,source,from,via",
        "author": "作者,撰文,文,by,author,written by,words by",
        "editor": "编译,编辑,译者,翻译,整理,編譯,編輯,譯者,editor,translator,translated by,edited by",
        "published": "日期,时间,发布,发布时间,发布日期,發布日期,published,published on,date,posted,updated",
        "url": "原文链接,链接,原文,原文地址,网址,連結,原文連結,link,url,original",
        "tags": "标签,关键词,標籤,tags,keywords",
    }.items()
    for word in words.split(",")
}

_ENTRY: Final = re.compile(r"\s*([^\W\d_]+(?: [a-z]+)?)\s*[:：|｜]\s*(.+)", re.IGNORECASE | re.DOTALL)
_PROSE: Final = re.compile(
    r"\s*(published on|published|written by|words by|by|translated by|edited by|from)\s+(.+)", re.IGNORECASE
)
_COMMA_IN_DATE: Final = re.compile(r"([A-Za-z]{3,9}\.? \d{1,2}), (\d{4})")
_BAR: Final = " | "
_PARTS: Final = re.compile(r"([，,；;]| · | \| )")


@dataclass(slots=True)
class Metadata:
    """What was understood, under our keys, and the lines that were not."""

    values: dict[str, str] = field(default_factory=dict)
    left: list[Inlines] = field(default_factory=list)


def read_metadata(quote: BlockQuote) -> Metadata | None:
    """Return what the block quote under a title says; None when it is no metadata at all."""
    found = Metadata()
    for line in _lines(quote.blocks):
        values = _line(line)
        if values is None:
            found.left.append(line)
        for key, value in (values or {}).items():
            found.values.setdefault(key, value)
    simple = all(isinstance(block, Paragraph) for block in quote.blocks)
    return found if found.values and simple else None


def _lines(blocks: Blocks) -> Iterator[Inlines]:
    for block in blocks:
        if isinstance(block, Paragraph):
            line: list[Inline] = []
            for inline in block.inlines:
                if isinstance(inline, LineBreak):
                    yield tuple(line)
                    line = []
                else:
                    line.append(inline)
            yield tuple(line)


def _line(line: Inlines) -> dict[str, str] | None:
    """Return the entries of one line; None unless the line begins with one."""
    text = _COMMA_IN_DATE.sub(r"\1 \2", plain(line).strip())
    values: dict[str, str] = {}
    last = ""
    for separator, part in _parts(text):
        key, value = _part(part)
        if key:
            last = key
            values.setdefault(key, value)
        elif last:
            values[last] += separator + part  # a comma inside a value
        elif part.strip():
            return None
    if "url" in values or "source" in values:
        address = next(_addresses(line), None)
        if address:
            values["url"] = address
    if "published" in values:
        day = find_date(values["published"])
        if day is None:
            return None  # a time that is no date stays in the text
        values["published"] = day.isoformat()
    return {key: value.strip() for key, value in values.items() if value.strip()} or None


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield parts between commas and bars, each with what stood before it; `编译 | Tina` is one part."""
    pieces = _PARTS.split(text)
    separator, part = "", pieces[0]
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if mark == _BAR and part.strip().casefold() in _WORDS:
            part += mark + piece
        else:
            yield separator, part
            separator, part = mark, piece
    yield separator, part


def _part(part: str) -> tuple[str, str]:
    match = _ENTRY.fullmatch(part)
    if match and (key := _WORDS.get(match[1].casefold())):
        return key, match[2]
    match = _PROSE.fullmatch(part)
    if match and (key := _WORDS.get(match[1].casefold())) and (key != "published" or find_date(match[2])):
        return key, match[2]
    day = find_date(part)
    # A date alone, perhaps with a weekday or time beside it, needs no name.
    if day and len(part.strip()) <= 24:  # noqa: PLR2004  # the longest date with its time
        return "published", part
    return "", ""


def _addresses(inlines: Inlines) -> Iterator[str]:
    for inline in inlines:
        match inline:
            case Link(url, _):
                yield url
            case Emphasis(_, children):
                yield from _addresses(children)
            case _:
                pass
