"""The full-text index: FTS5 over tokens of our own (bot/search/words.py), one row for each edition."""

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from bot.article.model import ArticleId
from bot.db.engine import MISSING, Ask, Connection, IndexState
from bot.search import index
from bot.search.columns import COLUMNS, unpack_columns
from bot.search.index import AFTER_ALL, MOST, Ranked, Wanted, best_first
from bot.search.query import Phrase

_TABLES: Final = {"search": COLUMNS[-1:], "search_names": COLUMNS[:-1]}
"""All words in the one; in the other those that make a better hit: it is small, so asking it costs little."""

_BETTER: Final = tuple(COLUMNS[:count] for count in range(1, len(COLUMNS)))
"""The columns in which all terms must be for a hit to count as one in the last of them."""


class SqliteSearch:
    """Looks for words in live articles that are not quarantined, and writes them down."""

    missing = f"{MISSING} IN (SELECT id FROM search_next_docsize) ORDER BY edition"  # noqa: S608  # ours

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def ranked(
        self, wanted: Wanted, *, among: Sequence[ArticleId] | None, newest: bool = False
    ) -> Sequence[Ranked]:
        """Return at most MOST articles that have every term, the best first; or just the newest.

        Those that have all in the title come first, then those with some in headings, then about, quotes and
        text; within each the most relevant, of many the newest.
        """
        if not wanted:
            return []
        values: dict[str, Any] = {"most": MOST, "among": among, "all": among is None}
        match = match_of(wanted)
        values |= {f"m{number}": f"{{{' '.join(names)}}} : ({match})" for number, names in enumerate(_BETTER)}
        values["match"] = match
        columns: dict[int, int] = {}
        for row in await self._ask(_ANYWHERE if newest else _EACH_COLUMN, **values):
            for article in json.loads(row["ids"]):
                columns.setdefault(article, row["column"])
        columns = dict(islice(columns.items(), MOST))
        if 1 < len(columns) <= index.MOST_RANKED and not newest:
            best = await self._ask(
                f"""SELECT a.id FROM search {_live("search")}
                WHERE search MATCH :match AND (:all = 1 OR a.id IN numbers(:among))
                ORDER BY rank""",  # noqa: S608  # constants only
                match=match,
                **{name: values[name] for name in ("all", "among")},
            )
            return best_first(columns, [row["id"] for row in best])
        return best_first(columns)

    async def has(self, phrase: Phrase) -> bool:
        """Return whether a live article has a phrase."""
        sql = f"SELECT 1 FROM search {_live('search')} WHERE search MATCH :match LIMIT 1"  # noqa: S608  # constants only
        return bool(await self._ask(sql, match=_phrase(phrase)))

    async def beginning_with(self, beginning: str, *, longest: int, most: int) -> Sequence[str]:
        """Return words of the index that begin so, of at most so many letters, the most frequent first."""
        rows = await self._ask(
            """SELECT term FROM search_words
            WHERE term >= :first AND term < :last AND length(term) <= :longest
            ORDER BY doc DESC LIMIT :most""",
            first=beginning,
            last=beginning + AFTER_ALL,
            longest=longest,
            most=most,
        )
        return [row["term"] for row in rows]

    async def known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words that are in the index, the most frequent first."""
        rows = await self._ask(
            """SELECT term FROM search_words WHERE term IN words(:words)
            ORDER BY doc DESC""",
            words=list(words),
        )
        return [row["term"] for row in rows]

    async def beginnings_known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words with which words of the index begin."""
        rows = await self._ask(
            """SELECT value FROM words(:words) AS asked WHERE EXISTS (
                SELECT 1 FROM search_words WHERE term >= value AND term < value || :after)""",
            words=list(words),
            after=AFTER_ALL,
        )
        return [row["value"] for row in rows]

    async def write(self, db: Connection, edition: int, packed: bytes, *, suffix: str = "") -> None:
        """Add an edition to the index, or to the one that is being made, whose tables have a suffix."""
        words = unpack_columns(packed)
        for table, columns in _TABLES.items():
            await db.run(
                f"""INSERT INTO {table}{suffix} (rowid, {", ".join(columns)})
                VALUES (:edition, {", ".join(f":{column}" for column in columns)})""",  # noqa: S608  # our own names
                edition=edition,
                **{column: words[column] for column in columns},
            )

    async def state(self, db: Connection) -> IndexState:
        """Return how much is in the index."""
        [row] = await db.all(
            """SELECT (SELECT count(*) FROM search_docsize) AS editions,
            (SELECT count(*) FROM articles JOIN search_docsize AS s ON s.id = edition) AS articles"""
        )
        return IndexState(row["editions"], row["articles"])

    async def begin_anew(self, db: Connection) -> None:
        """Make the tables of a new index."""
        for table, columns in _TABLES.items():
            await db.run(f"DROP TABLE IF EXISTS {table}_next")
            options = f"{', '.join(columns)}, content = '', tokenize = 'ascii'"
            await db.run(f"CREATE VIRTUAL TABLE {table}_next USING fts5 ({options})")

    async def use_new(self, db: Connection) -> None:
        """Put the tables of the new index in place of the old ones."""
        for table in _TABLES:
            await db.run(f"DROP TABLE {table}")
            await db.run(f"ALTER TABLE {table}_next RENAME TO {table}")


def match_of(wanted: Wanted) -> str:
    """Return FTS5's expression for all terms."""
    return " AND ".join(f"({' OR '.join(map(_phrase, ways))})" for ways in wanted)


def _phrase(phrase: Phrase) -> str:
    # Tokens are letters and digits only, so nothing in quotation marks can end them.
    return f'"{" ".join(phrase.tokens)}"' + ("*" if phrase.is_prefix else "")


def _live(table: str) -> str:
    return f"""JOIN articles AS a ON a.edition = {table}.rowid
        AND a.removed_at IS NULL AND a.quarantine IS NULL"""


def _newest(table: str, column: int, match: str) -> str:
    # Of a list, JSON makes one row: a thousand of them would take three times as long.
    return f"""SELECT {column} AS "column", json_group_array(id) AS ids FROM (
        SELECT a.id FROM {table} {_live(table)}
        WHERE {table} MATCH :{match} AND (:all = 1 OR a.id IN numbers(:among))
        ORDER BY {table}.rowid DESC LIMIT :most)"""  # noqa: S608  # our own names


_ANYWHERE: Final = _newest("search", len(_BETTER), "match")
_EACH_COLUMN: Final = " UNION ALL ".join(
    (*(_newest("search_names", number, f"m{number}") for number, _ in enumerate(_BETTER)), _ANYWHERE)
)
