"""Build what sends: pacer, outage, breaker and worker around one outbox."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, ParamSpec

from bot.app.settling import ceiling_of, freshness_of, settler_of
from bot.app.stores import Stores
from bot.article.library import Library
from bot.clock import Clock
from bot.config import Settings
from bot.db.engine import Lease
from bot.db.outbox import OutboxStore
from bot.delivery.breaker import Breaker
from bot.delivery.flow import MAX_SENDING
from bot.delivery.outage import Outage
from bot.delivery.pacer import Pacer
from bot.delivery.rates import Rates
from bot.delivery.worker import Worker
from bot.notices import Notices
from bot.operations import Operations
from bot.safeguard import Safeguard
from bot.settling.freshness import Freshness
from bot.settling.model import Mode
from bot.settling.settler import Settler
from bot.tg.prober import Prober
from bot.tg.sender import Sender
from bot.tg.transport import AiohttpRequest

P = ParamSpec("P")

LATE_AFTER: Final = timedelta(minutes=5)
"""After which messages that are due and do not leave are a symptom."""

GRACE: Final = timedelta(seconds=12)
"""How long digests in flight may take when the process is asked to stop, after the answers to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Everything that sends what lies in the outbox."""

    clock: Clock
    outbox: OutboxStore
    pacer: Pacer
    outage: Outage
    breaker: Breaker
    safeguard: Safeguard
    worker: Worker
    settler: Settler
    freshness: Freshness
    operations: Operations

    async def is_late(self) -> bool:
        """Return whether messages are due for some time, and none was accepted meanwhile."""
        due = await self.outbox.next_due()
        age = self.clock.monotonic() - self.worker.accepted.succeeded
        # Both: after a long silence the first due message is late for a moment, which is no symptom.
        return due is not None and self.clock.now() - due > LATE_AFTER and age > LATE_AFTER.total_seconds()

    async def is_stopped(self) -> bool:
        """Return whether delivery waits for an owner."""
        return self.breaker.is_open

    def waking(self, plan: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        """Return the same work, with the worker woken after it."""

        async def both(*args: P.args, **kwargs: P.kwargs) -> None:
            await plan(*args, **kwargs)
            self.worker.wake()

        return both

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver; let what is in flight arrive at the end."""
        tasks = [
            asyncio.create_task(self.worker.run(), name="delivery"),
            asyncio.create_task(self.outage.run(), name="outage"),
            asyncio.create_task(self.settler.run(), name="settling"),
            asyncio.create_task(self.freshness.run(), name="freshness"),
        ]
        try:
            yield
        finally:
            await self.worker.stop(GRACE)
            for task in tasks[1:]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def build_delivery(
    stores: Stores,
    library: Library,
    *,
    sender: Sender,
    rates: Rates,
    settling: Mode,
    notices: Notices,
    clock: Clock,
) -> Delivery:
    """Build it as the database remembers it: who is left alone, whether delivery is stopped."""
    cooldowns = await stores.cooldowns.current(clock.now())
    pacer = Pacer(clock, rates, cooldowns=cooldowns, keep=stores.cooldowns.keep)
    outage, breaker = Outage(clock, sender.probe), Breaker(clock)
    # Delivery that was stopped stays so over a restart: only an owner ends it.
    breaker.opened_for = await stores.stops.since()
    prober = Prober(
        sender.ask, replies_wait=lambda: bool(pacer.waiting["reply"] or pacer.waiting["owner"]), clock=clock
    )
    ceiling = ceiling_of(stores, prober, clock)
    freshness = await freshness_of(
        stores, settling, prober=prober, ceiling=ceiling, notices=notices, clock=clock
    )
    worker = Worker(
        outbox=stores.outbox,
        send=ceiling.watched(sender.send),
        pacer=pacer,
        outage=outage,
        breaker=breaker,
        clock=clock,
    )
    worker.may_claim = lambda: freshness.is_known
    settler = settler_of(
        stores,
        settling,
        prober=prober,
        ceiling=ceiling,
        on_settled=worker.wake,
        # Also on trial: if all that waits is held since it is in doubt, no delivery would ever end that.
        is_reachable=lambda: outage.state != "down",
        clock=clock,
    )
    safeguard = Safeguard(
        breaker=breaker,
        stops=stores.stops,
        people=stores.people,
        readers=stores.readers,
        library=library,
        clock=clock,
        wake=worker.wake,
    )
    operations = Operations(
        pacer=pacer,
        cooldowns=stores.cooldowns,
        outage=outage,
        breaker=breaker,
        safeguard=safeguard,
        wake=worker.wake,
    )
    return Delivery(
        clock=clock,
        outbox=stores.outbox,
        pacer=pacer,
        outage=outage,
        breaker=breaker,
        safeguard=safeguard,
        worker=worker,
        settler=settler,
        freshness=freshness,
        operations=operations,
    )


@contextlib.asynccontextmanager
async def sender_of(settings: Settings, patience: float, lease: Lease) -> AsyncIterator[Sender]:
    """Open connections of digests' own, so that no reply waits for one; an answer may take `patience` s."""
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    # As many connections as requests can be in flight, so that none waits for another.
    connections = AiohttpRequest(proxy=settings.proxy, connections=MAX_SENDING, read=patience, lease=lease)
    await connections.initialize()
    try:
        yield Sender(connections, f"{settings.api}/bot{token}")
    finally:
        await connections.shutdown()
