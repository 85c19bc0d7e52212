"""What every test starts from: no settings of the machine that it runs on, a clock that stands at noon."""

import os

os.environ["PTB_TIMEDELTA"] = "true"  # before python-telegram-bot is imported: else each RetryAfter warns

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.config import Settings
from bot.db.database import Database
from tests.clock import StillClock

settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither variables nor a `.env` of the developer reach a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def clock() -> StillClock:
    """Noon, until the test says otherwise."""
    return StillClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty one, closed whatever happens: an open one would hang the runner at its end."""
    opened = await Database.open(tmp_path / "bot.db")
    try:
        yield opened
    finally:
        await opened.close()
