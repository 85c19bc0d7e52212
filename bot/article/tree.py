"""Block tokens to the small tree that an article keeps."""

from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

from bot.article.html import html_blocks
from bot.article.inline import inlines_of, merged
from bot.article.model import (
    Block,
    BlockQuote,
    Blocks,
    CodeBlock,
    Inlines,
    Item,
    ListBlock,
    Paragraph,
    Rule,
    Table,
    Text,
)

_TASKS: Final = {"[ ] ": False, "[x] ": True, "[X] ": True}


def blocks_of(tokens: Sequence[Token]) -> Blocks:
    """The blocks that a run of tokens describes; the run is balanced."""
    return _Tree(tokens).blocks()


class _Tree:
    """Reads tokens from left to right."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def blocks(self) -> Blocks:
        """Everything up to the end of the container that is open."""
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

    def _block(self, token: Token) -> Blocks:  # noqa: PLR0911  # one line for each kind
        match token.type:
            case "paragraph_open" | "heading_open":
                inlines = inlines_of(self._take())
                self._take()
                return (Paragraph(inlines, token.type == "heading_open"),) if inlines else ()
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
                return (ListBlock(tuple(self._items()), start),)
            case "blockquote_open":
                blocks = self.blocks()
                return (BlockQuote(blocks),) if blocks else ()
            case "fence" | "code_block":
                words = token.info.split()
                return (CodeBlock(token.content.rstrip("\n"), words[0] if words else ""),)
            case "html_block":
                return html_blocks(token.content)
            case "table_open":
                return (Table(tuple(self._rows())),)
            case "hr":
                return (Rule(),)
            case _:  # the parser knows no other kinds
                return ()

    def _items(self) -> list[Item]:
        items = []
        while self._take().nesting > 0:
            blocks = self.blocks()
            done = _task(blocks)
            items.append(Item(_without_box(blocks) if done is not None else blocks, done))
        return items

    def _rows(self) -> list[tuple[Inlines, ...]]:
        rows: list[list[Inlines]] = []
        while (token := self._take()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(inlines_of(token))
        return [tuple(row) for row in rows]


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
