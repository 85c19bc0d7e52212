"""Readers who wait for an article that nobody knows yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.db.database import Database
from bot.db.readers import ReaderStore
from bot.i18n import Language
from bot.reader.model import Place, Schedule
from tests.editing.stack import editing_stack


async def write_subscribers(
    file: Path, clock: Clock, places: Iterable[Place], due: Sequence[datetime], *, title: str
) -> None:
    """A database with an article, and in each place a reader who is due at these minutes, in UTC, each day."""
    schedule = Schedule(zone="UTC", times=tuple(sorted(moment.time() for moment in due)))
    database = await Database.open(file)
    try:
        at, readers = await editing_stack(database, clock), ReaderStore(database)
        await at.publish(
            f"# {title}\n\nThe lead of it is long enough.\n\n> Words to keep in mind.", "kept.md"
        )
        for place in places:
            met = await readers.meet(place, language=Language("en"), now=clock.now(), back=9)
            await readers.subscribe(met.id, schedule, due[0], back=99, now=due[0])
    finally:
        await database.close()
