"""The outbox read as history: what became of each digest, and whether every row is accounted for."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Final, Protocol

from bot.article.model import ArticleId
from bot.db.engine import Row
from bot.db.retention import DAY_MS
from bot.db.times import from_ms, to_ms
from bot.delivery.model import Count, DeliveryState, DigestRecord, LedgerTotals, Settled
from bot.reader.model import ReaderId

ARTICLES: Final = """(SELECT json_group_array(article) FROM (
        SELECT about.article FROM delivery_articles AS about JOIN deliveries AS first
        ON first.id = about.delivery WHERE first.reader = d.reader AND first.kind = d.kind
            AND first.occasion = d.occasion AND first.part = 1 ORDER BY about.article DESC) AS told)"""
"""The articles of the digest that a delivery `d` is a part of, the newest first."""

_DIGESTS: Final = f"""SELECT reader, kind, occasion, json_group_array(state) AS states, max(reason) AS reason,
        max(detail) AS detail, {ARTICLES} AS articles, max(quote) AS quote, min(planned_at) AS planned_at,
        max(finished_at) AS finished_at, json_group_array(doubt) AS doubts
    FROM deliveries AS d WHERE kind = 'digest'"""  # noqa: S608  # ours

_LATEST: Final = " GROUP BY reader, kind, occasion ORDER BY max(id) DESC LIMIT :limit"

_PARTS: Final = """FROM delivery_articles AS about JOIN deliveries AS first ON first.id = about.delivery
    JOIN deliveries AS d ON d.reader = first.reader AND d.kind = first.kind AND d.occasion = first.occasion
    WHERE about.article = :article"""
"""The parts of every digest with an article."""


_SETTLED: Final[Mapping[int, Settled]] = {1: "checking", 4: "unknown", 3: "again", 2: "found"}
"""What the numbers in `doubt` mean."""


class Reads(Protocol):
    """A database, or a connection to one."""

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""

    async def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row."""


class LedgerStore:
    """Reads; the outbox writes."""

    def __init__(self, database: Reads) -> None:
        self._database = database

    async def of_reader(self, reader: ReaderId, limit: int) -> Sequence[DigestRecord]:
        """Return their last digests, the newest first."""
        rows = await self._database.all(
            f"{_DIGESTS} AND reader = :reader {_LATEST}", reader=reader, limit=limit
        )
        return [_account(row) for row in rows]

    async def unsent_of_article(self, article: ArticleId, limit: int) -> Sequence[DigestRecord]:
        """Return the last digests with an article that are not known to have arrived, the newest first."""
        rows = await self._database.all(
            f"{_DIGESTS} AND state <> 'sent' AND id IN (SELECT d.id {_PARTS}) {_LATEST}",
            article=article,
            limit=limit,
        )
        return [_account(row) for row in rows]

    async def of_article(self, article: ArticleId) -> Mapping[DeliveryState, int]:
        """Return of the parts of digests that told of an article, how many are in each state."""
        rows = await self._database.all(
            f"SELECT d.state, count(*) AS number {_PARTS} GROUP BY d.state",  # ours
            article=article,
        )
        return {row["state"]: row["number"] for row in rows}

    async def tally(self, since: datetime | None) -> LedgerTotals:
        """Count the parts that were planned since then, those ever planned, and those that are there.

        No row is ever deleted without being added to a sum, so the last two must be the same. Of what is in
        sums, whole days count.
        """
        rows = await self._database.all(
            """SELECT kind, state, reason, CAST(sum(number) AS BIGINT) AS number FROM (
                SELECT kind, state, reason, count(*) AS number FROM deliveries
                WHERE planned_at >= :since GROUP BY kind, state, reason
                UNION ALL SELECT kind, state, nullif(reason, ''), number FROM ledger_sums
                WHERE day >= :since / :day
            ) AS counted GROUP BY kind, state, reason ORDER BY kind, state, number DESC""",
            since=to_ms(since) if since else 0,
            day=DAY_MS,
        )
        [ever] = await self._database.all(
            """SELECT coalesce((SELECT CAST(value AS BIGINT) FROM facts WHERE name = 'planned'), 0) AS given,
            (SELECT count(*) FROM deliveries)
                + (SELECT CAST(coalesce(sum(number), 0) AS BIGINT) FROM ledger_sums) AS kept"""
        )
        return LedgerTotals(
            counts=tuple(Count(row["kind"], row["state"], row["reason"], row["number"]) for row in rows),
            given=ever["given"],
            kept=ever["kept"],
        )


def _settled(doubts: AbstractSet[int]) -> Settled | None:
    """Return what was found out about the parts of a digest: of several things, the worst."""
    return next((what for doubt, what in _SETTLED.items() if doubt in doubts), None)


def _account(row: Row) -> DigestRecord:
    return DigestRecord(
        reader=ReaderId(row["reader"]),
        occasion=row["occasion"],
        states=tuple(json.loads(row["states"])),
        reason=row["reason"],
        detail=row["detail"] or "",
        settled=_settled(set(json.loads(row["doubts"]))),
        articles=tuple(map(ArticleId, json.loads(row["articles"]))),
        quoted=row["quote"] is not None,
        planned_at=from_ms(row["planned_at"]),
        finished_at=from_ms(row["finished_at"]),
    )
