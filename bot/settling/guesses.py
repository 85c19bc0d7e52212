"""Where a message in doubt probably is: near the id that it was to have, else in the order of the rest."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final, Protocol

from bot.delivery.model import DeliveryId
from bot.settling.model import Doubt, Left

ON_THE_WAY: Final = 200
"""How many ids are given at most while a message is on its way."""

_NEAR: Final = 64
"""How many ids a message may lie beside its guess; beyond, it came later than others that left with it."""


def by_leaving(left: Iterable[Left]) -> Mapping[DeliveryId, int]:
    """Guess ids of messages in doubt: each has the one after that of the message that left before it."""
    guesses: dict[DeliveryId, int] = {}
    last = 0
    for each in left:
        if each.message_id is None:
            last = guesses[each.delivery] = max(last, each.after) + 1
        elif each.message_id <= each.after + ON_THE_WAY:  # else it came late, and tells nothing of others
            last = each.message_id
    return guesses


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
    """Messages have about the ids that follow those of the ones before them.

    On several connections they may overtake each other, many at once: where one is found beside its guess,
    the next ones are, too.
    """

    at_once = 1

    def __init__(self, doubts: Iterable[Doubt], guesses: Mapping[DeliveryId, int]) -> None:
        self._guess = guesses
        self._doubts = sorted(doubts, key=self._guess_of)
        self._guesses = [self._guess_of(each) for each in self._doubts]
        self._last, self._shift = 0, 0  # the id that was found last, and how far it was from its guess

    def _guess_of(self, doubt: Doubt) -> int:
        return self._guess.get(doubt.delivery, doubt.after + 1)

    def possible(self, id_: int, /) -> Sequence[Doubt]:
        """Return those that are near."""
        guess = self._unshifted(id_)
        first, end = bisect_left(self._guesses, guess - _NEAR), bisect_right(self._guesses, guess + _NEAR)
        return self._doubts[first:end]

    def distance(self, doubt: Doubt, id_: int) -> float:
        """Return how many ids lie between."""
        return abs(self._guess_of(doubt) - self._unshifted(id_))

    def note(self, doubt: Doubt, id_: int) -> None:
        """Learn how far from its guess one was found."""
        self._last, self._shift = id_, id_ - self._guess_of(doubt)

    def _unshifted(self, id_: int) -> int:
        return id_ - self._shift if abs(id_ - self._last) <= _NEAR else id_


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
