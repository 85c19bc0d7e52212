"""Whether what came in can be an update at all: it comes from outside. Pure."""

from typing import Any, Final

from bot.tg.envelope import MAX_ID, is_id

_MAX_DEPTH: Final = 40
"""Levels within an update that are looked at; Telegram's have about ten."""

_WHO: Final = frozenset({"chat", "from", "user", "sender_chat", "sender_user"})
"""Keys whose values are chats or people."""


def is_update(raw: object) -> bool:
    """Return whether something can be an update.

    It has an id, no number that a database cannot hold, and chats and people that are some.
    """
    return has_id(raw) and _is_bounded(raw, _MAX_DEPTH)


def has_id(raw: object) -> bool:
    """Return whether something has the number of an update."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return type(number) is int and 0 <= number < MAX_ID


def _is_bounded(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        return depth > 0 and all(
            _is_bounded(each, depth - 1) and (key not in _WHO or _is_somebody(each))
            for key, each in value.items()
        )
    if isinstance(value, list):
        return depth > 0 and all(_is_bounded(each, depth - 1) for each in value)
    if isinstance(value, float):
        return abs(value) <= MAX_ID  # neither infinite nor no number
    return not isinstance(value, int) or -MAX_ID <= value <= MAX_ID


def _is_somebody(value: Any) -> bool:
    return isinstance(value, dict) and is_id(value.get("id"))
