"""Readers: where they read, what they chose, how far they have come."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.article.model import ArticleId
from bot.db.database import Database
from bot.db.deliveries import exclude_of_reader, hand_over
from bot.db.engine import Connection, Row
from bot.db.interests import load_interests
from bot.db.schedules import schedule_values, weekly_of
from bot.db.times import from_ms, to_ms
from bot.i18n import Language
from bot.reader.model import (
    PARTS,
    Conversation,
    Cursors,
    Place,
    PlaceKind,
    Reader,
    ReaderId,
    Schedule,
    Subscription,
)
from bot.together import Together

REMEMBERED_FOR: Final = timedelta(days=30)
"""After an unsubscription, how long a reader may take up where they left off."""


_BACKLOG: Final = """coalesce((
    SELECT news FROM articles WHERE removed_at IS NULL AND quarantine IS NULL AND news > 0
    ORDER BY news DESC LIMIT 1 OFFSET :back), 0)"""
"""The watermark of who is to be told of the newest `back` articles."""


class ReaderStore:
    """Every chat that was met."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows_of = Together(self._read)

    async def find(self, place: Place) -> Reader | None:
        """Return the reader of this place, if it was ever met."""
        found = await self._rows_of([place.chat])  # each update asks for its reader first
        row = found.get((place.chat, place.topic or 0))
        return reader_of(row) if row else None

    async def _read(self, chats: Sequence[int]) -> Mapping[tuple[int, int], Row]:
        rows = await self._database.all("SELECT * FROM readers WHERE chat IN numbers(:chats)", chats=chats)
        return {(row["chat"], row["topic"]): row for row in rows}

    async def meet(self, place: Place, *, language: Language, now: datetime, back: int) -> Reader:
        """Write a new reader down, with a watermark so many articles back; one who is there stays as is."""
        await self._database.note(
            f"""INSERT INTO readers
                (id, chat, topic, kind, language, times, days, parts, watermark, met_at, active_at)
            VALUES ((SELECT coalesce(max(id), 0) + 1 FROM readers),
                :chat, :topic, :kind, :language, '08:00', '1234567', :parts, {_BACKLOG}, :now, :now)
            ON CONFLICT (chat, topic) DO NOTHING""",  # noqa: S608  # our own words
            chat=place.chat,
            topic=place.topic or 0,
            kind=place.kind,
            language=language,
            parts=",".join(PARTS),
            back=back,
            now=to_ms(now),
        )
        # Read back: another update of the same chat may have been quicker.
        met = await self.find(place)
        if met is None:
            raise LookupError(place)
        return met

    async def get(self, reader: ReaderId) -> Reader | None:
        """Return the reader as written now."""
        row = await self._database.one("SELECT * FROM readers WHERE id = :id", id=reader)
        return reader_of(row) if row else None

    async def of_chat(self, chat: int) -> Sequence[Reader]:
        """Return every reader in a chat, its topics included."""
        rows = await self._database.all("SELECT * FROM readers WHERE chat = :chat ORDER BY topic", chat=chat)
        return [reader_of(row) for row in rows]

    async def touch(self, reader: ReaderId, now: datetime) -> None:
        """Note that somebody used the bot here."""
        await self._database.note(
            "UPDATE readers SET active_at = :now WHERE id = :id", id=reader, now=to_ms(now)
        )

    async def follow_language(self, reader: ReaderId, language: Language) -> None:
        """Speak the language of their client, unless they have chosen one."""
        await self._database.note(
            "UPDATE readers SET language = :language WHERE id = :id AND language_chosen = 0",
            id=reader,
            language=language,
        )

    async def draw_quote(self, reader: Reader, quote_round: int, quote_place: str) -> None:
        """Remember how far they have come through the quotes, unless it has changed since they were read."""
        await self._database.note(
            """UPDATE readers SET quote_round = :round, quote_place = :place
            WHERE id = :id AND quote_round = :seen_round AND quote_place = :seen_place""",
            id=reader.id,
            round=quote_round,
            place=quote_place,
            seen_round=reader.cursors.quote_round,
            seen_place=reader.cursors.quote_place,
        )

    async def list_shown(self, reader: ReaderId, numbers: Mapping[int, ArticleId]) -> None:
        """Remember what each number means in the list last shown."""
        await self._database.note(
            "UPDATE readers SET listed = :listed WHERE id = :id", id=reader, listed=json.dumps(numbers)
        )

    async def await_words(self, reader: ReaderId, awaiting: str | None) -> None:
        """Remember what their next words answer; None for nothing."""
        await self._database.note(
            "UPDATE readers SET awaiting = :awaiting WHERE id = :id", id=reader, awaiting=awaiting
        )

    async def set_up(self, reader: ReaderId, by: int, title: str) -> None:
        """Note who set up a group or channel: they are told when it gets no more."""
        await self._database.run(
            "UPDATE readers SET set_up_by = :by, title = :title WHERE id = :id", id=reader, by=by, title=title
        )

    async def set_up_by(self, user: int) -> Sequence[Reader]:
        """Return the groups and channels that somebody set up."""
        rows = await self._database.all(
            "SELECT * FROM readers WHERE set_up_by = :user ORDER BY title, id", user=user
        )
        return [reader_of(row) for row in rows]

    async def untold(self) -> Sequence[Reader]:
        """Return groups and channels that get no more, of which nobody has heard yet."""
        rows = await self._database.all(
            """SELECT * FROM readers
            WHERE suspended IS NOT NULL AND set_up_by IS NOT NULL AND suspension_told = 0 LIMIT 100"""
        )
        return [reader_of(row) for row in rows]

    async def subscribe(
        self, reader: ReaderId, schedule: Schedule, next_at: datetime, *, back: int, now: datetime
    ) -> bool:
        """Send digests from `next_at` on; ends a suspension.

        Who is new, or was away for longer than REMEMBERED_FOR, begins with the `back` newest articles: True.
        """
        async with self._database.transaction() as db:
            new = await db.one(
                """SELECT 1 FROM readers WHERE id = :id AND subscribed = 0
                AND coalesce(unsubscribed_at, 0) < :long_ago""",
                id=reader,
                long_ago=to_ms(now - REMEMBERED_FOR),
            )
            await db.run(
                f"""UPDATE readers SET subscribed = 1, suspended = NULL, next_at = :next_at,
                zone = :zone, times = :times, days = :days, weekly = :weekly, paused_until = :paused_until,
                unsubscribed_at = NULL,
                watermark = CASE WHEN :new = 1 THEN max(watermark, {_BACKLOG}) ELSE watermark END
                WHERE id = :id""",  # noqa: S608  # our own words
                id=reader,
                next_at=to_ms(next_at),
                new=new is not None,
                back=back,
                **schedule_values(schedule),
            )
        return new is not None

    async def change(self, reader: Reader, next_at: datetime | None, now: datetime) -> None:
        """Write what a reader chose, subscription apart; while they pause, nothing that waits is sent."""
        async with self._database.transaction() as db:
            await db.run(
                """UPDATE readers SET zone = :zone, times = :times, days = :days, weekly = :weekly,
                paused_until = :paused_until, parts = :parts, only_new = :only_new,
                language = :language, language_chosen = :chosen,
                next_at = CASE WHEN subscribed = 1 AND suspended IS NULL
                    THEN CAST(:next_at AS BIGINT) END WHERE id = :id""",
                id=reader.id,
                next_at=to_ms(next_at),
                parts=",".join(sorted(reader.subscription.parts)),
                only_new=reader.subscription.only_new,
                language=reader.language,
                chosen=reader.language_chosen,
                **schedule_values(reader.subscription),
            )
            if reader.subscription.paused_until is not None:
                # What was planned before the pause would else arrive during it.
                await exclude_of_reader(db, reader.id, "paused", now)

    async def unsubscribe(self, reader: ReaderId, now: datetime) -> bool:
        """Send no more, not even what waits; everything else stays. False when they were not subscribed."""
        async with self._database.transaction() as db:
            left = await db.run(
                """UPDATE readers SET subscribed = 0, next_at = NULL, unsubscribed_at = :now
                WHERE id = :id AND subscribed = 1""",
                id=reader,
                now=to_ms(now),
            )
            await exclude_of_reader(db, reader, "unsubscribed", now)
        return bool(left)

    async def suspend(self, reader: ReaderId, reason: str, now: datetime) -> None:
        """Send nothing until they come back; wipe nothing."""
        async with self._database.transaction() as db:
            await suspend(db, reader, reason, now)

    async def resume(self, reader: ReaderId, next_at: datetime | None) -> None:
        """Resume a reader who is back."""
        await self._database.run(
            """UPDATE readers SET suspended = NULL, next_at = CASE WHEN subscribed = 1
                THEN CAST(:next_at AS BIGINT) END
            WHERE id = :id AND suspended IS NOT NULL""",
            id=reader,
            next_at=to_ms(next_at),
        )

    async def move(self, old: int, new: int, now: datetime) -> None:
        """Let the readers of a group live on under its new id."""
        async with self._database.transaction() as db:
            await move(db, old, new, now)


async def suspend(db: Connection, reader: ReaderId, reason: str, now: datetime) -> None:
    """Within a transaction: what still waits for the reader will not be sent."""
    await db.run(
        """UPDATE readers SET suspended = :reason, suspended_at = :now, next_at = NULL,
        suspension_told = CASE WHEN suspended IS NULL THEN 1 - subscribed ELSE suspension_told END
        WHERE id = :id""",
        id=reader,
        reason=reason,
        now=to_ms(now),
    )
    await exclude_of_reader(db, reader, "suspended", now)


async def move(db: Connection, old: int, new: int, now: datetime) -> None:
    """Within a transaction: readers of a chat live on under its new id.

    Where the service message has already made a reader under the new id, the older one, who has settings and
    history, takes its place.
    """
    newer = await db.all(
        """SELECT newer.id, older.id AS older FROM readers AS newer
        JOIN readers AS older ON older.topic = newer.topic AND older.chat = :old WHERE newer.chat = :new""",
        old=old,
        new=new,
    )
    # The service message of the move may have come before the answer that told of it.
    for row in newer:
        await hand_over(db, now, of=ReaderId(row["id"]), to=ReaderId(row["older"]))
        await db.run("DELETE FROM readers WHERE id = :newer", newer=row["id"])
    await db.run("UPDATE readers SET chat = :new WHERE chat = :old", old=old, new=new)


def reader_of(row: Row) -> Reader:
    """Return a row of `readers`."""
    kind: PlaceKind = row["kind"]
    return Reader(
        id=ReaderId(row["id"]),
        place=Place(row["chat"], row["topic"] or None, kind),
        language=Language(row["language"]),
        language_chosen=bool(row["language_chosen"]),
        active_at=from_ms(row["active_at"]),
        set_up_by=row["set_up_by"],
        title=row["title"],
        subscription=Subscription(
            active=bool(row["subscribed"]),
            next_at=from_ms(row["next_at"]),
            suspended=row["suspended"],
            zone=row["zone"],
            times=tuple(time.fromisoformat(word) for word in row["times"].split(",") if word),
            days=frozenset(map(int, row["days"])),
            weekly=weekly_of(row["weekly"]),
            paused_until=date.fromisoformat(row["paused_until"]) if row["paused_until"] else None,
            parts=frozenset(row["parts"].split(",")),
            only_new=bool(row["only_new"]),
        ),
        interests=load_interests(row["interests"]),
        cursors=Cursors(
            watermark=row["watermark"],
            news_limit=row["news_limit"],
            quote_round=row["quote_round"],
            quote_place=row["quote_place"],
        ),
        conversation=Conversation(
            listed={int(number): ArticleId(id_) for number, id_ in json.loads(row["listed"]).items()},
            awaiting=row["awaiting"],
        ),
    )
