"""How delivery stands, for owners."""

from dataclasses import astuple, dataclass
from datetime import timedelta

from bot.delivery.outage import Reachability
from bot.delivery.reasons import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Delivery as it stands: `chats_held` are left alone, for `longest_hold` at most."""

    telegram: Reachability
    reason: Trouble
    stopped: bool
    digests_held: timedelta | None
    chats_held: int
    longest_hold: timedelta


@dataclass(frozen=True, slots=True)
class Fared:
    """How messages of digests fared; `late` ones were left out since their time had passed.

    Of those that had no answer at first, `found` were found to have arrived, `again` were sent again.
    """

    number: int = 0
    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    late: int = 0
    waiting: int = 0
    found: int = 0
    again: int = 0

    def __add__(self, other: "Fared") -> "Fared":
        """Return how both together fared."""
        return Fared(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))
