"""How far each reader has been told of articles. Within the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from bot.db.engine import Connection
from bot.db.times import to_ms
from bot.delivery.model import DeliveryId


async def move_watermarks(db: Connection, digests: Sequence[DeliveryId], now: datetime) -> None:
    """Advance a reader's watermark once every part of a digest is `sent`, never before.

    A reader whose digest was kept short while a refused article is looked for gets the rest at once.
    """
    if not digests:
        return
    await db.run(
        # A watermark never goes back, and a part that is uncertain keeps it where it is.
        """UPDATE readers SET watermark = max(watermark, done.upto),
            next_at = CASE WHEN news_limit IS NOT NULL AND next_at IS NOT NULL THEN :now ELSE next_at END
        FROM deliveries AS done WHERE done.id IN numbers(:digests) AND readers.id = done.reader
        AND NOT EXISTS (
            SELECT 1 FROM deliveries AS part WHERE part.reader = done.reader AND part.kind = done.kind
            AND part.occasion = done.occasion AND part.state <> 'sent')""",
        digests=digests,
        now=to_ms(now),
    )
