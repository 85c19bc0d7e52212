"""A dictionary that forgets what came first, so that a page left open for weeks does not fill the memory."""

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Latest(dict[K, V], Generic[K, V]):
    """Keeps entries whose sizes add up to no more than a limit, the latest of them."""

    def __init__(self, limit: int | None, size: Callable[[V], int] = lambda _: 1) -> None:
        """Without a limit it keeps everything."""
        super().__init__()
        self._limit = limit
        self._size = size

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        while self._limit is not None and len(self) > 1 and sum(map(self._size, self.values())) > self._limit:
            del self[next(iter(self))]
