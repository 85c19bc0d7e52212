"""Whether the database is as new as what the bot did, told by the ids that were given since.

Whoever moves to another machine with yesterday's copy of everything would send yesterday's digests again:
what lies beside the database is of yesterday, too. But ids go on: if more were given than the copy explains,
and readers whose digest is due have messages among them, then the copy is older than what was sent.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from bot.clock import Clock
from bot.delivery.message_ids import MessageIds, is_counted
from bot.errors import StoreError
from bot.settling.ceiling import Ceiling
from bot.settling.controls import check_absence
from bot.settling.model import ControlFailed, IsThere, Pair, Unanswered, unexplained
from bot.settling.stores import DoubtStore

log = logging.getLogger(__name__)

_MAX_GAP: Final = 200_000
_MAX_QUESTIONS: Final = 400
"""How often one is looked for; at five a second, digests wait for it."""

_NEAR: Final = 12
"""Ids on either side of the first that was found, among which those of the readers beside it are."""

_BESIDE: Final = 2
"""Readers who are looked for at each end of those who are due, and on each side of the first found."""

_HEAR_S: Final = 1.0
"""Seconds for which updates that waited come in first: who wrote them may have been answered before."""

_WAIT_S: Final = 5.0
_MAX_WAIT_S: Final = 120.0
"""Seconds until it is tried again when Telegram does not answer: twice as long each time."""

_GIVE_UP_S: Final = 600.0
"""Seconds for which it is tried."""

_NOT_GIVEN: Final = 1_000_000
"""Further on, no id was given yet."""


class Freshness:
    """Asks once after a start, where something was due before it; until it is known, nothing leaves."""

    def __init__(
        self,
        *,
        store: DoubtStore,
        due: Sequence[int],
        is_there: IsThere,
        ceiling: Ceiling,
        ids: MessageIds,
        hold: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        """`due` are the chats that something was due for at the start, in the order in which it would leave.

        What becomes due later cannot have been sent before. `hold` keeps digests until an owner has decided.
        """
        self._store = store
        self._due = [chat for chat in dict.fromkeys(due) if is_counted(chat)]
        self._is_there = is_there
        self._ceiling = ceiling
        self._ids = ids
        self._hold = hold
        self._clock = clock
        self._highest = ids.highest
        self._began = clock.monotonic()
        self.is_known = not self._due or not self._highest
        """Whether what is due may leave."""
        self.is_at_work = not self.is_known
        self.on_known: Callable[[], Awaitable[None]] = _nothing
        """Called when what is due may leave at last."""

    async def run(self) -> None:
        """Find it out."""
        if not self.is_known:
            await self._clock.sleep(_HEAR_S)
        wait = _WAIT_S
        while not self.is_known:
            try:
                await self._look()
            except (Unanswered, StoreError) as error:
                if self._clock.monotonic() - self._began > _GIVE_UP_S:
                    log.error("Whether the database is up to date could not be found out: %r.", error)  # noqa: TRY400  # no fault of ours
                    break
                log.warning("Whether the database is up to date is not known yet: %r.", error)
                await self._clock.sleep(wait)
                wait = min(2 * wait, _MAX_WAIT_S)
            except Exception:
                log.exception("Finding out whether the database is up to date met a fault of this program.")
                break
        if self.is_at_work:
            self.is_known = True
            await self.on_known()
            self.is_at_work = False

    async def _look(self) -> None:
        try:
            is_older = await self._is_older()
        except ControlFailed as failed:
            log.warning("Ids do not tell whether the database is up to date: control %r.", failed.control)
            is_older = False
        if is_older:
            log.critical("The database is older than what was sent from it, as the ids of messages tell.")
            await self._hold()
        self.is_known = True

    async def _is_older(self) -> bool:
        """Return whether readers have messages that the database does not know. ControlFailed, Unanswered."""
        # Not what came in since: an update may have waited in the copy itself.
        ceiling = await self._ceiling.since(self._began)
        if ceiling is None:
            return False  # no owner's chat tells which ids are given now
        known = sorted([*await self._store.known(self._highest, ceiling), *self._ids.unwritten().ids])
        gap = unexplained(known, self._highest, ceiling, _MAX_GAP)
        doubtful = {doubt.chat for doubt in await self._store.open()}
        if len(gap) <= len(doubtful):
            return False
        # Who wrote since the start may have been answered just before it.
        heard = self._ids.heard_from | self._ids.heard_early | set(self._ids.asking)
        unclear = doubtful | heard | {*await self._store.strays()}
        return await self._have([chat for chat in self._due if chat not in unclear], gap)

    async def _have(self, chats: Sequence[int], gap: Sequence[int]) -> bool:
        """Return whether two readers have messages in the gap, or the only one has.

        One of many could have an answer of ours that got lost.
        """
        pairs = _from_both_ends(chats, gap)
        first = await self._find(pairs, chats)
        if first is None or len(chats) == 1:
            return first is not None
        others = (pair for pair in pairs if pair[0] != first[0])
        return await self._find(chain(_beside(first, chats, gap), others), chats) is not None

    async def _find(self, pairs: Iterable[Pair], chats: Sequence[int]) -> Pair | None:
        for chat, id_ in pairs:
            if await self._is_there(chat, id_):
                # Else it would be a server that finds everything everywhere.
                if others := [each for each in chats if each != chat]:
                    await check_absence(others, id_, self._is_there)
                else:
                    await check_absence([chat], id_ + _NOT_GIVEN, self._is_there)
                return chat, id_
        return None


async def _nothing() -> None:
    pass


def _from_both_ends(chats: Sequence[int], gap: Sequence[int]) -> Iterator[Pair]:
    """Yield where to look: the first readers' messages are near the first id, the last ones' near the last.

    How near depends on what else was sent before and after the digests.
    """
    first, last = chats[:_BESIDE], chats[_BESIDE:][-_BESIDE:] or chats[:_BESIDE]
    pairs = (
        pair
        for rank in range(min(len(gap), _MAX_QUESTIONS))
        for pair in (*((chat, gap[rank]) for chat in first), *((chat, gap[-1 - rank]) for chat in last))
    )
    return islice(iter(dict.fromkeys(pairs)), _MAX_QUESTIONS)


def _beside(found: Pair, chats: Sequence[int], gap: Sequence[int]) -> Iterator[Pair]:
    """Yield where the messages of a found reader's neighbours may be, the nearest ids first."""
    chat, id_ = found
    place, index = chats.index(chat), gap.index(id_)
    near = sorted(gap[max(0, index - _NEAR) : index + _NEAR + 1], key=lambda each: abs(each - id_))
    for other in chats[max(0, place - _BESIDE) : place + _BESIDE + 1]:
        if other != chat:
            yield from ((other, each) for each in near if each != id_)
