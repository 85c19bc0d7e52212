"""`check` for people: what was found, what a reader will see, folders, colours, watching."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from bot.article.plain_text import columns
from bot.cli import main
from bot.commands.check import watch
from bot.commands.terminal import Terminal, padded
from bot.message.model import Button, Entity, Message

TEXT = (
    "---\nauthor: Ada\nsource: S\ntags: [x]\n---\n# Title\n\n> 作者：Bo\n\nA lead that is long enough.\n\n"
    "## One\n\n“Words **worth** it.” — Cy\n\n## 二\n\n" + "word " * 400
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_text(TEXT)
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    assert main(["check", *map(str, arguments)]) == code
    return capsys.readouterr().out


def test_single_file_is_told_in_full(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    lines = told(capsys, file).splitlines()
    facts = dict(line.split(maxsplit=1) for line in lines if not line.startswith("    "))
    assert facts["Title"] == "Title"
    assert (facts["Author"], facts["Source"], facts["Tags"]) == ("Ada", "S", "x")
    assert (facts["Original"], facts["Date"], facts["Reading"]) == ("–", "–", "2 min")
    assert (facts["Sections"], facts["Quotes"]) == ("2", "1")
    assert "              2  二" in lines
    assert "              1  Words worth it. — Cy" in lines
    assert facts["warning"].startswith(f"{file}:2: ")
    assert "in 2 languages" in facts["Messages"]


def test_long_lists_are_cut(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("text\n\n" + "".join(f"## Section {number}\n\ntext\n\n" for number in range(30)))
    assert "… and 18 more" in told(capsys, file)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (["summary"], "A lead that is long enough."),
        (["sections"], "[ One ]"),
        (["section", 1], "Title\nOne · 1/2"),
        (["section", 0], "A lead that is long enough."),
        (["section", "2"], "page 2 of 2"),
        (["quote", 1], "Words worth it."),
        (["digest"], "1. Title"),
    ],
)
def test_what_a_reader_will_see_is_shown(
    capsys: pytest.CaptureFixture[str], file: Path, part: list[object], words: str
) -> None:
    assert words in told(capsys, file, "--show", *part)
    assert words in told(capsys, "--show", *part, file)


def test_what_is_in_chinese_is_shown_in_chinese(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# 题目\n\n一个足够长的段落，可以代表这篇文章的内容。")
    assert "目录" in told(capsys, file, "--show", "summary")


@pytest.mark.parametrize(("part", "count"), [(["section", 3], "2"), (["quote", 0], "1"), (["quote", 2], "1")])
def test_part_that_is_not_there_is_said(
    capsys: pytest.CaptureFixture[str], file: Path, part: list[object], count: str
) -> None:
    said = told(capsys, file, "--show", *part, code=1)
    assert f"There is no {part[0]} {part[1]}" in said
    assert f"has {count}" in said


@pytest.mark.parametrize(
    "arguments", [["--show", "foo"], ["--show", "section"], [], ["--json", "--watch"], ["--nonsense"]]
)
def test_wrong_usage_is_told_and_is_a_two(
    capsys: pytest.CaptureFixture[str], file: Path, arguments: list[str]
) -> None:
    files = [] if not arguments else [str(file)]
    with pytest.raises(SystemExit) as left:
        main(["check", *files, *arguments])
    assert left.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_folder_is_its_articles_at_any_depth(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    folder = file.parent
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "很长的中文标题.MARKDOWN").write_text(
        "# 很长的中文标题" + "长" * 60 + "\n\n正文正文正文"
    )
    (folder / ".git").mkdir()
    (folder / ".git" / "c.md").write_text("# hidden")
    (folder / "data.csv").write_text("# no article")
    (folder / "notes.txt").write_text("A note that is an article, as in the content folder.")
    lines = told(capsys, folder).splitlines()
    rows = [line for line in lines if line.startswith("fine")]
    assert len(rows) == 3
    assert lines[-1] == "3 files, 3 fine, 1 with warnings"
    places = {columns(line[: line.index(" min")]) for line in rows}
    assert len(places) == 1  # aligned, whatever the script


def test_one_bad_file_among_many_is_named_and_is_a_one(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    (file.parent / "bad.md").write_text("---\ntitle: [\n---\n")
    assert main(["check", str(file.parent)]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith(f"refused  {file.parent}/bad.md:")
    assert captured.out.endswith("2 files, 1 fine, 1 with warnings, 1 refused\n")


def test_folder_without_articles_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"There is no article (.markdown, .md, .txt) in {tmp_path}.\n"


def test_terminal_shows_the_looks_of_a_message() -> None:
    message = Message(
        text="a 👍bold\nquoted code",
        entities=(
            Entity(kind="bold", offset=2, length=6),
            Entity(kind="blockquote", offset=9, length=11),
            Entity(kind="code", offset=16, length=4),
        ),
        buttons=((Button(text="One", callback_data="x"), Button(text="Two", url="https://a.example")),),
    )
    painted, plain = StringIO(), StringIO()
    Terminal(painted, colour=True).message(message)
    Terminal(plain, colour=False).message(message)
    assert painted.getvalue().splitlines() == [
        "a \x1b[1m👍bold\x1b[0m",
        "▏ quoted \x1b[36mcode\x1b[0m",
        "\x1b[90m[ One ]  [ Two ↗ ]\x1b[0m",
    ]
    assert plain.getvalue().splitlines() == ["a 👍bold", "▏ quoted code", "[ One ]  [ Two ↗ ]"]


def test_only_a_terminal_with_colours_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Terminal.of(Screen()).colour
    assert not Terminal.of(StringIO()).colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Terminal.of(Screen()).colour


def test_progress_is_shown_in_place_and_goes() -> None:
    out = StringIO()
    terminal = Terminal(out, colour=True)
    terminal.progress(6, 12)
    terminal.clear()
    assert out.getvalue() == f"\r{'█' * 12}{'░' * 12} 6/12\r\x1b[K"
    silent = StringIO()
    Terminal(silent, colour=False).progress(6, 12)
    assert silent.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ab", "ab  "), ("中文", "中文"), ("中文字", "中… "), ("abcdef", "abc…"), ("", "    ")],
)
def test_column_is_filled_or_cut(text: str, expected: str) -> None:
    assert padded(text, 4) == expected


class Steps:
    """A clock that lets something happen at each wait, and then somebody interrupts."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self._steps = list(steps)

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        assert 0 < seconds < 1
        if not self._steps:
            raise KeyboardInterrupt
        self._steps.pop(0)()


async def test_what_is_saved_is_checked_again(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    other = file.parent / "b.md"
    steps = Steps(
        lambda: None,
        lambda: file.write_text("# Changed\n\nA lead that is long enough."),
        file.unlink,
        lambda: other.write_text("# Other\n\nA lead that is long enough."),
    )
    with pytest.raises(KeyboardInterrupt):
        await watch([file.parent], steps)
    titles = [
        line.split()[1] for line in capsys.readouterr().out.splitlines() if line.strip().startswith("Title")
    ]
    assert titles == ["Title", "Changed", "Other"]


async def test_file_that_is_not_there_yet_is_waited_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "late.md"
    with pytest.raises(KeyboardInterrupt):
        await watch([file], Steps(lambda: file.write_text("# Late\n\nA lead that is long enough.")))
    assert capsys.readouterr().out.splitlines()[0].startswith("Waiting")
