"""The rows of the outbox that this process holds: claimed, and not yet written down."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

from bot.clock import Clock
from bot.delivery.flow import Flow
from bot.delivery.model import Delivery, DeliveryId, Result
from bot.delivery.recorder import Outbox

log = logging.getLogger(__name__)


class Claims:
    """Claims rows, and knows which are held: all others that are `sending` are nobody's."""

    def __init__(self, outbox: Outbox, flow: Flow, clock: Clock) -> None:
        self._outbox = outbox
        self._flow = flow
        self._clock = clock
        self._held = Counter[DeliveryId]()
        self.held = 0
        """How many rows are held."""
        self._is_unsure = False
        self.queue: asyncio.Queue[Delivery] = asyncio.Queue()
        """What no sender has taken yet."""

    async def claim(self, most: int) -> bool:
        """Claim so many at most; return whether there were any. StoreError when it cannot be known."""
        if self._is_unsure:
            # A claim that failed may have been committed: its readers would wait for the next start.
            back = await self._outbox.give_back(list(self._held))
            if back:
                log.warning(
                    "%d messages were claimed by an attempt that failed; they are planned again.", back
                )
        begun, self._is_unsure = self._clock.monotonic(), True
        claimed = await self._outbox.claim(self._clock.now(), most)
        self._is_unsure = False
        self._flow.claimed(self._clock.monotonic() - begun)
        self.held += len(claimed)
        for delivery in claimed:
            self._held[delivery.id] += 1
            self.queue.put_nowait(delivery)
        return bool(claimed)

    def written(self, results: Sequence[Result]) -> None:
        """Hold these no more; one that was planned again may be held anew by now."""
        self.held -= len(results)
        for result in results:
            self._held[result.delivery.id] -= 1
            if not self._held[result.delivery.id]:
                del self._held[result.delivery.id]
