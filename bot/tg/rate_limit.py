"""How much one person may ask in a minute: answered once when it is too much, then silence."""

from itertools import islice
from typing import Final, Literal

from bot.clock import Clock
from bot.delivery.window import SlidingWindow

RateVerdict = Literal["go", "tell", "silence"]

_MINUTE_S: Final = 60.0
_MAX_EXPIRED_A_CALL: Final = 2
"""Entries that are forgotten with each new one: more than come in, and never many at a time."""

Who = tuple[int, int]
"""A chat and a user: Telegram's stand-ins for anonymous administrators are the same user in all groups."""


class RateLimiter:
    """Counts what each person asked in the last minute."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._asked: dict[Who, SlidingWindow] = {}  # those who were answered longest ago come first
        self._told: set[Who] = set()

    def judge(self, who: Who) -> RateVerdict:
        """Return whether one more may be answered; `tell` for the first that may not."""
        now = self._clock.monotonic()
        asked = self._asked.get(who) or SlidingWindow(self._most, _MINUTE_S)
        if asked.wait(now) <= 0:
            asked.take(now)
            self._asked.pop(who, None)
            self._asked[who] = asked
            self._told.discard(who)
            self._forget_quiet(now)
            return "go"
        if who in self._told:
            return "silence"
        self._told.add(who)
        return "tell"

    def __len__(self) -> int:
        """Return how many people's commands are remembered."""
        return len(self._asked)

    def _forget_quiet(self, now: float) -> None:
        """Forget the first few who have been quiet for a minute."""
        oldest = list(islice(self._asked.items(), _MAX_EXPIRED_A_CALL))
        for who in [who for who, asked in oldest if asked.is_empty(now)]:
            del self._asked[who]
            self._told.discard(who)
