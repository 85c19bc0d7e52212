"""Tells owners of what goes wrong – digests, disk, backups – once, and once when it is over."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.actions.staff import AlertCause
from bot.clock import Clock
from bot.db.alerts import Alert, AlertStore
from bot.db.people import PeopleStore
from bot.db.readers import ReaderStore
from bot.i18n import translator
from bot.message.model import Message
from bot.reader.model import Reader
from bot.views import alerts as views

log = logging.getLogger(__name__)

CALM: Final = timedelta(minutes=10)
"""How long a cause must not show until it counts as over: what comes and goes is told once."""

MUTED: Final = timedelta(days=1)

Tell = Callable[[Reader, Message], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that can go wrong; `look` returns the values of its text while it does, else None."""

    name: AlertCause
    look: Callable[[], Awaitable[Mapping[str, object] | None]]


@dataclass(slots=True, kw_only=True)
class Alerts:
    """Looks at each cause and tells of changes.

    Told by a message of its own, since what lies in the outbox may be what does not leave.
    """

    causes: Sequence[Cause]
    store: AlertStore
    people: PeopleStore
    readers: ReaderStore
    clock: Clock

    async def tick(self, tell: Tell) -> None:
        """Look at each cause once."""
        known = await self.store.all()
        for cause in self.causes:
            try:
                values = await cause.look()
            except Exception:
                log.exception("Whether %s shows could not be found out.", cause.name)
                continue
            if values is not None:
                await self._shows(cause.name, values, known.get(cause.name), tell)
            elif cause.name in known:
                await self._is_calm(known[cause.name], tell)

    async def mute(self, cause: AlertCause) -> None:
        """Tell nothing of a cause for a day."""
        await self.store.mute(cause, self.clock.now() + MUTED)

    async def _shows(
        self, cause: AlertCause, values: Mapping[str, object], alert: Alert | None, tell: Tell
    ) -> None:
        now, before = self.clock.now(), alert
        if alert is None or alert.since is None:
            log.error("Alert: %s %s", cause, dict(values))
            alert = Alert(cause, since=now, muted_until=alert.muted_until if alert else None)
        told_at = alert.told_at
        if told_at is None and not _is_muted(alert, now):
            reached = await self._tell_owners(
                lambda reader: views.alert(cause, values, translator(reader.language)), tell
            )
            told_at = now if reached else None
        alert = replace(alert, told_at=told_at, calm_since=None)
        if alert != before:
            await self.store.keep(alert)

    async def _is_calm(self, alert: Alert, tell: Tell) -> None:
        now = self.clock.now()
        since, calm_since = alert.since, alert.calm_since or now
        if since is None:  # only the wish to hear nothing is left of it
            if not _is_muted(alert, now):
                await self.store.end(alert.cause, now)
            return
        if now - calm_since < CALM:
            if alert.calm_since is None:
                await self.store.keep(replace(alert, calm_since=now))
            return
        # Also when nobody could be told of it before: then it is the first that owners hear.
        if not _is_muted(alert, now):
            over = partial(views.over, alert.cause, since, calm_since)
            reached = await self._tell_owners(lambda reader: over(reader, translator(reader.language)), tell)
            if reached is False:
                return
        await self.store.end(alert.cause, now)

    async def _tell_owners(self, view: Callable[[Reader], Message], tell: Tell) -> bool | None:
        """Return whether any owner was reached; None when there is none to reach yet."""
        owners = await self.people.owners()
        readers = [reader for owner in owners for reader in await self.readers.of_chat(owner)]
        reached = [await tell(reader, view(reader)) for reader in readers]
        return any(reached) if readers else None


def _is_muted(alert: Alert, now: datetime) -> bool:
    return alert.muted_until is not None and alert.muted_until > now
