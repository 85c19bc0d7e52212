"""The command line: what it prints, and how it ends."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.cli import main
from bot.db.database import Database
from tests.clock import StillClock
from tests.editing.stack import editing_stack

ROOT = Path(__file__).parent.parent


def test_module_runs_and_tells_its_version() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"Article Digest Bot {__version__}\n"


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: python -m bot" in capsys.readouterr().out


def test_unknown_command_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2


async def test_reindex_counts_articles_and_makes_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert await asyncio.to_thread(main, ["reindex"]) == 1
    assert "bot.db" in capsys.readouterr().err
    database = await Database.open(tmp_path / "bot.db")
    await (await editing_stack(database, StillClock())).publish()
    assert await asyncio.to_thread(main, ["reindex"]) == 1  # while the bot runs
    assert "bot.db" in capsys.readouterr().err
    await database.close()
    assert await asyncio.to_thread(main, ["reindex"]) == 0
    assert capsys.readouterr().out == "indexed; articles: 1\n"
