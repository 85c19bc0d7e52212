"""Digests wait until it is known whether the database is up to date, but never for good."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from bot.settling.freshness import Freshness
from tests.settling.stack import OWNER, SettlingStack


@dataclass
class Heard:
    """How often it was told that digests may leave, and that an owner must decide."""

    known: int = 0
    held: int = 0

    async def know(self) -> None:
        self.known += 1

    async def hold(self) -> None:
        self.held += 1


@contextlib.asynccontextmanager
async def looking(stack: SettlingStack) -> AsyncIterator[tuple[Freshness, Heard]]:
    """As after a start at which two readers' digests are due, and a few ids are unexplained."""
    heard = Heard()
    await stack.history()
    for _ in range(3):
        stack.put(950)
    found = Freshness(
        store=stack.store,
        due=[11, 12],
        is_there=stack.is_there,
        ceiling=stack.ceiling,
        ids=stack.ids,
        hold=heard.hold,
        clock=stack.clock,
    )
    found.on_known = heard.know
    task = asyncio.create_task(found.run())
    await stack.clock.asleep(1)
    try:
        yield found, heard
        async with asyncio.timeout(20):
            await task
    finally:
        task.cancel()


async def test_telegram_that_does_not_answer_is_waited_for_ten_minutes(
    stack: SettlingStack, caplog: pytest.LogCaptureFixture
) -> None:
    async with looking(stack) as (found, heard):
        stack.loses = {OWNER}
        for seconds in (1, 5, 10, 20, 40, 80, 120, 120, 120):
            await stack.clock.asleep(seconds)
            assert (found.is_known, heard.known) == (False, 0)
            await stack.clock.skip(0)
        await stack.clock.asleep(120)
        await stack.clock.skip(100)
    assert (found.is_known, heard.known, heard.held) == (True, 1, 0)
    assert "could not be found out" in caplog.text


async def test_fault_of_the_program_keeps_no_digest(
    stack: SettlingStack, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(chat: int, message_id: int) -> bool | None:
        raise ZeroDivisionError(chat, message_id)

    stack.is_there = broken  # type: ignore[method-assign]
    async with looking(stack) as (found, heard):
        await stack.clock.skip(0)
    assert (found.is_known, heard.known, heard.held) == (True, 1, 0)
    assert "met a fault" in caplog.text


@pytest.mark.parametrize("who", [lambda stack: stack.refuses.add(OWNER), lambda stack: stack.owners.clear()])
async def test_without_an_owner_who_takes_a_message_nothing_is_asked(
    stack: SettlingStack, caplog: pytest.LogCaptureFixture, who: Callable[[SettlingStack], None]
) -> None:
    async with looking(stack) as (found, heard):
        who(stack)
        await stack.clock.skip(0)
    assert (found.is_known, heard.known, heard.held) == (True, 1, 0)
    assert not stack.asked
    assert not caplog.records
