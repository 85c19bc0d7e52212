"""Keep the ledger's rows for so many days, and sums of them from then on."""

from datetime import timedelta

from bot.clock import Clock
from bot.db.retention import BATCH, RetentionStore


class LedgerRetention:
    """Sums up a few old rows at a time; a minute is enough for those of a million readers a day."""

    def __init__(self, store: RetentionStore, *, days: int, clock: Clock) -> None:
        """Keep rows for so many days; with 0, for good."""
        self._store = store
        self._days = timedelta(days=days)
        self._clock = clock

    async def tick(self) -> None:
        """Sum up what is too old, if anything is."""
        if self._days:
            await self._store.sum_up(self._clock.now() - self._days, BATCH)
