"""The simulator of trouble does what it says, before the product is put into it."""

import math
from datetime import timedelta

import pytest
import telegram
from telegram.error import (
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.clock import SystemClock
from bot.demo.server import BotApiServer
from tests.simulator import FAULTS, Fate, Fault, Model, TelegramSimulator
from tests.tg.conftest import client, server

__all__ = ["client", "server"]

ERRORS: dict[Fault, type[TelegramError]] = {
    "429": RetryAfter, "500": NetworkError, "502 before": NetworkError, "reset before": NetworkError,
    "half before": NetworkError, "hang before": TimedOut, "502 after": NetworkError, "reset after": NetworkError,
    "half after": NetworkError, "hang after": TimedOut, "garbage": NetworkError,
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_strikes_before_or_after_the_message_is_accepted(
    fault: Fault, server: BotApiServer, client: telegram.Bot
) -> None:
    simulator = server.fault = TelegramSimulator(server, SystemClock(), faults={fault: 1}, held=0.01)
    if kind := ERRORS.get(fault):
        with pytest.raises(kind) as failed:
            await client.send_message(11, "x")
        assert type(failed.value) is kind
    else:
        await client.send_message(11, "x")
    early = fault in {"429", "500"} or fault.endswith("before")
    assert len(server.accepted(11)) == (0 if early else 1)
    assert simulator.done[fault] == [11]
    assert server.ledger[-1].method == "sendmessage"
    assert bool(server.ledger[-1].accepted) != early


async def test_one_seed_is_one_course_of_events(server: BotApiServer, client: telegram.Bot) -> None:
    courses: list[list[int]] = []
    for seed in (1, 1, 2):
        simulator = server.fault = TelegramSimulator(server, SystemClock(), seed=seed, faults={"500": 0.5})
        fates = []
        for _ in range(24):
            before = len(simulator.done["500"])
            try:
                await client.send_message(11, "x")
            except NetworkError:
                assert len(simulator.done["500"]) == before + 1
            fates.append(len(simulator.done["500"]) - before)
        courses.append(fates)
    assert courses[0] == courses[1] != courses[2]


async def test_little_too_much_is_held_and_more_is_refused(
    server: BotApiServer, client: telegram.Bot
) -> None:
    simulator = server.fault = TelegramSimulator(
        server, SystemClock(), model=Model(overall=1000, private=20, burst=2), held=0.12
    )
    for _ in range(4):
        await client.send_message(11, "x")
    assert len(simulator.done["held"]) == 2
    server.fault = TelegramSimulator(
        server, SystemClock(), model=Model(overall=1000, private=1, burst=1), held=0.12
    )
    await client.send_message(11, "x")
    with pytest.raises(RetryAfter):
        await client.send_message(11, "x")


async def test_who_does_not_wait_is_made_to_wait_twice_as_long(
    server: BotApiServer, client: telegram.Bot
) -> None:
    model = Model(overall=1000, private=0.5, burst=1, grows=True)
    server.fault = TelegramSimulator(server, SystemClock(), model=model, held=0.1)
    await client.send_message(11, "x")
    waits = []
    for _ in range(3):
        with pytest.raises(RetryAfter) as refused:
            await client.send_message(11, "x")
        waits.append(refused.value.retry_after)
    assert waits == [timedelta(seconds=math.floor(w) + 1) for w in (1.99, 3.98, 7.96)]


@pytest.mark.parametrize(
    ("fate", "kind"), [("blocked", Forbidden), ("deactivated", Forbidden), ("kicked", Forbidden), ("migrated", ChatMigrated)]
)  # fmt: skip
async def test_fate_comes_at_its_message(
    server: BotApiServer, client: telegram.Bot, fate: Fate, kind: type[TelegramError]
) -> None:
    server.world.group(-5, "Club", {11: "creator"})
    chat = 11 if fate in {"blocked", "deactivated"} else -5
    simulator = server.fault = TelegramSimulator(server, SystemClock())
    simulator.at_send(2, fate)
    await client.send_message(chat, "x")
    with pytest.raises(kind):
        await client.send_message(chat, "x")


async def test_token_is_refused_once(server: BotApiServer, client: telegram.Bot) -> None:
    simulator = server.fault = TelegramSimulator(server, SystemClock())
    simulator.once(401)
    with pytest.raises(InvalidToken):
        await client.send_message(11, "x")
    await client.send_message(11, "x")
