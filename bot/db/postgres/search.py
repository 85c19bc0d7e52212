"""The full-text index in PostgreSQL: the same tokens as in SQLite, as vectors of pieces of each column."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from bot.article.model import ArticleId
from bot.db.engine import MISSING, Ask, Connection, IndexState
from bot.search import index
from bot.search.columns import COLUMNS, unpack_columns
from bot.search.index import AFTER_ALL, MOST, Ranked, Wanted, best_first
from bot.search.query import Phrase

_PIECE: Final = 4_000
"""Tokens of a piece at most: a vector counts its words up to 16,383."""

_OFTEN: Final = 200
"""How often a piece has the same token at most: a vector keeps 256 places of each."""

_OVERLAP: Final = 128
"""Tokens with which a piece repeats the end of the one before it, so that a phrase stands in one whole."""

_LIVE: Final = "JOIN articles AS a ON a.edition = p.edition AND a.removed_at IS NULL AND a.quarantine IS NULL"


class PostgresSearch:
    """Looks for words in live articles that are not quarantined, and writes them down."""

    missing = f"{MISSING} IN (SELECT edition FROM search_pieces_next) ORDER BY edition"  # noqa: S608  # ours

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
        terms = {f"term_{number}": _query(ways) for number, ways in enumerate(wanted)}
        values = {**terms, "among": among, "all": among is None, "most": MOST, "terms": len(terms)}
        # An article's column is the first in which, with better ones, all terms occur: each has its best.
        found = " UNION ALL ".join(
            f"""SELECT edition, min(rank) AS rank FROM search_pieces
            WHERE words @@ {_asked(term)} GROUP BY edition"""  # noqa: S608  # ours
            for term in terms
        )
        rows = await self._ask(
            f"""SELECT a.id, max(p.rank) AS rank FROM ({found}) AS p {_LIVE}
            WHERE :all = 1 OR a.id IN numbers(:among)
            GROUP BY a.id, a.edition HAVING count(*) = :terms
            ORDER BY {"" if newest else "2,"} a.edition DESC LIMIT :most""",  # noqa: S608  # ours
            **values,
        )
        columns = {row["id"]: len(COLUMNS) - 1 if newest else row["rank"] for row in rows}
        if 1 < len(columns) <= index.MOST_RANKED and not newest:
            any_term = " || ".join(map(_asked, terms))
            best = await self._ask(
                f"""SELECT a.id FROM search_pieces AS p {_LIVE} WHERE a.id IN numbers(:ids) AND p.rank = :text
                GROUP BY a.id, a.edition
                ORDER BY sum(ts_rank(p.words, {any_term}, 1)) DESC, a.edition DESC""",  # noqa: S608  # ours
                ids=list(columns),
                text=len(COLUMNS) - 1,
                **terms,
            )
            return best_first(columns, [row["id"] for row in best])
        return best_first(columns)

    async def has(self, phrase: Phrase) -> bool:
        """Return whether a live article has a phrase."""
        sql = f"SELECT 1 FROM search_pieces AS p {_LIVE} WHERE p.words @@ {_asked('phrase')} LIMIT 1"  # noqa: S608  # ours
        return bool(await self._ask(sql, phrase=_phrase(phrase)))

    async def beginning_with(self, beginning: str, *, longest: int, most: int) -> Sequence[str]:
        """Return words of the index that begin so, of at most so many letters, the most frequent first."""
        rows = await self._ask(
            """SELECT term FROM search_terms
            WHERE term >= :first AND term < :last AND length(term) <= :longest
            ORDER BY editions DESC, term LIMIT :most""",
            first=beginning,
            last=beginning + AFTER_ALL,
            longest=longest,
            most=most,
        )
        return [row["term"] for row in rows]

    async def known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words that are in the index, the most frequent first."""
        rows = await self._ask(
            "SELECT term FROM search_terms WHERE term IN words(:words) ORDER BY editions DESC, term",
            words=list(words),
        )
        return [row["term"] for row in rows]

    async def beginnings_known(self, words: Sequence[str]) -> Sequence[str]:
        """Return those of these words with which words of the index begin."""
        rows = await self._ask(
            """SELECT value FROM words(:words) AS asked WHERE EXISTS (
                SELECT 1 FROM search_terms WHERE term >= value AND term < value || CAST(:after AS TEXT))""",
            words=list(words),
            after=AFTER_ALL,
        )
        return [row["value"] for row in rows]

    async def write(self, db: Connection, edition: int, packed: bytes, *, suffix: str = "") -> None:
        """Add an edition to the index, or to the one that is being made, whose tables have a suffix."""
        tokens = {column: words.split() for column, words in unpack_columns(packed).items()}
        await db.many(
            f"""INSERT INTO search_pieces{suffix} (edition, rank, nth, words)
            VALUES (:edition, :rank, :nth, CAST(CAST(:vector AS TEXT) AS tsvector))
            ON CONFLICT DO NOTHING""",  # noqa: S608  # ours
            [
                {"edition": edition, "rank": rank, "nth": nth, "vector": _vector(piece)}
                for rank, column in enumerate(COLUMNS)
                for nth, piece in enumerate(_pieces(tokens[column]))
            ],
        )
        await db.run(
            f"""INSERT INTO search_terms{suffix} AS known (term, editions)
            SELECT value, 1 FROM words(:terms) AS term ORDER BY value
            ON CONFLICT (term) DO UPDATE SET editions = known.editions + 1""",  # noqa: S608  # ours
            terms=sorted(set(tokens[COLUMNS[-1]])),
        )

    async def state(self, db: Connection) -> IndexState:
        """Return how much is in the index."""
        # What is gone with its edition is no longer in it.
        [row] = await db.all("SELECT count(DISTINCT edition) AS editions FROM search_pieces")
        return IndexState(row["editions"], row["editions"])

    async def begin_anew(self, db: Connection) -> None:
        """Make the tables of a new index, named with the suffix `_next`."""
        for table in ("search_pieces", "search_terms"):
            await db.run(f"DROP TABLE IF EXISTS {table}_next")
            await db.run(f"CREATE TABLE {table}_next (LIKE {table} INCLUDING ALL)")
        await db.run(
            """ALTER TABLE search_pieces_next
            ADD FOREIGN KEY (edition) REFERENCES editions (id) ON DELETE CASCADE"""
        )

    async def use_new(self, db: Connection) -> None:
        """Put the tables of the new index in place of the old ones."""
        for table in ("search_pieces", "search_terms"):
            await db.run(f"DROP TABLE {table}")
            await db.run(f"ALTER TABLE {table}_next RENAME TO {table}")
        # By its name, the next start knows that it is there.
        await db.run("ALTER INDEX search_pieces_next_words_idx RENAME TO search_pieces_words")


def _pieces(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut tokens into pieces that a vector holds, with all their places."""
    first = 0
    while first < len(tokens):
        last, often = first, Counter[str]()
        while last < min(len(tokens), first + _PIECE) and often[tokens[last]] < _OFTEN:
            often[tokens[last]] += 1
            last += 1
        yield tokens[first:last]
        # Of a word that is said over and over, a piece may be shorter than what it would repeat.
        first = last if last == len(tokens) else max(last - _OVERLAP, first + 1 + (last - first) // 2)


def _vector(tokens: Sequence[str]) -> str:
    """Return tokens with their places, as PostgreSQL reads a vector."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, 1):
        places.setdefault(token, []).append(str(place))
    # Tokens are letters and digits only, so nothing in quotation marks can end them.
    return " ".join(f"'{token}':{','.join(where)}" for token, where in places.items())


def _query(ways: Sequence[Phrase]) -> str:
    return " | ".join(f"({_phrase(way)})" for way in ways)


def _phrase(phrase: Phrase) -> str:
    return " <-> ".join(f"'{token}'" for token in phrase.tokens) + (":*" if phrase.is_prefix else "")


def _asked(name: str) -> str:
    return f"CAST(CAST(:{name} AS TEXT) AS tsquery)"
