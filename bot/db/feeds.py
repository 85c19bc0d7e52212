"""Feeds that are followed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.db.engine import Row
from bot.db.entries import EntryStore
from bot.db.times import from_ms, to_ms
from bot.editing.feeds_model import FollowedFeed
from bot.sources.addresses import address_key
from bot.sources.fetch import Version

_FEEDS: Final = """SELECT f.*,
    (SELECT count(*) FROM entries WHERE feed = f.id AND draft IS NOT NULL) AS waiting FROM feeds AS f"""


class FeedStore(EntryStore):
    """Feeds, beside all that is kept of their entries."""

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
        return list(map(_feed, await self._database.all(f"{_FEEDS} ORDER BY lower(title), id")))

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
            f"{_FEEDS} WHERE is_paused = 0 AND next_at <= :now ORDER BY next_at LIMIT :most",
            now=to_ms(now),
            most=most,
        )
        return list(map(_feed, rows))

    async def next_at(self) -> datetime | None:
        """Return when the next feed is due; None without any."""
        row = await self._database.one("SELECT min(next_at) AS next FROM feeds WHERE is_paused = 0")
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
                    """UPDATE feeds SET address = :address, key = :key WHERE id = :id
                    AND NOT EXISTS (SELECT 1 FROM feeds WHERE key = :key)""",
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
            next_at = :next, is_paused = max(is_paused, :gone), was_told = :told WHERE id = :id""",
            id=feed,
            error=_json([error[0], dict(error[1])]),
            since=to_ms(since),
            next=to_ms(next_at),
            gone=is_gone,
            told=was_told,
        )
        return await self.get(feed)


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
