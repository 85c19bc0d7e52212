"""The process in which documents or pages are read: `python -m bot.workers.process document`, or `page`.

They come from anywhere, and parsers of Markdown, YAML, TOML and HTML have inputs that take them hours or
gigabytes. So they run here: with an empty environment, bounded in memory and processor time, unable to open
a file or a socket. Requests and answers are frames on standard input and output (`bot/workers/frames.py`).
"""

import contextlib
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import BinaryIO, Final

from bot.workers.frames import TOO_MUCH, WorkerReady, WorkRefused, read_request, write_answer
from bot.workers.reading import read
from bot.workers.warm_up import warm_up

MAX_MEMORY_BYTES: Final = 512_000_000
NICENESS: Final = 10
"""Readers come first."""


def main(kind: str) -> None:
    """Answer requests of a kind until standard input ends."""
    os.nice(NICENESS)
    requests, answers = sys.stdin.buffer, _take_standard_output()
    # Everything that would open a file later is loaded now, before that is forbidden.
    warm_up(pages=kind == "page")
    confine()
    write_answer(answers, WorkerReady())
    while request := read_request(requests):
        with _processor_time(request.cpu_s):
            answer, pieces = read(request)
        write_answer(answers, answer, pieces)
        if isinstance(answer, WorkRefused) and answer.key == TOO_MUCH:
            return  # the memory that is in use is of no use to the next document


def _take_standard_output() -> BinaryIO:
    """Keep standard output for answers alone, whatever else may print."""
    # Whatever else prints, libraries included, goes to standard error.
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


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
    main(sys.argv[1] if len(sys.argv) > 1 else "document")
