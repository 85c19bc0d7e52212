"""A sliding window: at most so many within any span of time."""

from collections import deque


class SlidingWindow:
    """At most so many within any span of time, ends excluded."""

    def __init__(self, most: int, span: float) -> None:
        """`span` is in seconds."""
        self._most = most
        self._span = span
        self._taken: deque[float] = deque()

    def wait(self, now: float, *, free: int = 0) -> float:
        """Seconds until one more fits, with so many places left free for others."""
        while self._taken and self._taken[0] <= now - self._span:
            self._taken.popleft()
        too_many = len(self._taken) + free - self._most
        if too_many >= len(self._taken):
            return self._span / self._most  # as many are left free as there are at all: only others can go
        return self._taken[too_many] + self._span - now if too_many >= 0 else 0

    def left(self, now: float) -> int:
        """Return how many more fit now."""
        self.wait(now)
        return max(self._most - len(self._taken), 0)

    def is_empty(self, now: float) -> bool:
        """Return whether nothing that was taken counts any more."""
        return not self._taken or self._taken[-1] <= now - self._span

    def take(self, now: float) -> None:
        """Count one more."""
        self._taken.append(now)
