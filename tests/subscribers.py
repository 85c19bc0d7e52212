"""Readers who wait for an article that nobody knows yet."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.config import DATABASE
from bot.db.database import Database
from bot.db.readers import ReaderStore
from bot.i18n import Language
from bot.reader.model import Place, Schedule
from tests.editing.stack import editing_stack


def store_in(folder: Path) -> Path | str:
    """Where a bot with this data folder keeps all: in a file, unless the tests run on a server."""
    return os.environ.get("STORE_URL") or folder / DATABASE


async def write_subscribers(
    store: Path | str, clock: Clock, places: Iterable[Place], due: Sequence[datetime], *, title: str
) -> None:
    """A database with an article, and in each place a reader who is due at these minutes, in UTC, each day."""
    schedule = Schedule(zone="UTC", times=tuple(sorted(moment.time() for moment in due)))
    database = await Database.open(store)
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
