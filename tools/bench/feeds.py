"""Feeds: a thousand entries in one go, and a thousand feeds that have not changed."""

import asyncio
import contextlib
import gc
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.app.content import Editing, open_editing
from bot.app.stores import Stores, open_stores
from bot.clock import SystemClock
from bot.config import Settings
from bot.db.database import Database
from bot.db.feeds import FeedStore
from bot.loop_lag import LoopLag
from bot.sources.fetch import Fetched, FetchError, Unchanged, Version
from tests.feeds import item, rss
from tools.bench.rows import Row

FEEDS: Final = 50
ENTRIES_A_FEED: Final = 20
QUIET_FEEDS: Final = 1_000
_NAME: Final = "https://site.example/{}"


def rows() -> Iterator[Row]:
    """Every figure on feeds."""
    seconds, lag, memory = asyncio.run(_thousand_entries())
    yield Row("1,000 entries of 50 feeds, each a draft", seconds, "s")
    yield Row("  the event loop stands still at most", lag * 1000, "ms", 50)
    yield Row("  memory afterwards, against before", memory, "times", 1.2)
    seconds, lag, more = asyncio.run(_thousand_feeds())
    yield Row("1,000 feeds that have not changed, each looked at once", seconds, "s")
    yield Row("  the event loop stands still at most", lag * 1000, "ms", 50)
    yield Row("  memory for them", more, "MiB", 60)


@dataclass
class Web:
    """Answers for every feed at once; `has` entries each, or unchanged."""

    has: int
    unchanged: bool = False
    asked: set[str] = field(default_factory=set)
    version: Version = field(default_factory=lambda: Version(etag='"1"'))

    async def fetch(self, address: str, *, since: Version | None = None) -> Fetched:
        """Return a feed of its own for each address."""
        if self.unchanged and since is not None and since.etag:
            raise Unchanged
        name = address.rsplit("/", 1)[-1]
        if not name.startswith("feed"):
            raise FetchError("fetch.status", host="site.example", status=404)
        self.asked.add(name)
        data = rss(*(item(f"{name}-{number}") for number in range(self.has)), title=name)
        return Fetched(address=address, media_type="text/xml", charset=None, data=data, version=self.version)


@contextlib.asynccontextmanager
async def _following(web: Web, feeds: int) -> AsyncIterator[tuple[Stores, Editing]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), bot_token=None)
        async with (
            open_stores(settings) as stores,
            open_editing(
                stores, clock=SystemClock(), prepare=None, fetch=web.fetch, read_page=None
            ) as editing,
        ):
            await follow(stores.database, SystemClock(), feeds)
            yield stores, editing


async def follow(database: Database, clock: SystemClock, count: int) -> None:
    """Follow so many feeds; what is in them is new, not what they had before."""
    store = FeedStore(database)
    for number in range(count):
        await store.add(_NAME.format(f"feed{number}"), f"Feed {number}", clock.now())
    await database.run("UPDATE feeds SET was_read = 1, etag = 'x'")


async def _looked_at(stores: Stores, editing: Editing) -> tuple[float, float]:
    """Return the seconds until every feed was looked at, and how long the event loop stood still at most."""
    clock, lag = SystemClock(), LoopLag()
    begun = clock.monotonic()
    task = asyncio.create_task(editing.feeds.run())
    while await stores.feeds.due(clock.now(), 1):
        await clock.sleep(0.2)
    seconds = clock.monotonic() - begun
    task.cancel()
    lag.stop()
    return seconds, lag.take_worst()


async def _thousand_entries() -> tuple[float, float, float]:
    async with _following(Web(ENTRIES_A_FEED), FEEDS) as (stores, editing):
        before = resident()
        seconds, lag = await _looked_at(stores, editing)
        _, count = await stores.feeds.queue(0)
        if count != FEEDS * ENTRIES_A_FEED:
            raise ValueError(f"{count} entries are drafts, not all")
        gc.collect()
        return seconds, lag, resident() / before


async def _thousand_feeds() -> tuple[float, float, float]:
    before = resident()
    async with _following(Web(0, unchanged=True), QUIET_FEEDS) as (stores, editing):
        seconds, lag = await _looked_at(stores, editing)
        return seconds, lag, resident() - before


def resident() -> float:
    """Return the MiB that this process has in memory."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
