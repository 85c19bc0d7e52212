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
from bot.db.doubts import DoubtStore
from bot.db.message_ids import MessageIdStore, write_ids
from bot.db.outbox import OutboxStore
from bot.db.planning import write_plans
from bot.db.readers import ReaderStore
from bot.db.times import to_ms
from bot.delivery.model import Delivery, Done, Finish, Plan, Result, Retry
from bot.i18n import Language
from bot.message.model import Copy, Message
from bot.reader.model import Place, Reader, Schedule
from bot.settling.model import Verdicts
from tests.clock import NOON

DAY = timedelta(days=1)
SOURCE = Copy(1, 7)
ALL = 10**6


class CampaignStack:
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
            await self.readers.subscribe(reader.id, Schedule(zone="UTC"), NOON + DAY, back=99, now=NOON + DAY)
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
async def stack(tmp_path: Path) -> AsyncIterator[CampaignStack]:
    database = await Database.open(tmp_path / "bot.db")
    yield CampaignStack(database)
    await database.close()


def chats(deliveries: list[Delivery]) -> list[int]:
    return [delivery.place.chat for delivery in deliveries]


async def test_each_reader_gets_one_row_in_as_many_pieces_as_it_takes(stack: CampaignStack) -> None:
    await stack.subscribe(5)
    campaign = await stack.start()
    fed = [await stack.store.enqueue(await stack.now(campaign), 2, NOON) for _ in range(4)]
    assert fed == [True, True, True, False]
    claimed = await stack.claimed()
    assert chats(claimed) == [100, 101, 102, 103, 104]
    assert {delivery.content for delivery in claimed} == {SOURCE}
    assert (await stack.now(campaign)).reached == claimed[-1].reader
    assert not await stack.store.enqueue(campaign, ALL, NOON)


async def test_what_is_paused_or_over_plans_for_nobody(stack: CampaignStack) -> None:
    await stack.subscribe(3)
    campaign = await stack.start()
    await stack.pause(campaign)
    assert not await stack.store.enqueue(campaign, ALL, NOON)
    await stack.cancel(campaign)
    assert not await stack.store.enqueue(campaign, ALL, NOON)
    assert await stack.claimed() == []
    assert await stack.counts(campaign) == Counts()


async def test_row_that_waits_is_claimed_only_after_the_pause(stack: CampaignStack) -> None:
    await stack.subscribe(1)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    await stack.pause(campaign)
    assert await stack.claimed() == []
    await stack.resume(campaign)
    assert chats(await stack.claimed()) == [100]


async def test_repetition_waits_for_the_end_of_a_pause(stack: CampaignStack) -> None:
    await stack.subscribe(1)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    [claimed] = await stack.claimed()
    await stack.pause(campaign)
    await stack.outbox.record([Result(claimed, Retry(NOON, "unreachable"))], NOON)
    assert await stack.claimed() == []
    await stack.resume(campaign)
    assert chats(await stack.claimed()) == [100]


async def test_repetition_does_not_outlive_its_campaign(stack: CampaignStack) -> None:
    await stack.subscribe(1)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    [claimed] = await stack.claimed()
    await stack.pause(campaign)
    await stack.cancel(campaign)
    await stack.outbox.record([Result(claimed, Retry(NOON, "unreachable"))], NOON)
    assert await stack.claimed() == []
    assert await stack.counts(campaign) == Counts(excluded=1)
    [row] = await stack.database.all("SELECT reason, finished_at FROM deliveries")
    assert tuple(row) == ("cancelled", to_ms(NOON))


async def test_what_is_paused_holds_up_no_digest(stack: CampaignStack) -> None:
    [reader] = await stack.subscribe(1)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    await stack.pause(campaign)
    plan = Plan(
        reader=reader.id, kind="notice", occasion="a", expires_at=NOON + DAY, parts=(Message(text="x"),)
    )
    await DigestStore(stack.database).notify([plan], NOON)
    assert [delivery.kind for delivery in await stack.claimed()] == ["notice"]


async def test_chat_that_telegram_holds_is_left_alone_after_a_pause_too(stack: CampaignStack) -> None:
    await stack.subscribe(2)
    await CooldownStore(stack.database).keep(100, NOON + DAY)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    await stack.pause(campaign)
    await stack.resume(campaign)
    assert chats(await stack.claimed()) == [101]


async def test_who_leaves_while_it_waits_does_not_get_it(stack: CampaignStack) -> None:
    gone, left, _ = await stack.subscribe(3)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    await stack.readers.unsubscribe(gone.id, NOON)
    await stack.readers.suspend(left.id, "blocked", NOON)
    assert chats(await stack.claimed()) == [102]


async def test_who_blocks_the_bot_while_it_is_sent_gets_no_repetition(stack: CampaignStack) -> None:
    [reader] = await stack.subscribe(1)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    [claimed] = await stack.claimed()
    await stack.readers.suspend(reader.id, "blocked", NOON)
    await stack.outbox.record([Result(claimed, Retry(NOON, "unreachable"))], NOON)
    assert await stack.claimed() == []


async def test_one_is_open_at_a_time(stack: CampaignStack) -> None:
    await stack.start()
    assert await stack.store.draft(1, SOURCE, Segment(), NOON) is None


async def test_step_from_a_state_that_has_passed_is_not_taken(stack: CampaignStack) -> None:
    campaign = await stack.start()
    assert await stack.pause(campaign)
    assert not await stack.pause(campaign)
    assert await stack.resume(campaign)
    assert not await stack.cancel(campaign)


async def test_what_is_final_is_counted_once(stack: CampaignStack) -> None:
    await stack.subscribe(4)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    one, two, three, four = await stack.claimed()
    await stack.outbox.record(
        [Result(one, Done(5)), Result(two, Finish("failed", "refused", "no")), Result(three, Done(6))], NOON
    )
    seen = await stack.store.count_rows(campaign.id, Rows())
    assert (seen.final, seen.open) == (Counts(sent=2, failed=1), frozenset({four.id}))
    assert await stack.store.count_rows(campaign.id, seen) == seen
    await stack.outbox.record([Result(four, Done(7))], NOON)
    then = await stack.store.count_rows(campaign.id, seen)
    assert then == Rows(Counts(sent=3, failed=1), frozenset(), four.id)
    # With nothing new, and no row that is open, it stays so however often it is asked.
    for _ in range(2):
        then = await stack.store.count_rows(campaign.id, then)
        assert then == Rows(Counts(sent=3, failed=1), frozenset(), four.id)


@pytest.mark.parametrize("claimed", [0, 2])
async def test_what_else_waits_or_is_sent_is_not_counted(stack: CampaignStack, claimed: int) -> None:
    readers = await stack.subscribe(2)
    campaign = await stack.start()
    for reader in readers:
        plan = Plan(
            reader=reader.id, kind="notice", occasion="x", expires_at=NOON + DAY, parts=(Message(text="x"),)
        )
        async with stack.database.transaction() as connection:
            await write_plans(connection, [plan], NOON)
    assert len(await stack.outbox.claim(NOON, claimed)) == claimed
    assert await stack.counts(campaign) == Counts()


async def test_row_that_waits_long_keeps_no_others_from_being_counted_once(stack: CampaignStack) -> None:
    await stack.subscribe(4)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, 2, NOON)
    stuck, fine = await stack.claimed()
    await stack.outbox.record([Result(stuck, Retry(NOON + DAY, "throttled")), Result(fine, Done(1))], NOON)
    seen = await stack.store.count_rows(campaign.id, Rows())
    assert (seen.counts, seen.last) == (Counts(sent=1, waiting=1), fine.id)
    await stack.store.enqueue(await stack.now(campaign), 2, NOON)
    await stack.outbox.record([Result(each, Done(2)) for each in await stack.claimed()], NOON)
    then = await stack.store.count_rows(campaign.id, seen)
    assert (then.counts, then.open) == (Counts(sent=3, waiting=1), frozenset({stuck.id}))


async def test_readers_of_whom_none_is_left_are_not_searched_again(stack: CampaignStack) -> None:
    [first, *_] = await stack.subscribe(1)
    others = await stack.subscribe(5, first=200)
    for reader in others:
        await stack.readers.unsubscribe(reader.id, NOON)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    assert (await stack.now(campaign)).reached == first.id
    assert not await stack.store.enqueue(await stack.now(campaign), ALL, NOON)
    assert (await stack.now(campaign)).reached == others[-1].id


async def test_pause_leaves_the_search_where_it_was(stack: CampaignStack) -> None:
    [first] = await stack.subscribe(1)
    for reader in await stack.subscribe(5, first=200):
        await stack.readers.unsubscribe(reader.id, NOON)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    before = await stack.now(campaign)
    await stack.pause(campaign)
    assert not await stack.store.enqueue(before, ALL, NOON)
    assert (await stack.now(campaign)).reached == first.id


async def test_who_comes_while_it_runs_gets_it_too(stack: CampaignStack) -> None:
    await stack.subscribe(1)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    await stack.store.enqueue(await stack.now(campaign), ALL, NOON)
    await stack.subscribe(1, first=300)
    assert await stack.store.enqueue(await stack.now(campaign), ALL, NOON)
    assert chats(await stack.claimed()) == [100, 300]


async def test_message_in_doubt_is_open_until_it_was_found_out(stack: CampaignStack) -> None:
    await stack.subscribe(2)
    campaign = await stack.start()
    await stack.store.enqueue(campaign, ALL, NOON)
    async with stack.database.transaction() as db:
        await write_ids(db, [50])
    known = MessageIdStore(stack.database)
    await known.load()
    stack.outbox = OutboxStore(stack.database, known=known)
    first, second = await stack.claimed()
    await stack.outbox.record(
        [Result(first, Finish("uncertain", "no_answer")), Result(second, Done(52))], NOON
    )
    seen = await stack.store.count_rows(campaign.id, Rows())
    assert seen.counts == Counts(waiting=1, sent=1)
    doubts = DoubtStore(stack.database)
    assert [doubt.delivery for doubt in await doubts.open()] == [first.id]
    await doubts.conclude(Verdicts(arrived={first.id: 51}), NOON)
    assert (await stack.store.count_rows(campaign.id, seen)).counts == Counts(sent=2)
