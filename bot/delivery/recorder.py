"""Writes down what became of deliveries: at once when few are on their way, else together with others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from bot.clock import Clock, within
from bot.delivery.model import Delivery, DeliveryId, Finish, Next, Result
from bot.errors import StoreDamaged, StoreError

log = logging.getLogger(__name__)

MIN_GROUP: Final = 64
WRITE_WAIT_S: Final = 0.05
"""Outcomes that are written together while others are on their way, and seconds that the first one waits."""

FEW: Final = 2
"""For so few on their way, no outcome waits."""

MAX_GROUP: Final = 256
"""Outcomes that are written in one transaction."""

STORE_RETRY_S: Final = 1.0
"""Seconds between two attempts to write when the store cannot be written."""

T = TypeVar("T")


class Record(Protocol):
    """Where they are written."""

    async def record(self, results: Sequence[Result], now: datetime) -> None:
        """Write what became of deliveries, all or nothing; what is not `sending` any more stays as it is."""


class Outbox(Record, Protocol):
    """The rows, in whatever keeps them."""

    async def claim(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Make rows that are planned, due and still wanted `sending`, committed, and return them.

        A part is due only once all earlier parts of its occasion are final, and no reader has two at a time.
        """

    async def give_back(self, held: Sequence[DeliveryId]) -> int:
        """Make rows that are `sending`, but these, planned as if never claimed; return how many."""

    async def recover(self, now: datetime) -> int:
        """Make rows that were `sending` at a crash `uncertain`; return how many."""

    async def next_due(self) -> datetime | None:
        """Return when the next planned row is due; None when none waits."""


class Recorder:
    """One loop that writes; whoever sends only hands over."""

    def __init__(
        self,
        outbox: Record,
        clock: Clock,
        *,
        on_its_way: Callable[[], int],
        written: Callable[[Sequence[Result]], None],
        damaged: Callable[[StoreDamaged], None],
    ) -> None:
        """`on_its_way` counts what is claimed and not written; `written` hears of each group."""
        self._outbox = outbox
        self._clock = clock
        self._on_its_way = on_its_way
        self._written = written
        self._damaged = damaged
        self._results: list[Result] = []
        self._answered = asyncio.Event()
        self._enough = asyncio.Event()

    def add(self, delivery: Delivery, next_: Next) -> None:
        """Hand over what to do next with a delivery."""
        self._results.append(Result(delivery, next_))
        self._answered.set()
        if not self._worth_waiting():
            self._enough.set()

    @property
    def unwritten(self) -> int:
        """How many outcomes wait to be written."""
        return len(self._results)

    async def run(self) -> None:
        """Write for ever."""
        while True:
            await self._answered.wait()
            # A commit waits for the disk: share it while more answers are on their way.
            if self._worth_waiting():
                await within(self._clock, WRITE_WAIT_S, self._enough)
            await self.write()

    async def write(self) -> None:
        """Write down all that was answered."""
        self._answered.clear()
        self._enough.clear()
        while group := self._results[:MAX_GROUP]:
            # Removed only once they are committed: an error or a cancellation in between loses none.
            await self._record(group)
            del self._results[: len(group)]
            self._written(group)

    async def until_written(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write, again and again: what was sent must not be forgotten. StoreDamaged when that is in vain."""
        while True:
            try:
                return await write()
            except StoreDamaged as error:
                self._damaged(error)
                raise
            except StoreError as error:
                log.error("The outbox cannot be written; trying again: %s", error.__cause__ or error)  # noqa: TRY400  # the cause says it all
                await self._clock.sleep(STORE_RETRY_S)

    def _worth_waiting(self) -> bool:
        # Others are on their way, and few have been answered: more will follow soon.
        return len(self._results) < MIN_GROUP and self._on_its_way() - len(self._results) > FEW

    async def _record(self, group: Sequence[Result]) -> None:
        """Write; one that cannot be written for a reason of our own keeps no others from it."""
        try:
            await self.until_written(partial(self._outbox.record, group, self._clock.now()))
        except StoreDamaged:
            return  # whoever watches was told, and ends the process
        except Exception:
            if len(group) > 1:
                # One bad outcome fails the whole group: write each by itself, and find it.
                for result in group:
                    await self._record([result])
                return
            [result] = group
            log.exception("What became of delivery %d cannot be written as it is.", result.delivery.id)
            if not (isinstance(result.next, Finish) and result.next.state == "uncertain"):
                # Else the row would stay `sending`, and its reader get nothing more.
                await self._record(
                    [Result(result.delivery, Finish("uncertain", "fault", "it could not be written down"))]
                )
