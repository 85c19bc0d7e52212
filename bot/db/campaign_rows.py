"""The rows of campaigns among the deliveries. All functions work within the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from bot.campaign.model import CampaignId
from bot.db.deliveries import next_numbers
from bot.db.engine import Connection
from bot.db.times import NEVER, to_ms
from bot.reader.model import ReaderId


def occasion_of(campaign: CampaignId) -> str:
    """Return the occasion of a campaign's rows."""
    return f"campaign {campaign}"


async def insert(db: Connection, campaign: CampaignId, readers: Sequence[ReaderId], now: datetime) -> None:
    """Insert a row for each reader, none of whom has one of this campaign; a message is copied when sent."""
    if not readers:
        return
    last = await next_numbers(db, len(readers))
    # One statement: for many readers it takes a tenth of the time of one each.
    await db.run(
        """INSERT INTO deliveries (id, reader, kind, occasion, part, parts, state, due_at, expires_at, upto,
            planned_at, campaign)
        SELECT :before + meant.nth, meant.value, 'campaign', :occasion, 1, 1, 'planned',
            max(:now, coalesce((SELECT until FROM cooldowns WHERE chat =
                (SELECT chat FROM readers WHERE id = meant.value)), 0)), :never, 0, :now, :campaign
        FROM numbers(:readers) AS meant""",
        before=last - len(readers),
        occasion=occasion_of(campaign),
        now=to_ms(now),
        never=NEVER,
        campaign=campaign,
        readers=list(readers),
    )


async def pause(db: Connection, campaign: CampaignId) -> None:
    """Let nothing of a campaign be due."""
    await db.run(
        "UPDATE deliveries SET due_at = :never WHERE campaign = :campaign AND state = 'planned'",
        campaign=campaign,
        never=NEVER,
    )


async def resume(db: Connection, campaign: CampaignId, now: datetime) -> None:
    """Let what waits of a campaign be due, but in chats that cool down."""
    await db.run(
        """UPDATE deliveries SET due_at = max(:now, coalesce((SELECT until FROM cooldowns
            JOIN readers ON readers.chat = cooldowns.chat WHERE readers.id = deliveries.reader), 0))
        WHERE campaign = :campaign AND state = 'planned'""",
        campaign=campaign,
        now=to_ms(now),
    )
