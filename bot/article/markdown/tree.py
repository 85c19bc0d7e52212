"""Block tokens to the small tree that an article keeps."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.token import Token

from bot.article.markdown.html import html_blocks
from bot.article.markdown.inline import inlines_of, merged
from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    CodeBlock,
    Emphasis,
    Inlines,
    Item,
    LineBreak,
    ListBlock,
    Paragraph,
    Table,
    Text,
    ThematicBreak,
)
from bot.article.plain_text import plain

_CALL_OUT: Final = re.compile(r"\[!([\w-]{1,30})(?:\|[^\]]*)?\][+-]?\s*")
_CONTENTS: Final = frozenset(
    {"toc", "table of contents", "this will become a table of contents (this text will be scrapped)."}
)
_TASKS: Final = {"[ ] ": False, "[x] ": True, "[X] ": True}


def blocks_of(tokens: Sequence[Token]) -> Blocks:
    """Return the blocks that a run of tokens describes; the run is balanced."""
    return _Tree(tokens).blocks()


class _Tree:
    """Reads tokens from left to right."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def blocks(self) -> Blocks:
        """Return everything up to the end of the container that is open."""
        found: list[Block] = []
        while self._next < len(self._tokens):
            token = self._take()
            if token.nesting < 0:
                break
            found.extend(self._block(token))
        return tuple(found)

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _block(self, token: Token) -> Blocks:  # noqa: C901, PLR0911  # one line for each kind
        match token.type:
            case "paragraph_open" | "heading_open":
                inlines = inlines_of(self._take())
                self._take()
                level = int(token.tag[1:]) if token.type == "heading_open" else 0
                return (Paragraph(inlines, level),) if inlines else ()
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
                items = tuple(self._items())
                return () if len(items) == 1 and _is_contents(items[0]) else (ListBlock(items, start),)
            case "blockquote_open":
                blocks = self.blocks()
                return (_call_out(blocks) or BlockQuote(blocks),) if blocks else ()
            case "fence" | "code_block":
                words = token.info.split()
                return (CodeBlock(token.content.rstrip("\n"), words[0] if words else ""),)
            case "html_block":
                return html_blocks(token.content)
            case "table_open":
                return (Table(tuple(self._rows())),)
            case "dl_open":
                return tuple(self._definitions())
            case "math_block":
                return (CodeBlock(token.content.strip("\n"), "latex"),)
            case "footnote_reference_open":
                return numbered(token.meta["label"], self.blocks())
            case "hr":
                return (ThematicBreak(),)
            case _:  # the parser knows no other kinds
                return ()

    def _items(self) -> list[Item]:
        items = []
        while self._take().nesting > 0:
            blocks = self.blocks()
            done = _task(blocks)
            items.append(Item(_without_box(blocks) if done is not None else blocks, done))
        return items

    def _definitions(self) -> Iterator[Block]:
        """Yield each term in bold, what it means as a list below it."""
        meanings: list[Item] = []
        while (token := self._take()).type != "dl_close":
            if token.type == "dd_open":
                meanings.append(Item(self.blocks()))
                continue
            if meanings:
                yield ListBlock(tuple(meanings))
                meanings = []
            if token.type == "inline":
                yield Paragraph((Emphasis("strong", inlines_of(token)),))
        if meanings:
            yield ListBlock(tuple(meanings))

    def _rows(self) -> list[tuple[Inlines, ...]]:
        rows: list[list[Inlines]] = []
        while (token := self._take()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(inlines_of(token))
        return [tuple(row) for row in rows]


def _is_contents(item: Item) -> bool:
    """Return whether an entry stands for the contents that kramdown sets in its place."""
    match item.blocks:
        case (Paragraph((Text(text),)),):
            return text.strip().lower() in _CONTENTS
        case _:
            return False


def numbered(label: str, blocks: Blocks) -> Blocks:
    """Return a footnote with its label in front; nothing when it says nothing."""
    match blocks:
        case (Paragraph(inlines), *rest):
            return (Paragraph(merged([Text(f"[{label}] "), *inlines])), *rest)
        case ():
            return ()
        case _:
            return (Paragraph((Text(f"[{label}]"),)), *blocks)


def _call_out(blocks: Blocks) -> BlockQuote | None:
    """`[!NOTE]` or `[!tip]- Title` with what it says below: its kind or its title in bold on a line above."""
    match blocks:
        case (Paragraph((Text(text), *rest)), *others) if named := _CALL_OUT.match(text):
            line = (Text(text[named.end() :]), *rest)
            end = next((at for at, inline in enumerate(line) if isinstance(inline, LineBreak)), len(line))
            title = line[:end] if plain(line[:end]).strip() else (Text(named[1].capitalize()),)
            said = (Paragraph(line[end + 1 :]),) if line[end + 1 :] else ()
            return BlockQuote((Paragraph((Emphasis("strong", title),)), *said, *others), named[1].lower())
        case _:
            return None


def _task(blocks: Blocks) -> bool | None:
    match blocks:
        case (Paragraph((Text(text), *_)), *_):
            return _TASKS.get(text[:4])
        case _:
            return None


def _without_box(blocks: Blocks) -> Blocks:
    match blocks:
        case (Paragraph((Text(text), *rest)), *others):
            return (Paragraph(merged([Text(text[4:]), *rest])), *others)
        case _:
            return blocks
