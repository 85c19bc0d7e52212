"""How delivery stands, for owners."""

from dataclasses import dataclass
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
