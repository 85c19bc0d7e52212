"""How many updates are answered at a time; whoever waits for a turn to send gives their place back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Final

MAX_CONCURRENT: Final = 64
"""Updates of strangers that are being answered at a time."""

MAX_CONCURRENT_OWNERS: Final = 8
"""Updates of owners, who must not wait behind strangers."""


class _Place:
    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._taken = True

    def give_back(self) -> None:
        if self._taken:
            self._taken = False
            self._places.release()


_place: ContextVar[_Place | None] = ContextVar("place", default=None)


class Places:
    """The places of strangers, and those of owners."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(MAX_CONCURRENT)
        self._owners = asyncio.Semaphore(MAX_CONCURRENT_OWNERS)

    @contextlib.asynccontextmanager
    async def one(self, *, owner: bool) -> AsyncIterator[None]:
        """Wait for a place, and keep it until the end or until it is given back."""
        places = self._owners if owner else self._all
        await places.acquire()
        place = _Place(places)
        token = _place.set(place)
        try:
            yield
        finally:
            _place.reset(token)
            place.give_back()


def give_back_place() -> None:
    """Let others be answered: what follows waits for its turn, not for us."""
    if (place := _place.get()) is not None:
        place.give_back()
