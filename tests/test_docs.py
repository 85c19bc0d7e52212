"""The docs name every command and every key."""

import importlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot import __version__
from bot.article.parse import parse
from bot.cli import command_line
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


DOCUMENTS = sorted(
    file
    for folder in (ROOT, ROOT / "docs", ROOT / "deploy", ROOT / "tools")
    for file in folder.glob("*.*")
    if file.suffix in {".md", ".yaml", ".service"}
)
"""Everything that people copy commands from."""

_COMMAND = re.compile(
    r"(?:(?<=[`/ ])python -m bot|(?:(?<=`)|(?<=bin/))article-digest-bot) ([a-z]+(?:-[a-z]+)*)((?: --[a-z-]+)*)"
)
_MAKE = re.compile(r"`make ([a-z-]+)")
_OTHERS = {"is", "or", "and"}
"""Words that follow a name in a sentence."""


def test_commands_in_documents_exist() -> None:
    known = {
        name: command
        for action in command_line()._actions
        for name, command in (getattr(action, "choices", None) or {}).items()
    }
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    found = set()
    for file in DOCUMENTS:
        text = file.read_text("utf-8")
        for name, options in _COMMAND.findall(text):
            if name in _OTHERS:
                continue
            assert name in known, f"{file.name}: {name}"
            assert set(options.split()) <= set(known[name]._option_string_actions), (
                f"{file.name}: {name} {options}"
            )
            found.add(name)
        assert set(_MAKE.findall(text)) <= targets, file.name
    assert found == set(known)


def test_container_and_service_may_write_their_folder_only() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["bot"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["environment"]["DATA_DIR"] == "/data"
    assert [volume.partition(":")[2] for volume in service["volumes"]] == ["/data"]
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert "USER bot" in dockerfile
    assert 'CMD ["python", "-m", "bot", "run"]' in dockerfile  # without a shell, which would keep signals
    assert "--platform" not in dockerfile
    lines = (ROOT / "deploy" / "article-digest-bot.service").read_text("utf-8").splitlines()
    assert {"DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0077"} <= set(lines)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_knows_every_line_of_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "article-digest-bot.service"
    text = (ROOT / "deploy" / unit.name).read_text("utf-8")
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text))
    done = subprocess.run(  # noqa: S603  # the command is ours
        ["systemd-analyze", "verify", str(unit)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert unit.name not in done.stderr, done.stderr
