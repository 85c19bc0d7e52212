"""Whatever comes in is dealt with in bounded time and memory, or refused with words.

Time is the processor's, of this thread alone, so that a busy machine makes no difference.
"""

import json
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.db.sqlite.search import match_of
from bot.delivery.model import Sent, Throttled
from bot.errors import BotError
from bot.reader.typed import parse_schedule
from bot.search.query import parse_query
from bot.search.snippets import Pattern
from bot.tg.envelope import MAX_ID, MAX_WAIT
from bot.tg.sender import outcome_of
from bot.workers.prepare import prepare
from tests.hostile import JSON, REPEATED, TYPED, examples

MAX_GROWTH: Final = 20
ALLOWANCE: Final = 200_000
"""Bytes that any document may become, however short."""

MAX_DOCUMENT_SECONDS: Final = 4.0
"""Three times what the worst takes that was found, since coverage is measured as well."""
MAX_SECONDS_PER_KB: Final = 0.2
MAX_TYPED_SECONDS: Final = 0.5
"""Five times what the collection of garbage alone may take among hundreds of megabytes."""
MAX_MEMORY_KB: Final = 300_000


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Fail when what is done takes longer."""
    start = time.thread_time()
    yield
    taken = time.thread_time() - start
    assert taken <= seconds, f"{taken:.2f} s"


@pytest.fixture(autouse=True, scope="module")
def _bounded_memory() -> Iterator[None]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MAX_MEMORY_KB


@examples(30)
@given(REPEATED)
def test_documents_are_read_or_refused(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    with bounded(MAX_DOCUMENT_SECONDS + len(data) / 1000 * MAX_SECONDS_PER_KB):
        try:
            made = prepare(data, "made.md")
        except BotError:
            return
    size = sum(map(len, made.section_pieces))
    assert size <= MAX_GROWTH * len(data) + ALLOWANCE


@examples(100)
@given(TYPED)
def test_schedules_are_understood_or_refused(text: str) -> None:
    with bounded(MAX_TYPED_SECONDS):
        try:
            parse_schedule(text)
        except BotError:
            return


TEXT: Final = "The lead of a text, 一些文字和標題。 " * 40


@examples(60)
@given(TYPED)
def test_words_are_looked_for_as_words_whatever_they_are(text: str) -> None:
    with bounded(MAX_TYPED_SECONDS):
        terms = parse_query(text).terms
        snippet = Pattern([(term,) for term in terms]).snippet(TEXT)
    assert len(snippet.text) < len(TEXT)
    if terms:
        index = sqlite3.connect(":memory:")
        index.execute("CREATE VIRTUAL TABLE search USING fts5 (body)")
        match = match_of([[term.phrase()] for term in terms])
        assert index.execute("SELECT * FROM search WHERE search MATCH ?", (match,)).fetchall() == []
        index.close()


@examples(200)
@given(
    st.integers(-1, 999),
    st.one_of(
        st.binary(max_size=200),
        JSON.map(json.dumps).map(str.encode),
        st.fixed_dictionaries(
            {},
            optional={"ok": JSON, "error_code": JSON, "description": JSON, "result": JSON, "parameters": JSON},
        ).map(json.dumps).map(str.encode),
        st.fixed_dictionaries(
            {
                "ok": st.just(False),
                "error_code": st.sampled_from([400, 403, 429]),
                "parameters": st.fixed_dictionaries({"retry_after": JSON, "migrate_to_chat_id": JSON}),
            }
        ).map(json.dumps).map(str.encode),
    ),
)  # fmt: skip
def test_answers_mean_something_within_bounds(status: int, body: bytes) -> None:
    with bounded(MAX_TYPED_SECONDS):
        match outcome_of(status, body):
            case Sent(message_id):
                assert 0 < message_id <= MAX_ID
            case Throttled(wait):
                assert wait <= MAX_WAIT
            case _:
                pass
