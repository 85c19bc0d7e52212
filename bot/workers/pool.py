"""Does what takes long in processes of its own, which can be stopped and block nobody."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final, assert_never
from weakref import WeakValueDictionary

from bot.article.encoding import MAX_BYTES
from bot.article.recurring import NO_RECURRING, Recurring
from bot.editing.prepared import Prepared
from bot.errors import ArticleError
from bot.sources.addresses import host_of
from bot.sources.feeds.model import Entry, FeedContent
from bot.sources.fetch import Fetched
from bot.sources.model import Page, Shell
from bot.workers.frames import (
    LENGTH,
    TOO_MUCH,
    DocumentRead,
    DocumentRequest,
    EntryRequest,
    FeedRead,
    FeedRequest,
    PageRead,
    PageRequest,
    WorkAnswer,
    WorkerReady,
    WorkFault,
    WorkRefused,
    WorkRequest,
    pack_request,
    unpack_answer,
)
from bot.workers.slots import Slots

log = logging.getLogger(__name__)

MAX_PROCESSES: Final = 2
"""One for whoever is first; one so that somebody's slow document does not keep all others waiting."""

_PEOPLE, _FEEDS = range(2)
"""Ranks of those who wait: a person waits for no feed."""

CPU_S: Final = 5.0
CPU_S_PER_MB: Final = 10.0
"""Seconds of processor time that a document may take. 2 MB of prose take two; what takes this was made to."""

PAGE_CPU_S: Final = 10.0
"""More of it for a page or file: the largest of 118 real pages took 0.6 s, a PDF of 360 pages 2.2 s."""

PATIENCE_S: Final = 120.0
"""Seconds after which a process is given up, however little time the machine gave it."""

IDLE_S: Final = 300.0
"""Seconds that a process waits for the next document; starting one takes half a second."""

_IMPORTABLE: Final = Path(__file__).parents[2]
"""The folder from which this package can be imported, wherever the program was started."""


class WorkerPool:
    """Reads documents, at most two at a time and one for each owner; people first, then in order."""

    def __init__(self, *, cpu_s: float = CPU_S) -> None:
        """`cpu_s` is the processor time that even the smallest document may take."""
        self._cpu_s = cpu_s
        self._idle: dict[str, list[_Process]] = {"document": [], "page": []}
        self._slots = Slots(MAX_PROCESSES)
        self._turns = WeakValueDictionary[Hashable, asyncio.Lock]()  # each kept by those who wait for it
        self._closed = False

    async def prepare(
        self,
        data: bytes,
        file: str,
        *,
        owner: Hashable = None,
        recurring: Recurring = NO_RECURRING,
        in_background: bool = False,
    ) -> Prepared:
        """Read, render and check a document. ArticleError when it cannot be published.

        Documents of one `owner` (an editor, a feed; None for the content folder) wait for each other, and
        those `in_background` for all others.
        """
        shared = {one: set(slugs) for one, slugs in recurring.items()}
        request = DocumentRequest(file=file, data=data, cpu_s=self._cpu_for(data), recurring=shared)
        return result_of(*await self._ask(request, owner, in_background=in_background), file)

    async def read_page(
        self, fetched: Fetched, *, owner: Hashable, name: str = "", in_background: bool = False
    ) -> Page | Shell:
        """Return the article of a page or file, or what the page is instead. ArticleError."""
        request = PageRequest(
            address=fetched.address,
            media_type=fetched.media_type,
            charset=fetched.charset,
            data=fetched.data,
            cpu_s=PAGE_CPU_S + self._cpu_for(fetched.data[:MAX_BYTES]),
        )
        answer, _ = await self._ask(request, owner, in_background=in_background)
        if isinstance(answer, PageRead):
            return answer.page
        raise refusal_in(answer, name or host_of(fetched.address))

    async def read_feed(
        self, fetched: Fetched, *, today: date, known: frozenset[str] = frozenset(), owner: Hashable
    ) -> FeedContent:
        """Return the feed that was fetched, or those that a page or list names. ArticleError.

        Days after `today` are none; of entries whose keys are `known` no text is returned.
        """
        request = FeedRequest(
            address=fetched.address,
            media_type=fetched.media_type,
            charset=fetched.charset,
            today=today,
            known=known,
            data=fetched.data,
            cpu_s=PAGE_CPU_S + self._cpu_for(fetched.data[:MAX_BYTES]),
        )
        answer, _ = await self._ask(request, owner, in_background=True)
        if isinstance(answer, FeedRead):
            return answer.feed or answer.links
        raise refusal_in(answer, host_of(fetched.address))

    async def document_of_entry(
        self, entry: Entry, *, source: str, language: str, tags: tuple[str, ...], owner: Hashable
    ) -> Page:
        """Return an entry of a feed as a document. ArticleError."""
        request = EntryRequest(entry=entry, source=source, language=language, tags=tags, cpu_s=PAGE_CPU_S)
        answer, _ = await self._ask(request, owner, in_background=True)
        if isinstance(answer, PageRead) and isinstance(answer.page, Page):
            return answer.page
        raise refusal_in(answer, source)

    def process_ids(self) -> list[int]:
        """Return the processes that wait for something to read."""
        return [process.id for idle in self._idle.values() for process in idle]

    async def close(self) -> None:
        """End all processes that wait for a document."""
        self._closed = True
        for idle in self._idle.values():
            while idle:
                await idle.pop().end()

    def _cpu_for(self, data: bytes) -> float:
        """Return the seconds of processor time that a document may take: larger ones in proportion."""
        return self._cpu_s + CPU_S_PER_MB * len(data) / 1_000_000

    async def _ask(
        self, request: WorkRequest, owner: Hashable, *, in_background: bool
    ) -> tuple[WorkAnswer, list[bytes]]:
        turn = self._turns.get(owner)
        if turn is None:
            turn = self._turns[owner] = asyncio.Lock()
        # Its owner’s turn first, then one of the places: who waits for a turn holds no place.
        async with turn, self._slots.taken(_FEEDS if in_background else _PEOPLE):
            return await self._asked(request)

    async def _asked(self, request: WorkRequest) -> tuple[WorkAnswer, list[bytes]]:
        kind = "document" if request.kind == "document" else "page"
        idle = self._idle[kind]
        process = idle.pop() if idle else await _Process.start(kind)
        process.cancel_ending()
        try:
            answer = await asyncio.wait_for(process.ask(request), PATIENCE_S)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            await process.end()  # it has ended already unless it was too slow
            return WorkRefused(key=TOO_MUCH), []
        except BaseException:
            await process.end()  # a later document must not be given this one's answer
            raise
        if self._closed:
            await process.end()
        else:
            idle.append(process)
            process.end_after(IDLE_S, lambda: idle.remove(process))
        return answer


class _Process:
    """One process, which reads one document after another."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process was started without its pipes")
        self._process = process
        self._requests = process.stdin
        self._answers = process.stdout
        self._ending: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls, kind: str) -> "_Process":
        """Start one, and wait until it can take what it is for."""
        made = cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.workers.process", kind,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                cwd=_IMPORTABLE, env={}, start_new_session=True,
            )
        )  # fmt: skip
        try:
            answer = await asyncio.wait_for(made._answer(), PATIENCE_S)
        except BaseException:
            await made.end()
            raise
        if not isinstance(answer, WorkerReady):
            raise TypeError(f"a worker process began with {answer}")
        return made

    async def ask(self, request: WorkRequest) -> tuple[WorkAnswer, list[bytes]]:
        """Have something read; the answer, and its pieces. IncompleteReadError when the process ended."""
        self._requests.write(pack_request(request))
        await self._requests.drain()
        answer = await self._answer()
        count = answer.sections + answer.quotes + 1 if isinstance(answer, DocumentRead) else 0
        return answer, [await self._frame() for _ in range(count)]

    @property
    def id(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    def cancel_ending(self) -> None:
        """End it no more; it is used again."""
        if self._ending is not None:
            self._ending.cancel()

    def end_after(self, seconds: float, then: Callable[[], None]) -> None:
        """End it unless it is used before."""

        def end() -> None:
            then()
            self.kill()

        self._ending = asyncio.get_running_loop().call_later(seconds, end)

    def kill(self) -> None:
        """End it at once."""
        self.cancel_ending()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """End it, and wait until it has ended."""
        self.kill()
        await self._process.wait()

    async def _answer(self) -> WorkAnswer:
        return unpack_answer(await self._frame())

    async def _frame(self) -> bytes:
        [length] = LENGTH.unpack(await self._answers.readexactly(LENGTH.size))
        return await self._answers.readexactly(length)


def result_of(answer: WorkAnswer, pieces: list[bytes], file: str) -> Prepared:
    """Return what a process made of a document. ArticleError when it refused it."""
    match answer:
        case DocumentRead(prepared=prepared, sections=sections):
            *pieces, columns = pieces
            return replace(
                prepared,
                section_pieces=tuple(pieces[:sections]),
                quote_pieces=tuple(pieces[sections:]),
                columns=columns,
            )
        case _:
            raise refusal_in(answer, file)


def refusal_in(answer: WorkAnswer, file: str) -> ArticleError:
    """Return the error that an answer stands for. TypeError when it stands for none."""
    match answer:
        case WorkRefused(key=key, line=line, values=values):
            return ArticleError(key, file=file, line=line, **values)
        case WorkFault(error=error, trace=trace):
            log.error("A fault of this program kept something from being read: %s at %s", error, trace)
            return ArticleError("error.fault", file=file, name=error)
        case DocumentRead() | PageRead() | FeedRead() | WorkerReady():
            raise TypeError("a worker process answered what it was not asked")
        case _:
            assert_never(answer)
