"""Buttons that act, and what they send back: a verb and its arguments, `sec:12:ab3f9k:0`."""

from collections.abc import Sequence

from bot.message.header import indent, label
from bot.message.model import Button, Row


def action(text: str, verb: str, *arguments: int | str, depth: int = 0) -> Button:
    """A button; `limits` checks what it sends back with the rest of the message."""
    data = ":".join((verb, *map(str, arguments)))
    return Button(text=indent(depth) + label(text), callback_data=data)


def in_rows(buttons: Sequence[Button], width: int) -> list[Row]:
    """Buttons side by side, so many in a row."""
    return [tuple(buttons[first : first + width]) for first in range(0, len(buttons), width)]


def parse_callback(data: str) -> tuple[str, list[str]]:
    """What a button sent back: a verb and its arguments, unchecked, since anybody can make one up."""
    verb, *arguments = data.split(":")
    return verb, arguments
