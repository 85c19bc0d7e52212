"""Finds out whether messages arrived whose answers never came, once all that was under way has ended.

A message that had not arrived is planned again, one that had is `sent`; of the rest, nobody knows. What makes
a verdict sound, and what was never tried with Telegram itself, is in docs/settling.md.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from bot.clock import Clock, Heartbeat
from bot.delivery.message_ids import MessageIds, is_counted
from bot.delivery.model import DeliveryId
from bot.errors import StoreError
from bot.settling.ceiling import Ceiling
from bot.settling.controls import HISTORY, is_long_enough
from bot.settling.model import ControlFailed, Doubt, Found, Mode, Unanswered, Unclear, Verdicts
from bot.settling.settlement import Settlement
from bot.settling.stores import DoubtStore

log = logging.getLogger(__name__)

WAIT_S: Final = 120.0
"""Seconds after which a request that was given up has surely ended at the server, too. The only guard."""

MAX_WAIT_S: Final = 600.0
"""Seconds for which messages wait for others that became doubtful after them."""

GIVE_UP_S: Final = 3_600.0
"""Seconds for which it is tried again when Telegram does not answer."""

LOOK_S: Final = 5.0
_AGAIN_S: Final = 60.0


class Settler:
    """Looks every few seconds whether something is in doubt, and settles what is ripe."""

    def __init__(
        self,
        *,
        mode: Mode,
        store: DoubtStore,
        ceiling: Ceiling,
        begin: Callable[[], Settlement],
        ids: MessageIds,
        on_settled: Callable[[], None],
        is_reachable: Callable[[], bool],
        clock: Clock,
    ) -> None:
        """`begin` makes a settlement; `on_settled` is called after each."""
        self._mode: Mode = mode
        self._store = store
        self._ceiling = ceiling
        self._begin = begin
        self._ids = ids
        self._on_settled = on_settled
        self._is_reachable = is_reachable
        self._clock = clock
        self._began = clock.monotonic()
        self._first_seen: dict[DeliveryId, float] = {}
        self._of_before: frozenset[DeliveryId] | None = None
        self._not_before = float("-inf")
        self.heartbeat = Heartbeat(clock)
        self.open = 0
        """How many messages were in doubt at the last look."""
        self.probes = 0
        """Questions since the start."""
        self.found = Counter[Found]()
        """How many messages were settled since the start."""

    async def run(self) -> None:
        """Settle for ever."""
        while True:
            try:
                await self.look()
                self.heartbeat.beat()
            except Unanswered:
                pass  # the next look comes soon
            except StoreError as error:
                log.error("What is in doubt cannot be read or written: %s", error.__cause__ or error)  # noqa: TRY400  # the cause says it all
                self.heartbeat.beat(well=False)
            except Exception:
                log.exception("Settling met a fault of this program.")
                self.heartbeat.beat(well=False)
            await self._clock.sleep(LOOK_S)

    async def look(self) -> None:
        """Settle what is ripe."""
        has_left = await self._ceiling.delete_left()
        doubts, now = await self._store.open(), self._clock.monotonic()
        self.open = len(doubts)
        if self._of_before is None:
            self._of_before = frozenset(each.delivery for each in doubts)
        # Since this process saw them: whatever the clock on the wall does, they wait.
        seen = self._first_seen = {each.delivery: self._first_seen.get(each.delivery, now) for each in doubts}
        moved = [each for each in doubts if not is_counted(each.chat)]
        await self._give_up(moved, "moved")
        doubts = [each for each in doubts if is_counted(each.chat)]
        if not doubts:
            await self._store.forget_strays(self._clock.now())
            if now - self._began > WAIT_S:
                self._ids.hear_no_more()  # what was left by the run before is settled
                if has_left and now >= self._not_before:
                    self._not_before = now + _AGAIN_S
                    await self._begin().find_markers()
            return
        if self._mode == "off":
            await self._give_up(doubts, "no_history")
            return
        ripe = [each for each in doubts if now - seen[each.delivery] >= WAIT_S]
        unripe = [each for each in doubts if each not in ripe]
        has_waited = any(now - seen[each.delivery] >= MAX_WAIT_S for each in ripe)
        may_begin = now >= self._not_before and self._is_reachable()
        if ripe and (has_waited or not unripe) and may_begin:
            await self._settle(ripe, unripe)

    async def _settle(self, doubts: Sequence[Doubt], unripe: Sequence[Doubt]) -> None:
        history = await self._store.history(max(each.delivery for each in doubts), HISTORY)
        if not is_long_enough(history, self._mode):
            await self._give_up(doubts, "no_history")
            return
        began, settlement = self._clock.monotonic(), self._begin()
        before = self._of_before or ()
        of_before = [each for each in doubts if each.crashed or each.delivery in before]
        try:
            verdicts = await settlement.verdicts(doubts, history, of_before=of_before, unripe=unripe)
        except ControlFailed as failed:
            log.error("%d messages stay uncertain: control %r failed.", len(doubts), failed.control)  # noqa: TRY400  # no fault of ours
            await self._store.note_control(failed.control)
            await self._give_up(doubts, "control")
            return
        except Unanswered:
            await self._try_later(doubts, "no_answer")
            return
        finally:
            self.probes += settlement.probes
        if verdicts is None:
            await self._try_later(doubts, "no_ceiling")
            return
        await self._store.note_control(None)
        took = self._clock.monotonic() - began
        log.info("%d messages in doubt: %d questions in %.0f s.", len(doubts), settlement.probes, took)
        await self._conclude(verdicts)
        if settlement.is_partial:
            await self._try_later(
                [each for each in doubts if each.delivery not in verdicts], "many_candidates"
            )

    async def _try_later(self, doubts: Sequence[Doubt], why: Unclear) -> None:
        """Try again in a while; give up what waits for long."""
        now = self._clock.monotonic()
        self._not_before = now + _AGAIN_S
        if doubts:
            log.warning("Whether %d messages arrived could not be found out yet: %s.", len(doubts), why)
        seen = self._first_seen
        await self._give_up([d for d in doubts if now - seen.get(d.delivery, now) >= GIVE_UP_S], why)

    async def _give_up(self, doubts: Sequence[Doubt], why: Unclear) -> None:
        if doubts:
            await self._conclude(Verdicts(unclear={each.delivery: why for each in doubts}))

    async def _conclude(self, verdicts: Verdicts) -> None:
        concluded = await self._store.conclude(verdicts, self._clock.now())
        # What is sent again, and is in doubt again before the next look, waits anew.
        self._first_seen = {each: at for each, at in self._first_seen.items() if each not in verdicts}
        self.found.update(concluded)
        if any(concluded.values()):
            log.warning("Of messages without an answer it was found out: %s.", dict(concluded))
        self._on_settled()
