"""Make the full-text index anew: when its tokens are of another version, or much in it is of no more use."""

import asyncio
import json
import logging
from itertools import groupby
from typing import Final

from bot.article.language import units_of
from bot.article.sketch import Sketch, sketch_of
from bot.db.cards import card_of_row
from bot.db.database import Database
from bot.db.editions import quote_of_row
from bot.db.engine import FullText, Row
from bot.db.facts import note_facts
from bot.db.origins import write_missing_identity
from bot.message.codec import plain_of
from bot.search.columns import pack_columns
from bot.search.words import VERSION

log = logging.getLogger(__name__)

_FACT: Final = "search-version"
_FEW: Final = 200
"""Rows of editions that are gone which nobody minds."""

_BATCH: Final = 20


async def is_outdated(database: Database) -> bool:
    """Return whether the index lacks an article, has other tokens, or more rows that are gone than live."""
    row = await database.one(
        """SELECT (SELECT count(*) FROM articles) AS articles,
        coalesce((SELECT value FROM facts WHERE name = :fact), '1') AS version""",
        fact=_FACT,
    )
    if row is None or row["version"] != str(VERSION):
        return True
    state = await database.full_text().state(database.engine.reader)
    gone = state.editions - state.articles
    return bool(state.articles < row["articles"] or gone > row["articles"] + _FEW)


async def reindex(database: Database) -> int:
    """Write the words of every article into a new index, then use it; return how many there are.

    Articles of older versions get what they are known by (`bot/db/origins.py`). Meanwhile the old index
    answers. An end in between leaves it as it is, and the next time begins anew.
    """
    index = database.full_text()
    async with database.transaction() as db:
        await index.begin_anew(db)
    while not await _is_complete_and_used(database, index):
        for row in await database.all(f"{index.missing} LIMIT {_BATCH}"):
            packed, sketch = await _read(database, row)
            async with database.transaction() as db:
                await index.write(db, row["edition"], packed, suffix="_next")
                await write_missing_identity(db, card_of_row(row), sketch)
    return (await index.state(database.engine.reader)).editions


async def _is_complete_and_used(database: Database, index: FullText) -> bool:
    """Put the new index in place of the old one unless an article was published that it lacks."""
    async with database.transaction() as db:
        if await db.one(f"{index.missing} LIMIT 1"):
            return False
        await index.use_new(db)
        await note_facts(db, {_FACT: VERSION})
    return True


async def _read(database: Database, row: Row) -> tuple[bytes, Sketch]:
    """Return the words of an article for the index, and the sketch of its text."""
    edition = row["edition"]
    sections = await database.all("SELECT title FROM sections WHERE edition = :edition", edition=edition)
    quotes = await database.all("SELECT * FROM quotes WHERE edition = :edition", edition=edition)
    pages = await database.all(
        "SELECT section, body FROM pages WHERE edition = :edition ORDER BY section, number", edition=edition
    )

    def read() -> tuple[bytes, Sketch]:
        texts = [
            "\n".join(plain_of(json.loads(page["body"])) for page in section)
            for _, section in groupby(pages, lambda page: page["section"])
        ]
        columns = pack_columns(
            card_of_row(row),
            plain_of(json.loads(row["summary"])),
            headings=(section["title"] for section in sections),
            quotes=(quote_of_row(quote).searched for quote in quotes),
            pages=texts,
        )
        return columns, sketch_of(units_of("\n".join(texts)))

    # In a thread, so that others are answered between two pages of a long article.
    return await asyncio.to_thread(read)
