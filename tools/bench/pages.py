"""A page to a draft: how long a person waits, and what the process that reads pages keeps."""

import asyncio
import statistics
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from bot.sources.fetch import Fetched
from bot.sources.model import Page
from bot.workers.pool import WorkerPool
from tools.bench.documents import samples
from tools.bench.rows import Row

_PAGES: Final = 40
_ITEMS: Final = "<li><a href='/n{0}'>News {0}</a></li>"


def rows() -> Iterator[Row]:
    """Every figure on pages."""
    times, first, kept = asyncio.run(_read())
    yield Row("page of 10 kB of text to a prepared draft (median)", statistics.median(times), "ms")
    yield Row("  the slowest of 40", max(times), "ms")
    yield Row("  the first one, which starts both processes", first, "ms")
    yield Row("  what the process for pages keeps afterwards", kept, "MiB", 160)


async def _read() -> tuple[list[float], float, float]:
    pool, clock = WorkerPool(), SystemClock()
    times = []
    for number, sample in enumerate(samples(_PAGES)):
        begun = clock.monotonic()
        page = await pool.read_page(_page(number, sample.text), owner=1)
        if not isinstance(page, Page):
            raise TypeError(f"a page of the benchmark is no article: {page}")
        await pool.prepare(page.document.encode(), "", owner=1)
        times.append((clock.monotonic() - begun) * 1000)
    kept = max(map(_resident, pool.process_ids()))
    await pool.close()
    return times[1:], times[0], kept


def _page(number: int, text: str) -> Fetched:
    paragraphs = "".join(f"<p>{escape(block)}</p>" for block in text.split("\n\n"))
    around = "".join(map(_ITEMS.format, range(60)))
    body = f"<nav><ul>{around}</ul></nav><article><h1>Page {number}</h1>{paragraphs}</article><aside>{around}</aside>"
    head = f"<title>Page {number} | Site</title><meta name='author' content='Jane Roe'>"
    data = f"<html><head>{head}</head><body>{body}</body></html>".encode()
    return Fetched(address=f"https://a.example/{number}", media_type="text/html", charset=None, data=data)


def _resident(process: int) -> float:
    """Return the MiB that a process has in memory."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
