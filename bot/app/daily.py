"""A line a day for owners who want it: how many were due, and what became of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.db.alerts import AlertStore
from bot.db.people import PeopleStore
from bot.db.readers import ReaderStore
from bot.notices import Notices

HOUR: Final = 9
"""From when on, by the owner's own clock."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLine:
    """Writes it once a day to each who wants it and still owns the bot."""

    store: AlertStore
    people: PeopleStore
    readers: ReaderStore
    notices: Notices
    clock: Clock

    async def tick(self) -> None:
        """Write what is due."""
        now = self.clock.now()
        for id_ in await self.store.line_wanted_by():
            reader = await self.readers.get(id_)
            if reader is None or not await self.people.is_owner(reader.place.chat):
                continue
            local = now.astimezone(ZoneInfo(reader.subscription.zone or "UTC"))
            occasion = f"daily {local:%Y-%m-%d}"
            if local.hour < HOUR or await self.store.was_told(id_, occasion):
                continue
            fared = await self.store.fared(await self.store.number_at(now - _DAY))
            await self.notices.daily_line(reader, occasion, fared, await self.store.subscribed())
