"""The notation of our statements, as SQLite runs it."""

import pytest

from bot.db.database import Database


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("value IN numbers(:wanted)", [2]),
        ("value NOT IN numbers(:wanted)", [1, 3]),
        ("value IN numbers(:wanted) OR value IN (SELECT nth FROM numbers(:wanted) AS place)", [1, 2]),
    ],
)
async def test_number_is_looked_for_in_a_list(database: Database, condition: str, found: list[int]) -> None:
    rows = await database.all(
        f"SELECT value FROM numbers(:all) AS each WHERE {condition} ORDER BY value",  # noqa: S608  # ours
        all=[3, 1, 2],
        wanted=[2],
    )
    assert [row["value"] for row in rows] == found


async def test_word_is_looked_for_in_a_list(database: Database) -> None:
    found = "SELECT value, nth FROM words(:all) AS each WHERE value IN words(:wanted)"
    rows = await database.all(found, all=["一", "'", "c"], wanted=["'", "一", "d"])
    assert [tuple(row) for row in rows] == [("一", 1), ("'", 2)]


async def test_nothing_is_in_a_list_that_is_empty_or_none(database: Database) -> None:
    assert await database.all("SELECT 1 WHERE 1 IN numbers(:none)", none=[]) == []
    assert await database.all("SELECT 1 WHERE 1 IN numbers(:none)", none=None) == []
    assert await database.all("SELECT value FROM numbers(:none) AS each", none=[]) == []


async def test_dictionaries_are_rows(database: Database) -> None:
    rows = await database.all(
        "SELECT sum(given.id) AS ids, max(given.word) AS word FROM rows(:given, id BIGINT, word TEXT) AS given",
        given=[{"id": 1, "word": "a", "more": 0}, {"id": 2**40, "word": None}, {"word": "é"}],
    )
    assert [tuple(row) for row in rows] == [(2**40 + 1, "é")]
