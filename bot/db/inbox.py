"""What people sent and the bot has not dealt with yet."""

import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.db.database import Database
from bot.db.message_ids import MessageIdStore
from bot.db.times import to_ms
from bot.inbox import Json, Waiting, repeatable

RETENTION: Final = timedelta(hours=25)
"""How long an update is known as dealt with: the server sends it again within a day, if at all."""

_PRUNE_INTERVAL_UPDATES: Final = 1_000
"""Updates that are dealt with before those of the day before are looked for."""


class InboxStore:
    """The inbox in the database."""

    def __init__(self, database: Database, known: MessageIdStore | None = None) -> None:
        self._database = database
        self._known = known or MessageIdStore(database)
        self._finished = _PRUNE_INTERVAL_UPDATES

    async def put(self, updates: Sequence[Json], now: datetime) -> None:
        """Write updates down as they came; those that are known stay as they are."""
        # Together with what others note: a webhook brings them one by one.
        await asyncio.gather(
            *(
                self._database.note(
                    """INSERT INTO inbox (update_id, payload, received_at) VALUES (:id, :payload, :now)
                    ON CONFLICT (update_id) DO UPDATE SET payload = excluded.payload WHERE inbox.done = 0""",
                    id=each["update_id"],
                    payload=json.dumps(each),
                    now=to_ms(now),
                )
                for each in updates
            )
        )

    async def known(self, ids: Collection[int]) -> set[int]:
        """Return which of these updates are in the inbox, dealt with or not."""
        rows = await self._database.all(
            "SELECT update_id FROM inbox WHERE update_id IN numbers(:ids)", ids=list(ids)
        )
        return {row["update_id"] for row in rows}

    async def waiting(self, after: int, limit: int) -> Sequence[Waiting]:
        """Return the first updates after a place in the inbox that are not dealt with."""
        rows = await self._database.all(
            """SELECT * FROM inbox WHERE done = 0 AND payload IS NOT NULL AND seq > :after
            ORDER BY seq LIMIT :limit""",
            after=after,
            limit=limit,
        )
        return [
            Waiting(
                seq=row["seq"],
                update_id=row["update_id"],
                payload=json.loads(row["payload"]),
                tries=row["tries"],
                effect=bool(row["effect"]),
            )
            for row in rows
        ]

    async def begin(self, update_id: int) -> None:
        """Count a try."""
        await self._database.note("UPDATE inbox SET tries = tries + 1 WHERE update_id = :id", id=update_id)

    async def finish(self, ids: Collection[int], now: datetime) -> None:
        """Mark updates as dealt with, and now and then forget those of before yesterday."""
        self._finished += len(ids)
        with repeatable():
            async with self._database.transaction() as db:
                await db.run(
                    """UPDATE inbox SET done = 1, payload = NULL
                    WHERE update_id IN numbers(:ids)""",
                    ids=list(ids),
                )
                if self._finished >= _PRUNE_INTERVAL_UPDATES:
                    self._finished = 0
                    await db.run(
                        """DELETE FROM inbox WHERE seq IN (
                            SELECT seq FROM inbox WHERE done = 1 AND received_at < :before LIMIT :limit)""",
                        before=to_ms(now - RETENTION),
                        limit=2 * _PRUNE_INTERVAL_UPDATES,
                    )
                    # Left by a process that ended before it could mark what it had dealt with.
                    await db.run(
                        "DELETE FROM inbox WHERE done = 0 AND payload IS NULL AND received_at < :before",
                        before=to_ms(now - RETENTION),
                    )
                # Once it is done, its answers come never again: what ids they have is known from now on.
                written = await self._known.write(db, now)
        self._known.ids.written(written)
