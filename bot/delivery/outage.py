"""Whether Telegram can be reached: one state that all share, and one attempt at a time while it cannot.

    up ──failures in a row──▶ down ──a probe is answered──▶ trial ──one delivery is answered──▶ up
                               ▲                              │
                               └───────── it is not ──────────┘

While it is down nothing leaves: a message whose answer never comes would be uncertain, and its reader would
get none.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, Literal

from bot.clock import Clock
from bot.delivery.reasons import Trouble

log = logging.getLogger(__name__)

MIN_FAILURES: Final = 3
"""Failures in a row, without an answer between, that are no accident any more."""

FIRST_PROBE_S: Final = 1.0
MAX_PROBE_S: Final = 10.0
"""Seconds between the beginnings of two probes, doubling from the first to the last."""

LASTING_AFTER: Final = timedelta(minutes=1)
"""How long it may last before it counts as a symptom."""

Reachability = Literal["up", "trial", "down"]


class Outage:
    """Learns from every attempt, and asks by itself while nobody may try."""

    def __init__(self, clock: Clock, probe: Callable[[], Awaitable[bool]]) -> None:
        """`probe` asks the server something harmless, and returns whether Telegram answered."""
        self._clock = clock
        self._probe = probe
        self._failures = 0
        self._since = clock.monotonic()
        self._wait = FIRST_PROBE_S  # grows until a delivery was answered, since probes may be alone in that
        self._changed = asyncio.Event()
        self.on_change: Callable[[], None] = lambda: None
        """Called when deliveries may leave again, or no more."""
        self.state: Reachability = "up"
        self.reason: Trouble = "no_answer"
        """Why it is down, if it is."""

    async def lasts(self) -> bool:
        """Return whether it is not up, and has not been for so long that an operator should know."""
        return self.state != "up" and self._clock.monotonic() - self._since > LASTING_AFTER.total_seconds()

    def answered(self) -> None:
        """Note that Telegram answered a delivery or a poll."""
        self._failures = 0
        if self.state != "up":
            log.warning("Telegram answers again, after %d s.", self._clock.monotonic() - self._since)
            self._wait = FIRST_PROBE_S
            self._become("up")

    def failed(self, reason: Trouble) -> None:
        """Note that an attempt got no answer of Telegram's."""
        self._failures += 1
        was_up = self.state == "up"
        if self.state == "trial" or (was_up and self._failures >= MIN_FAILURES):
            if was_up:
                self._since = self._clock.monotonic()
                log.error("No answer of Telegram (%s). Deliveries wait until it answers.", reason)
            self.reason = reason
            self._become("down")

    async def run(self) -> None:
        """Probe while it is down, for ever."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            begun = self._clock.monotonic()
            while self.state == "down":
                await self._clock.sleep(max(0.0, begun + self._wait - self._clock.monotonic()))
                self._wait = min(self._wait * 2, MAX_PROBE_S)
                begun = self._clock.monotonic()
                await self._try()

    async def _try(self) -> None:
        try:
            answered = await self._probe()
        except Exception:
            log.exception("A probe met a fault of this program.")
            answered = False
        if self.state == "down" and answered:
            self._become("trial")

    def _become(self, state: Reachability) -> None:
        self.state = state
        self._changed.set()
        self.on_change()
