"""Feeds that are followed, and their entries as far as they were seen."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.article.model import ArticleId
from bot.article.sketch import Sketch
from bot.db.database import Database, Row
from bot.db.times import from_ms, to_ms
from bot.editing.feeds_model import FollowedFeed, Outcome, QueuedEntry
from bot.sources.addresses import address_key
from bot.sources.fetch import Version

MEMORY: Final = timedelta(days=400)
"""How long an entry is remembered that its feed no longer has: feeds bring old ones back after a mishap."""

_FEEDS: Final = """SELECT f.*,
    (SELECT count(*) FROM entries WHERE feed = f.id AND draft IS NOT NULL) AS waiting FROM feeds AS f"""
_MAX_SKETCHES: Final = 20
_TITLE: Final = re.compile(r"^title: (.{1,200})$", re.MULTILINE)
_MAX_TITLE_CHARS: Final = 80
_MAX_HEAD_CHARS: Final = 2_000


class FeedStore:
    """Feeds and entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Feeds -------------------------------------------------------------------------------------------------

    async def add(self, address: str, title: str, now: datetime) -> FollowedFeed | None:
        """Follow a feed; None when it is followed already, by whatever address."""
        async with self._database.transaction() as db:
            rows = await db.all(
                """INSERT INTO feeds (address, key, title, next_at) VALUES (:address, :key, :title, :now)
                ON CONFLICT DO NOTHING RETURNING *, 0 AS waiting""",
                address=address,
                key=address_key(address) or address,
                title=title,
                now=to_ms(now),
            )
        return _feed(rows[0]) if rows else None

    async def all(self) -> Sequence[FollowedFeed]:
        """Return all feeds by their titles."""
        return list(map(_feed, await self._database.all(f"{_FEEDS} ORDER BY title COLLATE NOCASE, id")))

    async def get(self, feed: int) -> FollowedFeed | None:
        """Return a feed; None when it is gone."""
        row = await self._database.one(f"{_FEEDS} WHERE f.id = :id", id=feed)
        return _feed(row) if row else None

    async def change(self, feed: FollowedFeed, *, next_at: datetime) -> bool:
        """Keep what an editor has chosen for a feed; False when it is gone."""
        return bool(
            await self._database.run(
                """UPDATE feeds SET title = :title, minutes = :minutes, is_straight = :straight,
                is_paused = :paused, tags = :tags, include = :include, exclude = :exclude,
                per_day = :per_day, next_at = min(next_at, :next) WHERE id = :id""",
                id=feed.id,
                title=feed.title,
                minutes=feed.minutes,
                straight=feed.is_straight,
                paused=feed.is_paused,
                tags=_json(feed.tags),
                include=_json(feed.include),
                exclude=_json(feed.exclude),
                per_day=feed.per_day,
                next=to_ms(next_at),
            )
        )

    async def remove(self, feed: int) -> bool:
        """Follow a feed no longer: its articles and drafts stay."""
        return bool(await self._database.run("DELETE FROM feeds WHERE id = :id", id=feed))

    async def due(self, now: datetime, most: int) -> Sequence[FollowedFeed]:
        """Return feeds to look at, those that wait longest first."""
        rows = await self._database.all(
            f"{_FEEDS} WHERE NOT is_paused AND next_at <= :now ORDER BY next_at LIMIT :most",
            now=to_ms(now),
            most=most,
        )
        return list(map(_feed, rows))

    async def next_at(self) -> datetime | None:
        """Return when the next feed is due; None without any."""
        row = await self._database.one("SELECT min(next_at) AS next FROM feeds WHERE NOT is_paused")
        return from_ms(row["next"]) if row else None

    async def read_well(
        self, feed: int, *, version: Version, moved_to: str, now: datetime, next_at: datetime
    ) -> None:
        """Note that a feed was read; where it has moved for good, unless that is followed already."""
        async with self._database.transaction() as db:
            await db.run(
                """UPDATE feeds SET etag = :etag, modified = :modified, was_read = 1, failures = 0,
                error = NULL, failing_since = NULL, was_told = 0, read_at = :now, next_at = :next
                WHERE id = :id""",
                id=feed,
                etag=version.etag,
                modified=version.modified,
                now=to_ms(now),
                next=to_ms(next_at),
            )
            if moved_to:
                await db.run(
                    """UPDATE OR IGNORE feeds SET address = :address, key = :key WHERE id = :id""",
                    id=feed,
                    address=moved_to,
                    key=address_key(moved_to) or moved_to,
                )

    async def failed(
        self,
        feed: int,
        *,
        error: tuple[str, Mapping[str, str]],
        since: datetime,
        next_at: datetime,
        is_gone: bool,
        was_told: bool,
    ) -> FollowedFeed | None:
        """Note that a feed could not be read; one that is gone is paused. None when it was removed."""
        await self._database.run(
            """UPDATE feeds SET failures = failures + 1, error = :error, failing_since = :since,
            next_at = :next, is_paused = is_paused OR :gone, was_told = :told WHERE id = :id""",
            id=feed,
            error=_json([error[0], dict(error[1])]),
            since=to_ms(since),
            next=to_ms(next_at),
            gone=is_gone,
            told=was_told,
        )
        return await self.get(feed)

    # Entries -----------------------------------------------------------------------------------------------

    async def known(self, feed: int) -> frozenset[str]:
        """Return the keys of the entries that were seen."""
        rows = await self._database.all("SELECT key FROM entries WHERE feed = :feed", feed=feed)
        return frozenset(row["key"] for row in rows)

    async def skip(self, feed: int, entries: Sequence[tuple[str, str | None]], now: datetime) -> None:
        """Note, once, what was in a feed before it was followed; what stays unnoted is new."""
        async with self._database.transaction() as db:
            await db.many(
                """INSERT OR IGNORE INTO entries (feed, key, address, outcome, seen_at)
                VALUES (:feed, :key, :address, 'old', :now)""",
                [
                    {"feed": feed, "key": key, "address": address, "now": to_ms(now)}
                    for key, address in entries
                ],
            )
            await db.run("UPDATE feeds SET was_read = 1 WHERE id = :feed", feed=feed)

    async def note(self, feed: int, entry: tuple[str, str | None], outcome: Outcome, now: datetime) -> None:
        """Note what became of an entry, given its key and that of its address."""
        await self._database.run(
            """INSERT OR IGNORE INTO entries (feed, key, address, outcome, seen_at)
            SELECT id, :key, :address, :outcome, :now FROM feeds WHERE id = :feed""",
            feed=feed,
            key=entry[0],
            address=entry[1],
            outcome=outcome,
            now=to_ms(now),
        )

    async def taken_since(self, feed: int, since: datetime) -> int:
        """Return how many entries became drafts or articles since then."""
        row = await self._database.one(
            "SELECT count(*) AS n FROM entries WHERE feed = :feed AND outcome = 'taken' AND seen_at > :since",
            feed=feed,
            since=to_ms(since),
        )
        return int(row["n"]) if row else 0

    async def has_page(self, key: str) -> bool:
        """Return whether a page came from a feed before, or is an article, even one that was removed."""
        row = await self._database.one(
            """SELECT 1 FROM entries WHERE address = :key UNION ALL
            SELECT 1 FROM articles WHERE address = :key LIMIT 1""",
            key=key,
        )
        return row is not None

    async def sketches_near(self, sketch: Sketch) -> Sequence[Sketch]:
        """Return those of waiting drafts that share a third of the hashes of a sketch, or more."""
        rows = await self._database.all(
            """SELECT (SELECT json_group_array(hash) FROM
                (SELECT hash FROM draft_sketches WHERE draft = s.draft ORDER BY hash)) AS hashes
            FROM json_each(:sketch) AS wanted CROSS JOIN draft_sketches AS s ON s.hash = wanted.value
            GROUP BY s.draft HAVING count(*) * 3 >= :count LIMIT :most""",
            sketch=json.dumps(sketch),
            count=len(sketch),
            most=_MAX_SKETCHES,
        )
        return [tuple(json.loads(row["hashes"])) for row in rows]

    async def expired(self, before: datetime, most: int) -> Sequence[ArticleId]:
        """Return articles that feeds brought before a moment.

        Not those that were edited by hand, or that a digest tells of which is still to be sent.
        """
        rows = await self._database.all(
            """SELECT id FROM articles AS a WHERE json_extract(origin, '$.kind') = 'feed'
            AND removed_at IS NULL AND version = 1 AND published_at < :before
            AND NOT EXISTS (SELECT 1 FROM delivery_articles AS t JOIN deliveries AS d ON d.id = t.delivery
                WHERE t.article = a.id AND d.state IN ('planned', 'sending'))
            ORDER BY id LIMIT :most""",
            before=to_ms(before),
            most=most,
        )
        return [ArticleId(row["id"]) for row in rows]

    async def approve(self, article: ArticleId) -> bool:
        """Let quotes of an article be passed on that a feed has published; False when it is gone."""
        return bool(
            await self._database.run(
                """UPDATE articles SET card = json_set(card, '$.approved', json('true'))
                WHERE id = :id AND removed_at IS NULL""",
                id=article,
            )
        )

    async def forget_old(self, now: datetime) -> None:
        """Forget entries that no feed has had for long."""
        await self._database.run(
            "DELETE FROM entries WHERE seen_at < :old AND draft IS NULL", old=to_ms(now - MEMORY)
        )

    # The queue ---------------------------------------------------------------------------------------------

    async def queue(self, limit: int) -> tuple[Sequence[QueuedEntry], int]:
        """Return the drafts of feeds that wait, the newest first, and how many there are."""
        rows = await self._database.all(
            """SELECT e.draft, e.address, f.title, d.text FROM entries AS e JOIN feeds AS f ON f.id = e.feed
            JOIN drafts AS d ON d.id = e.draft ORDER BY e.draft DESC LIMIT :limit""",
            limit=limit,
        )
        count = await self._database.one("SELECT count(*) AS n FROM entries WHERE draft IS NOT NULL")
        found = [
            QueuedEntry(row["draft"], _title(row["text"]), row["title"], await self._also_in(row))
            for row in rows
        ]
        return found, int(count["n"]) if count else 0

    async def _also_in(self, entry: Row) -> Sequence[str]:
        rows = await self._database.all(
            """SELECT DISTINCT f.title FROM entries AS e JOIN feeds AS f ON f.id = e.feed
            WHERE e.address = :address AND e.draft IS NOT :draft AND f.title <> :title""",
            address=entry["address"],
            draft=entry["draft"],
            title=entry["title"],
        )
        return [row["title"] for row in rows]


def _title(document: str) -> str:
    """Return the title that our own front matter begins with, else the first words."""
    match = _TITLE.search(document[:_MAX_HEAD_CHARS])
    return match[1].strip("'\"") if match else " ".join(document[:_MAX_HEAD_CHARS].split())[:_MAX_TITLE_CHARS]


def _json(values: object) -> str:
    return json.dumps(list(values) if isinstance(values, tuple) else values, ensure_ascii=False)


def _feed(row: Row) -> FollowedFeed:
    error = json.loads(row["error"]) if row["error"] else None
    return FollowedFeed(
        id=row["id"],
        address=row["address"],
        title=row["title"],
        minutes=row["minutes"],
        is_straight=bool(row["is_straight"]),
        is_paused=bool(row["is_paused"]),
        tags=tuple(json.loads(row["tags"])),
        include=tuple(json.loads(row["include"])),
        exclude=tuple(json.loads(row["exclude"])),
        per_day=row["per_day"],
        version=Version(etag=row["etag"], modified=row["modified"]),
        was_read=bool(row["was_read"]),
        failures=row["failures"],
        error=(error[0], error[1]) if error else None,
        failing_since=from_ms(row["failing_since"]),
        was_told=bool(row["was_told"]),
        read_at=from_ms(row["read_at"]),
        next_at=from_ms(row["next_at"]),
        waiting=row["waiting"],
    )
