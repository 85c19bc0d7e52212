"""Old rows of the ledger become sums; nothing that is still looked at goes, and everything stays accounted for."""

from datetime import datetime, timedelta

import pytest

from bot.app.retention import LedgerRetention
from bot.clock import new_token
from bot.db.database import Database
from bot.db.ledger import LedgerStore
from bot.db.readers import ReaderStore
from bot.db.retention import RetentionStore
from bot.db.times import to_ms
from bot.i18n import Language
from bot.reader.model import Place
from tests.clock import NOON, StillClock

OLD = NOON - timedelta(days=401)


@pytest.fixture
async def reader(database: Database) -> int:
    met = await ReaderStore(database).meet(Place(5), language=Language("en"), now=NOON, back=3)
    return int(met.id)


async def a_row(
    database: Database,
    reader: int,
    state: str = "sent",
    *,
    planned_at: datetime = OLD,
    kind: str = "digest",
    reason: str | None = None,
    settled: int = 1,
    campaign: int | None = None,
) -> int:
    async with database.transaction() as db:
        [row] = await db.all(
            """INSERT INTO deliveries (reader, kind, occasion, part, parts, state, reason, due_at, expires_at, upto,
            planned_at, finished_at, settled, campaign)
            VALUES (:reader, :kind, :occasion, 1, 1, :state, :reason, 0, 0, 0, :at, :at, :settled, :campaign)
            RETURNING id""",
            reader=reader, kind=kind, occasion=new_token(), state=state, reason=reason, at=to_ms(planned_at), settled=settled, campaign=campaign,
        )  # fmt: skip
        await db.run(
            """INSERT INTO facts (name, value) VALUES ('planned', '1')
            ON CONFLICT (name) DO UPDATE SET value = CAST(facts.value AS BIGINT) + 1"""
        )
        await db.run("INSERT INTO delivery_articles (delivery, article) VALUES (:id, 1)", id=row["id"])
    return int(row["id"])


async def there(database: Database) -> list[int]:
    return [row["id"] for row in await database.all("SELECT id FROM deliveries ORDER BY id")]


async def test_old_rows_become_sums_and_stay_accounted_for(database: Database, reader: int) -> None:
    for number in range(5):
        await a_row(database, reader, "sent" if number else "excluded", reason=None if number else "too-late")
    await a_row(database, reader, planned_at=OLD + timedelta(days=1))
    young = await a_row(database, reader, planned_at=NOON - timedelta(days=399))
    last = await a_row(database, reader, planned_at=NOON)
    ledger, retention = LedgerStore(database), RetentionStore(database)
    before, before_since = await ledger.tally(None), await ledger.tally(OLD + timedelta(days=1))
    cutoff = NOON - timedelta(days=400) + timedelta(hours=1)
    assert [await retention.sum_up(cutoff, 4) for _ in range(3)] == [4, 2, 0]
    assert await there(database) == [young, last]
    assert {row["delivery"] for row in await database.all("SELECT delivery FROM delivery_articles")} == {
        young,
        last,
    }
    assert await ledger.tally(None) == before
    assert before.is_balanced
    assert await ledger.tally(OLD + timedelta(days=1)) == before_since
    sums = await database.all("SELECT state, reason, number FROM ledger_sums ORDER BY day, state")
    assert [tuple(row) for row in sums] == [("excluded", "too-late", 1), ("sent", "", 4), ("sent", "", 1)]


async def test_what_somebody_still_looks_at_stays(database: Database, reader: int) -> None:
    for id_, state in ((1, "paused"), (2, "done")):
        await database.run(
            """INSERT INTO campaigns (id, owner, source_chat, source_message, segment, state, made_at, rows_after)
            VALUES (:id, 1, 1, 1, '{}', :state, 0, 0)""",
            id=id_,
            state=state,
        )
    kept = [
        await a_row(database, reader, "planned"),
        await a_row(database, reader, "failed", settled=0, reason="denied"),
        await a_row(database, reader, kind="campaign", campaign=1),
    ]
    gone = [
        await a_row(database, reader, "failed", settled=1, reason="denied"),
        await a_row(database, reader, "failed", settled=0, reason="denied", kind="notice"),
        await a_row(database, reader, kind="campaign", campaign=2),
        await a_row(database, reader, "uncertain", reason="no-answer"),
    ]
    last = await a_row(database, reader)
    assert await RetentionStore(database).sum_up(NOON) == len(gone)
    assert await there(database) == [*kept, last]


async def test_all_goes_after_so_many_days_and_nothing_without(
    database: Database, reader: int, clock: StillClock
) -> None:
    first = await a_row(database, reader, planned_at=clock.now())
    last = await a_row(database, reader, planned_at=clock.now())
    await clock.advance(days=30)
    await LedgerRetention(RetentionStore(database), days=0, clock=clock).tick()
    await LedgerRetention(RetentionStore(database), days=30, clock=clock).tick()
    assert await there(database) == [first, last]
    await clock.advance(seconds=1)
    await LedgerRetention(RetentionStore(database), days=30, clock=clock).tick()
    assert await there(database) == [last]
