"""A file of SQLite as a whole, to be copied to or from."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.db.moving import Rows, Tables, listed

if TYPE_CHECKING:
    from bot.db.sqlite.engine import SqliteEngine


class SqliteMove(Tables):
    """An open file."""

    def __init__(self, engine: "SqliteEngine") -> None:
        super().__init__(engine.writer)
        self._engine = engine
        self._db = engine.writer

    async def begin(self) -> None:
        """Begin a transaction."""
        await self._engine.begin()

    async def commit(self) -> None:
        """End it, and look at how much there is now."""
        await self._engine.commit()
        await self._db.run("ANALYZE")

    async def roll_back(self) -> None:
        """End it without a change."""
        await self._engine.roll_back()

    async def columns(self, table: str) -> Sequence[str]:
        """Return the names of a table's columns."""
        rows = await self._db.all("SELECT name FROM pragma_table_info(:table) ORDER BY cid", table=table)
        return [row["name"] for row in rows]

    async def put(self, table: str, columns: Sequence[str], rows: Rows) -> Rows:
        """Write rows; return them as they will be read."""
        values = ", ".join(f":{column}" for column in columns)
        await self._db.many(
            f"INSERT INTO {table} ({listed(columns)}) VALUES ({values})",  # noqa: S608  # ours
            [dict(zip(columns, row, strict=True)) for row in rows],
        )
        return rows

    async def counters(self) -> Mapping[str, int]:
        """Return the last number that was given in tables whose numbers are never used again."""
        return {
            row["name"]: row["seq"] for row in await self._db.all("SELECT name, seq FROM sqlite_sequence")
        }

    async def set_counters(self, counters: Mapping[str, int]) -> None:
        """Give no number again, neither up to these nor of a row that is there."""
        own = await self.counters()
        numbered = await self._db.all("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        for table in (row["name"] for row in numbered):
            last = max(own.get(table, 0), counters.get(table, 0))
            await self._db.run("DELETE FROM sqlite_sequence WHERE name = :table", table=table)
            await self._db.run("INSERT INTO sqlite_sequence VALUES (:table, :last)", table=table, last=last)
