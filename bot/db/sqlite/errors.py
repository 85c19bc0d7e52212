"""SQLite's errors in our words."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.errors import StoreBusy, StoreDamaged, StoreError, StoreFull

_PRIMARY_CODE_MASK: Final = 0xFF
"""The bits of an error code that name its kind; those above tell the circumstances."""


@contextlib.contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite into ours, by their codes.

    A broken constraint, and what SQLite was never asked, are mistakes of the program: they stay as they are.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)  # only what SQLite itself refused has one
        match code and code & _PRIMARY_CODE_MASK:
            case None | sqlite3.SQLITE_CONSTRAINT:
                raise
            case sqlite3.SQLITE_FULL:
                raise StoreFull("error.store_full", file=path) from error
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise StoreBusy("error.store_locked", file=path) from error
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                raise StoreDamaged("error.store_damaged", file=path, reason=str(error)) from error
            case _:
                raise StoreError("error.store", file=path, reason=str(error)) from error
