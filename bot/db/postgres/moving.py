"""A database of a server as a whole, to be copied to or from."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.db.moving import Rows, Tables

if TYPE_CHECKING:
    from bot.db.postgres.engine import PostgresEngine

_NUMBERED = """SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = 'public' AND is_identity = 'YES'"""


class PostgresMove(Tables):
    """An open database."""

    def __init__(self, engine: "PostgresEngine") -> None:
        super().__init__(engine.writer)
        self._engine = engine
        self._db = engine.writer
        self._db.patience = None  # millions of rows are copied and compared

    async def begin(self) -> None:
        """Begin a transaction that may wait long for the other side."""
        await self._engine.begin()
        await self._db.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

    async def commit(self) -> None:
        """End it, and look at how much there is now, without which large tables would be read whole."""
        await self._engine.commit()
        await self._db.execute("ANALYZE")

    async def roll_back(self) -> None:
        """End it without a change."""
        await self._engine.roll_back()

    async def columns(self, table: str) -> Sequence[str]:
        """Return the names of a table's columns."""
        rows = await self._db.all(
            """SELECT column_name AS name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = :table ORDER BY ordinal_position""",
            table=table,
        )
        return [row["name"] for row in rows]

    async def put(self, table: str, columns: Sequence[str], rows: Rows) -> Rows:
        """Write rows; return them as they will be read."""
        return await self._db.copy(table, columns, rows)

    async def counters(self) -> Mapping[str, int]:
        """Return the last number that was given in each table that gives numbers."""
        last: dict[str, int] = {}
        for row in await self._db.all(_NUMBERED):
            [given] = await self._db.all(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column)) AS number",
                table=row["table"],
                column=row["column"],
            )
            if given["number"] is not None:
                last[row["table"]] = given["number"]
        return last

    async def set_counters(self, counters: Mapping[str, int]) -> None:
        """Give no number again, neither up to these nor of a row that is there."""
        for row in await self._db.all(_NUMBERED):
            table, column = row["table"], row["column"]
            [there] = await self._db.all(f"SELECT coalesce(max({column}), 0) AS last FROM {table}")  # noqa: S608  # ours
            last = max(there["last"], counters.get(table, 0))
            if last:
                await self._db.all(
                    "SELECT setval(pg_get_serial_sequence(:table, :column), :last)",
                    table=table,
                    column=column,
                    last=last,
                )
