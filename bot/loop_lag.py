"""Measure how late the event loop is: what blocks it keeps everybody waiting."""

import asyncio
from typing import Final

INTERVAL_S: Final = 0.05


class LoopLag:
    """Wakes up every INTERVAL_S seconds and remembers by how much it was late at worst."""

    def __init__(self) -> None:
        """Begin to measure the running loop."""
        self._loop = asyncio.get_running_loop()
        self._worst = 0.0
        self._due = 0.0
        self._timer = self._schedule()

    def take_worst(self) -> float:
        """Return the longest lag in seconds since the last call."""
        worst, self._worst = self._worst, 0.0
        return worst

    def stop(self) -> None:
        """End the measurement."""
        self._timer.cancel()

    def _schedule(self) -> asyncio.TimerHandle:
        self._due = self._loop.time() + INTERVAL_S
        return self._loop.call_at(self._due, self._wake)

    def _wake(self) -> None:
        self._worst = max(self._worst, self._loop.time() - self._due)
        self._timer = self._schedule()
