"""The database: transactions that hold, errors in our words, migrations all or nothing."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path

import aiosqlite
import pytest

from bot.db.database import Database
from bot.db.schema import migrations, statements
from bot.db.sqlite.errors import translate_errors
from bot.db.sqlite.migrate import migrate
from bot.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreNewer
from tests.postgres import CONSTRAINT_BROKEN


async def facts(database: Database) -> list[str]:
    return [row["name"] for row in await database.all("SELECT name FROM facts ORDER BY name")]


async def put(database: Database, name: str) -> None:
    await database.run("INSERT INTO facts (name, value) VALUES (:name, '')", name=name)


async def test_what_was_written_is_read_and_counted(database: Database) -> None:
    await put(database, "a")
    await database.many("INSERT INTO facts VALUES (:name, '')", [{"name": "b"}, {"name": "c"}])
    assert await facts(database) == ["a", "b", "c"]
    assert await database.run("UPDATE facts SET value = 'x' WHERE name < :name", name="c") == 2
    row = await database.one("SELECT * FROM facts WHERE name = 'a'")
    assert row is not None
    assert row["value"] == "x"
    assert await database.one("SELECT * FROM facts WHERE name = 'z'") is None


async def test_transaction_that_fails_leaves_nothing_behind(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as connection:
            await connection.run("INSERT INTO facts VALUES ('a', '')")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await fail()
    await put(database, "b")
    assert await facts(database) == ["b"]


async def test_transaction_inside_another_is_a_mistake_and_not_a_deadlock(database: Database) -> None:
    async with database.transaction():
        for write in (put, put_among_others, note):
            with pytest.raises(RuntimeError, match="inside"):
                await write(database, "a")
    await put(database, "b")
    assert await facts(database) == ["b"]


async def put_among_others(database: Database, name: str) -> None:
    async with database.transaction() as connection:
        await connection.run("INSERT INTO facts (name, value) VALUES (:name, '')", name=name)


async def note(database: Database, name: str) -> None:
    await database.note("INSERT INTO facts (name, value) VALUES (:name, '')", name=name)


@pytest.mark.parametrize("write", [put, put_among_others, note])
@pytest.mark.parametrize("yields", range(6))
async def test_task_cancelled_anywhere_in_a_transaction_blocks_nobody(
    database: Database, yields: int, write: Callable[[Database, str], Coroutine[None, None, None]]
) -> None:
    task = asyncio.create_task(write(database, "a"))
    for _ in range(yields):
        await asyncio.sleep(0)  # noqa: TID251  # the loop's own turns are what is tested
    was_under_way = task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert task.cancelled() == was_under_way, "the cancellation goes on"
    await write(database, "b")
    await put(database, "c")
    assert {"b", "c"} <= set(await facts(database))


async def test_transactions_of_two_tasks_follow_one_another(database: Database) -> None:
    await asyncio.gather(*(put(database, name) for name in "abcdef"))
    assert await facts(database) == list("abcdef")


async def test_what_many_note_at_a_time_is_one_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    commit = database.engine.commit

    async def counted() -> None:
        commits.append(1)
        await commit()

    monkeypatch.setattr(database.engine, "commit", counted)
    async with asyncio.timeout(20):
        await asyncio.gather(*(note(database, name) for name in "abcdef"))
    assert await facts(database) == list("abcdef")
    assert len(commits) == 1


async def test_of_what_is_noted_together_each_hears_of_its_own_error(database: Database) -> None:
    await put(database, "b")
    async with asyncio.timeout(20):
        ends = await asyncio.gather(*(note(database, name) for name in "abc"), return_exceptions=True)
    assert [isinstance(end, CONSTRAINT_BROKEN) for end in ends] == [False, True, False]
    assert ends[::2] == [None, None]
    assert await facts(database) == ["a", "b", "c"]


@pytest.mark.sqlite
async def test_connection_that_reads_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError):
        await database.all("DELETE FROM facts")


@pytest.mark.sqlite
async def test_second_process_is_refused(tmp_path: Path, database: Database) -> None:
    with pytest.raises(StoreBusy) as refused:
        await Database.open(tmp_path / "bot.db")
    assert refused.value.key == "error.store_busy"
    assert await facts(database) == []


async def test_closed_database_can_be_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        opened = await Database.open(tmp_path / "again.db")
        await opened.close()


async def test_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreNewer) as refused:
        await Database.open(tmp_path / "new.db")
    assert refused.value.values["version"] == 999


async def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"no database at all, " * 100)
    with pytest.raises(StoreDamaged):
        await Database.open(tmp_path / "bad.db")


async def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as refused:
        await Database.open(tmp_path / "file" / "bot.db")
    assert refused.value.key == "error.folder"


def _fill(connection: sqlite3.Connection, _: Path) -> None:
    connection.execute("CREATE TABLE a (x)")
    connection.execute("PRAGMA max_page_count = 3")
    connection.execute("INSERT INTO a VALUES (zeroblob(100000))")


def _write_beside_another(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("PRAGMA busy_timeout = 0")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE a (x)")


def _read_what_is_no_database(connection: sqlite3.Connection, file: Path) -> None:
    file.write_bytes(b"no database at all" * 1_000)
    connection.execute("SELECT * FROM sqlite_master")


def _read_what_is_damaged(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("CREATE TABLE a (x)")
    with file.open("r+b") as written:
        written.seek(4_096)
        written.write(b"\xff" * 4_096)
    with contextlib.closing(sqlite3.connect(file)) as later:
        later.execute("SELECT * FROM a").fetchall()


def _break_a_constraint(connection: sqlite3.Connection, _: Path) -> None:
    connection.execute("CREATE TABLE a (x UNIQUE)")
    connection.execute("INSERT INTO a VALUES (1), (1)")


def _misspell(connection: sqlite3.Connection, _: Path) -> None:
    connection.execute("SELECT fullness, locked, busy FROM sqlite_master")


def _forget_a_value(connection: sqlite3.Connection, _: Path) -> None:
    connection.execute("SELECT ?, ?", (1,))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (_fill, StoreFull),
        (_write_beside_another, StoreBusy),
        (_read_what_is_no_database, StoreDamaged),
        (_read_what_is_damaged, StoreDamaged),
        (_misspell, StoreError),
        (_break_a_constraint, sqlite3.IntegrityError),
        (_forget_a_value, sqlite3.ProgrammingError),
    ],
)
def test_errors_of_sqlite_are_told_apart_by_code(
    tmp_path: Path, fault: Callable[[sqlite3.Connection, Path], None], kind: type[Exception]
) -> None:
    file = tmp_path / "x.db"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        with pytest.raises(kind) as raised, translate_errors(file):
            fault(connection, file)
        assert type(raised.value) is kind


@pytest.mark.parametrize(
    "script", ["CREATE TABLE b (x);\nCREATE TABLE a (x);", "CREATE TABLE b (x); SELECT 1;"]
)
async def test_migration_that_fails_changes_nothing(tmp_path: Path, script: str) -> None:
    async with aiosqlite.connect(tmp_path / "m.db", isolation_level=None) as connection:
        await migrate(connection, tmp_path, ["CREATE TABLE a (x);"])
        with pytest.raises(StoreError):
            await migrate(connection, tmp_path, ["", script])
    async with aiosqlite.connect(tmp_path / "m.db") as later:
        [[version]] = await later.execute_fetchall("PRAGMA user_version")
        names = await later.execute_fetchall("SELECT name FROM sqlite_master")
        assert (version, [tuple(name) for name in names]) == (1, [("a",)])


async def test_statement_without_its_semicolon_is_carried_out(tmp_path: Path) -> None:
    async with aiosqlite.connect(":memory:", isolation_level=None) as connection:
        await migrate(connection, tmp_path, ["CREATE TABLE a (x);\nCREATE TABLE b (x)\n-- the last"])
        names = await connection.execute_fetchall("SELECT name FROM sqlite_master ORDER BY name")
        assert [name for [name] in names] == ["a", "b"]


async def test_schema_is_the_sum_of_the_migrations_from_every_version(tmp_path: Path) -> None:
    async def schema(steps: list[int]) -> list[tuple[str, str]]:
        async with aiosqlite.connect(":memory:", isolation_level=None) as connection:
            for step in steps:
                await migrate(connection, tmp_path, migrations()[:step])
            rows = await connection.execute_fetchall("SELECT name, sql FROM sqlite_master ORDER BY name")
            return [(row[0], row[1]) for row in rows]

    latest = len(migrations())
    whole = await schema([latest])
    for version in range(1, latest):
        assert await schema([version, latest]) == whole
    assert {name for name, _ in whole} >= {"articles", "readers", "deliveries"}


def test_script_is_split_at_its_statements() -> None:
    script = "CREATE TABLE a (x); -- a; b\nCREATE TABLE b (y\n);\n"
    assert len(list(statements(script))) == 2
