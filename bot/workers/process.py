"""The process in which documents are read: `python -m bot.workers.process`.

Documents come from anywhere, and parsers of Markdown, YAML and TOML have inputs that take them hours or
gigabytes. So they run here: with an empty environment, bounded in memory and processor time, unable to open
a file or a socket. Requests and answers are frames on standard input and output (`bot/workers/frames.py`).
"""

import codecs
import contextlib
import os
import resource
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from bot.editing.prepared import Prepared
from bot.errors import ArticleError
from bot.workers.frames import (
    TOO_MUCH,
    Answer,
    DocumentRead,
    DocumentRequest,
    Fault,
    Ready,
    Refused,
    read_request,
    write_answer,
)
from bot.workers.prepare import prepare

MAX_MEMORY_BYTES: Final = 512_000_000
NICENESS: Final = 10
"""Readers come first."""

_ENCODINGS: Final = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "idna")
_WARM_UP: Final = (
    "---\ntitle: T\ndate: 2026-01-23\n---\nAn *article* with a [link](https://a.example).\n\n> Words. — Ada",
    "+++\ntitle = 'T'\n+++\n## 标题\n\n正文，<b>和</b>更多。",
)


def main() -> None:
    """Answer requests until standard input ends."""
    os.nice(NICENESS)
    requests, answers = sys.stdin.buffer, _take_standard_output()
    # Everything that would open a file later is loaded now, before that is forbidden.
    warm_up()
    confine()
    write_answer(answers, Ready())
    while request := read_request(requests):
        with _processor_time(request.cpu_s):
            answer, pieces = read(request)
        write_answer(answers, answer, pieces)
        if isinstance(answer, Refused) and answer.key == TOO_MUCH:
            return  # the memory that is in use is of no use to the next document


def read(request: DocumentRequest) -> tuple[Answer, tuple[bytes, ...]]:
    """Return what became of a document: every exception is the document's own."""
    try:
        prepared = prepare(request.data, request.file, request.recurring)
    except ArticleError as error:
        values = {name: str(value) for name, value in error.values.items()}
        return Refused(key=error.key, line=error.line, values=values), ()
    except MemoryError:
        return Refused(key=TOO_MUCH), ()
    except Exception as error:  # noqa: BLE001  # it is told
        frames = traceback.extract_tb(error.__traceback__)
        # Names of functions only: a message may quote the document.
        trace = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
        return Fault(error=type(error).__name__, trace=trace), ()
    return _accepted(prepared)


def _accepted(prepared: Prepared) -> tuple[Answer, tuple[bytes, ...]]:
    sections, quotes = prepared.section_pieces, prepared.quote_pieces
    head = replace(prepared, section_pieces=(), quote_pieces=(), columns=b"")
    answer = DocumentRead(prepared=head, sections=len(sections), quotes=len(quotes))
    return answer, (*sections, *quotes, prepared.columns)


def _take_standard_output() -> BinaryIO:
    """Keep standard output for answers alone, whatever else may print."""
    # Whatever else prints, libraries included, goes to standard error.
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def warm_up() -> None:
    """Load all that is loaded lazily, while files can still be opened."""
    for name in _ENCODINGS:
        codecs.lookup(name)
    for text in _WARM_UP:
        prepare(text.encode(), "warm-up.md")


def confine() -> None:
    """Bound memory; open no more files or sockets, write none, start no process, leave no core."""
    for limit, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # a system that does not know or allow this limit
            resource.setrlimit(limit, (most, most))


@contextlib.contextmanager
def _processor_time(seconds: float) -> Iterator[None]:
    """End this process when the work takes more processor time; the system's signal stops any code."""
    # Processor time, not time: on a busy machine a document is not refused for others’ work.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
