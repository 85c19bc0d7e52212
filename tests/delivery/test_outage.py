"""While Telegram cannot be reached nothing leaves, and everything goes on within seconds of its return."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.model import Outcome, Sent, TokenRefused, Uncertain, Unsent
from bot.delivery.outage import LASTING_AFTER, MAX_PROBE_S, MIN_FAILURES, Outage
from tests.clock import StillClock
from tests.delivery.stack import DeliveryStack

MINUTE = timedelta(minutes=1)


class Network:
    """A server that is there or not, and what it was asked."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.there = False
        self.takes = 0.0
        self.asked: list[float] = []
        self.outage = Outage(clock, self.probe)

    async def probe(self) -> bool:
        self.asked.append(self.clock.monotonic())
        await self.clock.sleep(self.takes)
        return self.there


@pytest.fixture
def network(clock: StillClock) -> Network:
    return Network(clock)


async def test_single_failures_are_no_outage(network: Network) -> None:
    for _ in range(20):
        for _ in range(MIN_FAILURES - 1):
            network.outage.failed("no_answer")
        network.outage.answered()
    assert network.outage.state == "up"


@pytest.mark.parametrize("takes", [0, 5])
async def test_probes_come_at_most_ten_seconds_apart(
    network: Network, clock: StillClock, takes: float
) -> None:
    network.takes = takes
    task = asyncio.create_task(network.outage.run())
    for _ in range(MIN_FAILURES):
        network.outage.failed("no_answer")
    for _ in range(300):
        await clock.advance(seconds=1)
    gaps = [later - earlier for earlier, later in zip(network.asked, network.asked[1:], strict=False)]
    assert max(gaps) <= MAX_PROBE_S
    assert len(network.asked) <= 300 / MAX_PROBE_S + 5
    network.there = True
    await clock.advance(seconds=MAX_PROBE_S)
    await clock.advance(seconds=takes)
    states = [str(network.outage.state)]
    network.outage.answered()
    assert [*states, network.outage.state] == ["trial", "up"]
    task.cancel()


async def test_trial_that_fails_is_not_repeated_at_once(network: Network, clock: StillClock) -> None:
    network.there = True
    task = asyncio.create_task(network.outage.run())
    for _ in range(MIN_FAILURES):
        network.outage.failed("no_answer")
    trials = 0
    for _ in range(120):
        await clock.advance(seconds=1)
        if network.outage.state == "trial":
            trials += 1
            network.outage.failed("no_answer")
    assert trials <= 120 / MAX_PROBE_S + 5
    task.cancel()


@pytest.mark.parametrize("answer", [Uncertain("no_answer"), Unsent(), TokenRefused()])
async def test_few_messages_are_risked_while_nothing_is_answered(
    stack: DeliveryStack, answer: Outcome
) -> None:
    for chat in range(1, 61):
        await stack.plan(await stack.reader(chat), "x")
    stack.reachable = False
    stack.answers = [answer] * 1_000
    async with stack.working(rate=25):
        for _ in range(100):
            await stack.clock.advance(seconds=1)
        tried = len(stack.sent)
        assert tried <= 10
        stack.answers, stack.reachable = [], True
        while await stack.busy():
            await stack.clock.advance(seconds=0.02)
        assert stack.outage.state == "up"
    counts = await stack.outbox.counts()
    assert counts.get("sent", 0) + counts.get("uncertain", 0) == 60
    assert counts.get("uncertain", 0) <= 10


async def test_outage_is_a_symptom_once_it_lasts(network: Network, clock: StillClock) -> None:
    for _ in range(MIN_FAILURES):
        network.outage.failed("no_answer")
    await clock.advance(seconds=LASTING_AFTER.total_seconds() - 1)
    assert not await network.outage.lasts()
    await clock.advance(seconds=2)
    assert await network.outage.lasts()
    network.outage.answered()
    assert not await network.outage.lasts()


async def test_outage_is_logged_once_and_so_is_its_end(
    network: Network, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(50):
        network.outage.failed("token_refused")
    await clock.advance(seconds=42)
    for _ in range(50):
        network.outage.answered()
    assert caplog.text.count("token_refused") == 1
    assert caplog.text.count("Telegram answers again, after 42 s") == 1


async def test_what_is_sent_after_the_outage_counts_no_attempts_before(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    stack.answers = [TokenRefused(), TokenRefused(), Sent(1)]
    for _ in range(3):
        await stack.deliver(seconds=2)
    [row] = await stack.database.all("SELECT attempts, state FROM deliveries")
    assert tuple(row) == (1, "sent")
