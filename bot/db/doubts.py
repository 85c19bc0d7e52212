"""Messages of which nobody knows whether they arrived: what is known about them, and what was found out.

    uncertain ── had arrived ──────────────▶ sent
              ── had not ──────────────────▶ planned, or excluded when it is not wanted any more
              ── could not be found out ───▶ uncertain, for good

`deliveries.doubt` says which of them it was; while it is 1, the message is kept.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.db.database import Database
from bot.db.deliveries import delete_messages
from bot.db.engine import Connection, Row
from bot.db.facts import note_facts
from bot.db.message_ids import forget_strays, write_ids
from bot.db.times import NEVER, to_ms
from bot.db.watermarks import move_watermarks
from bot.delivery.message_ids import OWN_SEQUENCE, Range
from bot.delivery.model import DeliveryId
from bot.settling.guesses import ON_THE_WAY
from bot.settling.model import Accepted, Control, Doubt, Found, Left, Marker, Unclear, Verdicts

_BESIDE: Final = 1_000
"""Deliveries before the first in doubt, and after the last one, that may have left with them."""

_STRAYS_KEPT: Final = timedelta(minutes=10)
_FAILED: Final = "settling_failed"
_BOT: Final = "ids_of"
"""Facts: which control failed last; whose ids are known."""

_LEFT: Final = """SELECT d.id, d.after_id, CASE WHEN d.doubt = 1 THEN NULL ELSE d.message_id END AS message_id
    FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
    WHERE d.id >= :first AND d.id <= :last AND d.after_id >= :after AND r.chat > :own
    AND (d.doubt = 1 OR (d.state = 'sent' AND d.message_id IS NOT NULL))
    ORDER BY d.after_id, d.due_at, d.id"""

_HISTORY: Final = """SELECT r.chat, d.message_id, d.after_id
    FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
    WHERE d.id <= :upto AND d.state = 'sent' AND d.after_id IS NOT NULL AND d.message_id IS NOT NULL
    AND d.doubt <> 2 AND r.chat > :own ORDER BY d.id DESC LIMIT :limit"""
"""Of ids that were found by looking, the order is no evidence."""

_ARRIVED: Final = """UPDATE deliveries SET state = 'sent', reason = NULL, detail = NULL,
        message_id = found.message_id, finished_at = :now, doubt = 2
    FROM rows(:found, id BIGINT, message_id BIGINT) AS found
    WHERE deliveries.id = found.id AND doubt = 1 AND NOT EXISTS (
        SELECT 1 FROM known_ids AS k WHERE k.first <= found.message_id AND k.last >= found.message_id)
    RETURNING deliveries.id, deliveries.message_id, deliveries.kind"""
"""An id that has become known meanwhile is another message's."""

_LEFT_OUT: Final = """UPDATE deliveries SET state = 'excluded', finished_at = :now, detail = NULL, doubt = 3,
        reason = CASE WHEN kind = 'campaign' THEN 'cancelled' ELSE 'superseded' END
    WHERE id IN numbers(:ids) AND doubt = 1 AND (
        (kind = 'digest' AND EXISTS (
            SELECT 1 FROM deliveries AS later WHERE later.reader = deliveries.reader
            AND later.kind = 'digest' AND later.id > deliveries.id
            AND later.occasion <> deliveries.occasion AND later.state <> 'excluded'))
        OR campaign IN (SELECT id FROM campaigns WHERE state = 'cancelled'))
    RETURNING id"""
"""A later digest has told of the same articles, or nobody wants the campaign any more."""

_AGAIN: Final = """UPDATE deliveries SET state = 'planned', reason = 'not_arrived', detail = NULL,
        finished_at = NULL, doubt = 3, repeats = repeats + 1,
        due_at = CASE WHEN campaign IN (SELECT id FROM campaigns WHERE state = 'paused')
            THEN CAST(:never AS BIGINT) ELSE CAST(:now AS BIGINT) END
    WHERE id IN numbers(:ids) AND doubt = 1 RETURNING id"""


class DoubtStore:
    """Doubts in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def belong_to(self, bot: str) -> bool:
        """Forget all that is known of ids, unless it is of this bot at this server; return whether it was.

        Another bot, and another server, count otherwise.
        """
        row = await self._database.one("SELECT value FROM facts WHERE name = :name", name=_BOT)
        if row is not None and row["value"] == bot:
            return False
        async with self._database.transaction() as db:
            if row is not None:
                await give_up_all(db, "moved")
                for table in ("known_ids", "markers", "strays", "looked"):
                    await db.run(f"DELETE FROM {table}")  # noqa: S608  # ours
                await db.run("UPDATE deliveries SET after_id = NULL WHERE after_id IS NOT NULL")
                await db.run("DELETE FROM facts WHERE name = :name", name=_FAILED)
            await note_facts(db, {_BOT: bot})
        return row is not None

    async def open(self) -> Sequence[Doubt]:
        """Return what is to be found out, in the order in which it was planned."""
        rows = await self._database.all(
            """SELECT d.id, r.chat, d.after_id, d.reason FROM deliveries AS d
            JOIN readers AS r ON r.id = d.reader WHERE d.doubt = 1 ORDER BY d.id"""
        )
        return [
            Doubt(
                delivery=DeliveryId(row["id"]),
                chat=row["chat"],
                after=row["after_id"],
                crashed=row["reason"] == "program_ended",
            )
            for row in rows
        ]

    async def left_with(self, doubts: Sequence[Doubt]) -> Sequence[Left]:
        """Return these and what certainly arrived of what left with them, in the order in which they left."""
        rows = await self._database.all(
            _LEFT,
            first=min(each.delivery for each in doubts) - _BESIDE,
            last=max(each.delivery for each in doubts) + _BESIDE,
            after=min(each.after for each in doubts) - ON_THE_WAY,
            own=OWN_SEQUENCE,
        )
        return [Left(DeliveryId(row["id"]), row["after_id"], row["message_id"]) for row in rows]

    async def history(self, upto: DeliveryId, limit: int) -> Sequence[Accepted]:
        """Return messages that certainly arrived, of deliveries up to a number, the newest first."""
        rows = await self._database.all(_HISTORY, upto=upto, limit=limit, own=OWN_SEQUENCE)
        return [Accepted(row["chat"], row["message_id"], row["after_id"]) for row in rows]

    async def last_in(self, chat: int, limit: int) -> Sequence[int]:
        """Return the ids of the last messages that certainly arrived in a chat, the newest first."""
        rows = await self._database.all(
            """SELECT message_id FROM deliveries WHERE reader IN (SELECT id FROM readers WHERE chat = :chat)
            AND state = 'sent' AND message_id IS NOT NULL ORDER BY id DESC LIMIT :limit""",
            chat=chat,
            limit=limit,
        )
        return [row["message_id"] for row in rows]

    async def known(self, after: int, before: int) -> Sequence[Range]:
        """Return which ids between two are known, in order."""
        rows = await self._database.all(
            "SELECT first, last FROM known_ids WHERE last > :after AND first < :before ORDER BY first",
            after=after,
            before=before,
        )
        return [(row["first"], row["last"]) for row in rows]

    async def strays(self) -> Collection[int]:
        """Return the chats that may have a message of ours whose id nobody knows."""
        return {row["chat"] for row in await self._database.all("SELECT chat FROM strays")}

    async def forget_strays(self, now: datetime) -> None:
        """Forget those of more than some minutes ago."""
        before = now - _STRAYS_KEPT
        if await self._database.one("SELECT 1 FROM strays WHERE at < :before LIMIT 1", before=to_ms(before)):
            async with self._database.transaction() as db:
                await forget_strays(db, before)

    async def uncertain_in(self, chats: Iterable[int]) -> Collection[int]:
        """Return which of these chats may have a message of which nobody knows."""
        rows = await self._database.all(
            """SELECT DISTINCT r.chat FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
            WHERE r.chat IN numbers(:chats) AND d.state = 'uncertain'""",
            chats=list(chats),
        )
        return {row["chat"] for row in rows}

    async def sending_in(self, chats: Iterable[int]) -> Collection[int]:
        """Return which of these chats have a message on its way."""
        rows = await self._database.all(
            """SELECT r.chat FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
            WHERE d.state = 'sending' AND r.chat IN numbers(:chats)""",
            chats=list(chats),
        )
        return {row["chat"] for row in rows}

    async def under_way(self, ceiling: int) -> bool:
        """Return whether a message is on its way that left before an id was known."""
        row = await self._database.one(
            "SELECT 1 FROM deliveries WHERE state = 'sending' AND after_id < :ceiling LIMIT 1",
            ceiling=ceiling,
        )
        return row is not None

    async def looked(self) -> Mapping[DeliveryId, Collection[int]]:
        """Return the ids that were looked for in vain on behalf of each message in doubt."""
        found: dict[DeliveryId, set[int]] = {}
        for row in await self._database.all("SELECT delivery, message_id FROM looked"):
            found.setdefault(DeliveryId(row["delivery"]), set()).add(row["message_id"])
        return found

    async def note_looked(self, delivery: DeliveryId, message_id: int) -> None:
        """Write down one more of them."""
        await self._database.note(
            "INSERT INTO looked (delivery, message_id) VALUES (:delivery, :id) ON CONFLICT DO NOTHING",
            delivery=delivery,
            id=message_id,
        )

    async def conclude(self, verdicts: Verdicts, now: datetime) -> Mapping[Found, int]:
        """Write what was found out, all or nothing, with what follows; what is not in doubt stays as it is.

        How many rows became what.
        """
        found = [{"id": id_, "message_id": message} for id_, message in verdicts.arrived.items()]
        ids = list(verdicts.absent)
        async with self._database.transaction() as db:
            arrived = await db.all(_ARRIVED, found=found, now=to_ms(now)) if found else []
            await write_ids(db, [row["message_id"] for row in arrived])
            digests = [DeliveryId(row["id"]) for row in arrived if row["kind"] == "digest"]
            await move_watermarks(db, digests, now)
            left_out = await db.all(_LEFT_OUT, ids=ids, now=to_ms(now)) if ids else []
            again = await db.all(_AGAIN, ids=ids, now=to_ms(now), never=NEVER) if ids else []
            unclear = [row for why in set(verdicts.unclear.values()) for row in await give_up(
                db, [id_ for id_, its in verdicts.unclear.items() if its == why], why)]  # fmt: skip
            await delete_messages(db, [row["id"] for row in (*arrived, *left_out)])
            await db.run(
                "DELETE FROM looked WHERE delivery NOT IN (SELECT id FROM deliveries WHERE doubt = 1)"
            )
        return {
            "arrived": len(arrived),
            "again": len(again),
            "left_out": len(left_out),
            "unclear": len(unclear),
        }

    async def note_control(self, failed: Control | None) -> None:
        """Remember which control failed last; None once all held."""
        if failed is None:
            await self._database.run("DELETE FROM facts WHERE name = :name", name=_FAILED)
            return
        async with self._database.transaction() as db:
            await note_facts(db, {_FAILED: failed})

    async def failed_control(self) -> Control | None:
        """Return which control failed last; None when all held since."""
        row = await self._database.one("SELECT value FROM facts WHERE name = :name", name=_FAILED)
        return row["value"] if row else None

    # Markers -----------------------------------------------------------------------------------------------

    async def begin_marker(self, chat: int, after: int) -> int:
        """Write one down before it leaves; its number."""
        async with self._database.transaction() as db:
            row = await db.one(
                "INSERT INTO markers (chat, after_id) VALUES (:chat, :after) RETURNING id",
                chat=chat,
                after=after,
            )
        return int(row["id"]) if row else 0

    async def name_marker(self, number: int, message_id: int) -> None:
        """Write down which id it has; it is a known one from now on."""
        async with self._database.transaction() as db:
            await db.run(
                "UPDATE markers SET message_id = :id WHERE id = :number", id=message_id, number=number
            )
            await write_ids(db, [message_id])

    async def drop_marker(self, number: int) -> None:
        """Forget one that is gone."""
        await self._database.run("DELETE FROM markers WHERE id = :number", number=number)

    async def markers(self) -> Sequence[Marker]:
        """Return those that may still be there."""
        rows = await self._database.all("SELECT * FROM markers ORDER BY id")
        return [Marker(row["id"], row["chat"], row["after_id"], row["message_id"]) for row in rows]


async def give_up(db: Connection, ids: Sequence[int], why: Unclear) -> list[Row]:
    """Within a transaction: of these, nobody will know; return those that were in doubt."""
    rows = await db.all(
        """UPDATE deliveries SET doubt = 4, detail = :why WHERE id IN numbers(:ids) AND doubt = 1
        RETURNING id""",
        why=why,
        ids=list(ids),
    )
    await delete_messages(db, [row["id"] for row in rows])
    return rows


async def give_up_all(db: Connection, why: Unclear) -> None:
    """Within a transaction: of all that is in doubt, nobody will know."""
    rows = await db.all("SELECT id FROM deliveries WHERE doubt = 1")
    await give_up(db, [row["id"] for row in rows], why)
