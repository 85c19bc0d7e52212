"""The worker on a real outbox: each outcome ends in the right state, and nothing is sent twice."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.db.doubts import give_up_all
from bot.delivery.decide import decide
from bot.delivery.flow import MAX_SENDING
from bot.delivery.model import (
    Blocked,
    Delivery,
    Denied,
    Migrated,
    Outcome,
    Plan,
    Refused,
    Result,
    Sent,
    Throttled,
    Uncertain,
    Unsent,
)
from bot.delivery.pacer import Pacer
from bot.delivery.rates import Rates
from bot.delivery.recorder import WRITE_WAIT_S
from bot.delivery.worker import MAX_IDLE, PATIENCE_S, Worker
from bot.errors import StoreDamaged, StoreError
from bot.i18n import Language
from bot.message.model import Content, Message
from bot.reader.model import Place
from tests.clock import NOON
from tests.delivery.stack import DeliveryStack, text_of
from tests.postgres import CONSTRAINT_BROKEN


async def test_all_parts_are_sent_in_order_and_then_the_watermark_moves(stack: DeliveryStack) -> None:
    reader = await stack.reader()
    await stack.plan(reader, "one", "two", "three")
    await stack.deliver()
    assert [text for _, text in stack.sent] == ["one", "two", "three"]
    assert await stack.states() == ["sent"] * 3
    assert await stack.watermark(reader) == 9


async def test_uncertain_part_is_not_repeated_and_the_watermark_stays(stack: DeliveryStack) -> None:
    reader = await stack.reader()
    await stack.plan(reader, "one", "two", "three")
    stack.answers = [Sent(1), Uncertain("fault")]  # a fault of our own is not looked into
    await stack.deliver()
    assert await stack.states() == ["sent", "uncertain", "sent"]
    assert [text for _, text in stack.sent] == ["one", "two", "three"]
    assert await stack.watermark(reader) == 0


async def test_later_parts_wait_while_it_is_found_out_whether_one_arrived(stack: DeliveryStack) -> None:
    reader = await stack.reader()
    await stack.plan(reader, "before", occasion="yesterday")
    await stack.deliver()
    await stack.plan(reader, "one", "two", "three")
    stack.answers = [Uncertain("no_answer")]
    await stack.deliver()
    await stack.plan(await stack.reader(6), "of another")
    await stack.deliver()
    assert [text for _, text in stack.sent] == ["before", "one", "of another"]
    async with stack.database.transaction() as db:
        await give_up_all(db, "no_answer")
    await stack.deliver()
    assert [text for _, text in stack.sent][3:] == ["two", "three"]


async def test_fault_of_our_own_leaves_a_message_uncertain(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    stack.answers = [ValueError("ours")]
    await stack.deliver()
    assert await stack.states() == ["uncertain"]


async def test_unsent_message_is_repeated_with_growing_waits_until_too_late(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    stack.answers = [Unsent()] * 100
    await stack.deliver()
    assert (await stack.states(), len(stack.sent)) == (["planned"], 1)
    await stack.deliver(seconds=0.5)
    assert len(stack.sent) == 1
    await stack.deliver(seconds=1)
    assert len(stack.sent) == 2
    await stack.deliver(seconds=7 * 3600)
    assert (await stack.states(), len(stack.sent)) == (["excluded"], 2)


async def test_throttled_digest_is_sent_once_the_wait_is_over(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    stack.answers = [Throttled(timedelta(seconds=30))]
    await stack.deliver()
    await stack.deliver(seconds=29)
    assert len(stack.sent) == 1
    await stack.deliver(seconds=2)
    assert (len(stack.sent), await stack.states()) == (2, ["sent"])


async def test_throttled_chat_does_not_hold_up_others_but_two_of_them_do(stack: DeliveryStack) -> None:
    for chat in (5, 6, 7, 8):
        await stack.plan(await stack.reader(chat), str(chat))
    stack.answers = [Throttled(timedelta(seconds=60))]
    await stack.deliver(step=0.01)
    assert sorted(chat for chat, _ in stack.sent) == [5, 6, 7, 8]
    for chat in (15, 16):
        await stack.plan(await stack.reader(chat), str(chat))
    stack.answers = [Throttled(timedelta(seconds=30))] * 2
    async with stack.working() as worker:
        while await stack.busy():
            await stack.clock.advance(seconds=0.01)
        await stack.plan(await stack.reader(17), "17")
        before, sent = stack.clock.monotonic(), len(stack.sent)
        worker.wake()
        for _ in range(50):  # time enough for a claim
            await stack.clock.advance(seconds=0.01)
            await stack.states()
        assert (await stack.states())[-1] == "planned"
        [row] = await stack.database.all("SELECT due_at, planned_at FROM deliveries ORDER BY id DESC LIMIT 1")
        assert row["due_at"] == row["planned_at"], "it was not even claimed"
        while len(stack.sent) == sent:
            await stack.clock.advance(seconds=0.5)
        assert stack.clock.monotonic() - before >= 29


async def test_absurd_waits_of_some_chats_hold_up_no_others(stack: DeliveryStack) -> None:
    for chat in range(1, 21):
        await stack.plan(await stack.reader(chat), str(chat))
    stack.answers = [Throttled(timedelta(days=3650)), Sent(1)] * 10
    async with stack.working():
        before = stack.clock.monotonic()
        while await stack.busy():
            await stack.clock.advance(seconds=0.001)
        assert stack.clock.monotonic() - before <= 2
    assert (len(stack.sent), (await stack.states()).count("sent")) == (20, 10)


async def test_wait_that_telegram_asked_for_counts_as_no_attempt(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    stack.answers = [Throttled(timedelta(seconds=30))]
    await stack.deliver()
    [row] = await stack.database.all("SELECT attempts FROM deliveries")
    assert row["attempts"] == 0


async def test_group_that_had_its_share_holds_up_nobody(stack: DeliveryStack) -> None:
    group = await stack.reader(-5)
    for number in range(19):
        await stack.plan(group, str(number), occasion=str(number))
    await stack.deliver(step=0.01)
    assert (len(stack.sent), await stack.states()) == (18, ["sent"] * 18 + ["planned"])
    await stack.plan(await stack.reader(6), "other")
    await stack.deliver(step=0.01)
    assert stack.sent[-1] == (6, "other")
    await stack.deliver(seconds=60)
    assert len(stack.sent) == 20


async def test_slow_server_gets_more_messages_at_a_time(stack: DeliveryStack) -> None:
    async def slow(place: Place, message: Content) -> Outcome:
        stack.sent.append((place.chat, text_of(message)))
        await stack.clock.sleep(0.2)
        return Sent(len(stack.sent))

    stack.send = slow  # type: ignore[method-assign]
    for chat in range(1, 301):
        await stack.plan(await stack.reader(chat), "x")
    async with stack.working():
        most = 0
        while await stack.busy():
            await stack.clock.advance(seconds=0.005)
            names = [task.get_name() for task in asyncio.all_tasks()]
            most = max(most, sum(name.startswith("sender") for name in names))
    assert 64 < most <= MAX_SENDING


async def test_refusal_ends_in_failed_and_a_block_suspends(stack: DeliveryStack) -> None:
    one, two = await stack.reader(5), await stack.reader(6)
    await stack.plan(one, "one")
    stack.answers = [Refused("no")]
    await stack.deliver()
    await stack.plan(two, "one", "two")
    stack.answers = [Blocked("blocked")]
    await stack.deliver()
    assert await stack.states() == ["failed", "excluded", "excluded"]
    suspended = await stack.readers.get(two.id)
    assert suspended is not None
    assert (suspended.subscription.active, suspended.subscription.suspended) == (True, "blocked")


async def test_group_that_moved_is_followed(stack: DeliveryStack) -> None:
    reader = await stack.reader(-5)
    await stack.plan(reader, "one")
    stack.answers = [Migrated(-100)]
    await stack.deliver()
    assert stack.sent == [(-5, "one"), (-100, "one")]
    assert await stack.watermark(reader) == 9


async def test_both_readers_of_a_group_may_have_had_one_on_its_way(stack: DeliveryStack) -> None:
    older, newer = await stack.reader(-5), await stack.reader(-100)
    await stack.plan(older, "to the old id", "part two")
    await stack.plan(newer, "to the new id")
    [first, second] = await stack.outbox.claim(stack.clock.now(), 10)
    now = stack.clock.now()
    await stack.readers.move(-5, -100, now)
    assert await stack.states() == ["uncertain", "planned", "sending"]
    await stack.outbox.record([Result(first, decide(first, Migrated(-100), now))], now)
    await stack.outbox.record([Result(second, decide(second, Sent(9), now))], now)
    await stack.deliver()
    assert await stack.states() == ["uncertain", "sent", "sent"]
    assert {row["reader"] for row in await stack.database.all("SELECT reader FROM deliveries")} == {older.id}


async def test_move_that_its_own_answer_told_of_loses_nothing(stack: DeliveryStack) -> None:
    older, newer = await stack.reader(-5), await stack.reader(-100)
    await stack.plan(older, "to the old id")
    await stack.plan(newer, "to the new id")
    [first, second] = await stack.outbox.claim(stack.clock.now(), 10)
    now = stack.clock.now()
    await stack.outbox.record([Result(first, decide(first, Migrated(-100), now))], now)
    assert await stack.states() == ["planned", "sending"]
    await stack.outbox.record([Result(second, decide(second, Sent(9), now))], now)
    await stack.deliver()
    assert await stack.states() == ["sent", "sent"]


async def test_database_itself_refuses_two_on_their_way_to_a_reader(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(5), "one", "two")
    with pytest.raises(CONSTRAINT_BROKEN, match=r"(?i)unique"):
        await stack.database.run("UPDATE deliveries SET state = 'sending'")


async def test_refusal_has_its_consequences_once(stack: DeliveryStack) -> None:
    reader = await stack.reader()
    await stack.plan(reader, "one")
    stack.answers = [Refused("Bad Request: no")]
    await stack.deliver()
    [refused] = await stack.plans.refused()
    await stack.plans.limit_next(refused, 4, NOON)
    await stack.plans.limit_next(refused, 1, NOON)  # who looked at the same time, and was slower
    found = await stack.readers.get(reader.id)
    assert found is not None
    assert found.cursors.news_limit == 4


async def test_suspension_is_told_once(stack: DeliveryStack) -> None:
    club, owner = await stack.reader(-5), await stack.reader(7)
    notice = Plan(
        reader=owner.id,
        kind="notice",
        occasion="suspended",
        expires_at=NOON + timedelta(days=1),
        parts=(Message(text="on hold"),),
    )
    for _ in range(2):
        await stack.plans.notify_of_suspension({club.id: [notice]}, NOON)
    assert await stack.states() == ["planned"]


async def test_group_that_keeps_moving_is_not_followed_for_ever(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(-5), "one")
    stack.answers = [Migrated(-100 - n) for n in range(50)]
    await stack.deliver()
    assert (len(stack.sent), await stack.states()) == (4, ["failed"])


async def test_who_unsubscribes_in_flight_gets_no_second_attempt(stack: DeliveryStack) -> None:
    reader = await stack.reader()
    await stack.plan(reader, "one")
    stack.answers = [Throttled(timedelta(seconds=30))]
    await stack.deliver()
    await stack.database.run("UPDATE readers SET subscribed = 0")  # while it was being sent
    await stack.deliver(seconds=31)
    assert (len(stack.sent), await stack.states()) == (1, ["excluded"])


async def test_notice_goes_to_who_never_subscribed_and_moves_no_watermark(stack: DeliveryStack) -> None:
    reader = await stack.readers.meet(Place(5), language=Language("en"), now=NOON, back=3)
    await stack.plan(reader, "notice", kind="notice")
    await stack.deliver()
    assert await stack.states() == ["sent"]
    assert await stack.watermark(reader) == 0


async def test_after_a_crash_what_was_being_sent_is_uncertain_and_not_sent_again(
    stack: DeliveryStack,
) -> None:
    await stack.plan(await stack.reader(), "one", "two")
    [claimed] = await stack.outbox.claim(stack.clock.now(), 10)
    assert claimed.content == Message(text="one")
    await stack.deliver()
    assert [text for _, text in stack.sent] == ["two"]
    assert await stack.states() == ["uncertain", "sent"]


async def test_few_claims_are_made_each_of_many_rows(
    stack: DeliveryStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, asked = stack.outbox.claim, list[int]()

    async def counted(now: datetime, limit: int) -> list[Delivery]:
        asked.append(limit)
        return list(await claim(now, limit))

    monkeypatch.setattr(stack.outbox, "claim", counted)
    for chat in range(40):
        await stack.plan(await stack.reader(100 + chat), f"to {chat}")
    async with stack.working(rate=400):
        while len(stack.sent) < 40:
            await stack.clock.advance(seconds=0.01)
            await stack.written()
    # What leaves in 50 ms at first, and the rest when half of it is gone.
    assert asked[0] == 20
    assert min(asked) >= 10


async def test_slow_rate_claims_what_is_next_and_no_more(stack: DeliveryStack) -> None:
    for chat in range(30):
        await stack.plan(await stack.reader(100 + chat), f"to {chat}")
    most = 0
    async with stack.working(rate=25):
        while len(stack.sent) < 30:
            await stack.clock.advance(seconds=0.01)
            await stack.written()
            left = len(stack.sent)
            most = max(most, 30 - (await stack.states()).count("planned") - left)
    assert most <= 2


async def test_row_whose_chat_must_wait_is_not_held(stack: DeliveryStack) -> None:
    reader = await stack.reader(7)
    await stack.plan(reader, "slow")
    for chat in range(3):
        await stack.plan(await stack.reader(100 + chat), f"to {chat}")
    async with stack.working(rate=25) as worker:
        # For less than a sender waits for its turn.
        worker._pacer._cool(7, PATIENCE_S - 0.1)
        for _ in range(10):
            await stack.clock.advance(seconds=0.01)
            await stack.written()
        assert (await stack.states())[0] == "planned"
        while len(stack.sent) < 4:
            await stack.clock.advance(seconds=0.1)
    assert stack.sent[-1][1] == "slow"


@pytest.mark.parametrize("also_next", [False, True])
async def test_claim_that_failed_after_its_commit_is_given_back(
    stack: DeliveryStack, monkeypatch: pytest.MonkeyPatch, *, also_next: bool
) -> None:
    claim, failures = stack.outbox.claim, 1 + also_next

    async def failing(now: datetime, limit: int) -> Sequence[Delivery]:
        nonlocal failures
        claimed = await claim(now, limit)
        if claimed and failures:
            failures -= 1
            raise StoreError("error.store_busy")
        return claimed

    monkeypatch.setattr(stack.outbox, "claim", failing)
    await stack.plan(await stack.reader(5), "one")
    await stack.plan(await stack.reader(6), "two")
    async with stack.working():
        while len(stack.sent) < 2:
            await stack.clock.advance(seconds=1)
    assert sorted(text for _, text in stack.sent) == ["one", "two"]
    assert await stack.states() == ["sent", "sent"]
    rows = await stack.database.all("SELECT attempts FROM deliveries")
    assert [row["attempts"] for row in rows] == [1, 1]


async def test_what_is_held_is_not_given_back(stack: DeliveryStack) -> None:
    for chat in range(3):
        await stack.plan(await stack.reader(100 + chat), f"to {chat}")
    [first, second, _] = await stack.outbox.claim(stack.clock.now(), 3)
    assert await stack.outbox.give_back([first.id, second.id]) == 1
    assert await stack.states() == ["sending", "sending", "planned"]
    assert await stack.outbox.give_back([]) == 2


async def test_row_is_claimed_once(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    claims = await asyncio.gather(*(stack.outbox.claim(stack.clock.now(), 10) for _ in range(5)))
    assert sum(map(len, claims)) == 1


async def test_what_is_final_stays_as_it_is(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    [claimed] = await stack.outbox.claim(stack.clock.now(), 10)
    await stack.outbox.recover(stack.clock.now())
    for late in (Sent(1), Refused("no"), Blocked("blocked"), Unsent(), Migrated(-9)):
        await stack.outbox.record(
            [Result(claimed, decide(claimed, late, stack.clock.now()))], stack.clock.now()
        )
        assert await stack.states() == ["uncertain"]


async def test_many_go_side_by_side_while_one_is_held(stack: DeliveryStack) -> None:
    for chat in range(1, 31):
        await stack.plan(await stack.reader(chat), str(chat))
    held, open_ = 1, asyncio.Event()
    arrived: list[int] = []

    async def send(place: Place, _: Content) -> Outcome:
        if place.chat == held:
            await open_.wait()
        arrived.append(place.chat)
        return Sent(1)

    stack.send = send  # type: ignore[method-assign, assignment]  # the other side holds one
    async with stack.working():
        while len(arrived) < 29:
            await stack.clock.advance(seconds=0.01)
        open_.set()
        while len(arrived) < 30:
            await stack.clock.advance(seconds=0.01)
    assert arrived[-1] == held


async def test_stopping_gives_back_what_never_left_and_parks_what_is_unanswered(stack: DeliveryStack) -> None:
    for chat in range(1, 6):
        await stack.plan(await stack.reader(chat), str(chat))

    async def send(place: Place, _: Content) -> Outcome:
        stack.sent.append((place.chat, ""))
        await asyncio.Event().wait()
        return Sent(1)

    stack.send = send  # type: ignore[method-assign, assignment]  # the other side never answers
    async with stack.working(rate=2):
        while not stack.sent:
            await stack.clock.settle()
    states = await stack.states()
    assert states.count("uncertain") == len(stack.sent)
    assert states.count("planned") == 5 - len(stack.sent)


async def test_stopping_lets_what_is_in_flight_finish(stack: DeliveryStack) -> None:
    answered = asyncio.Event()

    async def send(place: Place, _: Content) -> Outcome:
        stack.sent.append((place.chat, ""))
        await answered.wait()
        return Sent(1)

    stack.send = send  # type: ignore[method-assign, assignment]
    for chat in range(1, 6):
        await stack.plan(await stack.reader(chat), str(chat))
    async with stack.working() as worker:
        while len(stack.sent) < 5:
            await stack.clock.advance(seconds=0.01)
        worker.claim_no_more()
        await stack.plan(await stack.reader(9), "too late")
        await stack.clock.settle()
        asyncio.get_running_loop().call_later(0.05, answered.set)
    assert await stack.states() == ["sent"] * 5 + ["planned"]


async def test_what_is_being_claimed_when_the_stop_comes_is_given_back(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(1), "one")
    claim, stopped = stack.outbox.claim, asyncio.Event()

    async def claim_slowly(now: datetime, limit: int) -> Sequence[Delivery]:
        found = await claim(now, limit)
        await stopped.wait()
        return found

    stack.outbox.claim = claim_slowly  # type: ignore[method-assign]  # as on a slow disk
    async with stack.working():
        while await stack.states() != ["sending"]:
            await stack.clock.settle()
        asyncio.get_running_loop().call_later(0.05, stopped.set)
    assert (await stack.states(), stack.sent) == (["planned"], [])


async def test_outcome_that_cannot_be_written_is_written_later(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    write, failures = stack.outbox.record, [StoreError("error.store"), StoreError("error.store")]

    async def record(*given: object) -> None:
        if failures:
            raise failures.pop()
        await write(*given)  # type: ignore[arg-type]  # passed on as it came

    stack.outbox.record = record  # type: ignore[method-assign, assignment]  # the disk fails twice
    await stack.deliver()
    assert (len(stack.sent), await stack.states()) == (1, ["sent"])


async def test_idle_worker_wakes_when_the_next_message_is_due(stack: DeliveryStack) -> None:
    async with stack.working() as worker:
        await stack.plan(await stack.reader(), "one")
        later = stack.clock.now() + timedelta(seconds=3)
        await stack.database.run("UPDATE deliveries SET due_at = :later", later=int(later.timestamp() * 1000))
        worker.wake()
        while not stack.sent and stack.clock.now() < later + MAX_IDLE / 2:
            await stack.clock.advance(seconds=0.005)
            await stack.outbox.counts()
    assert len(stack.sent) == 1


async def test_no_more_is_claimed_than_leaves_in_about_a_second(stack: DeliveryStack) -> None:
    for chat in range(1, 61):
        await stack.plan(await stack.reader(chat), "x")
    most = 0
    async with stack.working(rate=10):
        while len(stack.sent) < 20:
            await stack.clock.advance(seconds=0.005)
            most = max(most, (await stack.states()).count("sending"))
    assert most <= 10 + 10 / 2 + 2  # a batch, what is left of the one before, and what is on its way


async def test_outbox_that_cannot_be_read_is_read_later(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(), "one")
    claim, failures = stack.outbox.claim, [StoreError("error.store"), StoreError("error.store")]

    async def fail_first(now: datetime, limit: int) -> Sequence[Delivery]:
        if failures:
            raise failures.pop()
        return await claim(now, limit)

    stack.outbox.claim = fail_first  # type: ignore[method-assign]  # the disk fails twice
    async with asyncio.timeout(20):
        await stack.deliver(step=0.1)
    assert (len(stack.sent), await stack.states()) == (1, ["sent"])


async def test_outbox_that_cannot_be_read_is_left_alone_whatever_wakes(stack: DeliveryStack) -> None:
    claim, tried = stack.outbox.claim, 0

    async def fail_twice(now: datetime, limit: int) -> Sequence[Delivery]:
        nonlocal tried
        tried += 1
        if tried <= 2:
            raise StoreError("error.store")
        return await claim(now, limit)

    stack.outbox.claim = fail_twice  # type: ignore[method-assign]  # the disk fails
    async with stack.working() as worker:
        tries = []
        for failures in (1, 2):
            while tried < failures:
                await stack.clock.advance(seconds=0.1)
            for _ in range(30):
                worker.wake()
                await stack.clock.advance(seconds=0.01)
            tries.append(tried)
        while tried <= 2:
            await stack.clock.advance(seconds=0.1)
    assert tries == [1, 2]


@pytest.mark.parametrize("verb", ["claim", "record"])
async def test_damage_is_not_tried_again_and_again_but_told_to_who_watches(
    stack: DeliveryStack, verb: str
) -> None:
    await stack.plan(await stack.reader(), "one")
    error, tried = StoreDamaged("error.store_damaged"), 0

    async def fail(*_: object) -> None:
        nonlocal tried
        tried += 1
        raise error

    setattr(stack.outbox, verb, fail)
    async with asyncio.timeout(20):
        async with stack.working() as worker:
            while not worker.heartbeat.fatal_error:
                await stack.clock.advance(seconds=0.001)
    assert (worker.heartbeat.fatal_error, tried) == (error, 1)


async def test_many_who_have_stopped_hold_up_nobody_behind_them(stack: DeliveryStack) -> None:
    held = await stack.reader(1)
    await stack.plan(held, "held")
    for chat in range(2, 402):
        await stack.plan(await stack.reader(chat), "unwanted")
    await stack.database.run("UPDATE readers SET subscribed = 0 WHERE chat > 1")
    await stack.plan(await stack.reader(999), "wanted")
    take = stack.send

    async def send(place: Place, message: Content) -> Outcome:
        if place.chat == 1:
            await asyncio.Event().wait()
        return await take(place, message)

    stack.send = send  # type: ignore[method-assign]  # one chat never answers, so nothing wakes the worker
    async with stack.working(rate=1e6):
        end = stack.clock.now() + MAX_IDLE / 2  # until when nothing but the claim itself can come upon it
        while not stack.sent and stack.clock.now() < end:
            await stack.clock.advance(seconds=0.0005)
            await stack.outbox.counts()
        assert stack.sent == [(999, "wanted")]


async def test_outcome_that_can_never_be_written_keeps_no_other_from_it(stack: DeliveryStack) -> None:
    for chat in range(1, 6):
        await stack.plan(await stack.reader(chat), "x")
    write, odd = stack.outbox.record, 3

    async def record(results: Sequence[Result], now: datetime) -> None:
        if any(result.delivery.place.chat == odd for result in results):
            raise ValueError("a mistake of ours")
        await write(results, now)

    stack.outbox.record = record  # type: ignore[method-assign]  # one of five cannot be written
    async with stack.working():
        while (await stack.states()).count("sent") < 4:
            await stack.clock.advance(seconds=0.01)
    assert sorted(await stack.states()) == ["sending", "sent", "sent", "sent", "sent"]


async def test_what_is_answered_while_it_writes_is_written_together(stack: DeliveryStack) -> None:
    for chat in range(1, 51):
        await stack.plan(await stack.reader(chat), "x")
    write, groups = stack.outbox.record, []

    async def record(results: Sequence[Result], now: datetime) -> None:
        groups.append(len(results))
        await stack.clock.settle()  # the others are answered meanwhile
        await write(results, now)

    stack.outbox.record = record  # type: ignore[method-assign]  # it is only watched
    await stack.deliver(seconds=60)
    assert await stack.states() == ["sent"] * 50
    assert max(groups) > 1


async def test_answer_is_written_down_though_no_other_comes(stack: DeliveryStack) -> None:
    for chat in range(1, 301):
        await stack.plan(await stack.reader(chat), "x")
    take = stack.send

    async def send(place: Place, message: Content) -> Outcome:
        if place.chat % 60:
            await asyncio.Event().wait()
        return await take(place, message)

    stack.send = send  # type: ignore[method-assign]  # four of five senders wait for ever
    async with stack.working(rate=1e6) as worker:
        while not worker.unwritten:
            await stack.clock.advance(seconds=0.001)  # the pacer gives a turn
        assert "sent" not in await stack.states()
        while "sent" not in await stack.states():
            await stack.clock.advance(seconds=WRITE_WAIT_S)


async def test_no_more_are_being_sent_than_a_crash_may_leave_unclear(stack: DeliveryStack) -> None:
    for chat in range(1, 501):
        await stack.plan(await stack.reader(chat), "x")
    write, most = stack.outbox.record, 0

    async def record(results: Sequence[Result], now: datetime) -> None:
        nonlocal most
        for _ in range(200):
            most = max(most, (await stack.outbox.counts())["sending"])
        await write(results, now)

    stack.outbox.record = record  # type: ignore[method-assign]  # a slow disk
    async with stack.working(rate=1e6):
        while await stack.busy():
            await stack.clock.advance(seconds=0.01)
    assert await stack.states() == ["sent"] * 500
    assert 64 < most <= MAX_SENDING


async def test_every_row_ends_in_one_state(stack: DeliveryStack) -> None:
    for chat in range(1, 21):
        await stack.plan(await stack.reader(chat), "one", "two")
    stack.answers = [
        Sent(1),
        Uncertain("no_answer"),
        Refused("r"),
        Blocked("gone"),
        Denied("d"),
        Throttled(timedelta(seconds=1)),
        Unsent(),
    ]
    await stack.deliver()
    await stack.deliver(seconds=60)
    counts = await stack.outbox.counts()
    assert sum(counts.values()) == 40
    assert counts.get("planned", 0) + counts.get("sending", 0) == 0


async def test_worker_whose_recorder_dies_is_hopeless(stack: DeliveryStack) -> None:
    await stack.plan(await stack.reader(1), "x")
    worker = Worker(
        outage=stack.outage, breaker=stack.breaker, outbox=stack.outbox, send=stack.send,
        pacer=Pacer(stack.clock, Rates(overall=1000, share=0)), clock=stack.clock,
    )  # fmt: skip
    fault = RuntimeError("a fault of our own")

    async def broken() -> None:
        raise fault

    worker._recorder.write = broken  # type: ignore[method-assign]  # nothing from outside makes it fail
    with pytest.raises(RuntimeError, match="of our own"):
        async with asyncio.timeout(30):
            await worker.run()
    assert worker.heartbeat.fatal_error is fault
