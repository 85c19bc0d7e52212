"""The docs name every command and every key."""

import re
from pathlib import Path

from bot.config import Settings
from bot.tg.menus import COMMANDS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def test_each_readme_names_every_command() -> None:
    for file in READMES:
        text = (ROOT / file).read_text("utf-8")
        for commands in COMMANDS.values():
            assert [name for name in commands if f"/{name}" not in text] == []


def test_each_readme_and_the_example_name_every_key() -> None:
    for file in (*READMES, ".env.example"):
        text = (ROOT / file).read_text("utf-8")
        assert [key.upper() for key in Settings.model_fields if key.upper() not in text] == []


def test_the_example_is_itself_a_valid_file() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    keys = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert keys == {key.upper() for key in Settings.model_fields}


def test_every_test_that_the_design_names_exists() -> None:
    named = set(re.findall(r"`(test_[a-z_0-9]+)`", (ROOT / "docs" / "design.md").read_text("utf-8")))
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert named
    assert {name for name in named if f"def {name}(" not in source} == set()
