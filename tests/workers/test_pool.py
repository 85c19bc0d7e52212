"""Documents are read in processes of their own, which can be stopped and know nothing."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.editing.prepared import quotes_in, sections_in
from bot.errors import ArticleError
from bot.sources.fetch import Fetched
from bot.sources.model import Page
from bot.workers import pool as worker_pool
from bot.workers import reading as worker_reading
from bot.workers.frames import DocumentRequest, WorkFault
from bot.workers.pool import WorkerPool
from bot.workers.prepare import prepare
from bot.workers.slots import Slots
from tests.clock import StillClock

PROC = Path("/proc")
ROOT = Path(__file__).parents[2]
FINE = b"# Title\n\nA lead that is long enough.\n\n## One\n\n> Words to keep."
SLOW = b"|" + b"h" * 6_000 + b"|\n|-|\n" + b"|x|\n" * 1_500


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    made = WorkerPool(cpu_s=0.4)
    yield made
    await made.close()


def children() -> set[int]:
    """The processes that this one has started, and that are running."""
    found = set()
    for task in (PROC / "self" / "task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found |= {int(each) for each in (task / "children").read_text().split()}
    return found


async def test_document_reads_the_same_in_another_process(pool: WorkerPool) -> None:
    text = (
        "---\ntags: [a, b]\ndate: 2026-01-23\nlang: xx\n---\n"
        + FINE.decode()
        + "\n\n## 二\n\n**真。**她 [x](https://a.example)"
    ).encode()
    there, here = await pool.prepare(text, "fine.md"), prepare(text, "fine.md")
    assert there == here
    assert [sections_in(piece) for piece in there.section_pieces] == [
        sections_in(piece) for piece in here.section_pieces
    ]
    assert quotes_in(there.quote_pieces[0])[0].text == "Words to keep."


async def test_one_process_reads_one_document_after_another(pool: WorkerPool) -> None:
    for _ in range(3):
        await pool.prepare(FINE, "fine.md")
        assert len(children()) == 1
    [process] = children()
    with pytest.raises(ArticleError):
        await pool.prepare(b"", "empty.md")
    assert children() == {process}


async def test_event_loop_is_free_while_a_document_is_read() -> None:
    pool = WorkerPool()
    text = "# Long\n\nlead\n\n" + "\n\n".join(f"## S{n}\n\n> Quote number {n}.\n\nword" for n in range(900))
    ticks, done = 0, asyncio.Event()

    async def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            await asyncio.sleep(0.005)  # noqa: TID251  # a real process takes real time
            ticks += 1

    ticking = asyncio.create_task(tick())
    prepared = await pool.prepare(text.encode(), "long.md")
    done.set()
    await ticking
    await pool.close()
    assert prepared.card.sections == 900
    assert (len(prepared.section_pieces), len(prepared.quote_pieces)) == (5, 2)
    assert ticks > 10


async def test_document_that_takes_too_much_time_is_refused_and_the_next_is_read(pool: WorkerPool) -> None:
    await pool.prepare(FINE, "fine.md")
    before = children()
    with pytest.raises(ArticleError) as refused:
        await pool.prepare(SLOW, "slow.md")
    assert (refused.value.key, refused.value.file) == ("error.too_slow", "slow.md")
    assert not children()
    assert (await pool.prepare(FINE, "fine.md")).card.title == "Title"
    assert children().isdisjoint(before)


async def test_paragraphs_that_others_have_reach_the_process(pool: WorkerPool) -> None:
    text = b"# T\n\nWhat each piece of the series says.\n\nWhat only this piece says of itself."
    alone = await pool.prepare(text, "mine.md")
    assert alone.card.lead == "What each piece of the series says."
    shared = {one: {"a", "b"} for one in alone.used}
    assert (await pool.prepare(text, "mine.md", recurring=shared)).card.lead.startswith("What only this")
    # The article itself is none of the others.
    own = {one: {"a", "mine"} for one in alone.used}
    assert (await pool.prepare(text, "mine.md", recurring=own)).card.lead == alone.card.lead


async def test_document_that_grows_too_much_is_refused() -> None:
    references = b"[a]: http://a.example/" + b"x" * 1_900 + b"\n\n" + b"[a] " * 600
    with pytest.raises(ArticleError) as refused:
        await asyncio.to_thread(prepare, references, "refs.md")
    assert refused.value.key == "error.grows"


async def test_slow_document_keeps_no_other_owner_waiting(pool: WorkerPool) -> None:
    await pool.prepare(FINE, "fine.md", owner=2)
    slow = [asyncio.create_task(pool.prepare(SLOW, "slow.md", owner=1)) for _ in range(4)]
    await asyncio.sleep(0)  # noqa: TID251  # they begin
    for _ in range(3):
        await pool.prepare(FINE, "fine.md", owner=2)
    assert not any(task.done() for task in slow[1:])
    for task in slow:
        task.cancel()
    await asyncio.wait(slow)


async def test_process_that_was_killed_is_replaced(pool: WorkerPool) -> None:
    await pool.prepare(FINE, "fine.md")
    [process] = children()
    os.kill(process, signal.SIGKILL)
    with pytest.raises(ArticleError, match="too_slow"):
        await pool.prepare(FINE, "fine.md")
    assert (await pool.prepare(FINE, "fine.md")).card.title == "Title"


async def test_cancelled_document_leaves_no_answer_for_the_next(pool: WorkerPool) -> None:
    await pool.prepare(FINE, "fine.md")
    reading = asyncio.create_task(pool.prepare(SLOW, "slow.md"))
    await asyncio.sleep(0.05)  # noqa: TID251  # a real process takes real time
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await pool.prepare(FINE, "fine.md")).card.title == "Title"


async def test_process_ends_with_the_pool_and_when_it_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WorkerPool()
    await pool.prepare(FINE, "fine.md")
    assert children()
    await pool.close()
    assert not children()
    monkeypatch.setattr(worker_pool, "IDLE_S", 0.05)
    await pool.prepare(FINE, "fine.md")
    assert not children()
    idle = WorkerPool()
    await idle.prepare(FINE, "fine.md")
    assert children()
    await asyncio.sleep(0.3)  # noqa: TID251  # a real process takes real time
    assert not children()
    assert (await idle.prepare(FINE, "fine.md")).card.title == "Title"
    await idle.close()


PROBE = """
import json, os, resource, socket, sys
from bot.workers import process as worker_process, reading

def tried(what):
    try:
        what()
    except BaseException as error:
        return type(error).__name__
    return "done"

worker_process.warm_up()
worker_process.confine()
reading.prepare = lambda *_: bytearray(600_000_000)
print(json.dumps({
    "file": tried(lambda: open("/etc/hostname")),
    "socket": tried(lambda: socket.socket()),
    "pipe": tried(os.pipe),
    "memory": tried(lambda: bytearray(600_000_000)),
    "document": reading.read(reading.DocumentRequest(file="a.md", cpu_s=1))[0].key,
    "limits": [resource.getrlimit(getattr(resource, name)) for name in ("RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NPROC")],
}))
"""


def test_process_can_open_nothing_and_has_bounded_memory() -> None:
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, check=True, timeout=30
    )
    assert json.loads(done.stdout) == {
        "file": "OSError", "socket": "OSError", "pipe": "OSError", "memory": "MemoryError",
        "document": "error.too_slow", "limits": [[0, 0]] * 3,
    }  # fmt: skip


async def test_process_inherits_no_environment(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "12345:secret")
    await pool.prepare(FINE, "fine.md")
    [process] = children()
    variables = (PROC / str(process) / "environ").read_bytes()
    assert b"secret" not in variables
    assert variables.count(b"=") <= 1  # what the interpreter itself sets


def test_program_fault_is_confined_to_its_document_and_reveals_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(*_: object) -> None:
        raise ZeroDivisionError("private words")

    monkeypatch.setattr(worker_reading, "prepare", faulty)
    answer, pieces = worker_reading.read(DocumentRequest(file="a.md", cpu_s=1))
    assert isinstance(answer, WorkFault)
    assert (answer.error, pieces) == ("ZeroDivisionError", ())
    with pytest.raises(ArticleError) as refused:
        worker_pool.result_of(answer, [], "a.md")
    assert (refused.value.key, refused.value.values) == ("error.fault", {"name": "ZeroDivisionError"})
    assert "faulty:" in caplog.text
    assert "private words" not in caplog.text


async def test_documents_of_one_owner_are_read_one_at_a_time(pool: WorkerPool) -> None:
    first, second = (asyncio.create_task(pool.prepare(FINE, "fine.md", owner=1)) for _ in range(2))
    await first
    await asyncio.gather(second, pool.prepare(FINE, "fine.md", owner=1))
    assert len(children()) == 1


async def test_feeds_wait_for_people(pool: WorkerPool, clock: StillClock) -> None:
    order: list[str] = []

    async def ask(name: str, *, in_background: bool) -> None:
        await pool.prepare(FINE, f"{name}.md", owner=name, in_background=in_background)
        order.append(name)

    first = [asyncio.create_task(ask(name, in_background=False)) for name in ("busy", "busier")]
    await clock.settle()  # both places are taken
    later = [
        asyncio.create_task(ask(name, in_background=name.startswith("feed")))
        for name in ("feed 1", "person 1", "feed 2", "person 2")
    ]
    await asyncio.gather(*first, *later)
    assert order.index("person 1") < order.index("feed 1")
    assert order.index("person 2") < order.index("feed 2")


async def test_place_of_who_went_away_is_passed_on(clock: StillClock) -> None:
    places = Slots(1)
    held = places.taken(0)
    await held.__aenter__()
    waiting = [asyncio.create_task(places.taken(rank).__aenter__()) for rank in (0, 1, 1)]
    await clock.settle()
    waiting[1].cancel()  # while it waits
    await held.__aexit__(None, None, None)
    waiting[0].cancel()  # in the moment in which it was given the place
    async with asyncio.timeout(1):
        await waiting[2]
    assert [task.cancelled() for task in waiting] == [True, True, False]


async def test_page_is_read_in_a_process_of_its_own(pool: WorkerPool) -> None:
    words = "The river remembers everyone who hurried it, and it forgives none of them. " * 4
    page = (
        f"<html><head><title>T</title></head><body><article><h1>T</h1><p>{words}</p></article></body></html>"
    )
    fetched = Fetched(address="https://a.example/b", media_type="text/html", charset=None, data=page.encode())
    found = await pool.read_page(fetched, owner=1)
    assert isinstance(found, Page)
    assert "title: T" in found.document
    wall = Fetched(
        address="https://a.example/b", media_type="text/html", charset=None, data=b"<p>404 Not Found</p>"
    )
    assert await pool.read_page(wall, owner=1) == "missing"
    assert len(children()) == 1


async def test_page_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "PAGE_CPU_S", 0.05)
    monkeypatch.setattr(worker_pool, "CPU_S_PER_MB", 0)
    pool = WorkerPool(cpu_s=0.05)
    page = b"<p>The river remembers <b>everyone</b> who hurried it, <a href='/x'>always</a>.</p>" * 10_000
    fetched = Fetched(address="https://a.example/b", media_type="text/html", charset=None, data=page)
    with pytest.raises(ArticleError) as raised:
        await pool.read_page(fetched, owner=1)
    await pool.close()
    assert raised.value.key == "error.too_slow"
