"""What tests of settling share."""

from pathlib import Path

import pytest

from bot.db.database import Database
from bot.db.forgotten import ForgottenList
from bot.db.privacy import PrivacyStore
from tests.clock import StillClock
from tests.settling.stack import SettlingStack


@pytest.fixture
def stack(database: Database, clock: StillClock) -> SettlingStack:
    return SettlingStack(database, clock)


@pytest.fixture
def privacy(database: Database, tmp_path: Path) -> PrivacyStore:
    return PrivacyStore(database, ForgottenList(tmp_path / "forgotten"))
