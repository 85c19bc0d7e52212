"""Take updates in, by whatever road they come."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from bot.app.stores import Stores
from bot.clock import Clock, Heartbeat
from bot.tg.dispatcher import Dispatcher
from bot.tg.errors import tell_interrupted
from bot.tg.poller import Poller
from bot.tg.request import App

GRACE: Final = timedelta(seconds=6)
"""How long answers that are under way may take when the process is asked to stop."""


class Intake(Protocol):
    """A source of updates. Long polling is one; a webhook would be another."""

    heartbeat: Heartbeat
    """When updates could last have come in."""

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
async def taking_updates_in(app: App, dispatcher: Dispatcher, clock: Clock) -> AsyncIterator[Intake]:
    """Take updates in and handle them; at the end, let the answers that are under way arrive."""
    intake = Poller(app.bot, dispatcher.receive, clock=clock)
    async with contextlib.AsyncExitStack() as stack:  # each step is undone whatever becomes of the others
        await app.start()
        stack.push_async_callback(app.stop)
        stack.push_async_callback(dispatcher.stop, GRACE.total_seconds())
        await dispatcher.start()
        stack.push_async_callback(intake.stop)
        intake.start()
        yield intake
