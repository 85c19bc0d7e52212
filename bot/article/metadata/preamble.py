"""What a document's own text says about it: around the title, in a section of its own, at the end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.article.asides import is_aside
from bot.article.markdown.sections import HeadingBlock
from bot.article.metadata.byline import byline_of
from bot.article.metadata.lines import Metadata, entries_of, is_stated, is_statement, key_of, label_of
from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    Inlines,
    ListBlock,
    Paragraph,
    Table,
    Text,
    ThematicBreak,
)
from bot.article.plain_text import lines_of, plain, visible, without_images

_SECTIONS: Final = frozenset(
    "metadata meta properties documentproperties articleinfo articleinformation articledetails documentinfo "
    "元数据 元資料 元信息 文章信息 基本信息 文档信息 文献信息 메타데이터 メタデータ metadaten metadatos "
    "métadonnées".split()
)
_MAX_BLOCKS: Final = 8
"""Blocks above the text in which metadata may stand."""
_MAX_UPRIGHT: Final = 12
_MAX_FOOTER: Final = 3
_MAX_LINES: Final = 24
"""Of a block; a longer list is what the article is about."""
_COLON: Final = Text(": ")


@dataclass(frozen=True, slots=True)
class Preamble:
    """What was understood; blocks that stay in the text but never stand for it; the text without the rest."""

    metadata: Metadata
    asides: Blocks
    passages: list[HeadingBlock]


def read_preamble(passages: Sequence[HeadingBlock]) -> Preamble:
    """Take what a document says about itself out of its text."""
    metadata = Metadata()
    asides: list[Block] = []
    rest = list(passages)
    # With several top headings, what is said stands under the first of them.
    index = 0 if rest[0].body or len(rest) == 1 else 1
    rest[index] = replace(rest[index], body=_opening(rest[index].body, metadata, asides))
    rest = list(_without_sections(rest, metadata))
    _footer(rest[-1].body, metadata, asides)
    return Preamble(metadata, tuple(asides), rest)


def _opening(body: Blocks, metadata: Metadata, asides: list[Block]) -> Blocks:
    """Return a body without the metadata that it begins with."""
    kept: list[Block] = []
    number = 0
    while number < min(len(body), _MAX_BLOCKS):
        block, length = body[number], 1
        found = _metadata(block)
        if found is not None:
            metadata.take(found.values)
            left: list[Block] = [Paragraph(line) for line in found.left]
            kept += left
            asides += left
        elif said := _byline(body[number:]):
            values, length = said
            metadata.take(values)
            kept += body[number : number + length]
            asides += body[number : number + length]
        elif _is_between(block):
            kept.append(block)
        else:
            break
        number += length
    return (*kept, *body[number:])


def _byline(body: Blocks) -> tuple[dict[str, str], int] | None:
    """Return what a byline says, whose parts may stand below one another, and how many blocks it is."""
    first = body[0]
    if not isinstance(first, Paragraph) or first.heading:
        return None
    if (values := byline_of(first.inlines)) is not None:
        return values, 1
    lines: list[str] = []
    for block in body[:_MAX_UPRIGHT] if not _is_between(first) else ():
        text = plain(block.inlines).strip() if isinstance(block, Paragraph) and not block.heading else ""
        if not text or not is_statement(text):
            break
        lines.append(text)
    joined = ((byline_of((Text(" · ".join(lines[:length])),)), length) for length in range(len(lines), 1, -1))
    return next(((values, length) for values, length in joined if values), None)


def _without_sections(passages: Sequence[HeadingBlock], metadata: Metadata) -> Iterator[HeadingBlock]:
    """Yield passages; of a section called *Metadata* what is none, and nothing where all is."""
    for number, passage in enumerate(passages):
        letters = "".join(char for char in plain(passage.title).casefold() if char.isalnum())
        if letters not in _SECTIONS:
            yield passage
            continue
        kept: list[Block] = []
        for block in passage.body:
            if found := _metadata(block, named=True):
                metadata.take(found.values)
                kept += [Paragraph(line) for line in found.left]
            else:
                kept.append(block)
        below = passages[number + 1].level if number + 1 < len(passages) else 0
        if kept or below > passage.level:
            yield replace(passage, body=tuple(kept))


def _footer(body: Blocks, metadata: Metadata, asides: list[Block]) -> None:
    """Take what the last lines say of the original; they stay in the text."""
    for block in body[: -_MAX_FOOTER - 1 : -1]:
        found = _metadata(block)
        if found is not None and not found.left:
            metadata.take(found.values)
            asides.append(block)
        elif not _is_between(block):
            return


def _is_between(block: Block) -> bool:
    """Return whether metadata may stand below a block: a rule, a picture, hashtags, what leads elsewhere."""
    if not isinstance(block, Paragraph):
        return isinstance(block, ThematicBreak)
    return not visible(plain(without_images(block.inlines))) or is_aside(block)


def _metadata(block: Block, *, named: bool = False) -> Metadata | None:
    """Return what a block says about the article; `named` if its heading promises nothing else."""
    match block:
        case BlockQuote(blocks, call_out="") if all(
            isinstance(each, Paragraph | ListBlock) for each in blocks
        ):
            return _of_lines([line for each in blocks for line in _lines(each)], _is_quoted)
        case ListBlock() | Table():
            return _of_lines(_lines(block), _is_named if named else _is_listed)
        case Paragraph(_, heading=0):
            lines = _lines(block)
            return _of_lines(lines, _is_named) if named or is_stated(lines) else None
        case _:
            return None


def _of_lines(
    lines: Sequence[Inlines], accepts: Callable[[Sequence[Inlines], Sequence[dict[str, str] | None]], bool]
) -> Metadata | None:
    if len(lines) > _MAX_LINES:
        return None
    read = [entries_of(line) for line in lines]
    if not accepts(lines, read):
        return None
    found = Metadata()
    written = any(values and "author" in values for values in read)
    for line, values in zip(lines, read, strict=True):
        # One name is shown; who translated or edited what another wrote stays in the text.
        if values is None or (written and values.keys() == {"editor"}):
            found.left.append(line)
        else:
            found.take(values)
    return found


def _is_quoted(lines: Sequence[Inlines], read: Sequence[dict[str, str] | None]) -> bool:
    """In a block quote one entry is enough; several labels in an unknown language are metadata, too."""
    labelled = [label for label in (label_of(plain(line)) for line in lines) if label]
    return any(read) or (
        len(lines) > 1
        and len(labelled) == len(lines)
        and all(is_statement(plain(line).strip()) for line in lines)
    )


def _is_named(_: Sequence[Inlines], read: Sequence[dict[str, str] | None]) -> bool:
    return any(read)


def _is_listed(lines: Sequence[Inlines], read: Sequence[dict[str, str] | None]) -> bool:
    """Each entry of a list has a label, and two of them, or all, one that is known."""
    known = sum(values is not None for values in read)
    labelled = all(label_of(plain(line)) for line in lines)
    return (
        labelled
        and known > min(1, max(len(lines) - 1, 0))
        and all(is_statement(plain(line).strip()) for line in lines)
    )


def _lines(block: Block) -> list[Inlines]:
    """Return the lines of a paragraph, the entries of a list, the rows of a table."""
    match block:
        case Paragraph(inlines):
            return lines_of(inlines)
        case ListBlock(items):
            return [line for item in items for each in item.blocks for line in _lines(each)]
        case Table(rows):
            return list(_rows(rows))
        case _:
            return []


def _rows(rows: tuple[tuple[Inlines, ...], ...]) -> Iterator[Inlines]:
    """Yield `key: value` for each row of two cells; of a table with one row of values, for each column."""
    if len(rows) == 2 and len(rows[0]) > 2 and len(rows[0]) == len(rows[1]):  # noqa: PLR2004  # names, and values
        rows = tuple(zip(rows[0], rows[1], strict=True))
    pairs = [row for row in rows if len(row) == 2]  # noqa: PLR2004  # key and value
    for number, (key, value) in enumerate(pairs):
        # The head of the table may name its columns.
        if number or key_of(plain(key)):
            yield (*key, _COLON, *value)
