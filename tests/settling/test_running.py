"""Settling goes on whatever becomes of a look, and its health tells what did."""

import asyncio

import pytest

from bot.errors import StoreError
from bot.settling.model import Unanswered
from tests.settling.stack import SettlingStack


def refused() -> StoreError:
    error = StoreError("error.disk")
    error.__cause__ = OSError("no space left")
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(refused(), "no space left", id="a database that takes nothing, and why"),
        pytest.param(StoreError("error.disk"), "error.disk", id="a database that takes nothing"),
        pytest.param(ZeroDivisionError(), "met a fault", id="a fault of the program"),
        pytest.param(Unanswered(), "", id="no answer"),
    ],
)
async def test_look_that_fails_is_told_and_the_next_one_comes(
    stack: SettlingStack, caplog: pytest.LogCaptureFixture, error: Exception, said: str
) -> None:
    failing = True
    delete_left = stack.ceiling.delete_left

    async def fail() -> bool:
        if failing:
            raise error
        return await delete_left()

    stack.ceiling.delete_left = fail  # type: ignore[method-assign]
    heartbeat, start = stack.settler.heartbeat, stack.clock.monotonic()
    await stack.clock.advance(seconds=1)
    task = asyncio.create_task(stack.settler.run())
    try:
        await stack.clock.asleep(5)
        assert (heartbeat.tried, heartbeat.succeeded) == (start + bool(said), start)
        assert [said in record.getMessage() for record in caplog.records] == [True] * bool(said)
        failing = False
        await stack.clock.skip(0)
        await stack.clock.asleep(5)
        assert heartbeat.tried == heartbeat.succeeded == start + 6
    finally:
        task.cancel()
