"""How fast digests leave: evenly, and never in a burst after a pause."""

import asyncio
from datetime import timedelta

from bot.clock import Clock


class Pacer:
    """Gives a turn every 1/rate seconds; turns that nobody took are not saved up."""

    def __init__(self, clock: Clock, *, rate: float) -> None:
        """`rate` is messages a second."""
        self.rate = rate
        self._clock = clock
        self._next = clock.monotonic()
        self._line = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until one more message may leave; first come, first served."""
        async with self._line:
            # A pause may be lengthened while somebody waits, hence the loop.
            while (wait := self._next - self._clock.monotonic()) > 0:
                await self._clock.sleep(wait)
            self._next = self._clock.monotonic() + 1 / self.rate

    def pause(self, wait: timedelta) -> None:
        """Let nothing leave for so long; a shorter pause never ends a longer one."""
        self._next = max(self._next, self._clock.monotonic() + wait.total_seconds())
