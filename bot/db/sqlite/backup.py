"""Copies of a database: made while it is in use, checked by opening them, put back.

All of this reads and writes whole files, so it is called in a thread of its own.
"""

import contextlib
import errno
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.db.schema import migrations
from bot.db.sqlite.lock import locked
from bot.db.sqlite.versions import kept_before, opened, schema_of
from bot.errors import BackupRefused, StoreDamaged, StoreError, StoreFull
from bot.files import make_own

log = logging.getLogger(__name__)

_SIDES: Final = ("-wal", "-shm")
"""What SQLite appends to the name of a database for its log and the log's index."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was opened and found sound: its size in bytes, its schema, and how much is in it."""

    path: Path
    size: int
    schema: int
    readers: int
    articles: int


def copy_database(source: Path, target: Path) -> Copy:
    """Copy a database, as last committed, while others may be using it; the copy replaces `target`.

    It gets its name only once it was found sound. StoreError.
    """
    if not source.is_file():
        raise StoreError("error.no_store", file=source)
    try:
        with _part_of(target) as part:
            make_own(part)
            with opened(source) as connection:
                # One read transaction: writers go on meanwhile, and what was deleted is not in the copy.
                connection.execute("VACUUM INTO ?", (str(part),))
            copy = checked(part)
            _put(part, target)
    except OSError as error:
        raise _as_ours(error, target) from error
    return replace(copy, path=target)


def checked(path: Path) -> Copy:
    """Read all of a file that is to be a database of ours.

    BackupRefused when it is something else, StoreNewer when this program is too old for it, StoreDamaged.
    """
    if not path.is_file():
        raise BackupRefused("error.no_backup", file=path)
    with opened(path) as connection:
        [[found]] = connection.execute("PRAGMA quick_check(1)").fetchall()
        if found != "ok":
            raise StoreDamaged("error.store_damaged", file=path, reason=found)
        schema = schema_of(connection, path)
        tables = {name for [name] in connection.execute("SELECT name FROM sqlite_master")}
        if not tables >= {"readers", "articles"}:
            raise BackupRefused("error.not_ours", file=path)
        [[readers, articles]] = connection.execute(
            "SELECT (SELECT count(*) FROM readers WHERE chat <> 0), "
            "(SELECT count(*) FROM articles WHERE removed_at IS NULL)"
        ).fetchall()
        [[size]] = connection.execute(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        ).fetchall()  # what is still in the log included
    return Copy(path, size, schema, readers, articles)


def put_back(backup: Path, path: Path, *, aside: Path) -> Copy:
    """Replace a database, which nobody may be using, by a copy; keep what was there as `aside`.

    At each moment there is a whole database at `path`. Errors as in `checked`; StoreBusy while it is in use.
    """
    with locked(path):
        copy = checked(backup)
        try:
            with _part_of(path) as part:
                make_own(part)
                shutil.copyfile(backup, part)
                if path.exists():
                    _set_aside(path, aside)
                _put(part, path)
        except OSError as error:
            raise _as_ours(error, path) from error
    return copy


def keep_before_migration(path: Path) -> None:
    """Copy a database that is about to be migrated, for whoever goes back to the program of before."""
    with opened(path) as connection:
        schema = schema_of(connection, path)
    if 0 < schema < len(migrations()):
        kept = copy_database(path, kept_before(path, schema))
        log.info("%s is brought up to date. As it was, it is kept as %s.", path, kept.path)


def _set_aside(path: Path, aside: Path) -> None:
    """Keep a database under a second name, with its log where that cannot be written into it."""
    with contextlib.suppress(StoreDamaged), opened(path) as connection:  # what is damaged is kept as it is
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        os.link(path, aside)
    except OSError:  # a file system without links
        make_own(aside)
        shutil.copyfile(path, aside)
    for side in _SIDES:
        log_file = path.with_name(path.name + side)
        if log_file.exists():
            log_file.replace(aside.with_name(aside.name + side))


@contextlib.contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """Give a name for what is written before it gets its own; nothing is left of it afterwards."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
    finally:
        for name in (part, *(part.with_name(part.name + side) for side in (*_SIDES, "-journal"))):
            name.unlink(missing_ok=True)


def _put(part: Path, path: Path) -> None:
    """Give a file its name, once it is on the disk."""
    _sync(part)
    part.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _as_ours(error: OSError, path: Path) -> StoreError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreFull("error.store_full", file=path)
    return StoreError("error.folder", folder=path.parent, reason=error.strerror)
