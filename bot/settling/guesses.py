"""Where a message in doubt probably is: near the id that it was to have, else in the order of the rest."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from operator import attrgetter
from typing import ClassVar, Final, Protocol

from bot.settling.model import Doubt

_NEAR: Final = 32
"""How many ids a message may lie beside its guess; beyond, it came later than others that left with it."""


class Guess(Protocol):
    """Which messages may have an id, and how probable each is."""

    at_once: ClassVar[int]
    """In how many chats an id is looked for before the next one is."""

    def possible(self, id_: int, /) -> Sequence[Doubt]:
        """Return the messages in question."""

    def distance(self, doubt: Doubt, id_: int) -> float:
        """Return how far a message probably is from an id."""

    def note(self, doubt: Doubt, id_: int) -> None:
        """Learn where a message was found."""


class ById(Guess):
    """Messages have about the ids that follow those of the ones before them."""

    at_once = 1
    """Nothing is learned from what is found, so the most probable pairs come first."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self._doubts = sorted(doubts, key=attrgetter("guess"))
        self._guesses = [each.guess for each in self._doubts]

    def possible(self, id_: int, /) -> Sequence[Doubt]:
        """Return those that are near."""
        first, end = bisect_left(self._guesses, id_ - _NEAR), bisect_right(self._guesses, id_ + _NEAR)
        return self._doubts[first:end]

    def distance(self, doubt: Doubt, id_: int) -> float:
        """Return how many ids lie between."""
        return abs(doubt.guess - id_)

    def note(self, doubt: Doubt, id_: int) -> None:
        """Learn nothing: the guesses of others stay."""


class ByOrder(Guess):
    """Messages that came late came in the order in which they left: the first has about the first id left.

    Between two that were found, the others are spread evenly.
    """

    at_once = 8
    """Once one is found, the next ones are where they are guessed."""

    def __init__(self, doubts: Sequence[Doubt], ids: Sequence[int]) -> None:
        """Both are in order."""
        self._doubts = list(doubts)
        self._places = {each.delivery: place for place, each in enumerate(doubts)}
        self._ranks = {id_: rank for rank, id_ in enumerate(ids)}
        self._found = [(-1, -1), (len(doubts), len(ids))]

    def possible(self, _: int, /) -> Sequence[Doubt]:
        """Return all."""
        return self._doubts

    def distance(self, doubt: Doubt, id_: int) -> float:
        """Return how many of the ids that are left lie between."""
        place = self._places[doubt.delivery]
        after = bisect_right(self._found, (place, -1))
        (place_before, rank_before), (place_after, rank_after) = self._found[after - 1 : after + 1]
        share = (place - place_before) / (place_after - place_before)
        return abs(rank_before + share * (rank_after - rank_before) - self._ranks[id_])

    def note(self, doubt: Doubt, id_: int) -> None:
        """Learn where a message was found."""
        insort(self._found, (self._places[doubt.delivery], self._ranks[id_]))
