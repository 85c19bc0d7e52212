"""Stops delivery when suddenly many are refused or blocked: that is rarely the readers' doing.

A proxy, a wrong account or a fault of our own can make Telegram, or what answers in its place, refuse
everybody. Then nothing more is suspended or quarantined until an owner has decided.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock

WINDOW: Final = timedelta(minutes=1)
MIN_REFUSED: Final = 5
"""Refusals within the window below which nothing is concluded."""

MAX_SHARE: Final = 0.05
"""The share of refusals within the window that is still taken for the readers' own."""


class Breaker:
    """Counts answers and refusals within the last minute; open, it lets nothing leave."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: deque[tuple[float, bool]] = deque()
        self._refused = 0
        self.opened_for: datetime | None = None
        """Since when refusals are in doubt; None while it is closed."""

    @property
    def is_open(self) -> bool:
        """Whether delivery is stopped."""
        return self.opened_for is not None

    def note(self, *, refused: bool) -> bool:
        """Count an answer; return whether this one opened it."""
        now = self._clock.monotonic()
        self._answers.append((now, refused))
        self._refused += refused
        while self._answers[0][0] <= now - WINDOW.total_seconds():
            self._refused -= self._answers.popleft()[1]
        if self.is_open or not refused or self._refused < MIN_REFUSED:
            return False
        if self._refused <= len(self._answers) * MAX_SHARE:
            return False
        self.opened_for = self._clock.now() - WINDOW
        return True

    def close(self) -> None:
        """Go on, counting anew."""
        self.opened_for = None
        self._answers.clear()
        self._refused = 0
