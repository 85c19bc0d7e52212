"""Count what becomes of fetching pages, for whoever watches the bot."""

import asyncio
from collections import Counter

from bot.metrics import Histogram, timed
from bot.sources.fetch import Fetched, FetchError, Unchanged, Version
from bot.sources.robots import FetchSince


class CountedFetch:
    """Fetches as another does, and counts."""

    def __init__(self, fetch: FetchSince) -> None:
        self._fetch = fetch
        self.outcomes = Counter[str]()
        """How many pages were `fetched`, `unchanged`, or not fetched for which reason."""
        self.seconds = Histogram()
        """How long they took, with the wait for their hosts' turns."""

    async def __call__(self, address: str, *, since: Version | None = None) -> Fetched:
        """Return what is at an address; errors as the other raises them."""
        outcome = "fault"
        try:
            with timed(self.seconds, asyncio.get_running_loop().time):
                fetched = await self._fetch(address, since=since)
            outcome = "fetched"
        except Unchanged:
            outcome = "unchanged"
            raise
        except FetchError as error:
            outcome = error.key.removeprefix("fetch.")
            raise
        finally:
            self.outcomes[outcome] += 1
        return fetched
