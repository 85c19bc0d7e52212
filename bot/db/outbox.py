"""The outbox: what was planned for whom; `ledger.py` reads it as history."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from sqlite3 import Row
from typing import Final, assert_never

from bot.db.database import Database, Verbs
from bot.db.readers import move, suspend
from bot.db.times import NEVER, moment, stamp, stamp_up
from bot.delivery.model import (
    Delivery,
    DeliveryId,
    Done,
    FinalState,
    Finish,
    Follow,
    Plan,
    Result,
    Retry,
    State,
    Suspend,
)
from bot.delivery.reasons import Reason
from bot.message.model import Copy, Message
from bot.message.wire import dump, load
from bot.reader.model import Place, ReaderId

_DUE: Final = """SELECT d.id, d.reader, d.kind, d.payload, d.attempts, d.expires_at,
        r.chat, r.topic, r.kind AS chat_kind, c.source_chat, c.source_message,
        CASE WHEN d.expires_at <= :now THEN 'late'
            WHEN d.kind = 'digest' AND NOT (r.subscribed AND r.suspended IS NULL) THEN 'unsubscribed'
            WHEN d.kind = 'campaign' AND r.suspended IS NOT NULL THEN 'suspended'
        END AS unwanted
    FROM deliveries AS d JOIN readers AS r ON r.id = d.reader LEFT JOIN campaigns AS c ON c.id = d.campaign
    WHERE d.state = 'planned' AND d.due_at <= :now AND NOT EXISTS (
        SELECT 1 FROM deliveries AS other WHERE other.reader = d.reader AND other.state = 'sending')
    AND NOT EXISTS (
        SELECT 1 FROM deliveries AS other WHERE other.reader = d.reader AND other.state = 'planned'
        AND other.due_at < :never AND (other.planned_at, other.id) < (d.planned_at, d.id))
    ORDER BY d.due_at, d.id LIMIT :limit"""
"""The next part of each reader, and why it is not wanted if it is not; what is paused holds up nothing."""

_CLAIMED: Final = """INSERT INTO facts (name, value) VALUES ('claims', 1)
    ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value"""
"""Counts the claims; the count outside the database tells when a backup was put back."""

_SENT: Final = """UPDATE deliveries SET state = 'sent', reason = NULL, payload = NULL,
    message_id = :message_id, finished_at = :now WHERE id = :id AND state = 'sending'"""


_USED: Final = """SELECT plan.key AS number, count(*) AS times FROM json_each(:plans) AS plan
    JOIN deliveries AS d ON d.reader = json_extract(plan.value, '$[0]')
        AND d.kind = json_extract(plan.value, '$[1]') AND d.part = 1
        AND d.occasion >= json_extract(plan.value, '$[2]')
        AND d.occasion < json_extract(plan.value, '$[2]') || '$'
    GROUP BY plan.key"""
"""How often an occasion was used, under its own name or with a `#` behind it ($ comes next in ASCII)."""

_PLANNED: Final = """INSERT INTO deliveries (reader, kind, occasion, part, parts, state, reason, due_at,
        expires_at, payload, articles, quote, upto, planned_at, finished_at)
    VALUES (:reader, :kind, :occasion, :part, :parts, :state, :reason,
        max(:now, coalesce((SELECT until FROM holds WHERE chat =
            (SELECT chat FROM readers WHERE id = :reader)), 0)), :expires,
        :payload, :articles, :quote, :upto, :now, :finished)"""


class SqliteOutbox:
    """The worker's outbox, in the database."""

    def __init__(self, database: Database, *, mark: Callable[[int], None] = lambda _: None) -> None:
        """`mark` is told the number of each claim once it is committed, before anything of it is sent."""
        self._database = database
        self._mark = mark

    async def claim(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Rows that are planned and due become `sending`, committed.

        Those that would come too late, or that their reader has meanwhile stopped, become `excluded` instead.
        """
        while True:  # many that nobody wants must not hide one that is wanted
            async with self._database.transaction() as verbs:
                found = await verbs.all(_DUE, now=stamp(now), never=NEVER, limit=limit)
                rows = [row for row in found if row["unwanted"] is None]
                await verbs.many(
                    """UPDATE deliveries SET state = 'excluded', reason = :reason, payload = NULL,
                    finished_at = :now WHERE id = :id AND state = 'planned'""",
                    [
                        {"id": row["id"], "reason": row["unwanted"], "now": stamp(now)}
                        for row in found
                        if row["unwanted"] is not None
                    ],
                )
                await verbs.many(
                    """UPDATE deliveries SET state = 'sending', attempts = attempts + 1
                    WHERE id = :id AND state = 'planned'""",
                    [{"id": row["id"]} for row in rows],
                )
                number = await verbs.one(_CLAIMED) if rows else None
            if number:
                self._mark(int(number["value"]))
            if rows or not found:
                return [_delivery(row) for row in rows]

    async def record(self, results: Sequence[Result], now: datetime) -> None:
        """Write what became of deliveries, all or nothing; what is not `sending` any more stays as it is."""
        done = [
            {"id": result.delivery.id, "message_id": result.next.message_id, "now": stamp(now)}
            for result in results
            if isinstance(result.next, Done)
        ]
        async with self._database.transaction() as verbs:
            await verbs.many(_SENT, done)
            await _move_watermarks(verbs, results, now)
            for result in results:
                if not isinstance(result.next, Done):
                    await _record(verbs, result, now)

    async def recover(self, now: datetime) -> int:
        """After a crash: rows that were `sending` become `uncertain`; how many."""
        return await self._database.run(
            """UPDATE deliveries SET state = 'uncertain', reason = 'program_ended',
            payload = NULL, finished_at = :now WHERE state = 'sending'""",
            now=stamp(now),
        )

    async def next_due(self) -> datetime | None:
        """When the next planned row is due; None when none waits."""
        row = await self._database.one("SELECT min(due_at) AS due FROM deliveries WHERE state = 'planned'")
        return moment(row["due"]) if row else None

    async def counts(self) -> dict[State, int]:
        """How many rows are in each state."""
        rows = await self._database.all("SELECT state, count(*) AS number FROM deliveries GROUP BY state")
        return {row["state"]: row["number"] for row in rows}


async def write_plans(verbs: Verbs, plans: Sequence[Plan], now: datetime) -> None:
    """Within a transaction: one row for each part of plans, of which no two are of the same occasion.

    An occasion that was used before (the clock went back) is recorded under a name of its own, and excluded.
    """
    used = await verbs.all(
        _USED, plans=json.dumps([(plan.reader, plan.kind, plan.occasion) for plan in plans])
    )
    times = {row["number"]: row["times"] for row in used}
    await verbs.many(
        _PLANNED, [row for number, plan in enumerate(plans) for row in _rows(plan, times.get(number, 0), now)]
    )


def _rows(plan: Plan, used: int, now: datetime) -> Iterator[dict[str, object]]:
    occasion, reason, parts = plan.occasion, plan.reason, plan.parts
    if used:
        occasion, reason, parts = f"{occasion}#{used + 1}", "slot_used", ()
    payloads: list[str | None] = [json.dumps(dump(part), ensure_ascii=False) for part in parts]
    for number, payload in enumerate(payloads or [None], 1):
        yield {
            "reader": plan.reader,
            "kind": plan.kind,
            "occasion": occasion,
            "part": number,
            "parts": max(len(payloads), 1),
            "state": "planned" if payload is not None else "excluded",
            "reason": reason,
            "now": stamp(now),
            "expires": stamp(plan.expires_at),
            "payload": payload,
            "articles": json.dumps(plan.articles),
            "quote": plan.quote,
            "upto": plan.upto,
            "finished": None if payload is not None else stamp(now),
        }


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=DeliveryId(row["id"]),
        reader=ReaderId(row["reader"]),
        kind=row["kind"],
        place=Place(row["chat"], row["topic"] or None, row["chat_kind"]),
        content=_message(row["payload"])
        if row["payload"]
        else _copy(row["source_chat"], row["source_message"]),
        attempt=row["attempts"] + 1,
        expires_at=moment(row["expires_at"]),
    )


@lru_cache(maxsize=64)  # what goes to many is read once
def _message(payload: str) -> Message:
    return load(json.loads(payload))


@lru_cache(maxsize=2)
def _copy(chat: int, message_id: int) -> Copy:
    return Copy(chat, message_id)


async def _record(verbs: Verbs, result: Result, now: datetime) -> None:
    """What became of one delivery; those that were accepted have been written together."""
    id_, reader = result.delivery.id, result.delivery.reader
    match result.next:
        case Done():
            pass
        case Finish(state, reason, detail):
            await _finish(verbs, id_, state, reason, now, detail=detail)
        case Suspend(reason):
            if await _finish(verbs, id_, "excluded", reason, now):
                await suspend(verbs, reader, reason, now)
        case Retry(at, reason, attempted):
            await _plan_again(verbs, id_, at, reason, now, attempted=attempted)
        case Follow(chat):
            await move(verbs, result.delivery.place.chat, chat)
            await _plan_again(verbs, id_, now, "moved", now)
        case _:
            assert_never(result.next)


async def _finish(
    verbs: Verbs, id_: DeliveryId, state: FinalState, reason: Reason, now: datetime, *, detail: str = ""
) -> bool:
    return bool(
        await verbs.run(
            """UPDATE deliveries SET state = :state, reason = :reason, detail = nullif(:detail, ''),
            payload = NULL, finished_at = :now WHERE id = :id AND state = 'sending'""",
            id=id_,
            state=state,
            reason=reason,
            detail=detail,
            now=stamp(now),
        )
    )


async def _plan_again(
    verbs: Verbs, id_: DeliveryId, at: datetime, reason: Reason, now: datetime, *, attempted: bool = True
) -> None:
    """Plan it for another time, unless its campaign was cancelled meanwhile."""
    if await verbs.one(
        """SELECT 1 FROM deliveries AS d JOIN campaigns AS c ON c.id = d.campaign
        WHERE d.id = :id AND c.state = 'cancelled'""",
        id=id_,
    ):
        await _finish(verbs, id_, "excluded", "cancelled", now)
        return
    await verbs.run(
        """UPDATE deliveries SET state = 'planned', reason = :reason, attempts = attempts - :unattempted,
            due_at = CASE WHEN campaign IN (SELECT id FROM campaigns WHERE state = 'paused')
                THEN :never ELSE :at END
        WHERE id = :id AND state = 'sending'""",
        never=NEVER,
        unattempted=not attempted,
        id=id_,
        at=stamp_up(at),
        reason=reason,
    )


async def _move_watermarks(verbs: Verbs, results: Sequence[Result], now: datetime) -> None:
    """Once every part of a digest was sent, its articles are known to the reader; never before.

    A reader whose digest was kept short while a refused article is looked for gets the rest at once.
    """
    await verbs.many(
        """UPDATE readers SET watermark = max(watermark, (SELECT upto FROM deliveries WHERE id = :id)),
            next_at = CASE WHEN news_limit IS NOT NULL AND next_at IS NOT NULL THEN :now ELSE next_at END
        WHERE id = :reader AND NOT EXISTS (
            SELECT 1 FROM deliveries AS part JOIN deliveries AS done ON done.id = :id
            WHERE part.reader = done.reader AND part.kind = done.kind AND part.occasion = done.occasion
            AND part.state <> 'sent')""",
        [
            {"id": result.delivery.id, "reader": result.delivery.reader, "now": stamp(now)}
            for result in results
            if isinstance(result.next, Done) and result.delivery.kind == "digest"
        ],
    )
