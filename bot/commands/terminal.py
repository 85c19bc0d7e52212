"""Words for a terminal: colour where there is one, columns, progress, and messages as a reader sees them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TextIO

from bot.article.plain_text import columns
from bot.message.model import Button, Entity, Message

Colour = Literal["red", "yellow", "green", "grey", "bold"]

_CODES: Final[dict[Colour, str]] = {"red": "31", "yellow": "33", "green": "32", "grey": "90", "bold": "1"}
_LOOKS: Final = {
    "bold": "1", "italic": "3", "strikethrough": "9", "code": "36", "pre": "36", "text_link": "4",
}  # fmt: skip
_QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})
_BAR_CHARS: Final = 24


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a report is written. Without `colour`, what it says in colour it says in words or marks."""

    out: TextIO
    colour: bool

    @classmethod
    def of(cls, out: TextIO) -> "Terminal":
        """Return whether this is a terminal with colour, and nobody asked for none (https://no-color.org)."""
        colour = out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(out, colour)

    def paint(self, text: str, colour: Colour) -> str:
        """Return a text in a colour."""
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.colour and text else text

    def say(self, text: str = "") -> None:
        """Print a line, at once."""
        print(text, file=self.out, flush=True)

    def progress(self, done: int, of: int) -> None:
        """Show how far a long work has come, in place; nothing where lines cannot be changed."""
        if self.colour:
            filled = _BAR_CHARS * done // max(of, 1)
            print(
                f"\r{'█' * filled}{'░' * (_BAR_CHARS - filled)} {done}/{of}",
                end="",
                file=self.out,
                flush=True,
            )

    def clear(self) -> None:
        """Take the progress away, so that a line can be written."""
        if self.colour:
            print("\r\x1b[K", end="", file=self.out, flush=True)

    def message(self, message: Message) -> None:
        """Print a message with its looks, and its buttons below, a row of them on a line."""
        for line in _lines(message, colour=self.colour):
            self.say(line)
        for row in message.buttons:
            self.say(self.paint("  ".join(map(_button, row)), "grey"))


def padded(text: str, width: int) -> str:
    """Return a text with space behind it up to `width` columns, or cut there."""
    while columns(text) > width:
        text = text[:-2] + "…" if text[-1:] == "…" else text[:-1] + "…"
    return text + " " * (width - columns(text))


def _button(button: Button) -> str:
    return f"[ {button.text} ]" if button.url is None else f"[ {button.text} ↗ ]"


def _lines(message: Message, *, colour: bool) -> Iterator[str]:
    units = message.text.encode("utf-16-le")
    start = 0
    for line in message.text.split("\n"):
        end = start + len(line.encode("utf-16-le")) // 2
        inside = [
            one
            for one in message.entities
            if one.offset < max(end, start + 1) and start < one.offset + one.length
        ]
        bar = "▏ " if any(one.kind in _QUOTES for one in inside) else ""
        yield bar + (_painted(units, start, end, inside) if colour else line)
        start = end + 1


def _painted(units: bytes, start: int, end: int, entities: Sequence[Entity]) -> str:
    edges = {start, end} | {edge for one in entities for edge in (one.offset, one.offset + one.length)}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    text = ""
    for first, last in pairwise(cuts):
        codes = [
            _LOOKS[one.kind]
            for one in entities
            if one.kind in _LOOKS and one.offset <= first and last <= one.offset + one.length
        ]
        piece = units[2 * first : 2 * last].decode("utf-16-le")
        text += f"\x1b[{';'.join(codes)}m{piece}\x1b[0m" if codes else piece
    return text
