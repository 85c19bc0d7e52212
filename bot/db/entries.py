"""What became of the entries of feeds, and those that wait for an editor."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.article.model import ArticleId
from bot.article.sketch import Sketch
from bot.db.cards import card_of_row, dump_card
from bot.db.database import Database
from bot.db.engine import Row
from bot.db.times import to_ms
from bot.editing.feeds_model import Outcome, QueuedEntry, SameStory

MEMORY: Final = timedelta(days=400)
"""How long an entry is remembered that its feed no longer has: feeds bring old ones back after a mishap."""

UNLESS_SEEN: Final = """ON CONFLICT (feed, key) DO UPDATE SET outcome = excluded.outcome,
    address = excluded.address, story = excluded.story, seen_at = excluded.seen_at
    WHERE entries.outcome = 'awaited' AND excluded.outcome <> 'awaited'"""
"""What an INSERT of an entry ends with: only an entry that waits for its page changes."""

PATIENCE: Final = timedelta(days=1)
"""How long the page of an entry is tried again."""

_TELLERS: Final = """SELECT DISTINCT f.title FROM page
    JOIN entries AS e ON e.address = page.address AND e.outcome IN ('taken', 'same') OR e.story = page.address
    JOIN feeds AS f ON f.id = e.feed WHERE f.title <> :source ORDER BY f.title"""
"""The feeds, besides the `source`, that tell what stands at a `page`."""

_MAX_SKETCHES: Final = 20
_TITLE: Final = re.compile(r"^title: (.{1,200})$", re.MULTILINE)
_MAX_TITLE_CHARS: Final = 80
_MAX_HEAD_CHARS: Final = 2_000


class EntryStore:
    """Entries, as far as they were seen."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, feed: int) -> frozenset[str]:
        """Return the keys of the entries that were dealt with."""
        rows = await self._database.all(
            "SELECT key FROM entries WHERE feed = :feed AND outcome <> 'awaited'", feed=feed
        )
        return frozenset(row["key"] for row in rows)

    async def skip(self, feed: int, entries: Sequence[tuple[str, str | None]], now: datetime) -> None:
        """Note, once, what was in a feed before it was followed; what stays unnoted is new."""
        async with self._database.transaction() as db:
            await db.many(
                """INSERT INTO entries (feed, key, address, outcome, seen_at)
                VALUES (:feed, :key, :address, 'old', :now) ON CONFLICT DO NOTHING""",
                [
                    {"feed": feed, "key": key, "address": address, "now": to_ms(now)}
                    for key, address in entries
                ],
            )
            await db.run("UPDATE feeds SET was_read = 1 WHERE id = :feed", feed=feed)

    async def note(
        self,
        feed: int,
        entry: tuple[str, str | None],
        outcome: Outcome,
        now: datetime,
        *,
        story: SameStory | None = None,
    ) -> None:
        """Note what became of an entry, given its key and that of its address, and what tells the same."""
        await self._database.run(
            f"""INSERT INTO entries (feed, key, address, story, outcome, seen_at)
            SELECT id, :key, :address, coalesce(
                (SELECT address FROM articles WHERE id = :article),
                (SELECT address FROM entries WHERE draft = :draft)
            ), :outcome, :now FROM feeds WHERE id = :feed {UNLESS_SEEN}""",  # noqa: S608  # ours
            feed=feed,
            key=entry[0],
            address=entry[1],
            article=story.article if story else None,
            draft=story.draft if story else None,
            outcome=outcome,
            now=to_ms(now),
        )

    async def awaits_page(self, feed: int, entry: tuple[str, str | None], now: datetime) -> bool:
        """Note that the page of an entry could not be fetched; return whether it is to be tried again."""
        await self.note(feed, entry, "awaited", now)
        row = await self._database.one(
            "SELECT 1 FROM entries WHERE feed = :feed AND key = :key AND seen_at > :since",
            feed=feed,
            key=entry[0],
            since=to_ms(now - PATIENCE),
        )
        return row is not None

    async def also_in(self, article: ArticleId, *, source: str) -> Sequence[str]:
        """Return the titles of feeds, besides its `source`, that tell what an article does."""
        rows = await self._database.all(
            f"WITH page (address) AS (SELECT address FROM articles WHERE id = :id) {_TELLERS}",  # noqa: S608  # ours
            id=article,
            source=source,
        )
        return [row["title"] for row in rows]

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
            """SELECT 1 FROM entries WHERE address = :key AND outcome IN ('taken', 'same') UNION ALL
            SELECT 1 FROM articles WHERE address = :key LIMIT 1""",
            key=key,
        )
        return row is not None

    async def drafts_near(self, sketch: Sketch) -> Sequence[tuple[int, Sketch]]:
        """Return the waiting drafts that share a third of the hashes of a sketch, or more, with theirs."""
        rows = await self._database.all(
            """SELECT s.draft, (SELECT json_group_array(hash) FROM
                (SELECT hash FROM draft_sketches WHERE draft = s.draft ORDER BY hash)) AS hashes
            FROM numbers(:sketch) AS wanted CROSS JOIN draft_sketches AS s
            WHERE s.hash = wanted.value GROUP BY s.draft HAVING count(*) * 3 >= :count LIMIT :most""",
            sketch=list(sketch),
            count=len(sketch),
            most=_MAX_SKETCHES,
        )
        return [(row["draft"], tuple(json.loads(row["hashes"]))) for row in rows]

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
        async with self._database.transaction() as db:
            rows = await db.all("SELECT * FROM articles WHERE id = :id AND removed_at IS NULL", id=article)
            for row in rows:
                card = dump_card(replace(card_of_row(row), approved=True))
                await db.run("UPDATE articles SET card = :card WHERE id = :id", card=card, id=article)
        return bool(rows)

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
            f"WITH page (address) AS (SELECT CAST(:address AS TEXT)) {_TELLERS}",
            address=entry["address"],
            source=entry["title"],
        )
        return [row["title"] for row in rows]


def _title(document: str) -> str:
    """Return the title that our own front matter begins with, else the first words."""
    match = _TITLE.search(document[:_MAX_HEAD_CHARS])
    return match[1].strip("'\"") if match else " ".join(document[:_MAX_HEAD_CHARS].split())[:_MAX_TITLE_CHARS]
