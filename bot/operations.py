"""How delivery stands, for owners: whether Telegram answers, who is left alone, and what was stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.db.cooldowns import CooldownStore
from bot.delivery.breaker import Breaker
from bot.delivery.outage import Outage
from bot.delivery.pacer import ALL_CHATS, Pacer
from bot.delivery.status import Status
from bot.safeguard import Safeguard


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """Shows it, and does what owners decide."""

    pacer: Pacer
    cooldowns: CooldownStore
    outage: Outage
    breaker: Breaker
    safeguard: Safeguard
    wake: Callable[[], None]

    def status(self) -> Status:
        """Return how delivery stands."""
        held = self.pacer.cooldowns()
        digests = held.pop(ALL_CHATS, None)
        return Status(
            telegram=self.outage.state,
            reason=self.outage.reason,
            stopped=self.breaker.is_open,
            digests_held=digests,
            chats_held=len(held),
            longest_hold=max(held.values(), default=timedelta()),
        )

    async def lift_cooldowns(self) -> None:
        """Leave no chat alone any more, though Telegram asked for it."""
        await self.cooldowns.lift()
        self.pacer.lift_cooldowns()
        self.wake()

    async def go_on(self, *, undo: bool) -> bool:
        """Let stopped delivery go on, see `Safeguard.decide`."""
        return await self.safeguard.decide(undo=undo)
