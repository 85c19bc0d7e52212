"""Take updates in, by whatever road they come."""

import contextlib
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from bot.app.stores import Stores
from bot.clock import Clock
from bot.config import Settings
from bot.inbox import Json
from bot.tg.arrivals import Arrivals
from bot.tg.dispatcher import Dispatcher
from bot.tg.errors import tell_interrupted
from bot.tg.ids import note_update
from bot.tg.poller import Poller
from bot.tg.request import App
from bot.tg.webhook import Hook, Webhook

if TYPE_CHECKING:
    from bot.web.webhook import Door

log = logging.getLogger(__name__)

_MAX_LEFT_OVER: Final = 100_000
"""Updates of the run before that are looked at when this one starts."""

GRACE: Final = timedelta(seconds=6)
"""How long answers that are under way may take when the process is asked to stop."""


class Intake(Protocol):
    """A source of updates: long polling, or a webhook."""

    def start(self) -> None:
        """Take updates in from now on."""

    async def stop(self) -> None:
        """Take no more in; a second time does nothing."""

    async def restart(self) -> None:
        """Begin anew."""


def dispatcher_of(app: App, stores: Stores, clock: Clock) -> Dispatcher:
    """Return what has each update handled once."""
    return Dispatcher(
        stores.inbox,
        clock,
        read=app.bot.read,
        handle=app.process_update,
        interrupted=partial(tell_interrupted, app),
        is_owner=stores.people.was_owner,
    )


@contextlib.asynccontextmanager
async def webhooks_door(settings: Settings, clock: Clock) -> AsyncIterator["Door | None"]:
    """Open the port that Telegram posts to, if an address for it is set. StartError when it cannot be opened.

    It answers as one that is not ready until updates are taken in.
    """
    if settings.webhook_url is None:
        yield None
        return
    # Only then: most bots run without, and start sooner for it.
    from bot.web.listener import listening  # noqa: PLC0415
    from bot.web.webhook import Door, tls  # noqa: PLC0415

    door = Door(settings.hook, _secret(settings), clock)
    certificate, key = settings.webhook_cert, settings.webhook_key
    context = tls(certificate, key) if certificate and key else None
    names = "WEBHOOK_HOST", "WEBHOOK_PORT"
    async with listening(
        door.application, settings.webhook_host, settings.webhook_port, names=names, tls=context
    ) as port:
        log.info("Updates are expected at %s, port %d.", settings.webhook_host, port)
        yield door


@contextlib.asynccontextmanager
async def taking_updates_in(
    app: App,
    dispatcher: Dispatcher,
    stores: Stores,
    *,
    settings: Settings,
    door: "Door | None",
    arrivals: Arrivals,
    clock: Clock,
) -> AsyncIterator[Intake]:
    """Take updates in and handle them; at the end, let the answers that are under way arrive."""
    known = stores.message_ids
    # Who wrote before the start, and may have been answered by it.
    for waiting in await stores.inbox.waiting(after=0, limit=_MAX_LEFT_OVER):
        note_update(waiting.payload, known.ids)

    async def receive(updates: Sequence[Json]) -> None:
        for each in updates:
            note_update(each, known.ids)
        await dispatcher.receive(updates)
        await known.keep(clock.now())  # also the ids of what was answered by now

    intake: Intake
    if door is None:
        intake = Poller(app.bot, receive, arrivals=arrivals, clock=clock)
    else:
        from bot.web.webhook import certificate_in  # noqa: PLC0415  # as above

        certificate = certificate_in(settings.webhook_cert) if settings.webhook_cert else None
        hook = Hook(url=settings.hook, secret=_secret(settings), certificate=certificate)
        intake = Webhook(app.bot, receive, door=door, hook=hook, arrivals=arrivals, clock=clock)
    async with contextlib.AsyncExitStack() as stack:  # each step is undone whatever becomes of the others
        await app.start()
        stack.push_async_callback(app.stop)
        stack.push_async_callback(dispatcher.stop, GRACE.total_seconds())
        await dispatcher.start()
        stack.push_async_callback(intake.stop)
        intake.start()
        yield intake


def _secret(settings: Settings) -> str:
    """Return what Telegram shows with each update: the same on each machine that has the token."""
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    return hmac.new(token.encode(), b"secret of the webhook", hashlib.sha256).hexdigest()
