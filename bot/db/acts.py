"""Acts of people with rights, written with what they did."""

from collections.abc import Sequence
from datetime import datetime

from bot.acts import ARTICLE_ACTS, Act, RecordedAct
from bot.db.database import Database
from bot.db.engine import Connection, Row
from bot.db.times import from_ms, to_ms


async def record_act(db: Connection, user: int | None, act: Act, about: str, now: datetime) -> None:
    """Write down, within the caller's transaction, who did what; the content folder (None) is nobody."""
    if user is not None:
        await db.run(
            """INSERT INTO acts (at, "user", act, about) VALUES (:now, :user, :act, :about)""",
            now=to_ms(now),
            user=user,
            act=act,
            about=about,
        )


class ActStore:
    """The acts in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, user: int, act: Act, about: str, now: datetime) -> None:
        """Write down who did what, where nothing else is written."""
        async with self._database.transaction() as db:
            await record_act(db, user, act, about, now)

    async def last(self, count: int) -> Sequence[RecordedAct]:
        """Return the last acts, the newest first."""
        rows = await self._database.all("SELECT * FROM acts ORDER BY id DESC LIMIT :count", count=count)
        return [_recorded(row) for row in rows]

    async def of_article(self, slug: str, count: int) -> Sequence[RecordedAct]:
        """Return the last acts that changed an article, the newest first."""
        rows = await self._database.all(
            """SELECT * FROM acts WHERE about = :slug AND act IN words(:acts)
            ORDER BY id DESC LIMIT :count""",
            slug=slug,
            acts=list(ARTICLE_ACTS),
            count=count,
        )
        return [_recorded(row) for row in rows]


def _recorded(row: Row) -> RecordedAct:
    return RecordedAct(at=from_ms(row["at"]), user=row["user"], act=row["act"], about=row["about"])
