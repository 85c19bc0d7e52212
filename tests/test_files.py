"""What the bot writes is read by nobody else, and never through somebody else's link."""

from pathlib import Path

import pytest

from bot.db.database import Database
from bot.db.restored import ClaimCounter
from bot.errors import StoreError
from bot.files import keep_to_ourselves, own_file


def test_file_of_our_own_is_ours_alone_and_keeps_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before")
    with own_file(tmp_path / "b") as file:
        file.write("x")
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    with own_file(tmp_path / "a") as file:
        assert file.read() == "before"


async def test_links_are_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "link").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"):
        own_file(tmp_path / "link")
    (tmp_path / "bot.db.lock").symlink_to(victim)
    with pytest.raises(StoreError):
        await Database.open(tmp_path / "bot.db")
    (tmp_path / "sent").symlink_to(victim)
    ClaimCounter(tmp_path / "sent").write(7)
    assert victim.read_text() == "precious"


async def test_database_of_an_earlier_version_is_kept_from_others(tmp_path: Path) -> None:
    await (await Database.open(tmp_path / "bot.db")).close()
    (tmp_path / "bot.db").chmod(0o644)  # as before
    opened = await Database.open(tmp_path / "bot.db")
    try:
        assert (tmp_path / "bot.db").stat().st_mode & 0o777 == 0o600  # a look
    finally:
        await opened.close()
    keep_to_ourselves(tmp_path / "nothing")
