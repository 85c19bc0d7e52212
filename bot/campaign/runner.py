"""Carries a campaign through: plans for its readers as fast as they are served, and watches how it fares."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.campaign.model import Campaign, CampaignId, CampaignState, Counts, Progress, Rows
from bot.clock import Clock

log = logging.getLogger(__name__)

STEP_S: Final = 0.25
"""Seconds between two looks at a campaign that runs."""

PROGRESS_INTERVAL_S: Final = 3.0
"""Seconds between two changes of its panel."""

AHEAD_S: Final = 4
"""Seconds' worth of messages that are planned ahead; a digest that comes due waits behind no more."""

MIN_AHEAD: Final = 100
MAX_AHEAD_ROWS: Final = 4000
"""Rows that are planned ahead, whatever the rate."""

JUDGED_MESSAGES: Final = 100
"""Messages, the last ones, by whose fate a campaign is judged."""

MIN_JUDGED: Final = 20
"""Messages from which on it is judged at all."""

RATE_WINDOW_S: Final = 30.0
"""Seconds over which the rate is told."""


class RunningStore(Protocol):
    """Where campaigns are kept, as far as one that runs is concerned; at most one is open (not over)."""

    async def open(self) -> Campaign | None:
        """Return the campaign that is not over."""

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
        """Move from `seen` to another state, with what follows for its rows; False when it was not in it."""

    async def enqueue(self, campaign: Campaign, limit: int, now: datetime) -> bool:
        """Plan it for the next readers; False when there are none left, or it does not run any more."""

    async def count_rows(self, campaign: CampaignId, since: Rows) -> Rows:
        """Return how its rows stand, told how they stood before."""


Show = Callable[[Campaign, Progress], Awaitable[None]]


class CampaignRunner:
    """Carry out the open campaign: plan its messages ahead of the worker, and stop it when too many fail."""

    def __init__(
        self,
        *,
        store: RunningStore,
        clock: Clock,
        rate: float,
        tolerated: float,
        wakeup: asyncio.Event,
        wake: Callable[[], None],
        show: Show,
    ) -> None:
        """`rate` in messages a second; of 1, `tolerated` may fail.

        `wakeup` is set when there is something to carry on; `wake` tells the worker of new rows.
        """
        self._store = store
        self._clock = clock
        self._ahead = min(max(int(rate * AHEAD_S), MIN_AHEAD), MAX_AHEAD_ROWS)
        self._tolerated = tolerated
        self._wake_worker = wake
        self._show = show
        self._begun = wakeup
        self._watched: _Observation | None = None

    async def run(self) -> None:
        """Carry on whatever runs, until cancelled."""
        while True:
            self._begun.clear()
            moving = False
            try:
                moving = await self.step()
            except Exception:
                log.exception("The campaign could not be carried on; trying again.")
                moving = True
            if moving:
                await self._clock.sleep(STEP_S)
            else:
                await self._begun.wait()

    async def step(self) -> bool:
        """Look once; whether there is more to come by itself."""
        campaign = await self._store.open()
        if campaign is None or campaign.state == "draft":
            self._watched = None
            return False
        watched = await self._watch(campaign)
        if campaign.state == "running":
            campaign = await self._carry_on(campaign, watched)
        moving = campaign.state == "running" or bool(watched.counts.waiting and campaign.state == "tried")
        await self._tell(campaign, watched, at_once=not moving)
        return moving

    async def _carry_on(self, campaign: Campaign, watched: "_Observation") -> Campaign:
        """Plan for the next readers; or stop by itself, or end."""
        now = self._clock.now()
        if watched.share_troubled > self._tolerated:
            return await self._move(campaign, "paused", reason="errors")
        more = True
        if (room := self._ahead - watched.counts.waiting) > 0:
            more = await self._store.enqueue(campaign, room, now)
            self._wake_worker()
        if not more and not watched.counts.waiting:
            return await self._move(campaign, "done")
        return campaign

    async def _move(self, campaign: Campaign, to: CampaignState, *, reason: str | None = None) -> Campaign:
        moved = await self._store.move(
            campaign.id, campaign.state, to, self._clock.now(), reason=reason, total=campaign.total
        )
        self._watched = None  # in another state it is judged anew
        if not moved:  # its owner was quicker
            return campaign
        log.info("Campaign %d is %s%s.", campaign.id, to, f" because of {reason}" if reason else "")
        return replace(campaign, state=to, reason=reason)

    async def _watch(self, campaign: Campaign) -> "_Observation":
        """Look at what was not final when last looked at."""
        watched = self._watched
        if watched is None or watched.campaign != campaign.id or watched.state != campaign.state:
            watched = self._watched = _Observation(campaign.id, campaign.state)
        watched.rows = await self._store.count_rows(campaign.id, watched.rows)
        watched.note(self._clock.monotonic(), watched.rows.counts)
        return watched

    async def _tell(self, campaign: Campaign, watched: "_Observation", *, at_once: bool) -> None:
        at = self._clock.monotonic()
        if at_once or at - watched.shown_at >= PROGRESS_INTERVAL_S:
            watched.shown_at = at
            try:
                await self._show(campaign, watched.progress(campaign))
            except Exception as error:  # noqa: BLE001  # the panel is a convenience; the ledger has the truth
                log.warning("The panel of campaign %d was not brought up to date: %s", campaign.id, error)


class _Observation:
    """What was seen of a campaign since it began to be in its state."""

    def __init__(self, campaign: CampaignId, state: CampaignState) -> None:
        self.campaign = campaign
        self.state = state
        self.counts = Counts()
        self.rows = Rows()
        self.shown_at = float("-inf")
        self._seen: deque[tuple[float, Counts]] = deque()

    def note(self, at: float, counts: Counts) -> None:
        """Note the counts now; forget what is older than is asked for."""
        self.counts = counts
        self._seen.append((at, counts))
        oldest = at - RATE_WINDOW_S
        while self._seen[0][0] < oldest and self._judged_since(self._seen[1][1]) >= JUDGED_MESSAGES:
            self._seen.popleft()

    def _judged_since(self, before: Counts) -> int:
        return self.counts.over - before.over

    @property
    def share_troubled(self) -> float:
        """Of 1, how many of the last messages failed or are uncertain; 0 while they are too few to tell."""
        # Back to where enough of the last messages were still to come.
        since = self._seen[0][1]
        for _, counts in reversed(self._seen):
            if self._judged_since(counts) >= JUDGED_MESSAGES:
                since = counts
                break
        judged = self._judged_since(since)
        return (self.counts.troubled - since.troubled) / judged if judged >= MIN_JUDGED else 0.0

    def progress(self, campaign: Campaign) -> Progress:
        """Return the progress, for the panel."""
        if campaign.state != "running" or not self._seen:
            return Progress(self.counts)
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        rate = (now.over - before.over) / (last - first) if last > first else 0.0
        if not rate:
            return Progress(self.counts)
        left = timedelta(seconds=max(campaign.total - self.counts.over, 0) / rate)
        return Progress(self.counts, rate, left)
