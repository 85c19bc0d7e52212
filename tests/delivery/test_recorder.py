"""Outcomes are written at once while few are on their way, and share a commit while many are."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import pytest

from bot.delivery.model import Delivery, Next, Result
from bot.delivery.recorder import MIN_GROUP, STORE_RETRY_S, WRITE_WAIT_S, Recorder
from bot.errors import StoreDamaged, StoreError
from tests.clock import StillClock


@dataclass
class Rows:
    """What was written together, while so many are on their way."""

    on_its_way: int = 1
    groups: list[int] = field(default_factory=list)
    failures: int = 0
    """How many writes fail before one succeeds."""

    async def record(self, results: Sequence[Result], now: datetime) -> None:
        del now
        if self.failures:
            self.failures -= 1
            raise StoreError("no words for people") from OSError("disk full")
        self.groups.append(len(results))


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
async def recorder(rows: Rows, clock: StillClock) -> AsyncIterator[Recorder]:
    def written(results: Sequence[Result]) -> None:
        rows.on_its_way -= len(results)

    def damaged(error: StoreDamaged) -> None:
        raise error

    made = Recorder(rows, clock, on_its_way=lambda: rows.on_its_way, written=written, damaged=damaged)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def add(recorder: Recorder, count: int) -> None:
    for _ in range(count):
        recorder.add(cast(Delivery, object()), cast(Next, object()))


async def test_single_outcome_is_written_at_once(recorder: Recorder, rows: Rows, clock: StillClock) -> None:
    add(recorder, 1)
    await clock.settle()
    assert rows.groups == [1]


async def test_few_of_many_wait_for_others_each_time(
    recorder: Recorder, rows: Rows, clock: StillClock
) -> None:
    rows.on_its_way = 5 * MIN_GROUP
    add(recorder, MIN_GROUP)
    await clock.settle()
    assert rows.groups == [MIN_GROUP]  # enough: no need to wait
    for _ in range(2):
        add(recorder, 2)
        await clock.settle()
        add(recorder, 1)
        await clock.advance(seconds=WRITE_WAIT_S / 2)
        assert rows.groups[-1] != 3
        await clock.advance(seconds=WRITE_WAIT_S)
        assert rows.groups[-1] == 3
        rows.groups.append(0)


async def test_store_that_fails_is_asked_again_in_a_while(
    recorder: Recorder, rows: Rows, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    rows.failures = 2
    add(recorder, 1)
    for left in (1, 0):
        await clock.settle()
        assert (rows.failures, rows.groups) == (left, [])
        await clock.advance(seconds=STORE_RETRY_S)
    assert rows.groups == [1]
    assert [record.getMessage() for record in caplog.records] == [
        "The outbox cannot be written; trying again: disk full"
    ] * 2
