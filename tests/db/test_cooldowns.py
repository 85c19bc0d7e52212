"""What the pacer must know after a restart: who has to wait, and until when."""

from datetime import timedelta

import pytest

from bot.db.cooldowns import CooldownStore
from bot.db.database import Database
from tests.clock import NOON

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def store(database: Database) -> CooldownStore:
    return CooldownStore(database)


async def test_shorter_one_does_not_end_a_longer_one(store: CooldownStore) -> None:
    for chat in (7, None):
        for until in (LATER - timedelta(minutes=1), LATER, NOON + timedelta(minutes=1)):
            await store.keep(chat, until)
    assert await store.current(NOON) == {7: LATER, None: LATER}


async def test_what_is_over_is_forgotten(store: CooldownStore) -> None:
    await store.keep(7, LATER)
    await store.keep(8, LATER + timedelta(minutes=5))
    assert list(await store.current(LATER)) == [8]
    assert list(await store.current(NOON)) == [8]


async def test_all_are_lifted_together(store: CooldownStore) -> None:
    await store.keep(7, LATER)
    await store.keep(None, LATER)
    await store.lift()
    assert await store.current(NOON) == {}
