"""Copies of a database: consistent while others write, refused when they are not ours, put back without a gap."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __version__
from bot.db.database import Database
from bot.db.schema import migrations
from bot.db.sqlite.backup import checked, copy_database, put_back
from bot.db.sqlite.versions import kept_before, kept_copies
from bot.errors import BackupRefused, BotError, StoreBusy, StoreDamaged, StoreError, StoreNewer
from bot.i18n import LANGUAGES, translator
from tests.test_upgrade import write_old_database

pytestmark = pytest.mark.sqlite

_PUT = "INSERT INTO facts (name, value) VALUES (:name, 1)"


def names(file: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return [name for [name] in connection.execute("SELECT name FROM facts ORDER BY name")]


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def a_database(file: Path, *facts: str) -> None:
    opened = await Database.open(file)
    for name in facts:
        await opened.run(_PUT, name=name)
    await opened.close()


async def test_copy_holds_transactions_whole_or_not_at_all(database: Database, tmp_path: Path) -> None:
    writing = True

    async def write() -> None:
        number = 0
        while writing:
            number += 1
            async with database.transaction() as db:
                await db.run(_PUT, name=f"{number:06} first")
                await db.run(_PUT, name=f"{number:06} second")

    writer = asyncio.create_task(write())
    seen = []
    folder = tmp_path / "copies"
    folder.mkdir()
    for number in range(5):
        target = folder / f"{number}.db"
        copy = await asyncio.to_thread(copy_database, tmp_path / "bot.db", target)
        assert (copy.path, copy.size, copy.schema) == (target, target.stat().st_size, len(migrations()))
        found = names(target)
        assert [name[:6] for name in found[::2]] == [name[:6] for name in found[1::2]]
        seen.append(len(found))
    writing = False
    await writer
    assert seen == sorted(seen)
    assert seen[-1] > 0
    assert ((folder / "0.db").stat().st_mode & 0o777) == 0o600
    assert files(folder) == [f"{number}.db" for number in range(5)]


async def test_copy_that_fails_leaves_the_one_of_before(tmp_path: Path) -> None:
    await a_database(tmp_path / "bot.db", "a")
    target = tmp_path / "copy.db"
    copy_database(tmp_path / "bot.db", target)
    before = target.read_bytes()
    with (tmp_path / "bot.db").open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xff" * 40_000)
    with pytest.raises(StoreDamaged):
        copy_database(tmp_path / "bot.db", target)
    assert target.read_bytes() == before
    assert not [name for name in files(tmp_path) if "part" in name]


def test_copy_of_nothing_and_to_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        copy_database(tmp_path / "bot.db", tmp_path / "copy.db")
    assert refused.value.key == "error.no_store"
    assert list(tmp_path.iterdir()) == []
    write_old_database(tmp_path / "bot.db")
    with pytest.raises(StoreError) as refused:
        copy_database(tmp_path / "bot.db", tmp_path / "none" / "copy.db")
    assert refused.value.key == "error.folder"


def _empty(file: Path) -> None:
    file.touch()


def _text(file: Path) -> None:
    file.write_text("not a database " * 1_000)


def _of_others(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE a (x)")


def _newer(file: Path) -> None:
    write_old_database(file)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 999")


def _cut_off(file: Path) -> None:
    write_old_database(file)
    with file.open("r+b") as written:
        written.truncate(file.stat().st_size // 2)


def _with_pages_of_two_tables(file: Path) -> None:
    write_old_database(file)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'articles') "
            "WHERE name = 'people'"
        )
        connection.commit()


def _folder(file: Path) -> None:
    file.mkdir()


def _nothing(_: Path) -> None:
    """There is no such file."""


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (_nothing, BackupRefused),
        (_folder, BackupRefused),
        (_empty, BackupRefused),
        (_of_others, BackupRefused),
        (_text, StoreDamaged),
        (_cut_off, StoreDamaged),
        (_with_pages_of_two_tables, StoreDamaged),
        (_newer, StoreNewer),
    ],
)
async def test_what_is_no_sound_backup_of_ours_changes_nothing(
    tmp_path: Path, make: Callable[[Path], None], error: type[BotError]
) -> None:
    await a_database(tmp_path / "bot.db", "kept")
    make(tmp_path / "backup")
    before = files(tmp_path)
    with pytest.raises(error) as refused:
        put_back(tmp_path / "backup", tmp_path / "bot.db", aside=tmp_path / "aside")
    for language in LANGUAGES:
        assert "{" not in translator(language)(refused.value.key, **refused.value.values)
    assert files(tmp_path) == before
    assert names(tmp_path / "bot.db") == ["kept"]


async def test_what_is_put_back_takes_the_place_and_the_other_stays_aside(tmp_path: Path) -> None:
    await a_database(tmp_path / "bot.db", "old")
    copy_database(tmp_path / "bot.db", tmp_path / "backup")
    opened = await Database.open(tmp_path / "bot.db")
    await opened.run(_PUT, name="later")
    with pytest.raises(StoreBusy):
        put_back(tmp_path / "backup", tmp_path / "bot.db", aside=tmp_path / "aside")
    shutil.copy(tmp_path / "bot.db-wal", tmp_path / "kept-wal")
    await opened.close()
    # As after a crash: what was written last is only in the log.
    shutil.copy(tmp_path / "kept-wal", tmp_path / "bot.db-wal")
    put_back(tmp_path / "backup", tmp_path / "bot.db", aside=tmp_path / "aside")
    assert names(tmp_path / "bot.db") == ["old"]
    assert names(tmp_path / "aside") == ["later", "old"]
    assert ((tmp_path / "bot.db").stat().st_mode & 0o777) == 0o600
    assert not [name for name in files(tmp_path) if "part" in name]


async def test_damaged_database_is_kept_aside_as_it_is(tmp_path: Path) -> None:
    await a_database(tmp_path / "bot.db", "old")
    copy_database(tmp_path / "bot.db", tmp_path / "backup")
    opened = await Database.open(tmp_path / "bot.db")
    await opened.run(_PUT, name="later")
    log = (tmp_path / "bot.db-wal").read_bytes()
    await opened.close()
    (tmp_path / "bot.db").write_bytes(b"broken " * 1_000)
    (tmp_path / "bot.db-wal").write_bytes(log)
    put_back(tmp_path / "backup", tmp_path / "bot.db", aside=tmp_path / "aside")
    assert names(tmp_path / "bot.db") == ["old"]
    assert (tmp_path / "aside").read_bytes() == b"broken " * 1_000
    assert (tmp_path / "aside-wal").read_bytes() == log


async def test_without_a_database_a_backup_becomes_one(tmp_path: Path) -> None:
    await a_database(tmp_path / "bot.db", "old")
    copy_database(tmp_path / "bot.db", tmp_path / "backup")
    put_back(tmp_path / "backup", tmp_path / "new" / "bot.db", aside=tmp_path / "aside")
    assert names(tmp_path / "new" / "bot.db") == ["old"]
    assert not (tmp_path / "aside").exists()


async def test_database_of_before_is_kept_when_the_schema_changes(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    write_old_database(file)
    schema = _schema(file)
    before = checked(file)
    await a_database(file)
    kept = kept_before(file, schema)
    assert kept_copies(file) == {schema: kept}
    assert checked(kept).readers == before.readers
    assert _schema(kept) == schema
    await a_database(file)  # nothing changes: nothing more is kept
    assert kept_copies(file) == {schema: kept}


async def test_older_program_names_the_version_that_it_needs_and_the_copy(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    await a_database(file)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreNewer) as refused:
        await Database.open(file)
    assert refused.value.key == "error.store_newer"
    assert refused.value.values["program"] == __version__
    for schema in (3, len(migrations()), 998):
        kept_before(file, schema).touch()
    (tmp_path / "bot.db.vx").touch()
    with pytest.raises(StoreNewer) as refused:
        await Database.open(file)
    assert refused.value.key == "error.store_newer_copy"
    assert refused.value.values["copy"] == kept_before(file, len(migrations()))
    assert f"needs {__version__} or later" in translator(LANGUAGES[0])(
        refused.value.key, **refused.value.values
    )


def _schema(file: Path) -> int:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
