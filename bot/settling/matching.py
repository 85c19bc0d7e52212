"""Which of the messages in doubt are there: ids that nothing explains are looked for in their chats.

A message that arrived has an id above those that were known when it left, and below the first that was given
after all that was under way had ended. Of these ids, those of known messages are none of its own. Each of the
rest is looked for in the chat that most probably has it, then in the next one, and so on: first where a
message was to have about that id, then, for what came late, in the order of what is left.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from heapq import nsmallest
from typing import Final

from bot.delivery.model import DeliveryId
from bot.settling.controls import check_absence
from bot.settling.guesses import ById, ByOrder, Guess
from bot.settling.model import Doubt, IsThere

MAX_TRIES: Final = 64
"""Ids that are looked for in vain on behalf of one message, over all starts of the program."""

_NEAREST: Final = 40
"""In how many chats near to it an id is looked for first."""

_MAX_EXPLAINED: Final = 32
"""Ids that are looked for in chats where nothing is in doubt."""


class Matching:
    """One settlement of messages whose windows overlap."""

    def __init__(
        self,
        doubts: Sequence[Doubt],
        candidates: Sequence[int],
        *,
        guesses: Mapping[DeliveryId, int],
        is_there: IsThere,
        elsewhere: Callable[[int], Iterable[int]],
        looked: Mapping[DeliveryId, Collection[int]],
        note: Callable[[DeliveryId, int], Awaitable[None]],
        make_known: Callable[[int, int], None],
    ) -> None:
        """`candidates` are the ids in question, in order; `elsewhere` names other chats than one.

        `guesses` are the ids that messages have if they arrived in the order in which they left.

        `looked` are the ids that were looked for before on behalf of messages, in vain; `note` writes down
        one more of them. `make_known` is told of each id that is in a chat beside.
        """
        self.open = sorted(doubts, key=lambda each: (each.after, each.delivery))
        """What was not found."""
        self.arrived: dict[DeliveryId, int] = {}
        """The ids of what was found."""
        self.closed: set[DeliveryId] = set()
        """Those whose chats do not tell what is there."""
        self._left = list(candidates)
        self._guesses = guesses
        self._is_there = is_there
        self._elsewhere = elsewhere
        self._note = note
        self._make_known = make_known
        self._tries = Counter({each.delivery: len(looked.get(each.delivery, ())) for each in doubts})
        self._looked = {(each.chat, id_) for each in doubts for id_ in looked.get(each.delivery, ())}
        self._ended = set[DeliveryId]()

    async def find(self, beside: Collection[int] = ()) -> None:
        """Look for ids until each message is found, or nothing is left to look for.

        What is there in a chat `beside`, where nothing is in doubt, is none of a message in doubt: with it
        out of the way, absence can be counted. Unanswered, and ControlFailed when an id is found in a second
        chat, too.
        """
        await self._look_near(ById(self.open, self._guesses))
        await self._explain(beside)  # before each is looked for in all chats
        # Of what left at a crash, most never went out; what comes late is what was cut off at another time.
        await self._look(ByOrder([each for each in self.open if not each.crashed], self._left))
        await self._look(ByOrder(self.open, self._left))
        await self._explain(beside)

    async def _explain(self, chats: Collection[int]) -> None:
        for candidate in self._left[:_MAX_EXPLAINED]:
            for chat in chats:
                if (chat, candidate) not in self._looked and await self._is_theirs(chat, candidate):
                    self._left.remove(candidate)
                    break

    async def _is_theirs(self, chat: int, candidate: int) -> bool:
        if await self._is_there(chat, candidate):
            await check_absence(self._elsewhere(chat), candidate, self._is_there)
            self._make_known(chat, candidate)
            return True
        self._looked.add((chat, candidate))
        return False

    def absent(self, doubt: Doubt) -> str | None:
        """Return how it is proven that a message has not arrived; None when it is not.

        `counted`: no id is left that it could have. `probed`: of those that are, none is in its chat.
        """
        left = self._left[bisect_right(self._left, doubt.after) :]
        if not left:
            return "counted"
        return "probed" if all((doubt.chat, each) in self._looked for each in left) else None

    async def _look_near(self, near: ById) -> None:
        """Look for each id in the chats nearest to it; in ever fewer after one that is in none of them.

        What comes late comes together, when nothing else is sent: while the program is down.
        """
        most, last = _NEAREST, 0
        for id_ in list(self._left):
            if id_ != last + 1:
                most = _NEAREST
            found = len(self.arrived)
            for _ in range(most):
                if not await self._look_for(id_, near):
                    break
            most = _NEAREST if len(self.arrived) > found else max(most // 2, 1)
            last = id_

    async def _look(self, guess: Guess) -> None:
        """Look for each id in the chats nearest to it, then for each in the next ones, and so on."""
        candidates = list(self._left)
        while candidates:
            candidates = [each for each in candidates if await self._look_for(each, guess)]

    async def _look_for(self, candidate: int, guess: Guess) -> bool:
        """Look for an id in the nearest chats; return whether to look in more of them."""
        nearest = self._nearest(candidate, guess)
        for doubt in nearest:
            if await self._try(doubt, candidate):
                guess.note(doubt, candidate)
                return False
        return bool(nearest)

    def _nearest(self, candidate: int, guess: Guess) -> list[Doubt]:
        possible = [each for each in guess.possible(candidate) if self._may_try(each, candidate)]
        return nsmallest(guess.at_once, possible, key=lambda each: guess.distance(each, candidate))

    def _may_try(self, doubt: Doubt, candidate: int) -> bool:
        return (
            doubt.after < candidate
            and doubt.delivery not in self._ended
            and (doubt.chat, candidate) not in self._looked
            and self._tries[doubt.delivery] < MAX_TRIES
        )

    async def _try(self, doubt: Doubt, candidate: int) -> bool:
        there = await self._is_there(doubt.chat, candidate)
        if there is None:
            self.closed.add(doubt.delivery)
            self._end(doubt)
        elif not there:
            self._tries[doubt.delivery] += 1
            self._looked.add((doubt.chat, candidate))
            await self._note(doubt.delivery, candidate)
        if not there:
            return False
        await check_absence(self._elsewhere(doubt.chat), candidate, self._is_there)
        self.arrived[doubt.delivery] = candidate
        self._left.remove(candidate)
        self._end(doubt)
        return True

    def _end(self, doubt: Doubt) -> None:
        self.open.remove(doubt)
        self._ended.add(doubt.delivery)
