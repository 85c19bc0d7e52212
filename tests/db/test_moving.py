"""Everything moves to another database and back, all or nothing."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.config import DATABASE
from bot.db.database import Database
from bot.db.drafts import DraftStore
from bot.db.moving import TABLES
from bot.db.personal import IMPERSONAL, OTHERS
from bot.db.reindex import is_outdated, reindex
from bot.db.sqlite.moving import SqliteMove
from bot.sources.model import FROM_CHAT
from tests.clock import NOON
from tests.ledger import assert_ledger_is_sound
from tests.test_upgrade import write_old_database

_MORE = """
    INSERT INTO deposits (name, address, data, is_quiet, replaces, deposited_at) VALUES ('n', '', x'00ff', 0, 1, 2);
    INSERT INTO people ("user", role, name, since) VALUES (9007199254740993, 'editor', '读者 ''quoted"', -5);
    INSERT INTO cooldowns (chat, until) VALUES (NULL, 9223372036854775807);
    UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'links';
    INSERT INTO sqlite_sequence (name, seq) SELECT 'links', 4711
        WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'links');
"""


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database that was used, in the data folder, which no setting names a server for."""
    monkeypatch.delenv("STORE_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    file = tmp_path / DATABASE
    write_old_database(file, "1.0")
    asyncio.run(_upgrade(file))
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(_MORE)
    return file


async def _upgrade(file: Path) -> None:
    await (await Database.open(file)).close()


def content(file: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return {table: Counter(connection.execute(f"SELECT * FROM {table}")) for table in TABLES}  # noqa: S608  # ours


def test_every_table_is_moved_but_the_index() -> None:
    index = {name for name in IMPERSONAL if name.startswith("search")}
    assert set(TABLES) == {"readers", "deliveries", *OTHERS, *IMPERSONAL} - index


@pytest.mark.sqlite
def test_to_another_file_and_nothing_twice(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(old)
    assert main(["migrate-to", str(tmp_path / "other.db")]) == 0
    assert "all are the same" in capsys.readouterr().out
    assert content(tmp_path / "other.db") == before == content(old)
    for target, words in ((tmp_path / "other.db", "Give an empty one"), (old, "that the bot uses")):
        assert main(["migrate-to", str(target)]) == 1
        assert words in capsys.readouterr().err


@pytest.mark.sqlite
async def test_while_the_bot_runs_nothing_is_moved(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = await Database.open(old)
    assert await asyncio.to_thread(main, ["migrate-to", str(tmp_path / "other.db")]) == 1
    assert "Another process uses" in capsys.readouterr().err
    await running.close()


@pytest.mark.sqlite
def test_without_a_database_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nowhere"))
    assert main(["migrate-to", str(tmp_path / "other.db")]) == 1
    assert "There is no database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
def test_difference_is_found_and_nothing_is_kept(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    original = SqliteMove.put

    async def lossy(self: Any, table: str, columns: Any, rows: Any) -> Any:
        await original(self, table, columns, rows[:-1] if table == "people" else rows)
        return rows

    monkeypatch.setattr(SqliteMove, "put", lossy)
    assert main(["migrate-to", str(tmp_path / "other.db")]) == 1
    assert "people was not the same" in capsys.readouterr().err
    assert not any(content(tmp_path / "other.db").values())
    assert content(old)["readers"]


@pytest.mark.postgres
async def test_to_a_server_and_back(
    old: Path, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(old)
    assert await asyncio.to_thread(main, ["migrate-to", store]) == 0
    assert await asyncio.to_thread(main, ["migrate-to", store]) == 1
    assert "Give an empty one" in capsys.readouterr().err
    await assert_ledger_is_sound(store)
    database = await Database.open(store)
    # The next numbers follow those of before, also where the last ones are gone.
    draft = await DraftStore(database).save(
        editor=1, name="n", title="t", text="x", origin=FROM_CHAT, replaces=None, now=NOON
    )
    assert draft.id > max(row[0] for row in [*before["drafts"], (0,)])
    await DraftStore(database).drop(draft.id)
    assert await is_outdated(database)
    await reindex(database)
    assert await database.full_text().known(["things"]) == ["things"]
    await database.close()
    monkeypatch.setenv("STORE_URL", store)
    back = tmp_path / "back.db"
    assert await asyncio.to_thread(main, ["migrate-to", str(back)]) == 0
    after = content(back)
    assert {name for name in TABLES if after[name] != before[name]} <= {"facts", "drafts", "sketches"}
    with contextlib.closing(sqlite3.connect(back)) as connection:
        numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
    assert numbers["drafts"] == draft.id
    assert numbers["links"] == 4711
    await assert_ledger_is_sound(back)
