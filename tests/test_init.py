"""`init` asks four questions, checks each answer, and keeps what else stands in `.env`."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.init import init
from bot.config import read_settings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz"


def answering(*answers: str) -> Callable[[str], str]:
    rest = iter(answers)
    return lambda _: next(rest)


def test_answers_are_what_the_bot_starts_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert init(answering(TOKEN, "5, 6", "socks5://bob:a b@127.0.0.1:1080", "my data")) == 0
    settings = read_settings()
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.owner_ids == {5, 6}
    assert settings.proxy == "socks5://bob:a b@127.0.0.1:1080"
    assert settings.data_dir == Path("my data")
    assert stat.S_IMODE(Path(".env").stat().st_mode) == 0o600
    assert "python -m bot doctor" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("started_as", "name"),
    [
        ("/home/ada/.local/bin/article-digest-bot", "article-digest-bot"),
        ("article-digest-bot.exe", "article-digest-bot"),
        ("/opt/article-digest-bot/bot/__main__.py", "python -m bot"),
    ],
)
def test_next_commands_are_named_as_this_one_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], started_as: str, name: str
) -> None:
    monkeypatch.setattr("sys.argv", [started_as, "init"])
    assert init(answering(TOKEN, "", "", "")) == 0
    assert f": {name} run (" in capsys.readouterr().out


def test_wrong_answers_are_asked_for_again_with_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    answers = (
        "",
        "no token",
        f"{TOKEN}\x1b[2J",
        TOKEN,
        "Ada",
        "",
        "ftp://x",
        "it's",
        "http://127.0.0.1:7890",
        "",
    )
    assert init(answering(*answers)) == 0
    told = capsys.readouterr().out
    for words in (
        "the bot needs one",
        "a token looks like",
        "quotation marks",
        "give user ids as numbers",
        "give the address of an HTTP or SOCKS proxy",
    ):
        assert words in told
    assert "no token" not in told
    settings = read_settings()
    assert (settings.owner_ids, settings.proxy) == (frozenset(), "http://127.0.0.1:7890")


def test_file_that_is_there_is_changed_only_when_one_says_so() -> None:
    Path(".env").write_text(
        "# mine\nexport BOT_TOKEN=1:old\nSENDS_PER_SECOND=3\nOWNER_IDS=9\nBOT_TOKEN=2:older\n"
    )
    before = Path(".env").read_text()
    assert init(answering("")) == 1
    assert Path(".env").read_text() == before
    assert init(answering("y", TOKEN, "", "", "there")) == 0
    assert Path(".env").read_text() == f"# mine\nBOT_TOKEN={TOKEN}\nSENDS_PER_SECOND=3\nDATA_DIR=there\n"


def test_what_cannot_be_written_or_asked_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 1  # no terminal
    assert "no terminal" in capsys.readouterr().err
    Path("other").write_text("")
    Path(".env").symlink_to("other")
    assert main(["init"]) == 1
    assert Path("other").read_text() == ""
