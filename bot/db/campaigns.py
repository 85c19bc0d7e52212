"""Campaigns, and their rows in the outbox."""

import json
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final

from bot.article.model import ArticleId
from bot.campaign.model import Campaign, CampaignId, CampaignState, Counts, Panel, Rows, Segment
from bot.db import campaign_rows, deliveries
from bot.db.database import Database
from bot.db.engine import Connection, Row
from bot.db.times import from_ms, to_ms
from bot.delivery.model import DeliveryId
from bot.i18n import Language
from bot.message.model import Copy
from bot.reader.model import ReaderId

_SEGMENT: Final = """r.subscribed = 1 AND r.suspended IS NULL AND r.chat <> :owner
    AND (r.paused_until IS NULL OR r.paused_until <= :today)
    AND (CAST(:language AS TEXT) IS NULL OR r.language = :language) AND r.active_at >= :since
    AND (:any_article = 1 OR EXISTS (
        SELECT 1 FROM deliveries AS told JOIN delivery_articles AS about ON about.delivery = told.id
        WHERE told.reader = r.id AND told.kind = 'digest' AND told.state = 'sent'
            AND about.article IN numbers(:articles)))"""
"""The readers of a segment. Whoever wrote the message has seen it; who pauses is left alone."""

_PEOPLE: Final = "r.chat IN numbers(:people) AND r.suspended IS NULL"

_WITHOUT_ROW: Final = """NOT EXISTS (SELECT 1 FROM deliveries AS had WHERE had.reader = r.id
    AND had.kind = 'campaign' AND had.occasion = :occasion)"""
"""The readers who have no row of a campaign yet."""

_EXHAUSTED: Final = """UPDATE campaigns SET reached = (SELECT max(id) FROM readers)
    WHERE id = :id AND state = 'running' AND reached < (SELECT max(id) FROM readers)"""
"""Nobody is looked for again among readers of whom none is left."""

_COUNTED: Final = """WITH open AS (
        SELECT id FROM deliveries WHERE state = 'planned' AND campaign = :campaign
        UNION ALL SELECT id FROM deliveries WHERE state = 'sending' AND campaign = :campaign
        UNION ALL SELECT id FROM deliveries WHERE doubt = 1 AND campaign = :campaign),
    seen AS (
        SELECT id, state, doubt FROM deliveries WHERE campaign = :campaign
            AND id > max(:after, (SELECT rows_after FROM campaigns WHERE id = :campaign))
        UNION ALL SELECT id, state, doubt FROM deliveries WHERE id IN numbers(:were_open))
    SELECT state, count(*) AS number, max(id) AS last, NULL AS ids
        FROM seen WHERE state NOT IN ('planned', 'sending') AND doubt <> 1 GROUP BY state
    UNION ALL SELECT 'open', count(*), max(id), json_group_array(id) FROM open"""
"""One statement, so that no row is seen twice or missed between two looks."""


class CampaignStore:
    """The campaigner's store, in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> Campaign | None:
        """Return the campaign that is not over."""
        row = await self._database.one(
            "SELECT * FROM campaigns WHERE state NOT IN ('done', 'cancelled') LIMIT 1"
        )
        return _campaign(row) if row else None

    async def get(self, campaign: CampaignId) -> Campaign | None:
        """Return a campaign as written now."""
        row = await self._database.one("SELECT * FROM campaigns WHERE id = :id", id=campaign)
        return _campaign(row) if row else None

    async def draft(self, owner: int, source: Copy, segment: Segment, now: datetime) -> Campaign | None:
        """Write a new one down; None while another is open."""
        async with self._database.transaction() as db:
            # A unique index allows one campaign that is not over: of two owners at once, one gets None.
            row = await db.one(
                """INSERT INTO campaigns (owner, source_chat, source_message, segment, state, made_at,
                    rows_after)
                VALUES (:owner, :chat, :message, :segment, 'draft', :now,
                    (SELECT coalesce(max(id), 0) FROM deliveries)) ON CONFLICT DO NOTHING RETURNING *""",
                owner=owner,
                chat=source.chat,
                message=source.message_id,
                segment=_dumped(segment),
                now=to_ms(now),
            )
        return _campaign(row) if row else None

    async def set_segment(self, campaign: CampaignId, segment: Segment) -> None:
        """Choose another segment, before it is started."""
        await self._database.run(
            "UPDATE campaigns SET segment = :segment WHERE id = :id AND state IN ('draft', 'tried')",
            id=campaign,
            segment=_dumped(segment),
        )

    async def set_panel(self, campaign: CampaignId, panel: Panel) -> None:
        """Remember which message shows it."""
        await self._database.run(
            "UPDATE campaigns SET panel_chat = :chat, panel_message = :message WHERE id = :id",
            id=campaign,
            chat=panel.chat,
            message=panel.message_id,
        )

    async def count(self, campaign: Campaign, now: datetime) -> int:
        """Return how many readers it is for, without those that have their row already."""
        row = await self._database.one(
            f"SELECT count(*) AS number FROM readers AS r WHERE {_SEGMENT} AND {_WITHOUT_ROW}",  # noqa: S608  # our own words
            occasion=campaign_rows.occasion_of(campaign.id),
            **_of_segment(campaign, now),
        )
        return int(row["number"]) if row else 0

    async def move(
        self,
        campaign: CampaignId,
        seen: CampaignState,
        to: CampaignState,
        now: datetime,
        *,
        reason: str | None,
        total: int,
    ) -> bool:
        """Move from `seen` to another state, with what follows for its rows; False when it was not in it."""
        async with self._database.transaction() as db:
            moved = await db.run(
                """UPDATE campaigns SET state = :to, reason = :reason, total = :total
                WHERE id = :id AND state = :seen""",
                id=campaign,
                seen=seen,
                to=to,
                reason=reason,
                total=total,
            )
            if moved:
                await _apply_to_rows(db, campaign, to, now)
        return bool(moved)

    async def count_people(self, people: AbstractSet[int]) -> int:
        """Return how many of some people were met in private and can be written to."""
        row = await self._database.one(
            f"SELECT count(*) AS number FROM readers AS r WHERE {_PEOPLE}",  # noqa: S608  # our own words
            people=sorted(people),
        )
        return int(row["number"]) if row else 0

    async def plan_for(self, campaign: CampaignId, people: AbstractSet[int], now: datetime) -> int:
        """Plan it for the private chats of some people that were met; how many."""
        # Editors who were never met have no private chat to write to.
        async with self._database.transaction() as db:
            found = await db.all(
                f"SELECT r.id FROM readers AS r WHERE {_PEOPLE} AND {_WITHOUT_ROW} ORDER BY r.id",  # noqa: S608  # our own words
                people=sorted(people),
                occasion=campaign_rows.occasion_of(campaign),
            )
            readers = [ReaderId(row["id"]) for row in found]
            await campaign_rows.insert(db, campaign, readers, now)
        return len(readers)

    async def enqueue(self, campaign: Campaign, limit: int, now: datetime) -> bool:
        """Plan it for the next readers; False when there are none left, or it does not run any more."""
        segment = _of_segment(campaign, now)
        # Looked for outside the transaction: where few are meant, that takes a while.
        found = await self._database.all(
            f"SELECT r.id FROM readers AS r WHERE r.id > :reached AND {_SEGMENT} ORDER BY r.id LIMIT :limit",  # noqa: S608  # our own words
            reached=campaign.reached,
            limit=limit,
            **segment,
        )
        ids = [row["id"] for row in found]
        if not ids:
            await self._database.run(_EXHAUSTED, id=campaign.id)
            return False
        # Guarded by what was read: while readers were looked for, it may have been paused or stopped.
        async with self._database.transaction() as db:
            running = await db.run(
                """UPDATE campaigns SET reached = :last
                WHERE id = :id AND state = 'running' AND reached = :reached""",
                id=campaign.id,
                reached=campaign.reached,
                last=ids[-1],
            )
            if running:
                # Asked again within the transaction: readers may have left, or got a row by `plan_for`.
                meant = await db.all(
                    f"""SELECT r.id FROM readers AS r WHERE r.id IN numbers(:ids)
                    AND {_SEGMENT} AND {_WITHOUT_ROW} ORDER BY r.id""",  # noqa: S608  # our own words
                    ids=ids,
                    occasion=campaign_rows.occasion_of(campaign.id),
                    **segment,
                )
                await campaign_rows.insert(db, campaign.id, [ReaderId(row["id"]) for row in meant], now)
        return bool(running)

    async def count_rows(self, campaign: CampaignId, since: Rows) -> Rows:
        """Count its rows by state, incrementally: rows that were final in `since` are not read again."""
        rows = await self._database.all(
            _COUNTED, campaign=campaign, after=since.last or 0, were_open=sorted(since.open)
        )
        ended = {row["state"]: row["number"] for row in rows if row["state"] != "open"}
        [open_] = [json.loads(row["ids"]) for row in rows if row["state"] == "open"]
        last = max((row["last"] or 0 for row in rows), default=0)
        return Rows(
            final=since.final + Counts(**ended),
            open=frozenset(map(DeliveryId, open_)),
            last=DeliveryId(max(last, since.last or 0)),
        )


async def cancel_open(db: Connection, reason: str, now: datetime) -> None:
    """Within a transaction: whatever campaign is open ends."""
    for row in await db.all("SELECT id FROM campaigns WHERE state NOT IN ('done', 'cancelled')"):
        await cancel(db, CampaignId(row["id"]), reason, now)


async def cancel(db: Connection, campaign: CampaignId, reason: str, now: datetime) -> None:
    """Within a transaction: a campaign ends, if it is not over."""
    if await db.run(
        """UPDATE campaigns SET state = 'cancelled', reason = :reason
        WHERE id = :id AND state NOT IN ('done', 'cancelled')""",
        id=campaign,
        reason=reason,
    ):
        await _apply_to_rows(db, campaign, "cancelled", now)


async def _apply_to_rows(db: Connection, campaign: CampaignId, state: CampaignState, now: datetime) -> None:
    """Apply a campaign's state to the rows that wait."""
    if state == "cancelled":
        await deliveries.exclude_campaign(db, campaign, now)
    elif state == "paused":
        await campaign_rows.pause(db, campaign)
    elif state == "running":
        await campaign_rows.resume(db, campaign, now)


def _of_segment(campaign: Campaign, now: datetime) -> dict[str, Any]:
    segment = campaign.segment
    since = campaign.made_at - timedelta(days=segment.days) if segment.days is not None else None
    return {
        "owner": campaign.owner,
        "today": f"{now:%Y-%m-%d}",
        "language": segment.language,
        "since": to_ms(since) if since else 0,
        "any_article": segment.tag is None,
        "articles": list(segment.articles),
    }


def _dumped(segment: Segment) -> str:
    return json.dumps(
        {"language": segment.language, "tag": segment.tag, "articles": segment.articles, "days": segment.days}
    )


def _segment(text: str) -> Segment:
    data = json.loads(text)
    return Segment(
        language=Language(data["language"]) if data["language"] else None,
        tag=data["tag"],
        articles=tuple(map(ArticleId, data["articles"])),
        days=data["days"],
    )


def _campaign(row: Row) -> Campaign:
    pinned = row["panel_message"] is not None
    return Campaign(
        id=CampaignId(row["id"]),
        owner=row["owner"],
        source=Copy(row["source_chat"], row["source_message"]),
        segment=_segment(row["segment"]),
        state=row["state"],
        made_at=from_ms(row["made_at"]),
        reason=row["reason"],
        total=row["total"],
        reached=row["reached"],
        panel=Panel(row["panel_chat"], row["panel_message"]) if pinned else None,
    )
