"""Buttons that act, and their callback data."""

from collections.abc import Sequence

from bot.actions.model import ACTIONS, Action
from bot.message.labels import indent, label
from bot.message.model import Button, ButtonRow

_NEW_MESSAGE = "+"
"""What callback data begins with when the answer is to leave the button's message as it is."""


def button(text: str, action: Action, *, depth: int = 0, in_new_message: bool = False) -> Button:
    """Return a button, indented by `depth`; `limits` checks its data with the rest of the message."""
    data = (_NEW_MESSAGE if in_new_message else "") + ACTIONS.encode(action)
    return Button(text=indent(depth) + label(text), callback_data=data)


def in_rows(buttons: Sequence[Button], width: int) -> list[ButtonRow]:
    """Return buttons side by side, so many in a row."""
    return [tuple(buttons[first : first + width]) for first in range(0, len(buttons), width)]


def is_for_new_message(data: str) -> bool:
    """Return whether the answer is to leave the button's message as it is."""
    return data.startswith(_NEW_MESSAGE)


def action_of(data: str) -> Action:
    """Return what a pressed button stands for. Unreadable for data that is made up or of another version."""
    return ACTIONS.decode(data.removeprefix(_NEW_MESSAGE))
