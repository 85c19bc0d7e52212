"""Every write of `deliveries`, with their messages and articles, so that no state is left half written.

    planned ── claimed ──▶ sending ── accepted ────────────────▶ sent
      ▲  │                  │  │ │
      │  │                  │  │ └─── refused for good ─────────▶ failed
      │  │                  │  └───── no answer, or a crash ────▶ uncertain
      │  │                  └──────── denied, or blocked ───────▶ excluded
      │  └─ late, stopped, superseded, cancelled, forgotten … ──▶ excluded
      └──── throttled, moved, or never left: `sending` goes back to `planned`

A state on the right is final: it has a time, a reason unless it is `sent`, and no message any more.
All functions work within the caller's transaction. Where it is found out whether one
that is `uncertain` arrived, `doubts` leads on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from bot.campaign.model import CampaignId
from bot.db.engine import Connection
from bot.db.personal import DELIVERY_COLUMNS, forgotten
from bot.db.times import NEVER, to_ms, to_ms_rounded_up
from bot.delivery.message_ids import OWN_SEQUENCE
from bot.delivery.model import DeliveryId, FinalState
from bot.delivery.reasons import DOUBTFUL, Exclusion, Reason
from bot.reader.model import ReaderId

_COUNTED: Final = """INSERT INTO facts (name, value) VALUES ('planned', :number)
    ON CONFLICT (name) DO UPDATE SET value = CAST(facts.value AS BIGINT) + CAST(:number AS BIGINT)
    RETURNING value"""
"""How many deliveries were ever planned. They are numbered by it, and none is ever deleted."""

_INSERTED: Final = """INSERT INTO deliveries (id, reader, kind, occasion, part, parts, state, reason, due_at,
        expires_at, quote, upto, planned_at, finished_at)
    VALUES (:id, :reader, :kind, :occasion, :part, :parts, :state, :reason,
        max(:now, coalesce((SELECT until FROM cooldowns WHERE chat =
            (SELECT chat FROM readers WHERE id = :reader)), 0)), :expires,
        :quote, :upto, :now, :finished)"""

_OPEN: Final = 1
"""`doubt` of what is being found out."""

MAX_REPEATS: Final = 5
"""How often one message is planned again because it had not arrived."""

_IN_DOUBT: Final = """:settles = 1 AND after_id IS NOT NULL AND repeats < :repeats
    AND (SELECT chat FROM readers WHERE readers.id = deliveries.reader) > :own"""
"""Whether it can be found out if a message arrived that is `uncertain` now."""

_STARTED: Final = """UPDATE deliveries SET state = 'sending', attempts = attempts + 1,
    after_id = CAST(:highest AS BIGINT) WHERE id IN numbers(:ids) AND state = 'planned'"""


async def next_numbers(db: Connection, count: int) -> int:
    """Count so many more deliveries; return the number of the last."""
    counted = await db.one(_COUNTED, number=str(count))
    return int(counted["value"]) if counted else 0


async def insert(db: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, as `planning` makes them, under the next numbers, with their messages and articles."""
    if not rows:
        return
    last = await next_numbers(db, len(rows))
    for id_, row in enumerate(rows, last - len(rows) + 1):
        row["id"] = id_
    await db.many(_INSERTED, rows)
    await db.many(
        "INSERT INTO payloads (delivery, body) VALUES (:id, :body)",
        [row for row in rows if row["body"] is not None],
    )
    await db.many(
        "INSERT INTO delivery_articles (delivery, article) VALUES (:id, :article)",
        [{"id": row["id"], "article": article} for row in rows for article in row["articles"]],
    )


async def start(db: Connection, ids: Iterable[int], highest: int | None) -> None:
    """Claim planned rows: count an attempt, and keep the highest id of a message that is known."""
    await db.run(_STARTED, ids=list(ids), highest=highest)


async def accept(db: Connection, messages: Sequence[tuple[DeliveryId, int]], now: datetime) -> None:
    """Make rows that are `sending` `sent`, each with its message's id."""
    await db.run(
        """UPDATE deliveries SET state = 'sent', reason = NULL, message_id = sent.message_id,
            finished_at = :now
        FROM rows(:messages, id BIGINT, message_id BIGINT) AS sent
        WHERE deliveries.id = sent.id AND state = 'sending'""",
        messages=[{"id": id_, "message_id": message_id} for id_, message_id in messages],
        now=to_ms(now),
    )
    await delete_messages(db, [id_ for id_, _ in messages])


async def retry(
    db: Connection, id_: DeliveryId, at: datetime, reason: Reason, now: datetime, *, attempted: bool = True
) -> None:
    """Plan a row that is `sending` for another time, unless its campaign was cancelled meanwhile."""
    cancelled = await db.one(
        """SELECT 1 FROM deliveries AS d JOIN campaigns AS c ON c.id = d.campaign
        WHERE d.id = :id AND c.state = 'cancelled'""",
        id=id_,
    )
    if cancelled:
        await finish(db, id_, "excluded", "cancelled", now)
        return
    await db.run(
        """UPDATE deliveries SET state = 'planned', reason = :reason,
            attempts = attempts - CAST(:unattempted AS BIGINT),
            due_at = CASE WHEN campaign IN (SELECT id FROM campaigns WHERE state = 'paused')
                THEN CAST(:never AS BIGINT) ELSE CAST(:at AS BIGINT) END
        WHERE id = :id AND state = 'sending'""",
        never=NEVER,
        unattempted=not attempted,
        id=id_,
        at=to_ms_rounded_up(at),
        reason=reason,
    )


async def postpone(db: Connection, chat: int, until: datetime) -> None:
    """Let nothing of a chat be due before a time."""
    await db.run(
        """UPDATE deliveries SET due_at = max(due_at, :until) WHERE state = 'planned'
        AND reader IN (SELECT id FROM readers WHERE chat = :chat)""",
        chat=chat,
        until=to_ms_rounded_up(until),
    )


async def undo_postponing(db: Connection) -> None:
    """Let what was postponed for a cooldown be due now."""
    await db.run(
        """UPDATE deliveries SET due_at = planned_at WHERE state = 'planned' AND due_at < :never
        AND reader IN (SELECT r.id FROM readers AS r JOIN cooldowns AS cooled ON cooled.chat = r.chat)""",
        never=NEVER,
    )


async def finish(  # noqa: PLR0917  # what a final state consists of
    db: Connection, id_: DeliveryId, state: FinalState, reason: Reason, now: datetime, detail: str = ""
) -> bool:
    """End a row that is `sending`, for a reason; return whether it was."""
    which = "state = 'sending' AND id = :id"
    return bool(await _end(db, which, state, reason, now, detail=detail, values={"id": id_}))


async def recover(db: Connection, now: datetime) -> int:
    """End the rows that were `sending` when the program ended; return how many."""
    return await _end(db, "state = 'sending'", "uncertain", "program_ended", now)


async def give_back(db: Connection, held: Sequence[DeliveryId]) -> int:
    """Plan rows that are `sending`, but these, as if never claimed; return how many."""
    return await db.run(
        """UPDATE deliveries SET state = 'planned', attempts = attempts - 1
        WHERE state = 'sending' AND id NOT IN numbers(:held)""",
        held=list(held),
    )


async def exclude(db: Connection, ids: Iterable[int], reason: Exclusion, now: datetime) -> None:
    """Exclude planned rows."""
    which = "state = 'planned' AND id IN numbers(:ids)"
    await _end(db, which, "excluded", reason, now, values={"ids": list(ids)})


async def exclude_of_reader(db: Connection, reader: ReaderId, reason: Exclusion, now: datetime) -> None:
    """Exclude the planned digests and campaigns of a reader; notices still go."""
    which = "state = 'planned' AND reader = :reader AND kind <> 'notice'"
    await _end(db, which, "excluded", reason, now, values={"reader": reader})


async def supersede(db: Connection, readers: Iterable[ReaderId], now: datetime) -> None:
    """Exclude the planned digests of readers who get a newer one."""
    which = "state = 'planned' AND kind = 'digest' AND reader IN numbers(:readers)"
    await _end(db, which, "excluded", "superseded", now, values={"readers": list(readers)})


async def exclude_campaign(db: Connection, campaign: CampaignId, now: datetime) -> None:
    """Exclude the planned rows of a campaign that was cancelled."""
    which = "state = 'planned' AND campaign = :campaign"
    await _end(db, which, "excluded", "cancelled", now, values={"campaign": campaign})


async def exclude_all(db: Connection, reason: Exclusion, now: datetime) -> None:
    """Exclude everything that is planned."""
    await _end(db, "state = 'planned'", "excluded", reason, now)


async def _end(
    db: Connection,
    which: str,
    state: FinalState,
    reason: Reason,
    now: datetime,
    *,
    detail: str = "",
    values: dict[str, Any] | None = None,
) -> int:
    """Write a final state other than `sent`; return how many rows it was written to."""
    ended = await db.all(
        f"""UPDATE deliveries SET state = :state, reason = :reason,
        detail = nullif(CAST(:detail AS TEXT), ''), finished_at = :now,
        doubt = CASE WHEN {_IN_DOUBT} THEN 1 ELSE doubt END WHERE {which} RETURNING id, doubt""",  # noqa: S608  # conditions of this module
        state=state,
        reason=reason,
        detail=detail,
        now=to_ms(now),
        settles=state == "uncertain" and reason in DOUBTFUL,
        repeats=MAX_REPEATS,
        own=OWN_SEQUENCE,
        **(values or {}),
    )
    await delete_messages(db, [row["id"] for row in ended if row["doubt"] != _OPEN])
    return len(ended)


async def delete_messages(db: Connection, ids: Sequence[int]) -> None:
    """Delete the messages of rows that are final."""
    if ids:
        await db.run("DELETE FROM payloads WHERE delivery IN numbers(:ids)", ids=ids)


async def settle(db: Connection, id_: DeliveryId) -> bool:
    """Note that a refusal has its consequences now; return whether it had none before."""
    return bool(await db.run("UPDATE deliveries SET settled = 1 WHERE id = :id AND settled = 0", id=id_))


async def settle_since(db: Connection, since: datetime) -> None:
    """Let the refusals since then have no consequences."""
    await db.run(
        "UPDATE deliveries SET settled = 1 WHERE state = 'failed' AND settled = 0 AND finished_at >= :since",
        since=to_ms(since),
    )


async def hand_over(db: Connection, now: datetime, *, of: ReaderId, to: ReaderId) -> None:
    """Give a reader's rows to another, whose own may have the same occasions."""
    # Both may have one on its way, and one reader cannot: of the other's, nobody will know.
    both = """state = 'sending' AND reader = :to AND EXISTS (
        SELECT 1 FROM deliveries WHERE state = 'sending' AND reader = :of)"""
    await _end(db, both, "uncertain", "moved", now, values={"to": to, "of": of})
    await db.run(
        # Both may have had the same occasion; the number of the row keeps them apart.
        "UPDATE deliveries SET reader = :to, occasion = occasion || ' #' || id WHERE reader = :of",
        to=to,
        of=of,
    )


async def forget(db: Connection, chat: int, now: datetime) -> None:
    """Exclude what waits for a chat; of what is over, leave only the outcome."""
    readers = "reader IN (SELECT id FROM readers WHERE chat = :chat)"
    # What is in flight ends by itself; its row belongs to nobody by then. What is in doubt stays uncertain.
    doubtful = await db.all(
        f"UPDATE deliveries SET doubt = 4 WHERE doubt = 1 AND {readers} RETURNING id",  # noqa: S608  # ours
        chat=chat,
    )
    await delete_messages(db, [row["id"] for row in doubtful])
    await _end(db, f"state = 'planned' AND {readers}", "excluded", "forgotten", now, values={"chat": chat})
    for table in ("delivery_articles", "looked"):
        await db.run(
            f"DELETE FROM {table} WHERE delivery IN (SELECT id FROM deliveries WHERE {readers})",  # noqa: S608  # ours
            chat=chat,
        )
    await db.run(
        f"UPDATE deliveries SET {forgotten(DELIVERY_COLUMNS)} WHERE {readers}",  # noqa: S608  # names of columns
        chat=chat,
    )
