"""The campaigner against a store in memory: how far ahead it plans, when it stops, what it tells."""

# ruff: noqa: ARG002  # the store in memory needs little of what it is told

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.campaign.model import Campaign, CampaignId, CampaignState, Counts, Progress, Rows, Segment
from bot.campaign.runner import (
    JUDGED_MESSAGES,
    MAX_AHEAD_ROWS,
    MIN_AHEAD,
    MIN_JUDGED,
    PROGRESS_INTERVAL_S,
    STEP_S,
    CampaignRunner,
)
from bot.delivery.model import DeliveryId
from bot.message.model import Copy
from tests.clock import NOON, StillClock

BAD = Counts(failed=1)
GOOD = Counts(sent=1)


class InMemoryCampaigns:
    """One campaign, whose messages end as the test says."""

    def __init__(self, readers: int) -> None:
        self.campaign: Campaign | None = Campaign(
            id=CampaignId(1),
            owner=1,
            source=Copy(1, 7),
            segment=Segment(),
            state="running",
            made_at=NOON,
            total=readers,
        )
        self.unplanned = readers
        self.counted = Counts()
        self.fed: list[int] = []
        self.broken = False

    def ends(self, one: Counts, number: int) -> None:
        for _ in range(number):
            self.counted += one + Counts(waiting=-1)

    async def open(self) -> Campaign | None:
        if self.broken:
            raise OSError("the disk is gone")
        return self.campaign

    async def enqueue(self, campaign: Campaign, limit: int, now: datetime) -> bool:
        planned = min(limit, self.unplanned)
        self.unplanned -= planned
        self.counted += Counts(waiting=planned)
        self.fed.append(planned)
        return planned > 0

    async def count_rows(self, campaign: CampaignId, since: Rows) -> Rows:
        waiting = frozenset(map(DeliveryId, range(self.counted.waiting)))
        return Rows(final=self.counted + Counts(waiting=-self.counted.waiting), open=waiting)

    async def move(
        self,
        campaign: CampaignId,
        seen: CampaignState,
        to: CampaignState,
        now: datetime,
        *,
        reason: str | None,
        total: int,
    ) -> bool:
        assert self.campaign is not None
        self.campaign = replace(self.campaign, state=to, reason=reason)
        return True


class RunnerStack:
    """The campaigner, its shelf and its panel."""

    def __init__(self, clock: StillClock, *, readers: int = 10_000, rate: float = 100) -> None:
        self.clock = clock
        self.shelf = InMemoryCampaigns(readers)
        self.shown: list[tuple[CampaignState, Progress]] = []
        self.wakeup = asyncio.Event()
        self.campaigner = CampaignRunner(
            store=self.shelf,
            clock=clock,
            rate=rate,
            tolerated=0.1,
            wakeup=self.wakeup,
            wake=lambda: None,
            show=self.show,
        )

    async def show(self, campaign: Campaign, progress: Progress) -> None:
        self.shown.append((campaign.state, progress))

    async def step(self, seconds: float = STEP_S) -> bool:
        await self.clock.advance(seconds=seconds)
        return await self.campaigner.step()

    def stands(self, state: CampaignState) -> bool:
        return self.shelf.campaign is not None and self.shelf.campaign.state == state


@pytest.mark.parametrize(("rate", "ahead"), [(1, MIN_AHEAD), (100, 400), (10**6, MAX_AHEAD_ROWS)])
async def test_it_plans_a_few_seconds_ahead_and_no_more(clock: StillClock, rate: float, ahead: int) -> None:
    stack = RunnerStack(clock, rate=rate)
    await stack.step()
    await stack.step()
    assert stack.shelf.fed == [ahead]
    stack.shelf.ends(GOOD, 30)
    await stack.step()
    assert stack.shelf.fed == [ahead, 30]


async def test_it_is_done_when_nothing_waits_any_more(clock: StillClock) -> None:
    stack = RunnerStack(clock, readers=5)
    assert await stack.step()
    assert await stack.step()
    assert stack.stands("running")
    stack.shelf.ends(GOOD, 4)
    assert await stack.step()
    assert stack.stands("running")
    stack.shelf.ends(GOOD, 1)
    assert not await stack.step()
    assert stack.stands("done")
    assert stack.shown[-1] == ("done", Progress(Counts(sent=5)))


async def test_few_failures_at_the_start_say_nothing_yet(clock: StillClock) -> None:
    stack = RunnerStack(clock)
    await stack.step()
    stack.shelf.ends(BAD, MIN_JUDGED - 1)
    await stack.step()
    assert stack.stands("running")
    stack.shelf.ends(BAD, 1)
    await stack.step()
    assert stack.stands("paused")
    assert stack.shelf.campaign
    assert stack.shelf.campaign.reason == "errors"


async def test_last_messages_count_however_many_went_well_before(clock: StillClock) -> None:
    stack = RunnerStack(clock)
    for _ in range(20):
        await stack.step()
        stack.shelf.ends(GOOD, 200)
    await stack.step()
    stack.shelf.ends(BAD, JUDGED_MESSAGES // 5)
    stack.shelf.ends(GOOD, JUDGED_MESSAGES - JUDGED_MESSAGES // 5)
    await stack.step()
    assert stack.stands("paused")


async def test_blocked_readers_are_no_reason_to_stop(clock: StillClock) -> None:
    stack = RunnerStack(clock)
    await stack.step()
    stack.shelf.ends(Counts(excluded=1), 300)
    await stack.step()
    assert stack.stands("running")


async def test_what_was_seen_before_a_pause_is_not_held_against_it_afterwards(clock: StillClock) -> None:
    stack = RunnerStack(clock)
    await stack.step()
    stack.shelf.ends(BAD, 50)
    await stack.step()
    assert stack.stands("paused")
    await stack.shelf.move(CampaignId(1), "paused", "running", NOON, reason=None, total=0)
    await stack.step()
    stack.shelf.ends(GOOD, 50)
    await stack.step()
    assert stack.stands("running")


async def test_its_panel_tells_the_rate_and_the_time_left_every_few_seconds(clock: StillClock) -> None:
    stack = RunnerStack(clock, readers=1000, rate=1000)
    for _ in range(int(2 * PROGRESS_INTERVAL_S / STEP_S)):
        await stack.step()
        stack.shelf.ends(GOOD, 25)
    assert len(stack.shown) == 2
    _, progress = stack.shown[-1]
    assert progress.rate == pytest.approx(100)
    assert progress.left == timedelta(seconds=(1000 - progress.counts.over) / 100)


async def test_what_fails_is_tried_again(clock: StillClock, caplog: pytest.LogCaptureFixture) -> None:
    stack = RunnerStack(clock, readers=3)
    stack.shelf.broken = True
    task = asyncio.create_task(stack.campaigner.run())
    await clock.settle()
    stack.shelf.broken = False
    await clock.advance(seconds=STEP_S)
    assert stack.shelf.fed == [3]
    assert "could not be carried on" in caplog.text
    task.cancel()


async def test_it_sleeps_until_there_is_something_to_do(clock: StillClock) -> None:
    stack = RunnerStack(clock, readers=3)
    stack.shelf.campaign, campaign = None, stack.shelf.campaign
    task = asyncio.create_task(stack.campaigner.run())
    await clock.settle()
    stack.shelf.campaign = campaign
    await clock.advance(seconds=60)
    assert stack.shelf.fed == []
    stack.wakeup.set()
    await clock.settle()
    assert stack.shelf.fed == [3]
    task.cancel()
