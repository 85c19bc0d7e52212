"""Pages that editors asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.db.database import Database
from bot.db.engine import Row
from bot.db.times import to_ms
from bot.editing.links import PageLink

RETENTION: Final = timedelta(days=30)
"""How long an editor may think about a page that is here already."""


class LinkStore:
    """Links on their way."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, *, editor: int, chat: int, message: int, address: str, now: datetime) -> PageLink:
        """Write a link down."""
        async with self._database.transaction() as db:
            await db.run("DELETE FROM links WHERE asked_at < :old", old=to_ms(now - RETENTION))
            [row] = await db.all(
                """INSERT INTO links (editor, chat, message, address, asked_at)
                VALUES (:editor, :chat, :message, :address, :now) RETURNING *""",
                editor=editor,
                chat=chat,
                message=message,
                address=address,
                now=to_ms(now),
            )
        return _link(row)

    async def waiting(self) -> Sequence[PageLink]:
        """Return the links that wait to be read, in the order in which they were asked for."""
        rows = await self._database.all("SELECT * FROM links WHERE waits = 1 ORDER BY id")
        return list(map(_link, rows))

    async def hold(self, link: int) -> None:
        """Let a link wait until its editor decides."""
        await self._database.run("UPDATE links SET waits = 0 WHERE id = :id", id=link)

    async def repeat(self, link: int, *, editor: int) -> bool:
        """Have a link read although its page is here; False when it is gone or another's."""
        return bool(
            await self._database.run(
                "UPDATE links SET waits = 1, again = 1 WHERE id = :id AND editor = :editor AND waits = 0",
                id=link,
                editor=editor,
            )
        )

    async def drop(self, link: int) -> None:
        """Forget a link."""
        await self._database.run("DELETE FROM links WHERE id = :id", id=link)

    async def drop_all(self, editor: int) -> int:
        """Forget the links of an editor that wait; return how many there were."""
        return await self._database.run(
            "DELETE FROM links WHERE editor = :editor AND waits = 1", editor=editor
        )


def _link(row: Row) -> PageLink:
    return PageLink(
        id=row["id"],
        editor=row["editor"],
        chat=row["chat"],
        message=row["message"],
        address=row["address"],
        again=bool(row["again"]),
    )
