"""Build what finds out whether messages arrived."""

import hashlib
from collections.abc import Callable

from bot.app.stores import Stores
from bot.clock import Clock
from bot.config import Settings
from bot.notices import Notices
from bot.settling.ceiling import Ceiling
from bot.settling.freshness import Freshness
from bot.settling.model import Mode
from bot.settling.settlement import Settlement
from bot.settling.settler import Settler
from bot.tg.prober import Prober


async def forget_ids_of_others(stores: Stores, settings: Settings) -> None:
    """Forget what is known of ids if it is another bot's, or another server's."""
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    whose = hashlib.sha256(f"{settings.api} {token}".encode()).hexdigest()
    if await stores.doubts.belong_to(whose):
        stores.message_ids.ids.highest = 0


def ceiling_of(stores: Stores, prober: Prober, clock: Clock) -> Ceiling:
    """Return what knows which ids are given now."""
    return Ceiling(
        store=stores.doubts, post=prober, ids=stores.message_ids.ids, owners=stores.people.owners, clock=clock
    )


async def freshness_of(
    stores: Stores, mode: Mode, *, prober: Prober, ceiling: Ceiling, notices: Notices, clock: Clock
) -> Freshness:
    """Return what finds out whether the database is a copy that is older than what was sent from it."""
    now, gate = clock.now(), await stores.digests.gate()
    # Where an owner is asked already, or has decided, the file beside the database has told it.
    asks = mode != "off" and gate.is_open

    async def hold() -> None:
        await stores.restored.hold(clock.now())
        await notices.restored()

    return Freshness(
        store=stores.doubts,
        due=await stores.digests.due_chats(gate.decided_until, now) if asks else [],
        is_there=prober.is_there,
        ceiling=ceiling,
        ids=stores.message_ids.ids,
        hold=hold,
        clock=clock,
    )


def settler_of(
    stores: Stores,
    mode: Mode,
    *,
    prober: Prober,
    ceiling: Ceiling,
    on_settled: Callable[[], None],
    is_reachable: Callable[[], bool],
    clock: Clock,
) -> Settler:
    """Return what looks at everything that is in doubt."""
    ids = stores.message_ids.ids

    def begin() -> Settlement:
        return Settlement(
            store=stores.doubts,
            is_there=prober.is_there,
            ceiling=ceiling,
            ids=ids,
            staff=stores.people.editors,
            clock=clock,
        )

    return Settler(
        mode=mode,
        store=stores.doubts,
        ceiling=ceiling,
        begin=begin,
        ids=ids,
        on_settled=on_settled,
        is_reachable=is_reachable,
        clock=clock,
    )
