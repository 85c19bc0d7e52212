"""A campaign's rows: each reader once, none while it is paused, none once it is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.campaign.model import Campaign, Counts, Rows, Segment
from bot.db.campaigns import CampaignStore
from bot.db.cooldowns import CooldownStore
from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.outbox import OutboxStore
from bot.db.planning import write_plans
from bot.db.readers import ReaderStore
from bot.db.times import to_ms
from bot.delivery.model import Delivery, Done, Finish, Plan, Result, Retry
from bot.i18n import Language
from bot.message.model import Copy, Message
from bot.reader.model import Place, Reader, Schedule
from tests.clock import NOON

DAY = timedelta(days=1)
SOURCE = Copy(1, 7)
ALL = 10**6


class Office:
    """A database with readers and a campaign."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = CampaignStore(database)
        self.outbox = OutboxStore(database)
        self.readers = ReaderStore(database)

    async def subscribe(self, count: int, *, first: int = 100) -> list[Reader]:
        made = []
        for chat in range(first, first + count):
            reader = await self.readers.meet(Place(chat), language=Language("en"), now=NOON, back=0)
            await self.readers.subscribe(reader.id, Schedule(zone="UTC"), NOON + DAY)
            made.append(reader)
        return made

    async def start(self) -> Campaign:
        drafted = await self.store.draft(1, SOURCE, Segment(), NOON)
        assert drafted is not None
        total = await self.store.count(drafted, NOON)
        assert await self.store.move(drafted.id, "draft", "running", NOON, reason=None, total=total)
        return await self.now(drafted)

    async def now(self, campaign: Campaign) -> Campaign:
        found = await self.store.get(campaign.id)
        assert found is not None
        return found

    async def pause(self, campaign: Campaign) -> bool:
        return await self.store.move(campaign.id, "running", "paused", NOON, reason=None, total=0)

    async def resume(self, campaign: Campaign) -> bool:
        return await self.store.move(campaign.id, "paused", "running", NOON, reason=None, total=0)

    async def cancel(self, campaign: Campaign) -> bool:
        return await self.store.move(campaign.id, "paused", "cancelled", NOON, reason=None, total=0)

    async def claimed(self) -> list[Delivery]:
        return list(await self.outbox.claim(NOON, 100))

    async def counts(self, campaign: Campaign) -> Counts:
        return (await self.store.count_rows(campaign.id, Rows())).counts


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    database = await Database.open(tmp_path / "bot.db")
    yield Office(database)
    await database.close()


def chats(deliveries: list[Delivery]) -> list[int]:
    return [delivery.place.chat for delivery in deliveries]


async def test_each_reader_gets_one_row_in_as_many_pieces_as_it_takes(office: Office) -> None:
    await office.subscribe(5)
    campaign = await office.start()
    fed = [await office.store.enqueue(await office.now(campaign), 2, NOON) for _ in range(4)]
    assert fed == [True, True, True, False]
    claimed = await office.claimed()
    assert chats(claimed) == [100, 101, 102, 103, 104]
    assert {delivery.content for delivery in claimed} == {SOURCE}
    assert (await office.now(campaign)).reached == claimed[-1].reader
    assert not await office.store.enqueue(campaign, ALL, NOON)


async def test_what_is_paused_or_over_plans_for_nobody(office: Office) -> None:
    await office.subscribe(3)
    campaign = await office.start()
    await office.pause(campaign)
    assert not await office.store.enqueue(campaign, ALL, NOON)
    await office.cancel(campaign)
    assert not await office.store.enqueue(campaign, ALL, NOON)
    assert await office.claimed() == []


async def test_row_that_waits_is_claimed_only_after_the_pause(office: Office) -> None:
    await office.subscribe(1)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    await office.pause(campaign)
    assert await office.claimed() == []
    await office.resume(campaign)
    assert chats(await office.claimed()) == [100]


async def test_repetition_waits_for_the_end_of_a_pause(office: Office) -> None:
    await office.subscribe(1)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    [claimed] = await office.claimed()
    await office.pause(campaign)
    await office.outbox.record([Result(claimed, Retry(NOON, "unreachable"))], NOON)
    assert await office.claimed() == []
    await office.resume(campaign)
    assert chats(await office.claimed()) == [100]


async def test_repetition_does_not_outlive_its_campaign(office: Office) -> None:
    await office.subscribe(1)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    [claimed] = await office.claimed()
    await office.pause(campaign)
    await office.cancel(campaign)
    await office.outbox.record([Result(claimed, Retry(NOON, "unreachable"))], NOON)
    assert await office.claimed() == []
    assert await office.counts(campaign) == Counts(excluded=1)
    [row] = await office.database.all("SELECT reason, finished_at FROM deliveries")
    assert tuple(row) == ("cancelled", to_ms(NOON))


async def test_what_is_paused_holds_up_no_digest(office: Office) -> None:
    [reader] = await office.subscribe(1)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    await office.pause(campaign)
    plan = Plan(
        reader=reader.id, kind="notice", occasion="a", expires_at=NOON + DAY, parts=(Message(text="x"),)
    )
    await DigestStore(office.database).notify([plan], NOON)
    assert [delivery.kind for delivery in await office.claimed()] == ["notice"]


async def test_chat_that_telegram_holds_is_left_alone_after_a_pause_too(office: Office) -> None:
    await office.subscribe(2)
    await CooldownStore(office.database).keep(100, NOON + DAY)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    await office.pause(campaign)
    await office.resume(campaign)
    assert chats(await office.claimed()) == [101]


async def test_who_leaves_while_it_waits_does_not_get_it(office: Office) -> None:
    gone, left, _ = await office.subscribe(3)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    await office.readers.unsubscribe(gone.id, NOON)
    await office.readers.suspend(left.id, "blocked", NOON)
    assert chats(await office.claimed()) == [102]


async def test_who_blocks_the_bot_while_it_is_sent_gets_no_repetition(office: Office) -> None:
    [reader] = await office.subscribe(1)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    [claimed] = await office.claimed()
    await office.readers.suspend(reader.id, "blocked", NOON)
    await office.outbox.record([Result(claimed, Retry(NOON, "unreachable"))], NOON)
    assert await office.claimed() == []


async def test_one_is_open_at_a_time(office: Office) -> None:
    await office.start()
    assert await office.store.draft(1, SOURCE, Segment(), NOON) is None


async def test_step_from_a_state_that_has_passed_is_not_taken(office: Office) -> None:
    campaign = await office.start()
    assert await office.pause(campaign)
    assert not await office.pause(campaign)
    assert await office.resume(campaign)
    assert not await office.cancel(campaign)


async def test_what_is_final_is_counted_once(office: Office) -> None:
    await office.subscribe(4)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    one, two, three, four = await office.claimed()
    await office.outbox.record(
        [Result(one, Done(5)), Result(two, Finish("failed", "refused", "no")), Result(three, Done(6))], NOON
    )
    seen = await office.store.count_rows(campaign.id, Rows())
    assert (seen.final, seen.open) == (Counts(sent=2, failed=1), frozenset({four.id}))
    assert await office.store.count_rows(campaign.id, seen) == seen
    await office.outbox.record([Result(four, Done(7))], NOON)
    then = await office.store.count_rows(campaign.id, seen)
    assert then == Rows(Counts(sent=3, failed=1), frozenset(), four.id)


@pytest.mark.parametrize("claimed", [0, 2])
async def test_what_else_waits_or_is_sent_is_not_counted(office: Office, claimed: int) -> None:
    readers = await office.subscribe(2)
    campaign = await office.start()
    for reader in readers:
        plan = Plan(
            reader=reader.id, kind="notice", occasion="x", expires_at=NOON + DAY, parts=(Message(text="x"),)
        )
        async with office.database.transaction() as connection:
            await write_plans(connection, [plan], NOON)
    assert len(await office.outbox.claim(NOON, claimed)) == claimed
    assert await office.counts(campaign) == Counts()


async def test_row_that_waits_long_keeps_no_others_from_being_counted_once(office: Office) -> None:
    await office.subscribe(4)
    campaign = await office.start()
    await office.store.enqueue(campaign, 2, NOON)
    stuck, fine = await office.claimed()
    await office.outbox.record([Result(stuck, Retry(NOON + DAY, "throttled")), Result(fine, Done(1))], NOON)
    seen = await office.store.count_rows(campaign.id, Rows())
    assert (seen.counts, seen.last) == (Counts(sent=1, waiting=1), fine.id)
    await office.store.enqueue(await office.now(campaign), 2, NOON)
    await office.outbox.record([Result(each, Done(2)) for each in await office.claimed()], NOON)
    then = await office.store.count_rows(campaign.id, seen)
    assert (then.counts, then.open) == (Counts(sent=3, waiting=1), frozenset({stuck.id}))


async def test_readers_of_whom_none_is_left_are_not_searched_again(office: Office) -> None:
    [first, *_] = await office.subscribe(1)
    others = await office.subscribe(5, first=200)
    for reader in others:
        await office.readers.unsubscribe(reader.id, NOON)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    assert (await office.now(campaign)).reached == first.id
    assert not await office.store.enqueue(await office.now(campaign), ALL, NOON)
    assert (await office.now(campaign)).reached == others[-1].id


async def test_who_comes_while_it_runs_gets_it_too(office: Office) -> None:
    await office.subscribe(1)
    campaign = await office.start()
    await office.store.enqueue(campaign, ALL, NOON)
    await office.store.enqueue(await office.now(campaign), ALL, NOON)
    await office.subscribe(1, first=300)
    assert await office.store.enqueue(await office.now(campaign), ALL, NOON)
    assert chats(await office.claimed()) == [100, 300]
