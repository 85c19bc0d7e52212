"""What every test starts from: no settings of the machine that it runs on, a clock that stands at noon."""

import os

os.environ["PTB_TIMEDELTA"] = "true"  # before python-telegram-bot is imported: else each RetryAfter warns

from pathlib import Path

import pytest
from hypothesis import settings

from bot.config import Settings
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
