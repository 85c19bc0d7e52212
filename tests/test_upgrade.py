"""A database of version 0.1 is opened by this one: nothing is lost, and its old buttons go on working."""

import contextlib
import sqlite3
import typing
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Literal

import pytest

from bot.app.lifespan import Runtime
from bot.config import DATABASE
from bot.db.database import Database
from bot.db.reindex import is_outdated
from bot.db.restored import MARK
from bot.db.sqlite.versions import kept_copies
from bot.delivery.reasons import Reason
from bot.demo.server import BotApiServer
from bot.i18n import LANGUAGES, translator
from tests.chat import Chat, bot_running, server_running
from tests.clock import StillClock
from tests.ledger import assert_ledger_is_sound
from tests.tg.conftest import ARTICLES
from tests.tg.test_digests import skip

OLD: Final = Path(__file__).parent / "upgrade"
STALE: Final = frozenset(translator(language)("chat.stale") for language in LANGUAGES)


def buttons() -> list[tuple[int, str, str]]:
    lines = (OLD / "buttons.txt").read_text("utf-8").splitlines()
    words = [line.split() for line in lines if not line.startswith("#")]
    return [(int(user), data, shows) for user, data, shows in words]


RELEASES: Final = {"0.1": "database.sql", "1.0": "database-1.0.sql"}
"""Databases as released versions left them. 0.1 was used by hand, and that one was then opened by 1.0."""


def write_old_database(file: Path, release: str = "0.1") -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript((OLD / RELEASES[release]).read_text("utf-8"))


def counted(file: Path) -> dict[str, int]:
    """How many rows each table has."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        names = [name for [name] in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  # its own names
            for name in names
        }


@pytest.mark.parametrize("release", RELEASES)
async def test_database_of_each_release_is_opened_whole(
    server: BotApiServer, clock: StillClock, tmp_path: Path, release: str
) -> None:
    data, content = tmp_path / "data", tmp_path / "content"
    data.mkdir()
    content.mkdir()
    write_old_database(data / DATABASE, release)
    before = counted(data / DATABASE)
    await (await Database.open(data / DATABASE)).close()
    after = counted(data / DATABASE)
    same = before.keys() & after.keys() - {"facts"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert before.keys() - same <= {"facts", "holds"}
    assert after["cooldowns"] == before.get("holds", before.get("cooldowns"))
    with contextlib.closing(sqlite3.connect(data / DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    [kept] = kept_copies(data / DATABASE).values()
    assert counted(kept) == before
    (data / MARK).write_text(f"{4:020}\n")
    async with bot_running(server.address, clock, data, content) as bot:
        server.world.person(99, "Stranger")
        assert "Fourth piece" in (await Chat(server, 99, 99).send("/articles"))["text"]
        await skip(bot, clock, days=1)
    await assert_ledger_is_sound(data / DATABASE)


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[BotApiServer]:
    async with server_running(clock) as made:
        for user in (1, 2, 11, 12, *range(20, 28)):
            made.world.person(user, f"P{user}")
        made.world.group(-100, "Club", {11: "creator"})
        yield made


@pytest.fixture
async def bot(server: BotApiServer, clock: StillClock, tmp_path: Path) -> AsyncIterator[Runtime]:
    """The product on the old database, three days after it was first started."""
    data, content = tmp_path / "data", tmp_path / "content"
    content.mkdir()
    for name, text in ARTICLES.items():
        (content / name).write_text(text, "utf-8")
    data.mkdir(mode=0o700)
    write_old_database(data / DATABASE)
    (data / MARK).write_text(f"{4:020}\n")  # which that version wrote beside it
    await clock.advance(days=3)
    async with bot_running(server.address, clock, data, content) as product:
        await skip(product, clock, seconds=1)  # what waits leaves
        yield product
    await assert_ledger_is_sound(data / DATABASE)


async def test_articles_of_before_become_findable_while_the_bot_answers(
    server: BotApiServer, bot: Runtime, clock: StillClock
) -> None:
    server.world.person(99, "Stranger")
    stranger = Chat(server, 99, 99)
    while await is_outdated(bot.stores.database):
        await clock.settle()
    assert (await stranger.send("/search things"))["text"].startswith(
        "1 article with things\n\n1. First things"
    )


@pytest.mark.parametrize(("user", "data", "shows"), buttons(), ids=str)
async def test_old_button_still_works(
    server: BotApiServer,
    bot: Runtime,  # noqa: ARG001  # it answers
    user: int,
    data: str,
    shows: str,
) -> None:
    chat = Chat(server, user, user)
    message = await chat.send("/privacy")
    toast, said = await chat.pressed(message, data)
    assert toast not in STALE
    edited = any(each["message_id"] == message["message_id"] for each in said)
    sent = any(each["message_id"] != message["message_id"] for each in said)
    assert {"edit": edited, "send": sent, "toast": bool(toast)}[shows]


async def test_nothing_is_lost_when_an_old_database_is_opened(tmp_path: Path) -> None:
    write_old_database(tmp_path / DATABASE)
    before = rows_by_table(tmp_path / DATABASE)
    await (await Database.open(tmp_path / DATABASE)).close()
    after = rows_by_table(tmp_path / DATABASE)
    before["facts"] += 1  # how many deliveries were ever planned
    before["cooldowns"] = before.pop("holds")
    assert {table: after.get(table) for table in before} == before


def rows_by_table(file: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        count = "SELECT count(*) FROM {}"
        return {name: connection.execute(count.format(name)).fetchone()[0] for (name,) in tables}


def literals(hint: object) -> set[str]:
    """The values of a Literal, or of a union of such."""
    parts = typing.get_args(hint)
    return set(parts) if typing.get_origin(hint) is Literal else set().union(*map(literals, parts))


async def test_old_reasons_become_codes_and_telegram_s_words_stay(tmp_path: Path) -> None:
    write_old_database(tmp_path / DATABASE)
    await (await Database.open(tmp_path / DATABASE)).close()
    with contextlib.closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        rows = connection.execute(
            "SELECT state, reason, detail FROM deliveries WHERE reason IS NOT NULL"
        ).fetchall()
    assert {reason for _, reason, _ in rows} <= literals(Reason)
    assert {row for row in rows if row[2]} == {
        ("excluded", "denied", "Forbidden: bots can't send messages to bots"),
        ("failed", "refused", "Bad Request: message text is empty"),
        ("failed", "refused", "HTTP 400"),
        ("uncertain", "fault", "KeyError"),
        ("uncertain", "server_error", "500"),
        ("uncertain", "unreadable", "HTTP 502"),
    }
    assert {"nothing_new", "slot_used", "program_ended", "no_answer"} <= {reason for _, reason, _ in rows}


async def test_what_waited_in_an_old_outbox_is_sent(
    server: BotApiServer,
    bot: Runtime,  # noqa: ARG001  # it sends
) -> None:
    said = {user: {each["text"] for each in server.world.history(user)} for user in (1, 25, 26, 27)}
    assert "A notice that waits" in said[1]
    assert "A digest that waits" in said[25]
    assert "A digest that waits longer" in said[26]
    assert "In flight at the end" not in said[27]  # nobody knows whether it arrived


@pytest.mark.parametrize(
    ("user", "words", "answer"),
    [
        (20, "London", "Weekdays at 08:30"),
        (25, "7:00", "07:00"),
        (2, "# New\n\nLead.\n\n## One\n\ntext", "New"),
    ],
    ids=["city", "time", "article"],
)
async def test_old_question_is_answered(
    server: BotApiServer,
    bot: Runtime,  # noqa: ARG001  # it answers
    user: int,
    words: str,
    answer: str,
) -> None:
    chat = Chat(server, user, user)
    assert answer in (await chat.send(words))["text"]


async def test_old_reasons_are_told(server: BotApiServer, bot: Runtime) -> None:  # noqa: ARG001
    said = await Chat(server, 2, 2).send("/trace 11")
    assert "not sent: nothing was new" in said["text"]
