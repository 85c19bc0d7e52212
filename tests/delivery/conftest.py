"""The parts that deliver, put together."""

import pytest

from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.outbox import OutboxStore
from bot.db.readers import ReaderStore
from tests.clock import StillClock
from tests.delivery.stack import DeliveryStack


@pytest.fixture
def stack(database: Database, clock: StillClock) -> DeliveryStack:
    return DeliveryStack(database, clock, ReaderStore(database), OutboxStore(database), DigestStore(database))
