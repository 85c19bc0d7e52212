"""The words of settling: what is in doubt, what is asked, what was found out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.delivery.message_ids import Range
from bot.delivery.model import DeliveryId

IsThere = Callable[[int, int], Awaitable[bool | None]]
"""Whether a chat has a message with an id; None where that chat does not tell. Unanswered by Telegram."""

Pair = tuple[int, int]
"""A chat, and an id that is looked for there."""

Mode = Literal["auto", "on", "off"]
"""`auto` asks for more of a history than `on` before it trusts the order of ids."""

Control = Literal["order", "there", "not_there", "rising"]
"""What must hold before a verdict counts: see `controls`."""

Unclear = Literal[
    "control", "no_history", "no_answer", "no_ceiling", "many_candidates", "traffic", "closed", "no_witness",
    "moved", "restored", "forgotten",
]  # fmt: skip
"""Why it could not be found out.

A control failed; too little was sent before to trust the order of ids; Telegram did not answer; nothing was
sent since that shows which ids are given now; too many ids would have to be looked for; another message of
ours may be among those that were found; the chat does not tell what is there; no known message is in that
chat, so its silence proves nothing; the chat has become one with a sequence of its own; a backup was put
back; the reader wants to be forgotten.
"""


Found = Literal["arrived", "again", "left_out", "unclear"]
"""What was found out: it had arrived; it had not, and is sent again, or no longer wanted; nothing."""


class Unanswered(Exception):  # an outcome, not a fault
    """Telegram did not answer whether a message is there."""


class ControlFailed(Exception):  # an outcome, not a fault
    """The server is not as we believe."""

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self.control = control


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A message that may have arrived, with an id above `after`."""

    delivery: DeliveryId
    chat: int
    after: int
    crashed: bool = False
    """Whether it was on its way when the program ended."""


@dataclass(frozen=True, slots=True)
class Left:
    """A message that left when `after` was the highest id known; no id is known while it is in doubt."""

    delivery: DeliveryId
    after: int
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that certainly arrived; `after` was the highest id known when it left."""

    chat: int
    message_id: int
    after: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A message to an owner that shows which ids are given now, by its number; of some, no id is known."""

    number: int
    chat: int
    after: int
    message_id: int | None


@dataclass(slots=True)
class Verdicts:
    """What became of messages in doubt; what is in none of the three is looked at again later."""

    arrived: dict[DeliveryId, int] = field(default_factory=dict)
    """Their ids."""
    absent: set[DeliveryId] = field(default_factory=set)
    unclear: dict[DeliveryId, Unclear] = field(default_factory=dict)

    def __contains__(self, delivery: DeliveryId) -> bool:
        return delivery in self.arrived or delivery in self.absent or delivery in self.unclear


def unexplained(known: Sequence[Range], after: int, before: int, most: int) -> list[int]:
    """Return the ids between two that are in no range of known ones, the lowest first, `most` at most.

    The ranges are in order.
    """
    found: list[int] = []
    next_ = after + 1
    for first, last in (*known, (before, before)):
        found.extend(range(next_, min(first, before, next_ + most - len(found))))
        next_ = max(next_, last + 1)
        if len(found) >= most or next_ >= before:
            break
    return found
