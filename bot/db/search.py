"""The full-text index: FTS5 over tokens of our own (bot/search/words.py), one row for each edition."""

import json
from collections.abc import Sequence
from typing import Final

from bot.article.model import ArticleId
from bot.db.database import Connection, Database
from bot.search.columns import COLUMNS, unpack_columns
from bot.search.finder import MOST, Ranked, Wanted
from bot.search.query import Phrase

_AFTER_ALL: Final = "\U0010ffff"
"""Stands after every character that a word may go on with."""

_LIVE: Final = "JOIN articles AS a ON a.edition = search.rowid AND a.removed_at IS NULL"


class SearchIndex:
    """Looks for words in live articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ranked(self, wanted: Wanted, *, among: Sequence[ArticleId] | None) -> Sequence[Ranked]:
        """Return at most MOST articles that have every term.

        Those that have all in the title come first, then those with some in headings, then about, quotes and
        text; within each by relevance, when there are no more than MOST, else the newest.
        """
        if not wanted:
            return []
        values = {"most": MOST, "among": json.dumps(among), "all": among is None}
        values |= {f"m{number}": match_of(wanted, number) for number in range(len(COLUMNS))}
        rows = await self._database.search(
            f"""SELECT min("column") AS "column", id FROM ({_EACH_COLUMN})
            GROUP BY id ORDER BY "column", edition DESC LIMIT :most""",  # noqa: S608  # constants only
            **values,
        )
        if 1 < len(rows) < MOST:
            best = await self._database.search(
                f"""SELECT a.id FROM search {_LIVE}
                WHERE search MATCH :match AND (:all OR a.id IN (SELECT value FROM json_each(:among)))
                ORDER BY rank""",  # noqa: S608  # constants only
                match=match_of(wanted, len(COLUMNS) - 1),
                **{name: values[name] for name in ("all", "among")},
            )
            places = {row["id"]: place for place, row in enumerate(best)}
            rows.sort(key=lambda row: (row["column"], places.get(row["id"], MOST)))
        return [Ranked(ArticleId(row["id"]), row["column"]) for row in rows]

    async def beginning_with(self, beginning: str, most: int) -> Sequence[str]:
        """Return words of the index that begin so."""
        rows = await self._database.search(
            "SELECT term FROM search_words WHERE term >= :first AND term < :last LIMIT :most",
            first=beginning,
            last=beginning + _AFTER_ALL,
            most=most,
        )
        return [row["term"] for row in rows]

    async def known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words that are in the index, the most frequent first."""
        rows = await self._database.search(
            """SELECT term FROM search_words WHERE term IN (SELECT value FROM json_each(:words))
            ORDER BY doc DESC""",
            words=json.dumps(words),
        )
        return [row["term"] for row in rows]

    async def beginnings_known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words with which words of the index begin."""
        rows = await self._database.search(
            """SELECT value FROM json_each(:words) WHERE EXISTS (
                SELECT 1 FROM search_words WHERE term >= value AND term < value || :after)""",
            words=json.dumps(words),
            after=_AFTER_ALL,
        )
        return [row["value"] for row in rows]


async def write_words(db: Connection, edition: int, packed: bytes, *, table: str = "search") -> None:
    """Add an edition to the index, or to the one that is being made."""
    await db.run(
        f"""INSERT INTO {table} (rowid, title, headings, about, quotes, body)
        VALUES (:edition, :title, :headings, :about, :quotes, :body)""",  # noqa: S608  # no words of others
        edition=edition,
        **unpack_columns(packed),
    )


def match_of(wanted: Wanted, column: int) -> str:
    """Return FTS5's expression for all terms, within this column and better ones."""
    terms = " AND ".join(f"({' OR '.join(map(_phrase, ways))})" for ways in wanted)
    return f"{{{' '.join(COLUMNS[: column + 1])}}} : ({terms})"


def _phrase(phrase: Phrase) -> str:
    # Tokens are letters and digits only, so nothing in quotation marks can end them.
    return f'"{" ".join(phrase.tokens)}"' + ("*" if phrase.is_prefix else "")


_EACH_COLUMN: Final = " UNION ALL ".join(
    f"""SELECT * FROM (SELECT {number} AS "column", a.id, a.edition FROM search {_LIVE}
    WHERE search MATCH :m{number} AND (:all OR a.id IN (SELECT value FROM json_each(:among)))
    ORDER BY search.rowid DESC LIMIT :most)"""  # noqa: S608  # constants only
    for number, _ in enumerate(COLUMNS)
)
