"""`add`, `articles` and `export`: the same while the bot runs and while it does not."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.clock import SystemClock
from bot.commands.listing import exported
from bot.db.beside import reading
from bot.db.cards import live_cards, live_text
from bot.db.database import Database
from bot.db.deposits import DepositStore
from bot.editing.deposits import Deposits
from bot.editing.model import Proposal
from bot.sources.fetch import Fetched
from tests.chat import bot_running, server_running
from tests.clock import NOON, StillClock
from tests.documents import read_page_here
from tests.editing.stack import TEXT, EditingStack, editing_stack
from tests.files import word

EEL = "# The eel is back\n\nNobody had seen one since the weir was built.\n\n> Words worth keeping."
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the data folder of this test; its exit code, and what it printed."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    def ran(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


def file(tmp_path: Path, name: str, text: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_files_become_articles_while_nothing_runs(run: Run, tmp_path: Path) -> None:
    eel = file(tmp_path, "eel.md", EEL)
    letter = file(
        tmp_path,
        "letter.docx",
        word(("Title", "The late ferry"), "It left without anybody on board, and nobody knows why."),
    )
    code, out, err = run("add", eel, letter)
    assert (code, err) == (0, "")
    assert out == "published  eel  The eel is back\npublished  letter  The late ferry\n"
    assert run("add", eel) == (
        1,
        "known      eel  The eel is back (--replace lets a changed text replace it)\n",
        "",
    )
    assert run("add", "--replace", eel)[1].startswith("known"), "the text is the same"
    eel.write_text(EEL + "\n\nAnd more.")
    assert run("add", eel)[1].startswith("known")
    assert run("add", "--replace", eel) == (0, "replaced   eel  The eel is back\n", "")
    with sqlite3.connect(tmp_path / "data" / "bot.db") as db:
        assert db.execute("SELECT count(*) FROM drafts").fetchone() == (0,), (
            "what is here already leaves none"
        )
    code, out, _ = run("articles")
    assert code == 0
    assert [row.split()[0] for row in out.splitlines()] == ["letter", "eel"]
    rows = [json.loads(row) for row in run("articles", "--json")[1].splitlines()]
    assert [(row["slug"], row["version"], row["announced"]) for row in rows] == [
        ("letter", 1, True),
        ("eel", 2, True),
    ]


def test_nobody_else_may_read_what_the_first_command_makes(run: Run, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        run("add", file(tmp_path, "eel.md", EEL))
    finally:
        os.umask(before)
    data = tmp_path / "data"
    assert [path.name for path in (data, *data.iterdir()) if path.stat().st_mode & 0o077] == []


def test_what_cannot_be_an_article_is_refused_with_a_reason(run: Run, tmp_path: Path) -> None:
    empty = file(tmp_path, "empty.md", "")
    scanned = file(tmp_path, "bad.pdf", b"%PDF-1.7 nothing")
    code, out, err = run(
        "add", empty, scanned, tmp_path / "gone.md", "http://127.0.0.1/x", file(tmp_path, "eel.md", EEL)
    )
    assert code == 1
    assert out == "published  eel  The eel is back\n"
    assert [line.split(":")[0].split()[0] for line in err.splitlines()] == ["refused"] * 4
    assert "public Internet" in err


def test_quietly_means_that_no_digest_tells_of_it(run: Run, tmp_path: Path) -> None:
    run("add", "--quiet", file(tmp_path, "eel.md", EEL))
    [row] = [json.loads(line) for line in run("articles", "--json")[1].splitlines()]
    assert not row["announced"]


def test_without_a_database_there_is_nothing_to_list(run: Run, tmp_path: Path) -> None:
    assert run("articles")[0] == 1
    assert run("export", tmp_path / "out")[0] == 1
    with pytest.raises(SystemExit):
        run("add")


async def test_running_bot_publishes_what_is_handed_in(run: Run, tmp_path: Path, clock: StillClock) -> None:
    (tmp_path / "content").mkdir()
    async with (
        server_running(clock, [1]) as server,
        bot_running(server.address, clock, tmp_path / "data", tmp_path / "content") as bot,
    ):
        adding = asyncio.create_task(asyncio.to_thread(run, "add", file(tmp_path, "eel.md", EEL)))
        while not adding.done():
            await bot.scheduler.run_all()
            await SystemClock().sleep(0.05)
        assert await adding == (0, "published  eel  The eel is back\n", "")
        assert [card.title for card in bot.services.library.newest()] == ["The eel is back"]
        assert bot.services.library.newest()[0].quotable
        assert (await asyncio.to_thread(run, "articles"))[1].startswith("eel ")
        assert await bot.stores.database.all("SELECT * FROM deposits") == []


async def never(address: str) -> Fetched:
    raise AssertionError(f"nobody asked for {address}")


async def deposits_of(at: EditingStack) -> Deposits:
    return Deposits(
        store=DepositStore(at.database),
        drafts=at.drafts,
        editor=at.editor,
        fetch=never,
        read_page=read_page_here,
        word=str,
    )


async def handed_in(at: EditingStack, text: str = EEL) -> int:
    return await DepositStore(at.database).add(
        name="eel.md", address="", data=text.encode(), is_quiet=False, replaces=False, now=NOON
    )


async def test_process_that_ends_in_between_publishes_it_once(database: Database, clock: StillClock) -> None:
    at = await editing_stack(database, clock)
    number = await handed_in(at)
    deposits = await deposits_of(at)
    [deposit] = await DepositStore(database).waiting()
    # As if the process had ended right after the draft was saved, and once more right after it was published.
    await deposits._propose(deposit)  # the first half alone
    [deposit] = await DepositStore(database).waiting()
    assert deposit.draft is not None
    await at.editor.publish(deposit.draft, editor=None)
    await deposits.tick()
    assert await at.count("articles") == 1
    assert await at.count("drafts") == 0
    outcome = await DepositStore(database).outcome(number)
    assert outcome is not None
    assert (outcome.state, outcome.slug) == ("published", "eel")
    assert await DepositStore(database).outcome(number) is None


async def test_draft_that_an_editor_has_opened_is_theirs(database: Database, clock: StillClock) -> None:
    at = await editing_stack(database, clock)
    number = await handed_in(at)
    deposits = await deposits_of(at)
    [deposit] = await DepositStore(database).waiting()
    draft = await deposits._propose(deposit)  # the first half alone
    await at.editor.reopen(draft, editor=1)
    await deposits.tick()
    outcome = await DepositStore(database).outcome(number)
    assert outcome is not None
    assert outcome.state == "waits"
    assert await at.count("articles") == 0


async def test_outcome_that_nobody_asks_for_goes_after_a_day(database: Database, clock: StillClock) -> None:
    at = await editing_stack(database, clock)
    await handed_in(at)
    await (await deposits_of(at)).tick()
    store = DepositStore(database)
    for hours, left in ((23, 2), (25, 2)):
        await store.add(
            name="b.md",
            address="",
            data=b"",
            is_quiet=False,
            replaces=False,
            now=NOON + timedelta(hours=hours),
        )
        assert await at.count("deposits") == left


async def test_what_is_withdrawn_while_it_is_read_is_no_fault(
    database: Database, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await editing_stack(database, clock)
    number = await handed_in(at)
    propose = at.editor.propose

    async def withdrawn(*words: Any, **more: Any) -> Proposal:
        await DepositStore(database).withdraw(number)
        return await propose(*words, **more)

    monkeypatch.setattr(at.editor, "propose", withdrawn)
    await (await deposits_of(at)).tick()
    assert await at.count("drafts") == await at.count("articles") == 0


# Export

DOCUMENTS = {
    "plain.md": EEL,
    "2026-01-23-a-post.md": "# A post with its day in the name\n\nIts lead is long enough to stand for it.",
    "no heading.md": "Only text stands here, long enough to be an article of its own, without any heading.",
    "front.md": '---\ntitle: "Other: a title"\ntags: [a, b]\ndate: 2026-01-02\nlang: zh\n---\n正文在这里，足够长，可以成为一篇文章。',
    "named.md": "---\nslug: quite-another-name\n---\n# Named\n\nIts lead is long enough to stand for it.",
    "toml.md": '+++\ntitle = "Toml"\n+++\n\nIts lead is long enough to stand for it, and more.',
    "同名.md": "# 同名\n\n这篇文章的导语写得足够长，可以代表它。",
}


async def test_folder_that_was_written_is_the_same_articles(
    run: Run, tmp_path: Path, clock: StillClock
) -> None:
    content, out = tmp_path / "content", tmp_path / "out"
    content.mkdir()
    for name, text in DOCUMENTS.items():
        file(content, name, text)
    database = await Database.open(tmp_path / "data" / "bot.db")
    at = await editing_stack(database, clock)
    assert await at.sync.run(content) == []
    before = at.library.newest()
    assert await asyncio.to_thread(run, "export", out) == (
        0,
        f"written: {len(DOCUMENTS)}; as they were: 0\n",
        "",
    )
    assert await asyncio.to_thread(run, "export", out) == (
        0,
        f"written: 0; as they were: {len(DOCUMENTS)}\n",
        "",
    )
    await database.close()
    again = await Database.open(tmp_path / "again" / "bot.db")
    other = await editing_stack(again, clock)
    assert await other.sync.run(out) == []
    facts = [
        {(c.slug, c.title, c.published, c.language, c.tags, c.lead, c.quotes, c.minutes) for c in cards}
        for cards in (before, other.library.newest())
    ]
    assert facts[0] == facts[1]
    await again.close()


async def test_text_that_says_all_itself_is_exported_as_it_is(tmp_path: Path, clock: StillClock) -> None:
    database = await Database.open(tmp_path / "bot.db")
    editing = await editing_stack(database, clock)
    await editing.publish(f"{TEXT}\nMore of it, which was taken out again.\n", "title.md")
    await editing.publish(TEXT, "title.md", replacing=True)
    async with reading(tmp_path / "bot.db") as connection:
        [card] = await live_cards(connection)
        assert exported(card, await live_text(connection, card.id)) == TEXT
    await database.close()


def test_folder_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    run("add", file(tmp_path, "eel.md", EEL))
    code, _, err = run("export", file(tmp_path, "a-file", "x"))
    assert code == 1
    assert "a-file cannot be written" in err
