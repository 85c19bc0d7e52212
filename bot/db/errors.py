"""SQLite's errors in our words."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.errors import StoreBusy, StoreDamaged, StoreError, StoreFull


@contextlib.contextmanager
def in_our_words(path: Path) -> Iterator[None]:
    """Errors of SQLite as ours; a broken constraint stays as it is, since it is a mistake of the program."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "full" in text:
            raise StoreFull("error.store_full", file=path) from error
        if "locked" in text or "busy" in text:
            raise StoreBusy("error.store_locked", file=path) from error
        raise StoreError("error.store", file=path, reason=text) from error
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise StoreDamaged("error.store_damaged", file=path, reason=str(error)) from error
