"""Which ids of messages are known: Telegram counts those of private chats and basic groups in one sequence.

Each new message of any of these chats, by the bot or to it, has a higher id than those before. So one can
tell which ids a message may have whose answer never came. Supergroups and channels count for themselves, and
stay out of this. Pure.
"""

from collections.abc import Iterable
from typing import Final

_OF_THEIR_OWN: Final = -1_000_000_000_000
"""Supergroups and channels have ids below; private chats are positive, basic groups between the two."""

Range = tuple[int, int]
"""The first and the last of ids that follow one another."""


def is_counted(chat: int) -> bool:
    """Return whether a chat's messages have ids of the common sequence."""
    return chat > _OF_THEIR_OWN


class MessageIds:
    """The highest id that is known, and those that are not yet written down."""

    def __init__(self) -> None:
        self.highest = 0
        """0 while none is known."""
        self._unwritten: set[int] = set()

    @property
    def is_written(self) -> bool:
        """Whether all are written down."""
        return not self._unwritten

    def saw(self, chat: int, message_id: int) -> None:
        """Note the id of a message in a chat; those of other sequences are passed over."""
        if is_counted(chat) and message_id > 0:
            self._unwritten.add(message_id)
            self.highest = max(self.highest, message_id)

    def unwritten(self) -> list[Range]:
        """Return what is to be written down, in order."""
        return ranges(self._unwritten)

    def written(self, these: Iterable[Range]) -> None:
        """Note that these are written down."""
        for first, last in these:
            self._unwritten.difference_update(range(first, last + 1))


def ranges(ids: Iterable[int]) -> list[Range]:
    """Return ids as ranges, in order."""
    found: list[Range] = []
    for id_ in sorted(ids):
        if found and found[-1][1] == id_ - 1:
            found[-1] = found[-1][0], id_
        else:
            found.append((id_, id_))
    return found
