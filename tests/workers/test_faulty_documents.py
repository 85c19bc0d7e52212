"""What is wrong with one document is that document's affair, whatever road it comes by."""

import json
import logging
import os
from pathlib import Path

import pytest

from bot.article.parse import parse
from bot.cli import main
from bot.commands.logs import log_at
from bot.db.database import Database
from bot.message.limits import web_link
from bot.text import as_name
from bot.workers.preflight import messages_of
from bot.workers.prepare import prepare
from tests.clock import StillClock
from tests.editing.stack import TEXT, EditingStack, editing_stack

FINE = "# Fine\n\nA text that is long enough to be read."

ODD = {
    "note in a note": "# T\n\na ^[note ^[in a note] ends] and more",
    "many notes in notes": "# T\n\na " + "^[n " * 60 + "]" * 60,
    "full-width slash in an address": "---\nsource: https://example.com／news\n---\n# T\n\ntext",
    "bracket in an address": "---\nsource: http://[\n---\n# T\n\ntext",
    "port that is none": "---\nurl: http://a.example:x/\nsource: http://a.example:99999/\n---\n# T\n\ntext",
    "bracket in a link": "# T\n\n[a](http://[) and <http://[> and http://[x",
    "bracket in the quote under the title": "# T\n\n> 来源：[x](http://[)，2026-01-23\n\ntext",
    "emoji that JSON has escaped": '---\ntitle: "Launch \\ud83d\\ude80 day"\n---\ntext',
    "half an emoji": '---\ntitle: "Launch \\ud83d day"\ntags: ["\\udc00"]\nquotes: ["say \\ud83d"]\n---\ntext',
    "half an emoji as a key": '---\n"\\ud83d": x\ntitle: T\n---\ntext',
    "control characters": "# T\x00itle\n\nte\x1b[2Jxt \x9d and \x07 more of it",
    "control characters in the front": '---\ntitle: "T\\0\\e[2J"\nauthor: "A\\a"\n---\ntext',
    "halves of characters in HTML": "# T\n\n&#xD800; &#xDFFF; &#0; &#x110000; text",
    "number too large": "---\ntitle: 999999999999999999999999999999\ndate: 99999-99-99\n---\n# T\n\n999999999999. a\n1e999",
}


@pytest.fixture
async def at(database: Database, clock: StillClock) -> EditingStack:
    return await editing_stack(database, clock)


@pytest.mark.parametrize("name", ODD)
def test_odd_document_is_read_or_refused_in_words(name: str) -> None:
    prepared = prepare(ODD[name].encode(), "odd.md")
    for text in (prepared.text, prepared.card.title, *prepared.card.tags, prepared.card.lead):
        assert text.encode()
        assert not any(ord(char) < 32 and char not in "\n\t" for char in text)


def test_emoji_that_json_has_escaped_is_an_emoji() -> None:
    assert parse(ODD["emoji that JSON has escaped"], file="x.md").title == "Launch 🚀 day"


def test_note_in_a_note_stands_in_brackets() -> None:
    assert prepare(ODD["note in a note"].encode(), "x.md").card.lead == "a (note (in a note) ends) and more"


def odd_name(folder: Path) -> None:
    with open(os.fsencode(folder / "name-") + b"\xff.md", "w") as file:  # noqa: PTH123  # no Path holds it
        file.write(FINE)


async def test_odd_files_keep_no_others_out(at: EditingStack, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for number, text in enumerate(ODD.values()):
        (folder / f"odd-{number:02}.md").write_text(text, "utf-8", "surrogatepass")
    odd_name(folder)
    (folder / "zz-fine.md").write_text(FINE)
    errors = await at.sync.run(folder)
    assert {error.key for error in errors} <= {"error.file_name"}
    assert "error.file_name" in {error.key for error in errors}
    assert "Fine" in {card.title for card in at.library.newest()}


def test_check_refuses_the_names_that_a_start_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd_name(tmp_path)
    below = Path(os.fsdecode(os.fsencode(tmp_path / "below-") + b"\xfe"))
    below.mkdir()
    (below / "a.md").write_text(FINE)
    (tmp_path / "fine.md").write_text(FINE)
    assert main(["check", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert err.count("Its name is not UTF-8") == 2
    assert "1 fine" in out


async def test_fault_of_the_program_in_one_file_keeps_no_others_out(
    at: EditingStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for name in ("a.md", "b.md", "c.md"):
        (folder / name).write_text(TEXT.replace("Title", name))
    note = at.drafts.note_file

    async def faulty(path: str, *rest: object) -> None:
        if path == "b.md":
            raise ZeroDivisionError
        await note(path, *rest)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(at.sync.files, "note_file", faulty)
    [error] = await at.sync.run(folder)
    assert (error.key, error.file) == ("error.fault", "b.md")
    assert "b.md met a fault" in caplog.text


def test_check_goes_on_after_a_fault_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text(FINE)
    (tmp_path / "b.md").write_text(FINE)

    def faulty(_: object) -> object:
        monkeypatch.setattr("bot.commands.check.messages_of", messages_of)
        raise ZeroDivisionError

    monkeypatch.setattr("bot.commands.check.messages_of", faulty)
    assert main(["check", "--json", str(tmp_path)]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert "fault of this program (ZeroDivisionError)" in first["errors"][0]
    assert second["ok"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("HTTP://A.example", "http://a.example/"),
        ("tg://user?id=3", None),
        ("tg://user/?id=3", None),
        ("tg://user?x=1&id=3", None),
        ("TG://proxy?server=a", None),
        ("tg://openmessage?user_id=1", None),
        ("ton://transfer/x", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, kept: str | None) -> None:
    assert web_link(url) == kept


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Say /unsubscribe now", "Say /\u2060unsubscribe now"),
        ("/start", "/\u2060start"),
        ("(/start)", "(/\u2060start)"),
        ("TCP/IP and 1/2 and https://a.example", "TCP/IP and 1/2 and https://a.example"),
        ("a\u202eb\u2066c\u200fd\U000e0041e", "abcde"),
        ("家/start 👩‍👩‍👧", "家/start 👩‍👩‍👧"),
    ],
)
def test_names_do_nothing(text: str, name: str) -> None:
    assert as_name(text) == name


def test_titles_and_names_of_a_document_do_nothing() -> None:
    text = "---\ntags: [/stop]\nauthor: /start\n---\n# Say /unsubscribe\n\nlead\n\n## And /settings\n\n> Words. — /help"
    prepared = prepare(text.encode(), "x.md")
    shown = [
        prepared.card.title,
        prepared.card.author,
        *prepared.card.tags,
        *(head.title for head in prepared.first_sections),
    ]
    assert not any("/s" in (each or "") or "/u" in (each or "") for each in shown)


def test_terminal_and_log_show_control_characters_as_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "\x1b]52;c;aGk=\x07\x1b[2Jx\u202e\ny"
    for name in (f"{hostile}.md", f"{hostile}-bad.md"):
        (tmp_path / name).write_text("# T\n\nA text that is long enough." if "bad" not in name else "")
    main(["check", str(tmp_path)])
    shown = capsys.readouterr()
    assert "\\x1b]52" in shown.out
    assert not set("\x1b\x07\u202e") & set(shown.out + shown.err)
    log_at(logging.INFO)
    logging.getLogger("bot").error("%s was not loaded", hostile)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert not set("\x1b\x07\u202e") & set(lines[0])
