"""Copy everything from one database to another, of whichever engine: all or nothing, compared row by row."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from bot.errors import StoreError

Rows = Sequence[Sequence[Any]]
"""Values in the order of the columns that were asked for."""

TABLES: Final = (
    "editions",
    "sections",
    "pages",
    "quotes",
    "articles",
    "versions",
    "files",
    "paragraphs",
    "sketches",
    "drafts",
    "draft_sketches",
    "links",
    "gatherings",
    "pieces",
    "channel_tags",
    "feeds",
    "entries",
    "deposits",
    "readers",
    "campaigns",
    "deliveries",
    "payloads",
    "delivery_articles",
    "ledger_sums",
    "cooldowns",
    "people",
    "acts",
    "inbox",
    "alerts",
    "usage",
    "daily_figures",
    "known_ids",
    "markers",
    "strays",
    "looked",
    "facts",
)
"""All but the full-text index, which the next start makes anew; each after those that it refers to."""

_BATCH: Final = 5_000
_MASK: Final = 2**64 - 1


class Streams(Protocol):
    """A connection that can be read row by row."""

    async def all(self, sql: str, **values: Any) -> list[Any]:
        """Return every row."""

    def stream(self, sql: str, size: int) -> AsyncIterator[list[tuple[Any, ...]]]:
        """Yield the values of all rows, so many at a time."""


class Movable(Protocol):
    """An open database, as far as everything in it can be read or written at once."""

    async def begin(self) -> None:
        """Begin a transaction that may take long."""

    async def commit(self) -> None:
        """End it, and look at how much there is now, by which later queries are planned."""

    async def roll_back(self) -> None:
        """End it without a change."""

    async def count(self, table: str) -> int:
        """Return how many rows a table has."""

    async def columns(self, table: str) -> Sequence[str]:
        """Return the names of a table's columns."""

    def stream(self, table: str, columns: Sequence[str], size: int) -> AsyncIterator[Rows]:
        """Yield all rows of a table, so many at a time."""

    async def put(self, table: str, columns: Sequence[str], rows: Rows) -> Rows:
        """Write rows; return them as they will be read."""

    async def counters(self) -> Mapping[str, int]:
        """Return the last number that was given in tables whose numbers are never used again."""

    async def set_counters(self, counters: Mapping[str, int]) -> None:
        """Give no number again, neither up to these nor of a row that is there."""


class Tables:
    """What both engines' tables have in common, through the connection that writes."""

    def __init__(self, db: Streams) -> None:
        self._rows = db

    async def count(self, table: str) -> int:
        """Return how many rows a table has."""
        [row] = await self._rows.all(f"SELECT count(*) AS number FROM {table}")  # noqa: S608  # ours
        return int(row["number"])

    async def stream(self, table: str, columns: Sequence[str], size: int) -> AsyncIterator[Rows]:
        """Yield all rows of a table, so many at a time."""
        async for rows in self._rows.stream(f"SELECT {listed(columns)} FROM {table}", size):  # noqa: S608  # ours
            yield rows


def listed(columns: Sequence[str]) -> str:
    """Return names of columns for a statement; `user` is a word of SQL, too."""
    return ", ".join(f'"{column}"' for column in columns)


async def move_all(source: Movable, target: Movable, progress: Callable[[int, int], None]) -> int:
    """Copy all rows of one open database into another, which must be empty; return how many.

    StoreError when it is not empty, or when a table is not the same afterwards; nothing is changed then.
    `progress` is told how many rows are done, of how many: each is copied, then compared.
    """
    await source.begin()  # nobody writes meanwhile
    try:
        await target.begin()
        try:
            count = await _copied(source, target, progress)
            await target.commit()
        except BaseException:
            await target.roll_back()
            raise
    finally:
        await source.roll_back()
    return count


async def _copied(source: Movable, target: Movable, progress: Callable[[int, int], None]) -> int:
    for table in ("readers", "articles", "facts"):
        if await target.count(table):
            raise StoreError("error.move_not_empty", table=table)
    counts = {table: await source.count(table) for table in TABLES}
    done, whole = 0, 2 * sum(counts.values())
    sums: dict[str, tuple[int, int]] = {}
    for table in TABLES:
        columns = await target.columns(table)
        sums[table] = (0, 0)
        async for rows in source.stream(table, columns, _BATCH):
            kept = await target.put(table, columns, rows)
            sums[table] = _added(sums[table], kept)
            done += len(rows)
            progress(done, whole)
    await target.set_counters(await source.counters())
    for table in TABLES:
        found = (0, 0)
        async for rows in target.stream(table, await target.columns(table), _BATCH):
            found = _added(found, rows)
            done += len(rows)
            progress(done, whole)
        if found != sums[table] or found[0] != counts[table]:
            raise StoreError("error.move_differs", table=table)
    return whole // 2


def _added(sum_: tuple[int, int], rows: Rows) -> tuple[int, int]:
    """Add rows to a count and a sum of hashes, which does not depend on their order."""
    count, total = sum_
    for row in rows:
        digest = hashlib.blake2b(repr(tuple(row)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        total += int.from_bytes(digest)
    return count + len(rows), total & _MASK
