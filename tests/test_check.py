"""`check` says what it found in a file, or why and where the file is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

ROOT = Path(__file__).parent.parent
SHIPPED = sorted((ROOT / "content").glob("*.md"))
CHINESE = next(path for path in SHIPPED if path.name.startswith("2026-01-23"))


def checked(capsys: pytest.CaptureFixture[str], *files: Path) -> list[dict[str, Any]]:
    main(["check", "--json", *map(str, files)])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_articles_that_ship_are_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *map(str, SHIPPED)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(SHIPPED) == 4
    assert [line.split()[0] for line in lines] == ["fine"] * 4 + ["4"]


def test_chinese_one_names_where_it_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    [row] = checked(capsys, CHINESE)
    assert (row["ok"], row["language"], row["published"]) == (True, "zh", "2026-01-23")
    assert "InfoQ" in row["source"]
    assert row["url"] == "https://mp.weixin.qq.com/s/81OnMVR5svDURu_2mHUypQ"
    assert row["slug"] == "2026-01-23-jerry-tworek-leaves-openai"
    assert [len(row["sections"]), sum(len(section["children"]) for section in row["sections"])] == [7, 14]
    assert len(row["quotes"]) == 17
    assert {quote["by"] for quote in row["quotes"]} == {"Jerry Tworek"}
    assert {message["kind"] for message in row["messages"]} >= {
        "summary", "sections", "section", "quote", "digest",
    }  # fmt: skip


def test_row_tells_all_that_was_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(
        "# T\n\n> Source: S\n> By Ada\n\nA lead that is long enough.\n\n## A\n\n### B\n\n> Words worth it.\n"
    )
    [row] = checked(capsys, file)
    assert (row["file"], row["title"], row["source"], row["author"]) == (str(file), "T", "S", "Ada")
    assert (row["summary"], row["minutes"], row["tags"]) == ("A lead that is long enough.", 1, [])
    beginning, a = row["sections"]
    assert (beginning["level"], a["title"], a["children"][0]["title"]) == (0, "A", "B")
    assert row["quotes"] == [
        {"text": "Words worth it.", "by": None, "url": None, "section": a["children"][0]["id"]}
    ]
    assert set(row["messages"][0]) == {"kind", "text", "entities", "buttons"}


def test_bad_file_is_refused_with_its_line_and_the_others_load(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken, missing = tmp_path / "broken.md", tmp_path / "missing.md"
    broken.write_text("---\ntitle: x\ntags: [a\n---\n***")
    assert main(["check", str(broken), str(missing), str(CHINESE)]) == 1
    captured = capsys.readouterr()
    first, second = captured.err.splitlines()
    assert first.startswith(f"refused  {broken}:")
    assert "no text" in first
    assert f"{missing}: It cannot be read" in second
    assert captured.out.startswith("fine ")


def test_refused_row_says_why(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    [row] = checked(capsys, tmp_path / "empty.md")
    assert row == {
        "file": str(tmp_path / "empty.md"),
        "ok": False,
        "errors": [f"{tmp_path}/empty.md: It is empty."],
        "warnings": [],
    }


def test_where_two_say_different_things_a_warning_names_the_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\nsource: A\n---\n# T\n\n> Source: B\n\ntext")
    [row] = checked(capsys, file)
    warning = f"{file}:2: source: using “A”; the quote under the title says “B”."
    assert (row["ok"], row["warnings"]) == (True, [warning])
    assert main(["check", str(file)]) == 0
    assert f"warning  {warning}" in capsys.readouterr().out
