"""Digests wait until it is known whether the database is up to date, but never for good."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
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
async def looking(
    stack: SettlingStack, due: Sequence[int] = (11, 12), given: Sequence[int] = (950, 950, 950)
) -> AsyncIterator[tuple[Freshness, Heard]]:
    """As after a start at which readers' digests are due, and ids were `given` to messages nobody knows of."""
    heard = Heard()
    await stack.history()
    for chat in given:
        stack.put(chat)
    found = Freshness(
        store=stack.store,
        due=due,
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


FAR = (950,) * 300
"""More messages of others than either end is looked through."""


@pytest.mark.parametrize(
    ("due", "given", "is_older"),
    [
        pytest.param((11, 12), (*FAR, 11, 12), True, id="of two, at the end of the ids"),
        pytest.param((11, 12, 13, 14, 15, 16), (*FAR, 15, 16), True, id="of many, the last ones at the end"),
        pytest.param((11, 12, 13, 14, 15, 16), (11, 950, 13, *FAR), True, id="the first and its neighbour"),
        pytest.param((11,), (950, 11), True, id="of the only one"),
        pytest.param((11, 12), (950, 950), False, id="of nobody"),
        pytest.param((11, 12, 13), (11, 11, 11), False, id="of one of many, a few"),
        pytest.param((11,), (950, 950), False, id="none of the only one"),
    ],
)
async def test_messages_of_two_readers_or_of_the_only_one_tell_of_an_older_copy(
    stack: SettlingStack,
    caplog: pytest.LogCaptureFixture,
    due: Sequence[int],
    given: Sequence[int],
    *,
    is_older: bool,
) -> None:
    async with looking(stack, due, given) as (_, heard):
        await stack.clock.skip(0)
    assert (heard.known, heard.held) == (1, int(is_older))
    assert [record.levelname for record in caplog.records] == ["CRITICAL"] * is_older


async def test_server_that_finds_each_id_in_every_chat_accuses_nobody(
    stack: SettlingStack, caplog: pytest.LogCaptureFixture
) -> None:
    async def is_given(chat: int, message_id: int) -> bool | None:
        return bool(chat) and message_id <= stack.top

    stack.is_there = is_given  # type: ignore[method-assign]
    async with looking(stack) as (_, heard):
        await stack.clock.skip(0)
    assert (heard.known, heard.held) == (1, 0)
    assert "control 'not_there'" in caplog.text
