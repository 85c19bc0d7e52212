"""Which schema a database has, and which one this program needs."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot import __version__
from bot.db.schema import migrations
from bot.db.sqlite.errors import translate_errors
from bot.errors import StoreNewer
from bot.invocation import command_name

_OURS: Final = 0xAD
"""The first byte of a database's application id; the version of the program that made its schema follows."""

_KEPT: Final = re.compile(r"\.v(\d{1,6})")


def signature() -> int:
    """Return the application id that says which version of this program made a schema."""
    numbers = [int(part) for part in __version__.split(".")]
    number = int.from_bytes(bytes([_OURS, *numbers]))
    return number - (1 << 32)  # SQLite takes it as a number with a sign


def kept_before(path: Path, schema: int) -> Path:
    """Return where a database is kept as it was with a schema, once a newer program has changed it."""
    return path.with_name(f"{path.name}.v{schema}")


def kept_copies(path: Path) -> dict[int, Path]:
    """Return the copies that were kept before the schema changed, by their schema."""
    suffixes = {file: _KEPT.fullmatch(file.suffix) for file in path.parent.glob(f"{path.name}.v*")}
    return {int(match[1]): file for file, match in suffixes.items() if match}


def schema_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema of an open database; 0 when there is none yet.

    StoreNewer when this program is too old: it names the version that it takes, and a copy from before.
    """
    [[schema]] = connection.execute("PRAGMA user_version").fetchall()
    ours = len(migrations())
    if schema <= ours:
        return int(schema)
    [[made_by]] = connection.execute("PRAGMA application_id").fetchall()
    ours_by, *program = (made_by & 0xFFFFFFFF).to_bytes(4)
    usable = {version: copy for version, copy in kept_copies(path).items() if version <= ours}
    values = {
        "bot": command_name(),
        "file": path,
        "version": schema,
        "ours": ours,
        "program": ".".join(map(str, program)) if ours_by == _OURS else "?",
    }
    if not usable:
        raise StoreNewer("error.store_newer", **values)
    raise StoreNewer("error.store_newer_copy", copy=usable[max(usable)], **values)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that exists, in whatever thread. StoreError."""
    with translate_errors(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        with contextlib.closing(connection):
            yield connection
