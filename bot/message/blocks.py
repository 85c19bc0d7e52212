"""An article's small tree as rich text: every kind of block in a form that reads well in a chat."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    Code,
    CodeBlock,
    Emphasis,
    Image,
    Inline,
    Inlines,
    Item,
    LineBreak,
    Link,
    ListBlock,
    Paragraph,
    Table,
    Text,
    ThematicBreak,
)
from bot.article.plain_text import columns, plain
from bot.message.formatted_text import FormattedText

_BULLETS: Final = ("•", "◦", "▪")
_INDENT: Final = "\u2003"
_TAB_CHARS: Final = 4
"""Spaces for a tab in code: Telegram would make it one."""
_RULE: Final = "＊　＊　＊"
_MAX_TABLE_COLUMNS: Final = 40
"""Columns up to which a table is drawn in a fixed width; a phone shows no more without wrapping."""


def format_inlines(inlines: Inlines) -> FormattedText:
    """Return a line or paragraph."""
    return FormattedText.join("", [_inline(inline) for inline in inlines])


def format_blocks(blocks: Blocks) -> FormattedText:
    """Blocks with a blank line between them."""
    return _stacked([(block, rich) for block in blocks if (rich := _block(block, depth=0))])


def _stacked(shown: Sequence[tuple[Block, FormattedText]]) -> FormattedText:
    """Join blocks with a blank line, unless one of the two stands apart by how it looks."""
    parts: list[FormattedText] = []
    apart = True
    for number, (block, rich) in enumerate(shown):
        stands_apart = isinstance(block, BlockQuote | CodeBlock)
        if number:
            # Telegram draws a gap around quotes and code itself; a blank line would make it two.
            parts.append(FormattedText("\n" if stands_apart != apart else "\n\n"))
        parts.append(rich)
        apart = stands_apart
    return FormattedText.join("", parts)


def _inline(inline: Inline) -> FormattedText:
    match inline:
        case Text(text):
            return FormattedText.plain(text)
        case Code(text):
            return FormattedText.plain(text).code()
        case Emphasis(style, children):
            inner = format_inlines(children)
            styled = {"strong": inner.bold, "emphasis": inner.italic, "strike": inner.strike}[style]
            return styled()
        case Link(url, children):
            return format_inlines(children).link(url)
        case Image(url):
            return FormattedText.plain(f"🖼 {inline.words}".rstrip()).link(url)
        case LineBreak():
            return FormattedText("\n")


def _block(block: Block, *, depth: int) -> FormattedText:
    match block:
        case Paragraph(inlines, heading):
            rich = format_inlines(inlines).strip()
            return rich.bold() if heading else rich
        case ListBlock(items, start):
            return _list(items, start, depth=depth)
        case CodeBlock(text, language):
            return FormattedText.plain(text.strip("\n").expandtabs(_TAB_CHARS)).pre(language)
        case BlockQuote(blocks):
            inner = (_block(block, depth=0) for block in blocks)
            # Telegram has no quotes within quotes: what stands in one is set flat.
            return FormattedText.join("\n\n", filter(None, inner)).strip().quote()
        case Table(rows):
            return _table(rows)
        case ThematicBreak():
            return FormattedText(_RULE)


def _list(items: tuple[Item, ...], start: int | None, *, depth: int) -> FormattedText:
    lines = []
    for number, item in enumerate(items):
        mark = _BULLETS[depth % len(_BULLETS)] if start is None else f"{start + number}."
        if item.done is not None:
            mark = "☑" if item.done else "☐"
        lines.append(_item(item, mark, depth=depth))
    return FormattedText.join("\n", lines)


def _item(item: Item, mark: str, *, depth: int) -> FormattedText:
    """Return the mark, the first paragraph beside it, everything else below and further in."""
    indent = _INDENT * depth
    parts: list[FormattedText] = []
    for number, block in enumerate(item.blocks):
        rich = _block(block, depth=depth + 1)
        nested = isinstance(block, ListBlock | CodeBlock | BlockQuote | Table)
        # A mark without words beside it would be an empty bullet.
        if number == 0 and not nested:
            parts.append(FormattedText(f"{indent}{mark} ") + _indented(rich, indent + _INDENT))
        elif number == 0:
            parts += [FormattedText(f"{indent}{mark}"), rich]
        elif nested:
            parts.append(rich)
        else:
            parts.append(_indented(FormattedText(indent + _INDENT) + rich, indent + _INDENT))
    return FormattedText.join("\n", filter(None, parts)) if parts else FormattedText(f"{indent}{mark}")


def _indented(rich: FormattedText, indent: str) -> FormattedText:
    """Indent the further lines of a paragraph below its first."""
    if "\n" not in rich.text:
        return rich
    lines, start = [], 0
    for line in rich.text.split("\n"):
        lines.append(rich.cut(start, start + len(line)))
        start += len(line) + 1
    return FormattedText.join(f"\n{indent}", lines)


def _table(rows: tuple[tuple[Inlines, ...], ...]) -> FormattedText:
    """Return a narrow table in columns, or in lines if it holds links; a wide one as a card for each row."""
    texts = [[" ".join(plain(cell).split()) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip_longest(*texts, fillvalue="")]
    links = any(isinstance(inline, Link | Image) for row in rows for cell in row for inline in cell)
    is_narrow = sum(widths) + 2 * len(widths) <= _MAX_TABLE_COLUMNS
    # Within a fixed width no link could be tapped.
    if is_narrow and not links:
        lines = [_aligned(row, widths) for row in texts]
        return FormattedText.plain("\n".join(lines)).pre()
    header, *others = rows
    if is_narrow or not others:
        return FormattedText.join("\n", [_line(header).bold(), *map(_line, others)])
    return FormattedText.join("\n\n", [_card(row, header) for row in others])


def _aligned(row: list[str], widths: list[int]) -> str:
    cells = [cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=False)]
    return "  ".join(cells).rstrip()


def _line(row: tuple[Inlines, ...]) -> FormattedText:
    return FormattedText.join(" · ", [cell for cell in map(_cell, row) if cell])


def _card(row: tuple[Inlines, ...], header: tuple[Inlines, ...]) -> FormattedText:
    """Return a row of a table that is too wide for a phone: a line for each cell, under its column's name."""
    lines = []
    for number, (name, value) in enumerate(
        zip_longest(map(_cell, header), map(_cell, row), fillvalue=FormattedText())
    ):
        shown = value.bold() if number == 0 else value or FormattedText("–")
        lines.append(name + FormattedText(": ") + shown if name else value)
    return FormattedText.join("\n", filter(None, lines))


def _cell(cell: Inlines) -> FormattedText:
    return format_inlines(cell).strip()
