"""Count what people ask of the bot, of nobody in particular."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal, get_args

Used = Literal["summary", "section", "quote", "search", "nothing"]
"""An article in short, a section, a quote, a search; a search that found nothing counts as both."""


class Usage:
    """What was used since it was last taken."""

    def __init__(self) -> None:
        self._counts = Counter[tuple[Used, int]]()
        self.totals: dict[Used, int] = dict.fromkeys(get_args(Used), 0)
        """Since the start."""

    def count(self, what: Used, article: int = 0) -> None:
        """Count one use, of an article if of any."""
        self._counts[what, article] += 1
        self.totals[what] += 1

    def take(self) -> Mapping[tuple[Used, int], int]:
        """Return what was counted, by what and which article, and begin anew."""
        taken, self._counts = self._counts, Counter()
        return taken

    def put_back(self, taken: Mapping[tuple[Used, int], int]) -> None:
        """Count again what could not be written down."""
        self._counts.update(taken)
