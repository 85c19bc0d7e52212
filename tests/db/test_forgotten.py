"""Who asked to be forgotten is known beside the database, by hashes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.database import Database
from bot.db.forgotten import ForgottenList
from bot.db.privacy import PrivacyStore
from bot.db.readers import ReaderStore
from bot.db.times import to_ms
from bot.errors import StoreError
from bot.i18n import Language
from bot.reader.model import Place
from tests.clock import NOON

LATER = NOON + timedelta(days=1)


@pytest.fixture
def listed(tmp_path: Path) -> ForgottenList:
    return ForgottenList(tmp_path / "forgotten")


def test_list_finds_whom_it_has_and_tells_nothing_at_a_glance(listed: ForgottenList, tmp_path: Path) -> None:
    assert listed.count() == 0
    assert listed.among([1, 2]) == {}
    assert listed.add(7_700_001, NOON) == 1
    assert listed.add(-100_200_300, NOON) == 2
    assert listed.add(7_700_001, LATER) == 3
    assert listed.among([5, 7_700_001, -100_200_300]) == {7_700_001: to_ms(LATER), -100_200_300: to_ms(NOON)}
    written = (tmp_path / "forgotten").read_text("utf-8")
    assert "7700001" not in written
    assert "200300" not in written
    assert ((tmp_path / "forgotten").stat().st_mode & 0o777) == 0o600


def test_no_two_lists_have_the_same_hashes(tmp_path: Path) -> None:
    for name in "ab":
        ForgottenList(tmp_path / name).add(1, NOON)
    lines = [(tmp_path / name).read_text("utf-8").splitlines() for name in "ab"]
    assert not set(lines[0]) & set(lines[1])


def test_list_has_its_salt_once(listed: ForgottenList, tmp_path: Path) -> None:
    for chat in (1, 2, 3):
        listed.add(chat, NOON)
    words = [line.split()[0] for line in (tmp_path / "forgotten").read_text("utf-8").splitlines()]
    assert words.count("salt") == 1
    assert len(words) == 4


def test_line_without_a_salt_before_it_is_passed_over(listed: ForgottenList, tmp_path: Path) -> None:
    listed.add(1, NOON)
    file = tmp_path / "forgotten"
    salt, line = file.read_text("utf-8").splitlines()
    file.write_text(f"{line}\n{salt}\n{line}\n", "utf-8")
    assert (listed.count(), listed.among([1])) == (1, {1: to_ms(NOON)})


def test_copy_that_knows_nothing_more_changes_nothing(
    listed: ForgottenList, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, copy, first = tmp_path / "forgotten", tmp_path / "copy", tmp_path / "first"
    listed.merge(copy)
    assert not file.exists(), "there is nothing to write down"
    listed.add(1, NOON)
    copy.write_bytes(file.read_bytes())
    listed.merge(copy)
    assert file.read_bytes() == copy.read_bytes()
    ForgottenList(first).merge(copy)
    assert ForgottenList(first).among([1]) == {1: to_ms(NOON)}
    assert not caplog.records, "every line is one"


def test_line_that_was_cut_off_costs_only_itself(listed: ForgottenList, tmp_path: Path) -> None:
    listed.add(1, NOON)
    listed.add(2, NOON)
    file = tmp_path / "forgotten"
    file.write_bytes(file.read_bytes()[:-25])
    listed.add(3, NOON)
    assert set(listed.among([1, 2, 3])) == {1, 3}
    file.write_bytes(b"\xff\x00 nonsense\n" + file.read_bytes())
    assert set(listed.among([1, 2, 3])) == {1, 3}


def test_copies_of_a_list_are_brought_together(tmp_path: Path) -> None:
    one, other = ForgottenList(tmp_path / "one"), ForgottenList(tmp_path / "other")
    one.add(1, NOON)
    (tmp_path / "other").write_bytes((tmp_path / "one").read_bytes())
    other.add(2, NOON)
    other.add(1, LATER)
    elsewhere = ForgottenList(tmp_path / "elsewhere")
    elsewhere.add(3, NOON)
    for name in ("other", "elsewhere", "none", "other"):
        one.merge(tmp_path / name)
    one.add(4, NOON)
    found = one.among([1, 2, 3, 4, 5])
    assert found == {1: to_ms(LATER), 2: to_ms(NOON), 3: to_ms(NOON), 4: to_ms(NOON)}
    assert one.count() == 5


async def test_nothing_is_forgotten_that_the_list_could_not_take(database: Database, tmp_path: Path) -> None:
    readers = ReaderStore(database)
    await readers.meet(Place(5), language=Language("en"), now=NOON, back=3)
    privacy = PrivacyStore(database, ForgottenList(tmp_path / "none" / "forgotten"))
    with pytest.raises(StoreError):
        await privacy.forget(5, NOON)
    assert await readers.find(Place(5)) is not None


async def test_who_was_written_down_and_not_forgotten_is_so_at_the_next_start(
    database: Database, listed: ForgottenList
) -> None:
    readers, privacy = ReaderStore(database), PrivacyStore(database, listed)
    for chat in (5, 6):
        await readers.meet(Place(chat), language=Language("en"), now=NOON, back=3)
    listed.add(5, LATER)  # and then the process was killed
    assert await privacy.forget_again(LATER) == 1
    assert await readers.find(Place(5)) is None
    assert await readers.find(Place(6)) is not None
    assert await privacy.forget_again(LATER) == 0


async def test_who_came_back_by_themselves_stays(database: Database, listed: ForgottenList) -> None:
    readers, privacy = ReaderStore(database), PrivacyStore(database, listed)
    await readers.meet(Place(5), language=Language("en"), now=NOON, back=3)
    await privacy.forget(5, LATER)
    await readers.meet(Place(5), language=Language("en"), now=LATER + timedelta(seconds=1), back=3)
    await database.run("DELETE FROM facts WHERE name = 'forgotten'")  # as in a backup of other times
    assert await privacy.forget_again(LATER) == 0
    assert await readers.find(Place(5)) is not None


async def test_editor_without_a_chat_is_forgotten_again(database: Database, listed: ForgottenList) -> None:
    privacy = PrivacyStore(database, listed)
    await database.run("""INSERT INTO people ("user", role, name, since) VALUES (9, 'editor', 'Ed', 0)""")
    await database.run("INSERT INTO acts (\"user\", act, about, at) VALUES (8, 'removed', '', 0)")
    listed.add(9, NOON)
    listed.add(8, NOON)
    assert await privacy.forget_again(LATER) == 2
    assert await database.all("SELECT 1 FROM people") == []
    assert [row["user"] for row in await database.all('SELECT "user" FROM acts')] == [0]
