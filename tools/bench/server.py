"""The same with PostgreSQL, beside SQLite in the same run: a server of its own, which writes to the disk as it does."""

from collections.abc import Iterator
from typing import Final

from tests.postgres import binaries, server_for_tests
from tools.bench.answering import asked, echoes
from tools.bench.rows import Row
from tools.bench.sending import run, sender, sink

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
            plain = run(sender(name, address, count, 64))
            with server.database() as store:
                there = run(sender(name, address, count, 64), STORE_URL=store)
            yield Row(f"{words}, with PostgreSQL", there.rate, "messages/s", None, plain.rate)
            yield Row("  against a file", there.rate / plain.rate, "times", _LEAST, least=True)
        with server.database() as store:
            quotes = asked("unpaced", _QUESTIONS, "/quote", STORE_URL=store).rate
        theirs = echoes().rate
        yield Row("/quote by 1,000 people, with PostgreSQL", quotes, "answers/s")
        name = "  against python-telegram-bot's echo example"
        yield Row(name, quotes / theirs, "times", _LEAST_AGAINST_ECHO, theirs, least=True)
