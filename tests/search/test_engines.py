"""A database on a server finds what a file finds: the same words, in the same articles."""

import random  # noqa: TID251  # a seed makes it repeatable
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from bot.app.lifespan import CONTENT
from bot.db.database import Database
from bot.db.reindex import reindex
from bot.search.index import Wanted
from bot.search.query import Phrase, parse_query
from bot.search.words import indexed
from tests.clock import StillClock
from tests.editing.stack import editing_stack

pytestmark = pytest.mark.postgres

_QUESTIONS: Final = 300


def documents() -> dict[str, str]:
    """The shipped articles; one longer than a piece of the index, one that says the same over and over."""
    dice = random.Random(4)  # noqa: S311  # nothing secret
    long = " ".join(f"word{dice.randrange(3000)}" for _ in range(9_000))
    chinese = "".join(chr(dice.randrange(0x4E00, 0x4E00 + 500)) for _ in range(9_000))
    again = "the cat sat. " * 3_000
    shipped = {file.name: file.read_text("utf-8") for file in sorted(CONTENT.glob("*.md"))}
    return shipped | {
        "long.md": f"# Long\n\nA lead that is long enough.\n\n{long}",
        "chinese.md": f"# 很长的文章\n\n这篇文章的导语也足够长。\n\n{chinese}",
        "again.md": f"# Again\n\nA lead that is long enough.\n\n{again}and then it left for good",
    }


def questions(texts: Sequence[str]) -> list[Wanted]:
    """Words and phrases of these texts, alone and together; some beginnings; some that nothing has."""
    dice, asked = random.Random(5), list[Wanted]()  # noqa: S311  # nothing secret
    tokens = [indexed([text]).split() for text in texts]
    for _ in range(_QUESTIONS):
        terms = []
        for _ in range(dice.choice([1, 1, 2, 3])):
            of = dice.choice(tokens)
            at, length = dice.randrange(len(of)), dice.choice([1, 1, 2, 3, 6])
            phrase = Phrase(tuple(of[at : at + length]), is_prefix=dice.random() < 0.2)
            terms.append([phrase, Phrase((dice.choice(of),))] if dice.random() < 0.2 else [phrase])
        asked.append(terms)
    return [*asked, [[Phrase(("nowhere",))]], [[Phrase(("the",), is_prefix=True)]]]


async def test_same_articles_are_found_as_in_a_file(
    database: Database, tmp_path: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.engine.SEARCH_S", 30)  # what is asked, not how fast
    file = await Database.open(tmp_path / "file.db")
    texts = documents()
    for each in (file, database):
        at = await editing_stack(each, clock)
        for name, text in texts.items():
            await at.publish(text, name)
    for wanted in questions(list(texts.values())):
        hits = await file.full_text().ranked(wanted, among=None)
        assert set(await database.full_text().ranked(wanted, among=None)) == set(hits), wanted
        newest = await database.full_text().ranked(wanted, among=None, newest=True)
        assert [hit.article for hit in newest] == sorted({hit.article for hit in hits}, reverse=True)
    terms = [parse_query("transformer").terms[0].phrase().tokens[0], "the", "nowhere", "word17"]
    assert set(await database.full_text().known(terms)) == set(await file.full_text().known(terms))
    for beginning in ("trans", "wo", "注"):
        here = await database.full_text().beginning_with(beginning, longest=12, most=10_000)
        there = await file.full_text().beginning_with(beginning, longest=12, most=10_000)
        assert set(here) == set(there)
    await file.close()


async def test_index_that_was_made_anew_is_known_to_the_next_start(database: Database, store: str) -> None:
    for _ in range(2):
        await reindex(database)
    await database.close()
    again = await Database.open(store)
    [row] = await again.all(
        "SELECT count(*) AS number FROM pg_indexes WHERE tablename = 'search_pieces' AND indexdef LIKE '%gin%'"
    )
    assert row["number"] == 1
    await again.close()
