"""Numbers that were seen, kept as ranges. Pure."""

from bisect import bisect_right
from typing import Final

MAX_RANGES: Final = 10_000


class Seen:
    """Remembers numbers that mostly follow one another, as those of updates do, in little room for ever.

    Beyond MAX_RANGES gaps, the lowest are forgotten.
    """

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._firsts, number) - 1
        return at >= 0 and number <= self._lasts[at]

    def add(self, number: int) -> None:
        """Remember a number."""
        if number in self:
            return
        at = bisect_right(self._firsts, number)  # of the first range above it
        extends_lower = at > 0 and self._lasts[at - 1] == number - 1
        extends_upper = at < len(self._firsts) and self._firsts[at] == number + 1
        if extends_lower and extends_upper:
            self._lasts[at - 1] = self._lasts[at]
            del self._firsts[at], self._lasts[at]
        elif extends_lower:
            self._lasts[at - 1] = number
        elif extends_upper:
            self._firsts[at] = number
        else:
            self._firsts.insert(at, number)
            self._lasts.insert(at, number)
        if len(self._firsts) > MAX_RANGES:
            del self._firsts[0], self._lasts[0]
