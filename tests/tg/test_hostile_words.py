"""Texts that were written to stop the bot cost it no more than others do."""

import contextlib
import json
import time

import pytest

from bot.app.lifespan import Runtime
from bot.db import engine
from bot.db.sqlite import searching
from bot.errors import StoreError
from bot.reader.typed import ScheduleParseError, parse_schedule
from bot.search.query import parse_query
from bot.search.snippets import Pattern
from bot.text import MAX_TYPED_CHARS, clean, typed
from tests.chat import Chat

WORST = {
    "one character that becomes eighteen": "/subscribe " + "\ufdfa" * 4_085,
    "words of a schedule": "/subscribe " + "a " * 2_040,
    "commas of a schedule": "/subscribe " + "a," * 2_040,
    "times of a schedule": "/subscribe " + "8 " * 2_040,
    "plain words": "t " * 2_048,
    "different words": " ".join(f"w{number}" for number in range(800)),
    "words of a quote": "/quote " + "e " * 2_040,
    "different words of a quote": "/quote " + " ".join(f"e{number}" for number in range(800)),
    "signs of a pattern": "/quote " + "%_" * 2_040,
    "different characters": "".join(chr(0x4E00 + number) for number in range(4_000)),
    "words of an article": "/summary " + "s " * 2_040,
    "marks upon a letter": "/sections a" + "\u0301" * 4_000,
}


def spent(work: str) -> float:
    """Seconds of processor time that reading it takes."""
    before = time.thread_time()
    words = work.partition(" ")[2] if work.startswith("/") else work
    pattern = Pattern([(term,) for term in parse_query(words).terms])
    pattern.snippet(TEXT)
    with contextlib.suppress(ScheduleParseError):
        parse_schedule(words)
    return time.thread_time() - before


TEXT = "text of some length, 一些文字。 " * 200


@pytest.mark.parametrize("name", WORST)
def test_typed_text_is_read_in_a_moment(name: str) -> None:
    assert spent(WORST[name]) < 0.1


@pytest.mark.parametrize("name", WORST)
async def test_hostile_text_gets_an_answer_that_tells_nothing_of_the_database(ada: Chat, name: str) -> None:
    answer = await ada.send(WORST[name])
    assert not any(word in json.dumps(answer) for word in ("bot.db", "Expression", "sqlite"))


def test_typed_text_is_cut_after_it_was_normalised() -> None:
    assert len(typed("\ufdfa" * 4_000)) <= MAX_TYPED_CHARS
    assert typed("  ＡＩ\n\u3000 x ") == "AI x"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Launch \ud83d\ude80 day", "Launch 🚀 day"),
        ("half \ud83d.", "half \ufffd."),
        ("a\x00b\x1b[2Jc\x9dd\n\te", "ab[2Jcd\n\te"),
        ("不变 as it is 🚀\r\n", "不变 as it is 🚀\r\n"),
    ],
)
def test_text_from_outside_is_cleaned(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize("words", ["/quote words", "something that is nowhere"])
async def test_search_that_takes_too_long_is_stopped_and_says_so(
    ada: Chat, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(engine, "SEARCH_S", -1.0)
    monkeypatch.setattr(searching, "_STEPS_BETWEEN_CHECKS", 1)
    assert "took too long" in (await ada.send(words))["text"]
    monkeypatch.undo()
    assert "Words of the first" in (await ada.send("/quote words"))["text"]


async def test_fault_of_the_database_is_logged_and_tells_a_chat_nothing(
    ada: Chat, bot: Runtime, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StoreError("error.store", file="/srv/data/bot.db", reason="Expression tree is too large")

    monkeypatch.setattr(bot.services.editions, "summary", broken)
    assert (await ada.send("/summary"))["text"].startswith("Something went wrong")
    assert "Expression tree" in caplog.text


def test_what_follows_a_thousand_characters_is_not_even_looked_at() -> None:
    assert typed("\x01" * 1_000 + "word") == ""
    assert typed("\x01" * 990 + "word") == "word"
