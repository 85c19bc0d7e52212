"""What must hold of the ledger at the end of every test."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, Final

_UNSOUND: Final = """SELECT id, kind, state, reason, finished_at, p.body FROM deliveries
    LEFT JOIN payloads AS p ON p.delivery = id
    WHERE state NOT IN ('planned', 'sending') AND (finished_at IS NULL OR (p.body IS NOT NULL AND doubt <> 1)
        OR (reason IS NULL) <> (state = 'sent'))"""

_COUNTED: Final = """SELECT coalesce((SELECT CAST(value AS BIGINT) FROM facts WHERE name = 'planned'), 0),
    (SELECT count(*) FROM deliveries) + (SELECT coalesce(sum(number), 0) FROM ledger_sums)"""


async def assert_ledger_is_sound(store: Path | str) -> None:
    """What is final has a time and no message any more, and a reason unless it was sent; none is missing."""
    unsound, [[planned, there]] = await _asked(store, _UNSOUND, _COUNTED)
    assert unsound == []
    assert planned == there


async def _asked(store: Path | str, *queries: str) -> list[list[Any]]:
    if isinstance(store, Path):
        with contextlib.closing(sqlite3.connect(store)) as file:
            return [file.execute(query).fetchall() for query in queries]
    from bot.db.postgres.connection import ReadingConnection  # noqa: PLC0415  # its package may be missing

    connection = ReadingConnection(store)
    try:
        return [await connection.all(query) for query in queries]
    finally:
        await connection.close()
