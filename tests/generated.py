"""Markdown documents that know which of their words a reader must see, and which never."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

_SHAPES: Final = ("w{}x", "词{}字", "é{}ñ", "סוד{}א", "Ж{}я")


@dataclass
class Document:
    """A text with its visible words, each in it once, and its hidden ones."""

    text: str = ""
    visible: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


class _Writer:
    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.document = Document()
        self.count = 0
        self.notes: list[str] = []

    def word(self) -> str:
        self.count += 1
        word = self.draw(st.sampled_from(_SHAPES)).format(self.count)
        self.document.visible.append(word)
        return word

    def hidden(self) -> str:
        self.count += 1
        word = f"hid{self.count}den"
        self.document.hidden.append(word)
        return word

    def line(self, depth: int = 0) -> str:
        """Some inline Markdown on one line."""
        pieces = [self.inline(depth) for _ in range(self.draw(st.integers(1, 3)))]
        return " ".join(pieces)

    def inline(self, depth: int) -> str:  # noqa: C901, PLR0911, PLR0912  # one case for each kind
        kinds = 11 if depth > 2 else 19
        match self.draw(st.integers(0, kinds)):
            case 0:
                return f"`{self.word()} {self.word()}`"
            case 1:
                return f"![{self.word()}]({self.hidden()}.png)"
            case 2:
                return f'![{self.word()}](images/{self.hidden()}.png "{self.word()}")'
            case 3:
                return f"${self.word()}$"
            case 4:
                return f"{self.word()}<!-- {self.hidden()} -->"
            case 5:
                return f"<span class='{self.hidden()}'>{self.word()}</span>"
            case 6:
                return f"{self.word()}<br>{self.word()}"
            case 7:
                return f"**{self.word()}。**{self.word()}"
            case 8:
                return f"\\*{self.word()}\\*"
            case 9:
                return f"\\({self.word()}^2 + {self.word()}\\)"
            case 10 | 11:
                return self.word()
            case 12:
                return f"**{self.line(depth + 1)}**"
            case 13:
                return f"*{self.line(depth + 1)}*"
            case 14:
                return f"{self.word()} ~~{self.line(depth + 1)}~~"
            case 15:
                return f"[{self.word()}](https://a.example/{self.hidden()})"
            case 16:
                return f"<b>{self.line(depth + 1)}</b>"
            case 17:
                self.notes.append(f"[^{len(self.notes)}n]: {self.line(3)}")
                return f"{self.word()}[^{len(self.notes) - 1}n]"
            case 18:
                return f"{self.word()}^[{self.word()}]"
            case _:
                return f"&amp;{self.word()}&#33;"

    def blocks(self, depth: int) -> str:
        """Some blocks below one another."""
        return "\n\n".join(self.block(depth) for _ in range(self.draw(st.integers(1, 3))))

    def block(self, depth: int) -> str:  # noqa: C901, PLR0911, PLR0912  # one case for each kind
        match self.draw(st.integers(0, 12 if depth > 2 else 16)):
            case 0 | 1 | 2:
                return "\n".join(self.line() for _ in range(self.draw(st.integers(1, 3))))
            case 3:
                return f"```{self.draw(st.sampled_from(['', 'py', 'c++']))}\n{self.word()} <{self.word()}>\n\n{self.word()}\n```"
            case 4:
                return self.table()
            case 5:
                return f"<!-- {self.hidden()}\n\n{self.hidden()} -->"
            case 6:
                return f"<script>\n{self.hidden()}\n</script>"
            case 7:
                return f"<div align='center'>\n<p>{self.word()}</p><ul><li>{self.word()}</li></ul>{self.word()}\n</div>"
            case 8:
                return f"{self.word()}\n: {self.line()}"
            case 9:
                return f"$$\n{self.word()} = {self.word()}\n$$"
            case 10:
                return "---"
            case 11:
                return f"> [!TIP] {self.word()}\n> {self.line()}"
            case 12:
                return f"<blockquote><p>{self.word()}</p><footer>{self.word()}</footer></blockquote>"
            case 13:
                return _prefixed("> ", "> ", self.blocks(depth + 1))
            case 14:
                return self.entries("- ", depth)
            case 15:
                return self.entries(f"{self.draw(st.integers(0, 120))}. ", depth)
            case _:
                return self.entries(self.draw(st.sampled_from(["- [ ] ", "- [x] "])), depth, width=2)

    def entries(self, mark: str, depth: int, width: int = 0) -> str:
        between = self.draw(st.sampled_from(["\n", "\n\n"]))
        inner = " " * (width or len(mark))
        lines = [
            _prefixed(mark, inner, f"{self.word()}\n\n{self.blocks(depth + 1)}")
            for _ in range(self.draw(st.integers(1, 2)))
        ]
        return between.join((*lines, f"{mark}{self.line()}"))

    def table(self) -> str:
        columns = self.draw(st.integers(1, 5))
        row: Callable[[], str] = lambda: f"| {' | '.join(self.line(3) for _ in range(columns))} |"  # noqa: E731
        return "\n".join(
            (row(), "|" + ":--|" * columns, *(row() for _ in range(self.draw(st.integers(0, 3)))))
        )

    def heading(self) -> str:
        level = self.draw(st.integers(1, 6))
        match self.draw(st.integers(0, 3)):
            case 0:
                return f"{self.line(3)}\n{('=' if level == 1 else '-') * 5}"
            case 1:
                return f"<h{level}>{self.word()} <code>{self.word()}</code></h{level}>"
            case _:
                return f"{'#' * level} {self.line(3)}"


def _prefixed(first: str, others: str, text: str) -> str:
    lines = text.split("\n")
    return "\n".join((first + lines[0], *((others + line).rstrip() for line in lines[1:])))


@st.composite
def worded(draw: DrawFn) -> Document:
    """Any document of every kind of block and inline, nested."""
    writer = _Writer(draw)
    parts = [writer.word()]
    kinds: tuple[Callable[[], str], ...] = (writer.heading, lambda: writer.blocks(0))
    parts += [draw(st.sampled_from(kinds))() for _ in range(draw(st.integers(1, 4)))]
    parts += writer.notes
    writer.document.text = "\n\n".join(parts) + "\n"
    return writer.document
