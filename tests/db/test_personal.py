"""What is stored about people is listed in one place, and is gone when they are forgotten."""

import json
from pathlib import Path

import pytest

from bot.db.database import Database
from bot.db.drafts import DraftStore
from bot.db.forgotten import ForgottenList
from bot.db.personal import DELIVERY_COLUMNS, HIDDEN_IN_GROUPS, IMPERSONAL, OTHERS, READER_COLUMNS
from bot.db.privacy import PrivacyStore
from bot.db.readers import ReaderStore
from bot.i18n import Language
from bot.reader.model import Place
from bot.sources.model import FROM_CHAT
from tests.clock import NOON


async def columns(database: Database, table: str) -> set[str]:
    return {row["name"] for row in await database.all(f"SELECT name FROM pragma_table_info('{table}')")}  # noqa: S608


@pytest.mark.sqlite
async def test_every_column_and_table_is_listed(database: Database) -> None:
    assert await columns(database, "readers") == READER_COLUMNS.keys()
    assert await columns(database, "deliveries") == DELIVERY_COLUMNS.keys()
    tables = {
        row["name"] for row in await database.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    listed = {"readers", "deliveries"} | OTHERS.keys() | IMPERSONAL
    assert {name for name in tables if not name.startswith("sqlite_")} == listed


async def test_nothing_of_a_chat_is_left_in_any_file_once_it_is_forgotten(
    database: Database, tmp_path: Path
) -> None:
    readers = ReaderStore(database)
    privacy = PrivacyStore(database, ForgottenList(tmp_path / "forgotten"))
    met = await readers.meet(Place(-100, None, "group"), language=Language("zh"), now=NOON, back=3)
    await readers.set_up(met.id, 77_000_001, "Unforgettable Club")
    await readers.suspend(met.id, "rights", NOON)
    exported = json.dumps(await privacy.stored(-100))
    assert "Unforgettable Club" in exported
    assert "77000001" not in exported
    assert HIDDEN_IN_GROUPS.isdisjoint(*((await privacy.stored(-100))["settings"]))
    await privacy.forget(-100, NOON)
    [row] = await database.all("SELECT * FROM readers")
    left = {name: row[name] for name, value in READER_COLUMNS.items() if value is not None}
    assert left == {
        **dict.fromkeys(left, 0), "topic": met.id, "kind": "private", "language": "en", "zone": None, "times": "08:00",
        "days": "1234567", "next_at": None, "suspended": None, "news_limit": None, "quote_place": "", "listed": "{}",
        "awaiting": None, "parts": "news", "paused_until": None, "set_up_by": None, "title": "", "suspended_at": None,
        "unsubscribed_at": None, "interests": "", "weekly": None,
        "forgotten_at": int(NOON.timestamp() * 1000),
    }  # fmt: skip
    assert not [file.name for file in files(tmp_path) if b"Unforgettable" in file.read_bytes()]


async def test_pages_that_a_long_draft_has_filled_are_overwritten(database: Database, tmp_path: Path) -> None:
    await ReaderStore(database).meet(Place(11, None, "private"), language=Language("en"), now=NOON, back=3)
    await DraftStore(database).save(
        editor=11,
        name="a.md",
        title="Unforgettable",
        text="Unforgettable words. " * 2_000,
        origin=FROM_CHAT,
        replaces=None,
        now=NOON,
    )
    await PrivacyStore(database, ForgottenList(tmp_path / "forgotten")).forget(11, NOON)
    assert not [file.name for file in files(tmp_path) if b"Unforgettable" in file.read_bytes()]


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())
