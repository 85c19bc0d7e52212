"""What must hold of the ledger at the end of every test."""

import contextlib
import sqlite3
from pathlib import Path


def assert_ledger_is_sound(file: Path) -> None:
    """What is final has a time and no message any more, and a reason unless it was sent; none is missing."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            """SELECT id, kind, state, reason, finished_at, p.body FROM deliveries
            LEFT JOIN payloads AS p ON p.delivery = id
            WHERE state NOT IN ('planned', 'sending') AND (finished_at IS NULL OR p.body IS NOT NULL
                OR (reason IS NULL) <> (state = 'sent'))"""
        ).fetchall()
        [planned, there] = connection.execute(
            """SELECT coalesce((SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'planned'), 0),
            (SELECT count(*) FROM deliveries) + (SELECT coalesce(sum(number), 0) FROM ledger_sums)"""
        ).fetchone()
    assert rows == []
    assert planned == there
