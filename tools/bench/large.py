"""A bot of some years: 10,000 articles, 1,000,000 readers. How soon it answers, what it keeps, what a tick costs."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.article.library import Library
from bot.clock import SystemClock
from bot.config import DATABASE
from bot.db import deliveries
from bot.db.articles import ArticleStore
from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.drafts import DraftStore
from bot.db.editions import EditionStore
from bot.db.origins import OriginStore
from bot.db.outbox import OutboxStore
from bot.db.series import SeriesStore
from bot.db.times import to_ms
from bot.digest.publisher import Publisher
from bot.editing.editor import Editor
from bot.views.digest import compose
from bot.workers.pool import WorkerPool
from tools.bench.load import TOKEN
from tools.bench.rows import Row

ARTICLES: Final = 10_000
READERS: Final = 1_000_000
DUE: Final = 500
_STARTS: Final = 5
_NEW: Final = 100
_TOPICS: Final = {
    "followed": [("word", "length"), ("word", "water"), ("tag", "mills")],
    "muted": [("word", "crypto"), ("source", "The Dam")],
    "languages": ["en"],
}
_CHOSEN: Final = "UPDATE readers SET interests = :topics WHERE id BETWEEN :first AND :last"
_WATCHED: Final = 60
_USUAL: Final = 20
"""Digests a second; five more messages are kept for answers."""

_TEXT: Final = "# A title of some length {0}\n\nThe lead of it is a sentence that says enough.\n\n## One\n\n> Words worth keeping.\n"

_CLONED: Final = """WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
    INSERT INTO articles (id, slug, news, version, edition, card, summary, published_at)
    SELECT i, slug || '-' || i, i, 1, edition, card, summary, published_at FROM n, articles WHERE id = 1"""
_OWN_QUOTE: Final = (
    "INSERT INTO editions (id) SELECT :first + id FROM articles WHERE id > 1",
    """INSERT INTO quotes (edition, id, text, body, speaker, url, section)
    SELECT :first + articles.id, lower(hex(randomblob(8))), text, body, speaker, url, section
    FROM articles, quotes WHERE articles.id > 1 AND quotes.edition = articles.edition""",
    """UPDATE articles SET edition = :first + id, card = json_set(card, '$.quotes',
    (SELECT json_group_array(quotes.id) FROM quotes WHERE quotes.edition = :first + articles.id)) WHERE id > 1""",
)
"""What gives each article a quote of its own, in editions from `first` on."""

_READERS: Final = """WITH RECURSIVE n (i) AS (
        SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    INSERT INTO readers (id, chat, kind, language, zone, times, days, watermark, met_at, subscribed, next_at)
    SELECT i, 1000000 + i, 'private', 'en', 'UTC', '08:00', '1234567',
        CAST(:watermark AS BIGINT), 0, 1, CAST(:next_at AS BIGINT) FROM n"""


def rows() -> Iterator[Row]:
    """Yield every figure on a large database."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        ticks = asyncio.run(_ticks(data / DATABASE))
        yield Row("  a tick with nothing due", ticks.idle * 1e3, "ms")
        yield Row(f"  against one with {DUE} due", ticks.idle / ticks.small, "times", 0.05)
        name = f"  a tick with {DUE} due among {READERS:,}, against one among 1,000"
        yield Row(name, ticks.large / ticks.small, "times", 2, ticks.small)
        name = f"  a tick with {DUE} due who chose among {_NEW} new articles, against no choice"
        yield Row(name, ticks.chosen / ticks.unchosen, "times", None, ticks.unchosen)
        # By turns: a shared machine's speed changes within minutes.
        imports, starts = zip(*((_imported(), start(data)) for _ in range(_STARTS)), strict=True)
        ready, imported = statistics.median(each.ready for each in starts), statistics.median(imports)
        large = f"{ARTICLES:,} articles, {READERS:,} readers"
        yield Row(f"{large}: from the command to the first poll", ready, "s")
        yield Row("  against importing the libraries alone", ready / imported, "times", 3.5, imported)
        idle = statistics.median(each.idle for each in starts)
        yield Row("  resident memory, idle", idle, "MiB", 100)
        asyncio.run(_all_due(data / DATABASE))
        most = start(data, watch=_WATCHED).most
        yield Row(f"  growth while all are due, in {_WATCHED} s", most - idle, "MiB", 40)
        asyncio.run(_must_have_gone_out(data / DATABASE))


def _imported() -> float:
    """Return the seconds in which Python starts and imports what every such bot needs."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", "import aiohttp, aiosqlite, telegram.ext"]
    subprocess.run(command, check=True)  # noqa: S603  # ours
    return time.perf_counter() - begun


@dataclass(frozen=True)
class Ticks:
    """Seconds for a tick: with nothing due, and with some due among few and among all."""

    idle: float
    small: float
    large: float
    chosen: float
    """With readers who have each chosen topics, of many new articles."""
    unchosen: float


async def _ticks(file: Path) -> Ticks:
    """Fill a database, and measure on the way."""
    clock = SystemClock()
    database = await Database.open(file)
    try:
        await write_articles(database, clock, ARTICLES)
        publisher = await publisher_of(database, clock)
        await write_readers(database, 1, 1_000, None)
        small = await due_tick(database, publisher, clock, 0)
        await write_readers(database, 1_001, READERS, clock.now() + timedelta(days=1))
        idle = statistics.median([await _timed(publisher) for _ in range(50)])
        large = await due_tick(database, publisher, clock, READERS // 2)
        await database.run("UPDATE readers SET watermark = :news", news=ARTICLES - _NEW)
        unchosen = await due_tick(database, publisher, clock, READERS // 4)
        await database.run(_CHOSEN, topics=json.dumps(_TOPICS), first=READERS // 8, last=READERS // 4)
        chosen = await due_tick(database, publisher, clock, READERS // 8)
        await database.run("UPDATE readers SET watermark = :news, interests = ''", news=ARTICLES - 1)
        await database.run("UPDATE readers SET next_at = :then", then=to_ms(clock.now() + timedelta(days=1)))
    finally:
        await database.close()
    return Ticks(idle, small, large, chosen, unchosen)


async def write_articles(database: Database, clock: SystemClock, count: int) -> None:
    """One, published as any is, and its likes."""
    workers = WorkerPool()
    editor = Editor(
        articles=ArticleStore(database),
        editions=EditionStore(database),
        drafts=DraftStore(database),
        series=SeriesStore(database),
        origins=OriginStore(database),
        library=Library(),
        clock=clock,
        prepare=workers.prepare,
    )
    proposal = await editor.propose(_TEXT.format(1).encode(), name="a.md", editor=1)
    if not await editor.publish(proposal.draft, editor=1):
        raise RuntimeError("the article was not published")
    await workers.close()
    await database.run(_CLONED, count=count)


async def write_quotes(database: Database) -> None:
    """Give each article a quote of its own."""
    for statement in _OWN_QUOTE:
        await database.run(statement, first=ARTICLES * 10)


async def write_readers(database: Database, first: int, last: int, next_at: datetime | None) -> None:
    await database.run(
        _READERS, first=first, last=last, watermark=ARTICLES - 1, next_at=to_ms(next_at) if next_at else None
    )


async def publisher_of(database: Database, clock: SystemClock) -> Publisher:
    """As the product builds it."""

    async def tell(*_: object) -> None:
        """Nobody has to know."""

    return Publisher(
        library=Library(await ArticleStore(database).cards()),
        store=DigestStore(database),
        articles=ArticleStore(database),
        quotes=EditionStore(database).quote,
        compose=compose,
        tell=tell,
        clock=clock,
    )


async def due_tick(database: Database, publisher: Publisher, clock: SystemClock, after: int) -> float:
    """Ticks when a few hundred readers are due, others each time."""
    seconds = []
    for first in (after + 1, after + 1 + DUE):
        await _make_due(database, clock, first, first + DUE - 1)
        seconds.append(await _timed(publisher))
        waiting = await DigestStore(database).waiting()
        if waiting != DUE:
            raise RuntimeError(f"{waiting} digests were planned, not {DUE}")
        async with database.transaction() as connection:
            await deliveries.exclude_all(connection, "cancelled", clock.now())
    return statistics.mean(seconds)


async def _make_due(database: Database, clock: SystemClock, first: int, last: int) -> None:
    """Their time of the day is this minute."""
    minute = clock.now().replace(second=0, microsecond=0)
    await database.run(
        "UPDATE readers SET next_at = :minute, times = :times WHERE id BETWEEN :first AND :last",
        minute=to_ms(minute),
        times=f"{minute:%H:%M}",
        first=first,
        last=last,
    )


async def _timed(publisher: Publisher) -> float:
    start = time.perf_counter()
    await publisher.tick()
    return time.perf_counter() - start


async def _all_due(file: Path) -> None:
    database = await Database.open(file)
    await _make_due(database, SystemClock(), 1, READERS)
    await database.close()


async def _must_have_gone_out(file: Path) -> None:
    """What was watched was a bot that sends at its usual rate."""
    database = await Database.open(file)
    sent = (await OutboxStore(database).counts()).get("sent", 0)
    await database.close()
    if sent < _WATCHED * _USUAL * 0.8:
        raise RuntimeError(f"only {sent} digests went out in {_WATCHED} seconds")


@dataclass(frozen=True)
class Start:
    """Seconds until it polls; MiB that it keeps soon afterwards, and at most while it is watched."""

    ready: float
    idle: float
    most: float


def start(data: Path, *, watch: float = 3) -> Start:
    """Start the bot as its command does, against a server that takes everything."""
    with subprocess.Popen(  # ours
        [sys.executable, "-m", "tools.bench.polled"], stdout=subprocess.PIPE, text=True
    ) as server:
        if server.stdout is None:
            raise RuntimeError("the server has no pipe")
        address = server.stdout.readline().strip()
        env = {**os.environ, "BOT_TOKEN": TOKEN.replace("bench", "bench-token"), "BOT_API_URL": address}
        env |= {"DATA_DIR": str(data), "OWNER_IDS": "1"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed bot has its bytecode
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=env, stdout=subprocess.DEVNULL
        ) as bot:
            if server.stdout.readline().strip() != "polled":
                raise RuntimeError("the bot did not poll")
            ready = time.perf_counter() - began
            time.sleep(3)  # noqa: TID251  # a process is watched, not a clock of ours
            idle = most = _resident(bot.pid)
            end = time.perf_counter() + watch
            while time.perf_counter() < end:
                time.sleep(1)  # noqa: TID251  # the same
                most = max(most, _resident(bot.pid))
            bot.terminate()
        server.terminate()
    return Start(ready, idle, most)


def _resident(process: int) -> float:
    """MiB."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process has ended")
