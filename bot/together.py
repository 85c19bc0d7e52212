"""Do in one go what comes while the same is being done."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Runs something over all that came while it ran before; one run at a time, in the order of arrival."""

    def __init__(self, run: Callable[[Sequence[T]], Awaitable[R]]) -> None:
        self._run = run
        self._turn = asyncio.Lock()
        self._arrived: list[T] = []
        self._next: asyncio.Task[R] | None = None

    async def __call__(self, items: Iterable[T]) -> R:
        """Return what the run that had these among others returned; its error is everybody's."""
        if self._next is None:
            self._arrived = []
            self._next = asyncio.create_task(self._take_turn(self._arrived))
        self._arrived += items
        return await asyncio.shield(self._next)  # others wait for it, too

    async def _take_turn(self, arrived: Sequence[T]) -> R:
        async with self._turn:
            self._next = None
            return await self._run(arrived)
