"""What must hold of the ledger at the end of every test."""

import contextlib
import sqlite3
from pathlib import Path


def assert_ledger_is_sound(file: Path) -> None:
    """What is final has a time and no text any more, and a reason unless it was sent."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            """SELECT id, kind, state, reason, finished_at, payload IS NULL FROM deliveries
            WHERE state NOT IN ('planned', 'sending') AND (finished_at IS NULL OR payload IS NOT NULL
                OR (reason IS NULL) <> (state = 'sent'))"""
        ).fetchall()
    assert rows == []
