"""The worker's outbox: what is due is claimed, and what became of it is recorded."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, assert_never

from bot.db import deliveries
from bot.db.database import Database
from bot.db.engine import Connection, Row
from bot.db.message_ids import MessageIdStore, write_ids
from bot.db.readers import move, suspend
from bot.db.times import NEVER, from_ms, to_ms
from bot.db.watermarks import move_watermarks
from bot.delivery.message_ids import is_counted
from bot.delivery.model import (
    Delivery,
    DeliveryId,
    DeliveryState,
    Done,
    Finish,
    Migrate,
    Result,
    Retry,
    Suspend,
)
from bot.delivery.reasons import Exclusion
from bot.message.codec import load
from bot.message.model import Content, Copy, Message
from bot.reader.model import Place, ReaderId

_DUE: Final = """SELECT d.id, d.reader, d.kind, p.body, d.attempts, d.expires_at,
        r.chat, r.topic, r.kind AS chat_kind, c.source_chat, c.source_message,
        CASE WHEN d.expires_at <= :now THEN 'late'
            WHEN d.kind = 'digest' AND NOT (r.subscribed = 1 AND r.suspended IS NULL) THEN 'unsubscribed'
            WHEN d.kind = 'campaign' AND r.suspended IS NOT NULL THEN 'suspended'
        END AS unwanted
    FROM (SELECT * FROM deliveries AS next WHERE state = 'planned' AND due_at <= :now
        AND NOT EXISTS (
            SELECT 1 FROM deliveries AS other WHERE other.reader = next.reader AND other.state = 'sending')
        AND NOT EXISTS (
            SELECT 1 FROM deliveries AS other WHERE other.reader = next.reader AND other.doubt = 1)
        AND NOT EXISTS (
            SELECT 1 FROM deliveries AS other WHERE other.reader = next.reader AND other.state = 'planned'
            AND other.due_at < :never AND (other.planned_at, other.id) < (next.planned_at, next.id))
        ORDER BY due_at, id LIMIT :limit) AS d
    JOIN readers AS r ON r.id = d.reader
    LEFT JOIN payloads AS p ON p.delivery = d.id LEFT JOIN campaigns AS c ON c.id = d.campaign
    ORDER BY d.due_at, d.id"""
"""The next part of each reader, and why it is not wanted if it is not; what is paused holds up nothing.

In two steps: PostgreSQL plans it each time, which took longer for seven tables than finding the rows did.
While it is found out whether a message arrived, its reader gets no other: later parts must not overtake it.
"""

_CLAIMED: Final = """INSERT INTO facts (name, value) VALUES ('claims', 1)
    ON CONFLICT (name) DO UPDATE SET value = CAST(facts.value AS BIGINT) + 1 RETURNING value"""
"""Counts the claims; the count outside the database tells when a backup was put back."""

_UNWANTED: Final[tuple[Exclusion, ...]] = ("late", "unsubscribed", "suspended")
"""Why a row that is due may not be wanted any more."""


class OutboxStore:
    """The worker's outbox, in the database."""

    def __init__(
        self,
        database: Database,
        *,
        known: MessageIdStore | None = None,
        settles: bool = True,
        mark: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`mark` is told the number of each claim once it is committed, before anything of it is sent.

        With `settles`, it is to be found out whether those arrived whose answer never comes.
        """
        self._database = database
        self._known = known or MessageIdStore(database)
        self._settles = settles
        self._mark = mark

    async def claim(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Make rows that are planned and due `sending`, committed, and return them.

        Those that would come too late, or that their reader has meanwhile stopped, become `excluded` instead.
        """
        while True:  # many that nobody wants must not hide one that is wanted
            async with self._database.transaction() as db:
                # One row a reader: the next part waits until the one before it is final.
                found = await db.all(_DUE, now=to_ms(now), never=NEVER, limit=limit)
                rows = [row for row in found if row["unwanted"] is None]
                for reason in _UNWANTED:
                    ids = [row["id"] for row in found if row["unwanted"] == reason]
                    if ids:
                        await deliveries.exclude(db, ids, reason, now)
                highest = (self._known.ids.highest or None) if self._settles else None
                await deliveries.start(db, [row["id"] for row in rows], highest)
                number = await db.one(_CLAIMED) if rows else None
            # Outside the transaction: the mark beside the database must never be ahead of what is
            # committed.
            if number:
                self._mark(int(number["value"]))
            if rows or not found:
                return [_delivery(row) for row in rows]

    async def record(self, results: Sequence[Result], now: datetime) -> None:
        """Write what became of deliveries, all or nothing; what is not `sending` any more stays as it is."""
        done = [(each.delivery, each.next.message_id) for each in results if isinstance(each.next, Done)]
        ids = [(delivery.place.chat, message_id) for delivery, message_id in done]
        async with self._database.transaction() as db:
            # Most outcomes of a group are alike: two statements for all of them, the rest one by one.
            await deliveries.accept(db, [(delivery.id, message_id) for delivery, message_id in done], now)
            digests = [delivery.id for delivery, _ in done if delivery.kind == "digest"]
            await move_watermarks(db, digests, now)
            for result in results:
                if not isinstance(result.next, Done):
                    await _record(db, result, now)
            # In this transaction, no sooner: an id that is known while its row is not yet `sent` would say,
            # after a crash, that the row has not arrived.
            await write_ids(db, [message_id for chat, message_id in ids if is_counted(chat)])
            written = await self._known.write(db, now)
        self._known.ids.written(written)
        for chat, message_id in ids:
            self._known.ids.passed(chat, message_id)

    async def give_back(self, held: Sequence[DeliveryId]) -> int:
        """Make rows that are `sending`, but these, planned as if never claimed; return how many."""
        async with self._database.transaction() as db:
            return await deliveries.give_back(db, held)

    async def recover(self, now: datetime) -> int:
        """Make rows that were `sending` at a crash `uncertain`; return how many."""
        async with self._database.transaction() as db:
            return await deliveries.recover(db, now)

    async def next_due(self) -> datetime | None:
        """Return when the next planned row is due that may leave then; None when none waits."""
        row = await self._database.one(
            """SELECT d.due_at FROM deliveries AS d WHERE d.state = 'planned' AND NOT EXISTS (
                SELECT 1 FROM deliveries AS other WHERE other.reader = d.reader AND other.doubt = 1)
            ORDER BY d.due_at LIMIT 1"""
        )
        return from_ms(row["due_at"]) if row else None

    async def counts(self) -> dict[DeliveryState, int]:
        """Return how many rows are in each state."""
        rows = await self._database.all("SELECT state, count(*) AS number FROM deliveries GROUP BY state")
        return {row["state"]: row["number"] for row in rows}


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=DeliveryId(row["id"]),
        reader=ReaderId(row["reader"]),
        kind=row["kind"],
        place=Place(row["chat"], row["topic"] or None, row["chat_kind"]),
        content=_content(row),
        attempt=row["attempts"] + 1,
        expires_at=from_ms(row["expires_at"]),
    )


def _content(row: Row) -> Content:
    """Return the message, or the copy of a campaign's."""
    if row["body"] is not None:
        return _message(row["body"])
    return _copy(row["source_chat"], row["source_message"])


@lru_cache(maxsize=64)  # what goes to many is read once
def _message(body: str) -> Message:
    return load(json.loads(body))


@lru_cache(maxsize=2)
def _copy(chat: int, message_id: int) -> Copy:
    return Copy(chat, message_id)


async def _record(db: Connection, result: Result, now: datetime) -> None:
    """Write what became of one delivery; those that were accepted have been written together."""
    id_, reader = result.delivery.id, result.delivery.reader
    match result.next:
        case Done():
            pass
        case Finish(state, reason, detail):
            await deliveries.finish(db, id_, state, reason, now, detail)
        case Suspend(reason):
            # Only if the row was still in flight: a reader who came back meanwhile is not suspended again.
            if await deliveries.finish(db, id_, "excluded", reason, now):
                await suspend(db, reader, reason, now)
        case Retry(at, reason, attempted):
            await deliveries.retry(db, id_, at, reason, now, attempted=attempted)
        case Migrate(chat):
            # This message is tried at the new address, where all readers of the group move, topics included.
            await deliveries.retry(db, id_, now, "moved", now)
            await move(db, result.delivery.place.chat, chat, now)
        case _:
            assert_never(result.next)
