"""Tells the owners that delivery stopped because too many were refused, and does what they decide."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.article.library import Library
from bot.clock import Clock
from bot.db.people import PeopleStore
from bot.db.readers import ReaderStore
from bot.db.stops import StopStore
from bot.delivery.breaker import Breaker
from bot.i18n import translator
from bot.message.model import Message
from bot.reader.model import Reader
from bot.reader.schedule import next_digest
from bot.views.notices import stopped_delivery

log = logging.getLogger(__name__)

TELL_INTERVAL: Final = timedelta(minutes=1)
"""How long to wait before an owner who could not be told is told again."""

Tell = Callable[[Reader, Message], Awaitable[bool]]


class Safeguard:
    """Keeps delivery stopped over restarts until an owner has decided."""

    def __init__(
        self,
        *,
        breaker: Breaker,
        stops: StopStore,
        people: PeopleStore,
        readers: ReaderStore,
        library: Library,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called when delivery goes on."""
        self._breaker = breaker
        self._stops = stops
        self._people = people
        self._readers = readers
        self._library = library
        self._clock = clock
        self._wake = wake
        self._told: set[int] = set()
        self._tried_at = float("-inf")

    async def check(self, tell: Tell) -> None:
        """Write down that delivery stopped, and tell each owner once, with the two choices.

        Each is told by a message of its own, since what lies in the outbox does not leave now.
        """
        since = self._breaker.opened_for
        if since is None:
            self._told.clear()
            return
        # Written down at each check: a restart must find delivery stopped.
        await self._stops.stop(since)
        if self._clock.monotonic() - self._tried_at < TELL_INTERVAL.total_seconds():
            return
        self._tried_at = self._clock.monotonic()
        for owner in await self._people.owners():
            for reader in await self._readers.of_chat(owner):
                question = stopped_delivery(translator(reader.language))
                if reader.id not in self._told and await tell(reader, question):
                    self._told.add(reader.id)

    async def decide(self, *, undo: bool) -> bool:
        """Let delivery go on; with `undo`, as if nobody had been suspended and nothing quarantined.

        What was refused is not sent again: its articles are told by the next digest. False: decided already.
        """
        since = await self._stops.since()
        if since is None:
            return False
        if undo:
            for reader in await self._stops.suspended_since(since):
                due = next_digest(reader.subscription, self._clock.now())
                await self._readers.resume(reader.id, due)
            for card in await self._stops.release(since):
                self._library.put(card)
        await self._stops.go_on()
        log.warning("An owner lets delivery go on%s.", ", and undid what was refused" if undo else "")
        self._breaker.close()
        self._wake()
        return True
