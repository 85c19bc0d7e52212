"""What owners do with a campaign."""

import asyncio
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final, Protocol

from bot.actions.staff import CampaignStep
from bot.campaign.model import Campaign, CampaignId, CampaignState, Progress, Rows
from bot.campaign.runner import RunningStore
from bot.clock import Clock

STEPS: Final[dict[CampaignStep, tuple[tuple[CampaignState, ...], CampaignState]]] = {
    "try": (("draft",), "tried"),
    "start": (("draft", "tried"), "running"),
    "pause": (("running",), "paused"),
    "resume": (("paused",), "running"),
    "cancel": (("draft", "tried", "paused"), "cancelled"),
}
"""From which states a step leads to which."""


class Campaigns(RunningStore, Protocol):
    """Where campaigns are kept."""

    async def get(self, campaign: CampaignId) -> Campaign | None:
        """Return a campaign as written now."""

    async def count(self, campaign: Campaign, now: datetime) -> int:
        """Return how many readers it is for, without those that have their row already."""

    async def count_people(self, people: AbstractSet[int]) -> int:
        """Return how many of some people were met in private and can be written to."""

    async def plan_for(self, campaign: CampaignId, people: AbstractSet[int], now: datetime) -> int:
        """Plan it for the private chats of some people that were met; how many."""


class CampaignService:
    """The owners' side; the campaigner's is to carry on what runs."""

    def __init__(
        self,
        *,
        store: Campaigns,
        editors: Callable[[], Awaitable[AbstractSet[int]]],
        clock: Clock,
        wakeup: asyncio.Event,
    ) -> None:
        """`wakeup` is set whenever there is something to carry on."""
        self._store = store
        self._editors = editors
        self._clock = clock
        self._begun = wakeup

    async def audience(self, campaign: Campaign) -> int:
        """Return how many readers it is for, without those who have it."""
        return await self._store.count(campaign, self._clock.now())

    async def testers(self, campaign: Campaign) -> int:
        """Return how many editors, its owner apart, can see it before all others do."""
        return await self._store.count_people(await self._others(campaign))

    async def progress(self, campaign: Campaign) -> Progress:
        """Return how far it has come, by the ledger."""
        return Progress((await self._store.count_rows(campaign.id, Rows())).counts)

    async def transition(self, campaign: CampaignId, step: CampaignStep) -> Campaign | None:
        """Take one step; None when it cannot be taken (any more). Who can be asked first is asked first."""
        found, (seen, to) = await self._store.get(campaign), STEPS[step]
        if found is None or found.state not in seen:
            return None
        total, now = found.total, self._clock.now()
        if step == "start":
            if found.state == "draft" and await self.testers(found):
                return None
            total = (await self.progress(found)).counts.all + await self.audience(found)
        if not await self._store.move(campaign, found.state, to, now, reason=None, total=total):
            return None
        if step == "try":
            await self._store.plan_for(campaign, await self._others(found), now)
        self._begun.set()
        return await self._store.get(campaign)

    async def _others(self, campaign: Campaign) -> AbstractSet[int]:
        return await self._editors() - {campaign.owner}
