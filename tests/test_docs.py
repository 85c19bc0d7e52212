"""The docs name every command and every key."""

import importlib
import re
from pathlib import Path

from bot import __version__
from bot.article.parse import parse
from bot.config import Settings
from bot.tg.menus import COMMANDS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
RUNNING = ("docs/running.md", "docs/running.zh-CN.md")


def test_each_readme_names_every_command() -> None:
    for file in READMES:
        text = (ROOT / file).read_text("utf-8")
        for commands in COMMANDS.values():
            assert [name for name in commands if f"/{name}" not in text] == []


def test_each_page_on_running_and_the_example_name_every_key() -> None:
    for file in (*RUNNING, ".env.example"):
        text = (ROOT / file).read_text("utf-8")
        assert [key.upper() for key in Settings.model_fields if key.upper() not in text] == []


def test_example_is_itself_a_valid_file() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    keys = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert keys == {key.upper() for key in Settings.model_fields}


def test_every_test_that_stands_for_a_guarantee_exists() -> None:
    named = set(re.findall(r"`(test_[a-z_0-9]+)`", (ROOT / "docs" / "guarantees.md").read_text("utf-8")))
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert named
    assert {name for name in named if f"def {name}(" not in source} == set()


def test_glossary_is_short_and_each_term_is_carried_by_code() -> None:
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| term")]
    assert 0 < len(rows) <= 50
    for row in rows:
        [address] = re.findall(r"`(bot\.[\w.]+)`", row.rsplit("|", 2)[1])
        path = ROOT / address.replace(".", "/")
        if path.is_dir() or path.with_suffix(".py").exists():
            continue
        module, _, name = address.rpartition(".")
        assert hasattr(importlib.import_module(module), name), row


def test_lines_of_documents_are_short_and_their_paths_exist() -> None:
    for file in ("design.md", "guarantees.md"):
        text = (ROOT / "docs" / file).read_text("utf-8")
        assert [line for line in text.splitlines() if len(line) > 120] == []
        paths = re.findall(r"`((?:bot|tests|tools|content)/[\w./]+)`", text)
        assert [path for path in paths if not (ROOT / path).exists()] == []


def test_decisions_are_short() -> None:
    text = (ROOT / "docs" / "design.md").read_text("utf-8")
    decisions = re.findall(r"^(\*\*\d+\. .*?)\n\n", text, re.MULTILINE | re.DOTALL)
    assert decisions
    assert [decision for decision in decisions if len(decision.splitlines()) > 8] == []


def test_article_that_a_readme_shows_is_read_as_it_says() -> None:
    for file, title, quote, speaker in (
        ("README.md", "On Patience", "Patience is what you do in the meantime.", "Ada"),
        ("README.zh-CN.md", "论耐心", "耐心，就是等待时在做的事。", "阿达"),
    ):
        [shown] = re.findall(r"```\n(---\n.*?)```", (ROOT / file).read_text("utf-8"), re.DOTALL)
        article = parse(shown, file="example.md")
        assert (article.title, article.author, article.diagnostics) == (title, speaker, ())
        assert [(each.text, each.by) for each in article.quotes] == [(quote, speaker)]
        assert len(article.sections) == 2


def test_changelog_begins_with_the_version_that_this_is() -> None:
    [first, *_] = re.findall(
        r"^## (\S+) – \d{4}-\d{2}-\d{2}$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert first == __version__
