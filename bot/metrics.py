"""What parts of the bot count and time, for whoever watches it from outside. Pure."""

import contextlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal, TypeVar

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds in seconds, from a row of the database to a message that Telegram holds back."""


class Histogram:
    """How often a duration fell into which bucket, as Prometheus counts it."""

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        """Count into buckets with these upper bounds, ascending, and one above them."""
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self.sum = 0.0
        """Of all that was observed."""

    def observe(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.sum += value

    @property
    def count(self) -> int:
        """How many values were observed."""
        return sum(self._counts)

    def buckets(self) -> list[tuple[str, int]]:
        """Return the upper bounds, the last of them "+Inf", each with how many values do not exceed it."""
        return list(zip([*map(str, self._bounds), "+Inf"], accumulate(self._counts), strict=True))


@contextlib.contextmanager
def timed(histogram: Histogram, now: Callable[[], float]) -> Iterator[None]:
    """Observe how many seconds something takes, also when it fails."""
    begun = now()
    try:
        yield
    finally:
        histogram.observe(now() - begun)


Label = TypeVar("Label", bound=str)
Value = TypeVar("Value", float, Histogram)
Kind = Literal["counter", "gauge", "histogram"]
Sample = tuple[Mapping[str, str], float | Histogram]
"""Labels, and the value that they have."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A family of samples, in Prometheus' terms; its name has the unit, and for counters no `_total`."""

    name: str
    kind: Kind
    meaning: str
    samples: Sequence[Sample]


def by(label: str, values: Mapping[Label, Value]) -> list[Sample]:
    """Return a sample for each value of one label."""
    return [({label: name}, value) for name, value in values.items()]
