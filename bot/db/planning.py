"""What is planned, as rows of `deliveries`."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.db import deliveries
from bot.db.engine import Connection
from bot.db.times import to_ms
from bot.delivery.model import Plan
from bot.message.codec import dump

_USED: Final = """SELECT plan.number, count(*) AS times
    FROM rows(:plans, number BIGINT, reader BIGINT, kind TEXT, occasion TEXT) AS plan
    JOIN deliveries AS d ON d.reader = plan.reader AND d.kind = plan.kind AND d.part = 1
        AND d.occasion >= plan.occasion AND d.occasion < plan.occasion || '$'
    GROUP BY plan.number"""
"""How often an occasion was used, under its own name or with a `#` behind it ($ comes next in ASCII)."""


async def write_plans(db: Connection, plans: Sequence[Plan], now: datetime) -> None:
    """Insert a row for each part of plans, no two of which are of one occasion.

    An occasion that was used before, because the clock went back, gets a name of its own and is excluded.
    """
    # One query for all plans: most occasions are new, and each would cost a look at the index.
    asked = [
        {"number": number, "reader": plan.reader, "kind": plan.kind, "occasion": plan.occasion}
        for number, plan in enumerate(plans)
    ]
    used = {row["number"]: row["times"] for row in await db.all(_USED, plans=asked)}
    rows: list[dict[str, Any]] = []
    for number, plan in enumerate(plans):
        rows += _rows(plan, used.get(number, 0), now)
    await deliveries.insert(db, rows)


def _rows(plan: Plan, used: int, now: datetime) -> list[dict[str, Any]]:
    occasion, reason, parts = plan.occasion, plan.reason, plan.parts
    # The clock went back, so this slot was served before: keep a record of it, send nothing.
    if used:
        occasion, reason, parts = f"{occasion}#{used + 1}", "slot_used", ()
    whole: dict[str, Any] = {
        "reader": plan.reader,
        "kind": plan.kind,
        "occasion": occasion,
        "parts": max(len(parts), 1),
        "reason": reason,
        "now": to_ms(now),
        "expires": to_ms(plan.expires_at),
        "articles": plan.articles,
        "quote": plan.quote,
        "upto": plan.upto,
        "part": 1,
        "state": "planned",
        "body": None,
        "finished": None,
    }
    # Nothing to send: a row that is final from the start, so that /why can tell.
    if not parts:
        return [{**whole, "state": "excluded", "finished": to_ms(now)}]
    bodies = [json.dumps(dump(part), ensure_ascii=False) for part in parts]
    rows = [{**whole, "part": number, "body": body} for number, body in enumerate(bodies, 1)]
    for later in rows[1:]:
        later["articles"] = ()  # they are written down once, with the first part
    return rows
