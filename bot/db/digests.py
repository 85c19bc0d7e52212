"""The readers whose digests are due, and what is planned for them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.article.model import ArticleId
from bot.db import deliveries
from bot.db.database import Database
from bot.db.ledger import ARTICLES
from bot.db.planning import write_plans
from bot.db.readers import reader_of
from bot.db.restored import gate
from bot.db.times import to_ms, to_ms_rounded_up
from bot.delivery.model import DeliveryId, Plan
from bot.digest.model import Planned, PlanningHold, RefusedDigest
from bot.reader.model import Reader, ReaderId

_MOVED: Final = """UPDATE readers SET next_at = p.next_at, news_limit = p.news_limit,
        quote_round = CASE WHEN quote_place = p.seen_place THEN p.round ELSE quote_round END,
        quote_place = CASE WHEN quote_place = p.seen_place THEN p.place ELSE quote_place END
    FROM rows(:planned, id BIGINT, next_at BIGINT, news_limit BIGINT, round BIGINT, place TEXT,
        seen_at BIGINT, seen_watermark BIGINT, seen_place TEXT) AS p
    WHERE readers.id = p.id AND readers.next_at = p.seen_at AND watermark = p.seen_watermark AND NOT EXISTS (
        SELECT 1 FROM deliveries WHERE reader = readers.id AND state = 'sending')
    RETURNING readers.id"""
"""Only readers who are as they were seen; their place among the quotes unless it has moved meanwhile."""

_DUE: Final = """SELECT r.chat, d.due_at AS due, d.id AS number
        FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
        WHERE d.state = 'planned' AND d.due_at > :since AND d.due_at <= :now
    UNION ALL SELECT chat, next_at, id FROM readers WHERE next_at > :since AND next_at <= :now"""

_DUE_AT_AN_END: Final = 1_000
"""Chats of those due first, and of those due last: nobody asks about those between."""


class DigestStore:
    """The publisher's store, in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def gate(self) -> PlanningHold:
        """Return whether digests may be planned: not while an owner must decide about a backup."""
        return await gate(self._database)

    async def due(self, now: datetime, limit: int) -> Sequence[Reader]:
        """Return those whose digest is due and none of whose digests is being sent, the longest due first."""
        rows = await self._database.all(
            """SELECT * FROM readers WHERE next_at <= :now AND NOT EXISTS (
                SELECT 1 FROM deliveries WHERE reader = readers.id AND state = 'sending')
            ORDER BY next_at, id LIMIT :limit""",
            now=to_ms(now),
            limit=limit,
        )
        return [reader_of(row) for row in rows]

    async def due_chats(
        self, since: datetime | None, now: datetime, *, most: int = _DUE_AT_AN_END
    ) -> Sequence[int]:
        """Return the chats that something is due for since a moment, in the order in which it would leave.

        Of more than twice `most`, which may be a million, only the first and the last ones.
        """
        times = {"since": to_ms(since) if since else 0, "now": to_ms(now), "most": most}
        first = await self._database.all(f"{_DUE} ORDER BY due, number LIMIT :most", **times)
        last = await self._database.all(f"{_DUE} ORDER BY due DESC, number DESC LIMIT :most", **times)
        return list(dict.fromkeys(row["chat"] for row in (*first, *reversed(last))))

    async def waiting(self) -> int:
        """Return how many rows wait in the outbox."""
        row = await self._database.one("SELECT count(*) AS number FROM deliveries WHERE state = 'planned'")
        return int(row["number"]) if row else 0

    async def plan(self, planned: Sequence[Planned], now: datetime) -> int:
        """Write them in one short transaction; how many, without those of readers who have changed."""
        async with self._database.transaction() as db:
            moved = await db.all(_MOVED, planned=[_moved(one) for one in planned])
            readers = {row["id"] for row in moved}
            written = [one for one in planned if one.reader.id in readers]
            replaced = [one.reader.id for one in written if any(plan.parts for plan in one.plans)]
            await deliveries.supersede(db, replaced, now)
            await write_plans(db, [plan for one in written for plan in one.plans], now)
        return len(written)

    async def postpone(self, reader: ReaderId, until: datetime) -> None:
        """Look at a reader again then."""
        await self._database.run(
            "UPDATE readers SET next_at = :until WHERE id = :id AND next_at IS NOT NULL",
            id=reader,
            until=to_ms(until),
        )

    async def refused(self) -> Sequence[RefusedDigest]:
        """Return digests whose refusal has had no consequences yet."""
        rows = await self._database.all(
            f"""SELECT id, reader, detail, {ARTICLES} AS articles FROM deliveries AS d
            WHERE state = 'failed' AND settled = 0 AND kind = 'digest' ORDER BY id LIMIT 500"""  # noqa: S608  # ours
        )
        return [
            RefusedDigest(
                delivery=DeliveryId(row["id"]),
                reader=ReaderId(row["reader"]),
                articles=tuple(map(ArticleId, json.loads(row["articles"]))),
                words=row["detail"] or "",
            )
            for row in rows
        ]

    async def limit_next(self, refused: RefusedDigest, limit: int | None, now: datetime) -> None:
        """Settle a refusal: so many articles in the reader's next digest, which is due at once."""
        async with self._database.transaction() as db:
            if await deliveries.settle(db, refused.delivery) and limit is not None:
                await db.run(
                    """UPDATE readers SET news_limit = :limit, next_at = :now
                    WHERE id = :reader AND next_at IS NOT NULL""",
                    reader=refused.reader,
                    limit=limit,
                    now=to_ms(now),
                )

    async def notify(self, plans: Sequence[Plan], now: datetime) -> None:
        """Put notices into the outbox."""
        async with self._database.transaction() as db:
            await write_plans(db, plans, now)

    async def notify_of_suspension(self, told: Mapping[ReaderId, Sequence[Plan]], now: datetime) -> None:
        """Put notices into the outbox: of each suspended reader those that tell of it, once."""
        async with self._database.transaction() as db:
            plans: list[Plan] = []
            for reader, its in told.items():
                if await db.run(
                    "UPDATE readers SET suspension_told = 1 WHERE id = :id AND suspension_told = 0", id=reader
                ):
                    plans += its
            await write_plans(db, plans, now)


def _moved(planned: Planned) -> dict[str, Any]:
    seen = planned.reader
    return {
        "id": seen.id,
        "next_at": to_ms_rounded_up(planned.next_at),
        "news_limit": planned.news_limit,
        "round": planned.quote_round,
        "place": planned.quote_place,
        "seen_at": to_ms(seen.subscription.next_at),
        "seen_watermark": seen.cursors.watermark,
        "seen_place": seen.cursors.quote_place,
    }
