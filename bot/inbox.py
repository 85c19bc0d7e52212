"""Updates that came in: what is waiting, and which one is being dealt with.

What is written for an update says so in the same commit. An update that comes again after a crash, or is
taken from the inbox, must have no second effect: so each transaction in its course marks it as having had
one, unless what is written may well be written twice.
"""

import contextlib
from collections.abc import Collection, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An update in the inbox, as the server sent it; `seq` is its place there.

    `tries` counts the starts of the program that began to deal with it and did not end well; `effect` is
    whether something was written for it.
    """

    seq: int
    update_id: int
    payload: Json
    tries: int
    effect: bool


@dataclass(slots=True)
class Handling:
    """An update that is being dealt with.

    `written_down` is whether it lies in the inbox, `has_effect` whether something was written for it,
    `cut_off` whether its sender could not be answered for a reason that passes, `tries` how often.
    """

    update_id: int
    received_at: datetime
    written_down: bool = False
    has_effect: bool = False
    cut_off: bool = False
    tries: int = 0


class Inbox(Protocol):
    """The table of that name."""

    async def put(self, updates: Sequence[Json], now: datetime) -> None:
        """Write updates down as they came; those that were dealt with stay as they are."""

    async def known(self, ids: Collection[int]) -> set[int]:
        """Return which of these updates are in the inbox, dealt with or not."""

    async def waiting(self, after: int, limit: int) -> Sequence[Waiting]:
        """Return the first updates after a place in the inbox that were not dealt with."""

    async def begin(self, update_id: int) -> None:
        """Count a try."""

    async def finish(self, ids: Collection[int], now: datetime) -> None:
        """Mark updates as dealt with, and forget those of before yesterday."""


_current: ContextVar[Handling | None] = ContextVar("handling", default=None)
_in_hand: ContextVar[int | None] = ContextVar("update in hand", default=None)


@contextlib.contextmanager
def handling(update: Handling | None) -> Iterator[None]:
    """Mark this update with whatever is written inside; None marks nothing."""
    token = _current.set(update)
    # Whatever is marked: a log tells which update a line belongs to.
    named = _in_hand.set(_in_hand.get() if update is None else update.update_id)
    try:
        yield
    finally:
        _in_hand.reset(named)
        _current.reset(token)


def repeatable() -> contextlib.AbstractContextManager[None]:
    """Mark nothing: what is written inside may be written again, such as how far somebody has read."""
    return handling(None)


def being_handled() -> Handling | None:
    """Return the update that is being dealt with; None outside, and where what is written is repeatable."""
    return _current.get()


def update_in_hand() -> int | None:
    """Return the id of the update in whose course this runs; None outside."""
    return _in_hand.get()
