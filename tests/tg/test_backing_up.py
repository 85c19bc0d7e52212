"""`backup`, `restore` and the daily copies: nothing is sent twice, nobody comes back, no copy is lost."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.backups import DailyBackups
from bot.cli import main
from bot.db.database import Database
from bot.db.sqlite.versions import kept_before
from bot.demo.server import BotApiServer
from tests.chat import Chat, bot_running
from tests.clock import StillClock
from tests.tg.test_digests import skip

pytestmark = pytest.mark.sqlite


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("DATA_DIR", str(folder))
    return folder


async def run(*words: str) -> int:
    """A command, beside whatever runs in this process."""
    return await asyncio.to_thread(main, words)


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_backup_is_made_while_the_bot_runs_and_put_back_while_it_does_not(
    server: BotApiServer,
    clock: StillClock,
    data: Path,
    content: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for chat, name in ((1, "Olga"), (11, "Ada"), (12, "Bob"), (13, "Cleo")):
        server.world.person(chat, name)
    owner, ada, bob, cleo = (Chat(server, chat, chat) for chat in (1, 11, 12, 13))
    async with bot_running(server.address, clock, data, content) as bot:
        await owner.send("/start")
        for each in (ada, bob, cleo):
            await each.send("/subscribe 8:30 London")
        assert await run("backup", str(tmp_path / "safe")) == 0
        assert "4 chats, 2 articles" in capsys.readouterr().out
        assert await run("restore", str(tmp_path / "safe")) == 1  # while the bot runs
        assert "Stop it first" in capsys.readouterr().err
        await forgets(bob)
        await forgets(cleo)
        await cleo.send("/subscribe 8:30 London")
        await skip(bot, clock, hours=21)
        assert "第二篇文章" in (await ada.reply())["text"]
        assert (await run("backup", str(tmp_path)), files(tmp_path)[0]) == (0, "bot.db")
        assert await run("backup", f"{tmp_path / 'new'}/") == 0
        assert files(tmp_path / "new") == ["bot.db", "forgotten"]
    assert await run("restore", str(tmp_path / "safe"), "--count-as-sent") == 0
    told = capsys.readouterr().out
    assert "is the database now" in told
    assert "forgotten again: 2." in told
    assert "Counted as sent." in told
    async with bot_running(server.address, clock, data, content) as bot:
        await skip(bot, clock, minutes=1)
        assert ada.silent()
        assert "restored just then" in (await ada.send("/why"))["text"]
        assert "8:30" not in (await bob.send("/settings"))["text"]
    assert owner.silent()


async def forgets(chat: Chat) -> None:
    await chat.press(await chat.press(await chat.send("/privacy"), "Delete"), "Yes, delete")


async def test_restore_without_a_decision_leaves_it_to_the_chat(
    server: BotApiServer, clock: StillClock, data: Path, content: Path, tmp_path: Path
) -> None:
    server.world.person(1, "Olga")
    owner = Chat(server, 1, 1)
    async with bot_running(server.address, clock, data, content):
        await owner.send("/subscribe 8:30 London")
        await run("backup", str(tmp_path / "safe"))
    shutil.rmtree(data)  # as on another machine
    assert await run("restore", str(tmp_path / "safe")) == 0
    async with bot_running(server.address, clock, data, content) as bot:
        await skip(bot, clock, minutes=1)
        assert "somebody restored a backup" in (await owner.reply())["text"]


@pytest.mark.parametrize(("typed", "says"), [("x\n1\n", "Counted"), ("2\n", "once more"), ("\n", "on hold")])
async def test_restore_asks_at_a_terminal(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    says: str,
) -> None:
    database = await Database.open(data / "bot.db")
    await database.run(
        "INSERT INTO readers (chat, kind, language, times, days, watermark, met_at, subscribed) "
        "VALUES (5, 'private', 'en', '08:00', '1234567', 0, 0, 0)"
    )
    await database.close()
    answers = iter(typed.splitlines())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    await run("backup", str(tmp_path / "safe"))
    assert await run("restore", str(tmp_path / "safe")) == 0
    assert says in capsys.readouterr().out


async def test_restore_of_what_nothing_was_sent_since_asks_nothing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await (await Database.open(data / "bot.db")).close()
    await run("backup", str(tmp_path / "safe"))
    (data / "sent").write_text("0\n")
    assert await run("restore", str(tmp_path / "safe")) == 0
    assert "Nothing has left since" in capsys.readouterr().out


async def test_backup_and_restore_of_nothing_say_so(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run("backup", str(tmp_path / "safe")) == 1
    assert str(data / "bot.db") in capsys.readouterr().err
    assert await run("restore", str(tmp_path / "none")) == 1
    assert str(tmp_path / "none") in capsys.readouterr().err
    assert not (data / "bot.db").exists()


@pytest.fixture
def copies(data: Path, clock: StillClock) -> DailyBackups:
    data.mkdir()
    with contextlib.closing(sqlite3.connect(data / "bot.db")) as connection:
        connection.executescript(
            "CREATE TABLE readers (chat); CREATE TABLE articles (removed_at); INSERT INTO readers VALUES (5)"
        )
    return DailyBackups(data, data / "backups", keep=3, clock=clock)


async def test_a_copy_a_day_is_kept_and_the_last_stay(
    copies: DailyBackups, data: Path, clock: StillClock
) -> None:
    (data / "backups").mkdir()
    (data / "backups" / "bot-mine.db").touch()
    (data / "forgotten").write_text("salt\n")
    for _ in range(24 * 5):
        await copies.tick()
        await clock.advance(hours=1)
    made = [f"bot-202611{day}-120000.db" for day in (26, 27, 28)]
    assert files(data / "backups") == [*made, "bot-mine.db", "forgotten"]


async def test_restart_makes_no_more_copies(copies: DailyBackups, data: Path, clock: StillClock) -> None:
    await copies.tick()
    for _ in range(5):
        await clock.advance(hours=4)
        await DailyBackups(data, data / "backups", keep=3, clock=clock).tick()
    assert len(files(data / "backups")) == 1
    await clock.advance(hours=4)
    await DailyBackups(data, data / "backups", keep=3, clock=clock).tick()
    assert len(files(data / "backups")) == 2


async def test_copy_that_fails_is_tried_again_in_an_hour(
    copies: DailyBackups, data: Path, clock: StillClock
) -> None:
    (data / "backups").write_text("a file where the folder would be")
    await copies.tick()
    (data / "backups").unlink()
    await clock.advance(minutes=59)
    await copies.tick()
    assert not (data / "backups").exists()
    await clock.advance(minutes=1)
    await copies.tick()
    assert len(files(data / "backups")) == 1


async def test_clock_that_was_ahead_keeps_no_copy_from_being_made(copies: DailyBackups, data: Path) -> None:
    (data / "backups").mkdir()
    (data / "backups" / "bot-20990101-000000.db").touch()
    (data / "backups" / "bot-20991399-000000.db").touch()
    await copies.tick()
    assert len(files(data / "backups")) == 3


async def test_no_copies_when_none_are_wanted(data: Path, copies: DailyBackups, clock: StillClock) -> None:
    await DailyBackups(data, data / "backups", keep=0, clock=clock).tick()
    assert not (data / "backups").exists()
    await copies.tick()
    assert (data / "backups").exists()


async def test_copy_from_before_a_migration_goes_after_a_month(
    copies: DailyBackups, data: Path, clock: StillClock
) -> None:
    old, young = kept_before(data / "bot.db", 3), kept_before(data / "bot.db", 4)
    for file, days in ((old, 31), (young, 29)):
        file.touch()
        moment = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))
    await copies.tick()
    assert (old.exists(), young.exists()) == (False, True)
