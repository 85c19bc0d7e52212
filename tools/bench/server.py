"""The same with PostgreSQL, beside SQLite in the same run: a server of its own, which writes to the disk as it does."""

from collections.abc import Iterator
from statistics import median
from typing import Final

from tests.postgres import binaries, server_for_tests
from tools.bench.answering import asked, echoes
from tools.bench.rows import Row
from tools.bench.sending import run, sender, sink

_TIMES: Final = 3
_LEAST: Final = 0.6
"""Of the rate with a file."""

_LEAST_AGAINST_ECHO: Final = 1.4
_QUESTIONS: Final = 20_000
"""In the first 5 s after a start, each is written down once more than later."""


def rows() -> Iterator[Row]:
    """Yield every figure; none where no server can be started."""
    if binaries() is None:
        print("There is no PostgreSQL server that could be started: it is not measured.")
        return
    with server_for_tests(settings=()) as server, sink() as address:
        for name, count, words in (
            ("outbox", 20_000, "one message to all"),
            ("personal", 5_000, "a digest of one's own for each"),
        ):
            plain, there = [], []
            for _ in range(_TIMES):  # by turns: a shared machine's speed changes within minutes
                plain.append(run(sender(name, address, count, 64)).rate)
                with server.database() as store:
                    there.append(run(sender(name, address, count, 64), STORE_URL=store).rate)
            in_file, in_server = median(plain), median(there)
            yield Row(f"{words}, with PostgreSQL", in_server, "messages/s", None, in_file)
            yield Row("  against a file", in_server / in_file, "times", _LEAST, least=True)
        with server.database() as store:
            quotes = asked("unpaced", _QUESTIONS, "/quote", STORE_URL=store).rate
        theirs = echoes().rate
        yield Row("/quote by 1,000 people, with PostgreSQL", quotes, "answers/s")
        name = "  against python-telegram-bot's echo example"
        yield Row(name, quotes / theirs, "times", _LEAST_AGAINST_ECHO, theirs, least=True)
