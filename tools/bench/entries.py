"""A bot that has followed feeds for a quarter of a year: 100,000 entries, each an article."""

import asyncio
import gc
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.article.library import Library
from bot.clock import SystemClock
from bot.config import DATABASE
from bot.db.articles import ArticleStore
from bot.db.database import Database
from tools.bench.feeds import resident
from tools.bench.large import start, write_articles
from tools.bench.rows import Row
from tools.bench.searching import filled, queries_of, texts, timed

ENTRIES: Final = 100_000
_BYTES: Final = 1_500
"""Of an entry's text."""


def rows() -> Iterator[Row]:
    """Yield every figure on that many entries."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        yield Row(f"{ENTRIES:,} entries: cards in memory", asyncio.run(_cards(data / DATABASE)), "MiB")
        began = start(data)
        yield Row("  from the command to the first poll", began.ready, "s")
        yield Row("  resident memory, idle", began.idle, "MiB")
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_searched(Path(folder)))


async def _cards(file: Path) -> float:
    """Return the MiB that the cards of all entries need."""
    database = await Database.open(file)
    await write_articles(database, SystemClock(), ENTRIES)
    gc.collect()
    before = resident()
    library = Library(await ArticleStore(database).cards())
    gc.collect()
    size = resident() - before
    await database.close()
    if len(library.newest()) != ENTRIES:
        raise RuntimeError("not all entries are articles")
    return size


async def _searched(folder: Path) -> list[Row]:
    documents = texts(ENTRIES, _BYTES)
    at = await filled(folder, documents)
    queries = queries_of(documents)
    await at.shown("warmth")  # the library of word forms is loaded
    gc.collect()
    gc.freeze()  # as the bot does once it has started
    spent = [await timed(at.shown(words)) for words in queries]
    lost = [await timed(at.shown(f"{words[:-1]}x {words[1:]}")) for words in queries[4::8]]
    await at.database.close()
    name = f"search among {ENTRIES:,} entries of {_BYTES / 1000:g} kB, with snippets"
    return [
        Row(f"{name}: median", statistics.median(spent), "ms"),
        Row("  95 of 100", statistics.quantiles(spent, n=20)[-1], "ms"),
        Row("  of what is mistyped or not there: 95 of 100", statistics.quantiles(lost, n=20)[-1], "ms"),
    ]
