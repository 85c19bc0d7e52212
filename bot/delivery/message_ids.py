"""Which ids of messages are known: Telegram counts those of private chats and basic groups in one sequence.

Each new message of any of these chats, by the bot or to it, has a higher id than those before. So one can
tell which ids a message may have whose answer never came. Supergroups and channels count for themselves, and
stay out of this. Pure.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

OWN_SEQUENCE: Final = -1_000_000_000_000
"""Supergroups and channels have ids below; private chats are positive, basic groups between the two."""

Range = tuple[int, int]
"""The first and the last of ids that follow one another."""


def is_counted(chat: int) -> bool:
    """Return whether a chat's messages have ids of the common sequence."""
    return chat > OWN_SEQUENCE


class MessageIds:
    """What is known of ids, and of chats that may have messages of ours whose ids are not."""

    def __init__(self) -> None:
        self.highest = 0
        """0 while none is known."""
        self.heard_from: set[int] = set()
        """Chats with an update since the start: an answer to it may have left shortly before."""
        self.heard_early: frozenset[int] = frozenset()
        """Those among them that were heard from soon after the start, also later."""
        self._hears = True
        self.asking = Counter[int]()
        """How many replies to a chat are under way."""
        self._ids: set[int] = set()
        self._strays: set[int] = set()

    @property
    def is_written(self) -> bool:
        """Whether all is written down."""
        return not self._ids and not self._strays

    def saw(self, chat: int, message_id: int) -> None:
        """Note the id of a message in a chat; those of other sequences are passed over."""
        if is_counted(chat) and message_id > 0:
            self._ids.add(message_id)
            self.passed(chat, message_id)

    def passed(self, chat: int, message_id: int) -> None:
        """Note that this id was given, to a message that may be one of those that are looked for."""
        if is_counted(chat):
            self.highest = max(self.highest, message_id)

    def heard(self, chat: int) -> None:
        """Note that an update came from a chat."""
        if self._hears:
            self.heard_from.add(chat)

    def hear_no_more(self) -> None:
        """Nothing is in doubt any more that left before the start: from whom updates came matters no more."""
        self._hears = False
        self.heard_early |= self.heard_from
        self.heard_from.clear()

    @contextlib.contextmanager
    def reply(self, chat: int, may_have_arrived: Callable[[BaseException], bool]) -> Iterator[None]:
        """Meanwhile a reply is under way; when it fails so, its chat may have a message of unknown id."""
        self.asking[chat] += 1
        try:
            yield
        except BaseException as error:
            if is_counted(chat) and may_have_arrived(error):
                self._strays.add(chat)
            raise
        finally:
            self.asking[chat] -= 1
            if not self.asking[chat]:
                del self.asking[chat]

    def unwritten(self) -> "Unwritten":
        """Return what is to be written down."""
        return Unwritten(ranges(self._ids), frozenset(self._strays))

    def written(self, these: "Unwritten") -> None:
        """Note that these are written down."""
        for first, last in these.ids:
            self._ids.difference_update(range(first, last + 1))
        self._strays -= these.strays


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Ids, in order, and chats with a message of unknown id, that are to be written down."""

    ids: Sequence[Range]
    strays: frozenset[int]


def ranges(ids: Iterable[int]) -> list[Range]:
    """Return ids as ranges, in order."""
    found: list[Range] = []
    for id_ in sorted(ids):
        if found and found[-1][1] == id_ - 1:
            found[-1] = found[-1][0], id_
        else:
            found.append((id_, id_))
    return found
