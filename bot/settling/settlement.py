"""One settlement: the controls, what is looked for where, and what follows from what is found."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Final

from bot.clock import Clock
from bot.delivery.message_ids import MessageIds
from bot.settling import controls
from bot.settling.ceiling import Ceiling
from bot.settling.guesses import by_leaving
from bot.settling.matching import Matching
from bot.settling.model import Accepted, Doubt, IsThere, Unanswered, Verdicts, unexplained
from bot.settling.stores import DoubtStore

MAX_PROBES: Final = 2_000
"""Questions in one settlement."""

_MAX_CANDIDATES: Final = 10_000
"""Ids in question from which on nothing counts as absent: too many to look for."""

_MAX_CHATS_BESIDE: Final = 16
"""Chats in which an id is looked for that is there in none of those in doubt."""

_WITNESSES: Final = 3
_UNDER_WAY_S: Final = 60.0
"""Seconds that those messages may take which left before the ceiling was known."""


class TooMuchAsked(Exception):  # an outcome, not a fault
    """MAX_PROBES questions were asked."""


class Settlement:
    """Finds out what became of messages whose windows overlap."""

    def __init__(
        self,
        *,
        store: DoubtStore,
        is_there: IsThere,
        ceiling: Ceiling,
        ids: MessageIds,
        staff: Callable[[], Awaitable[Iterable[int]]],
        clock: Clock,
    ) -> None:
        """`staff` are the chats that the bot writes to of its own accord, unasked."""
        self._store = store
        self._ask = is_there
        self._ceiling = ceiling
        self._ids = ids
        self._staff = staff
        self._clock = clock
        self._marked = set[int]()
        self.probes = 0
        """How many questions were asked."""
        self.is_partial = False
        """Whether something is left to the next settlement."""

    async def verdicts(
        self,
        doubts: Sequence[Doubt],
        history: Sequence[Accepted],
        *,
        of_before: Collection[Doubt],
        unripe: Collection[Doubt],
    ) -> Verdicts | None:
        """Find out what became of messages; None while no id shows which are given now.

        `of_before` are those that left before this start; `unripe` is what may still arrive. ControlFailed
        when the server is not as we believe, Unanswered when it falls silent before anything was found.
        """
        began, highest = self._clock.monotonic(), self._ids.highest
        controls.check_order(history)
        await controls.check_probe(history, self._is_there)
        ceiling = await self._ceiling.since(began)
        if ceiling is None:
            return None
        controls.check_rising(ceiling, highest)
        await self._let_arrive(ceiling)
        unreliable = await self._with_other_messages(doubts, of_before)
        lowest = min(each.after for each in doubts)
        # Also what is known and not yet written down.
        known = sorted([*await self._store.known(lowest, ceiling), *self._ids.unwritten().ids])
        candidates = unexplained(known, lowest, ceiling, _MAX_CANDIDATES)
        chats = list(dict.fromkeys([*(each.chat for each in history), *(each.chat for each in doubts)]))
        matching = Matching(
            doubts,
            candidates,
            guesses=by_leaving(await self._store.left_with(doubts)),
            is_there=self._is_there,
            elsewhere=lambda chat: (other for other in chats if other != chat),
            looked=await self._store.looked(),
            note=self._store.note_looked,
            make_known=self._make_known,
        )
        verdicts, is_spent = Verdicts(), False
        try:
            await matching.find(await self._chats_beside())
            if len(candidates) < _MAX_CANDIDATES:
                await self._find_absent(matching, verdicts)
        except TooMuchAsked:
            is_spent = True  # what was found by now stands
        except Unanswered:
            if not matching.arrived:
                raise
            is_spent = True
        # Once more: somebody may have written, or been written to, meanwhile.
        unreliable |= await self._with_other_messages(doubts, of_before)
        unreliable |= {each.chat for each in unripe}
        known_by_now = self._ids.unwritten().ids
        unreliable |= {
            doubt.chat
            for doubt in doubts
            for first, last in known_by_now
            if first <= matching.arrived.get(doubt.delivery, 0) <= last
        }
        _note_found(doubts, matching, unreliable, verdicts)
        # What is left may be clearer the next time: others are ripe then, or fewer are to be looked for.
        self.is_partial = bool(unripe) or (is_spent and bool(verdicts.arrived))
        if not self.is_partial:
            for doubt in doubts:
                if doubt.delivery not in verdicts:
                    verdicts.unclear[doubt.delivery] = "many_candidates"
        return verdicts

    async def find_markers(self) -> None:
        """Find and delete markers that were left behind, where nothing else of ours can be. Unanswered."""
        chats = [marker.chat for marker in await self._store.markers()]
        spare = {*await self._other_chats(chats), *await self._store.uncertain_in(chats)}
        await self._ceiling.leave(spare)
        if set(chats) - spare:
            ceiling = await self._ceiling.since(self._clock.monotonic())
            if ceiling is not None:
                await self._ceiling.find_left(ceiling, self._is_there, spare=spare)

    async def _find_absent(self, matching: Matching, verdicts: Verdicts) -> None:
        """Note what has not arrived, where that is proven."""
        for doubt in matching.open:
            proof = matching.absent(doubt)
            if proof == "counted" or (proof == "probed" and await self._has_witness(doubt.chat)):
                verdicts.absent.add(doubt.delivery)
            elif proof == "probed":
                verdicts.unclear[doubt.delivery] = "no_witness"

    async def _has_witness(self, chat: int) -> bool:
        """Return whether a known message is still in a chat; else its silence about others proves nothing."""
        for message_id in await self._store.last_in(chat, _WITNESSES):
            if await self._is_there(chat, message_id):
                return True
        return False

    async def _with_other_messages(self, doubts: Sequence[Doubt], of_before: Collection[Doubt]) -> set[int]:
        """Return the chats that may have another message of ours whose id nobody knows."""
        answered = {*self._ids.heard_from, *await self._staff()}
        others = await self._other_chats(each.chat for each in doubts)
        self._marked = {each.chat for each in await self._store.markers() if each.message_id is None}
        return others | self._marked | {each.chat for each in of_before if each.chat in answered}

    async def _chats_beside(self) -> Collection[int]:
        """Return the chats that may have a message of ours whose id nobody knows, and none in doubt."""
        chats = {*await self._other_chats(()), *await self._staff()}
        if len(self._ids.heard_from) <= _MAX_CHATS_BESIDE:
            chats |= self._ids.heard_from
        # Looked at anew: what was on its way when this settlement began may be in doubt by now.
        chats -= {*await self._store.sending_in(chats), *(each.chat for each in await self._store.open())}
        return sorted(chats)[:_MAX_CHATS_BESIDE]

    def _make_known(self, chat: int, message_id: int) -> None:
        """Make the id of a message in a chat beside known, unless it may be a marker, to be deleted."""
        if chat not in self._marked:
            self._ids.saw(chat, message_id)

    async def _other_chats(self, chats: Iterable[int]) -> set[int]:
        """Return the chats with a reply of unknown id, and of some those with a message on its way."""
        strays = {*await self._store.strays(), *self._ids.unwritten().strays}
        return strays | {*self._ids.asking, *await self._store.sending_in(chats)}

    async def _let_arrive(self, ceiling: int) -> None:
        """Wait until what left before the ceiling was known has been written down."""
        end = self._clock.monotonic() + _UNDER_WAY_S
        while await self._store.under_way(ceiling) and self._clock.monotonic() < end:
            await self._clock.sleep(1.0)

    async def _is_there(self, chat: int, message_id: int) -> bool | None:
        if self.probes >= MAX_PROBES:
            raise TooMuchAsked
        self.probes += 1
        return await self._ask(chat, message_id)


def _note_found(
    doubts: Sequence[Doubt], matching: Matching, unreliable: Collection[int], verdicts: Verdicts
) -> None:
    """Note what has arrived, and where it is not clear whether that is what was found."""
    all_ = Counter(each.chat for each in doubts)
    found = Counter(each.chat for each in doubts if each.delivery in matching.arrived)
    # Of several messages of a chat, some were found: which, nobody knows.
    ambiguous = {chat for chat, number in found.items() if number < all_[chat]}
    for doubt in doubts:
        id_ = matching.arrived.get(doubt.delivery)
        if doubt.chat in ambiguous or (id_ is not None and doubt.chat in unreliable):
            verdicts.absent.discard(doubt.delivery)
            verdicts.unclear[doubt.delivery] = "traffic"
        elif id_ is not None:
            verdicts.arrived[doubt.delivery] = id_
        elif doubt.delivery in matching.closed:
            verdicts.unclear[doubt.delivery] = "closed"
