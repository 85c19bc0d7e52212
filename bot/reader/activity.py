"""Notes who was here, to a day: owners may write to those who still read."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final, Protocol

from bot.clock import Clock

_REMEMBERED: Final = 100_000
"""Chats that were noted today, before they are forgotten: one more write each, no harm."""


class ActivityStore(Protocol):
    """Where it is written down."""

    async def were_here(self, chats: Collection[int], now: datetime) -> None:
        """Note that somebody wrote or pressed a button in these chats."""


class Activity:
    """Gathers chats and writes them down together, each once a day: a write costs more than an answer."""

    def __init__(self, store: ActivityStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._noted: set[int] = set()
        self._noted_on: date | None = None
        self._unwritten: set[int] = set()

    def note(self, chat: int) -> None:
        """Note that somebody wrote or pressed a button here."""
        today = self._clock.now().date()
        if today != self._noted_on or len(self._noted) >= _REMEMBERED:
            self._noted.clear()
            self._noted_on = today
        if chat not in self._noted:
            self._noted.add(chat)
            self._unwritten.add(chat)

    async def write(self) -> None:
        """Write down what was gathered; what cannot be written now is written the next time."""
        if chats := self._unwritten.copy():
            await self._store.were_here(chats, self._clock.now())
            self._unwritten -= chats
