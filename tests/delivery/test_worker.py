"""The worker on a real outbox: each outcome ends in the right state, and nothing is sent twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest

from bot.article.model import ArticleId
from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.outbox import OutboxStore
from bot.db.readers import ReaderStore
from bot.delivery.breaker import Breaker
from bot.delivery.decide import decide
from bot.delivery.model import (
    Blocked,
    Delivery,
    Denied,
    Kind,
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
from bot.delivery.outage import Outage
from bot.delivery.pacer import Pacer, Rates
from bot.delivery.recorder import WRITE_WAIT_S
from bot.delivery.worker import MAX_IDLE, MAX_SENDING, Worker
from bot.errors import StoreDamaged, StoreError
from bot.i18n import Language
from bot.message.model import Content, Message
from bot.reader.model import Place, Reader, Schedule
from tests.clock import NOON, StillClock


def text_of(content: Content) -> str:
    assert isinstance(content, Message)
    return content.text


@dataclass
class Line:
    """An outbox, a worker, and what reached the other side."""

    database: Database
    clock: StillClock
    readers: ReaderStore
    outbox: OutboxStore
    plans: DigestStore
    answers: list[Outcome | Exception] = field(default_factory=list)
    sent: list[tuple[int, str]] = field(default_factory=list)
    reachable: bool = True
    probes: int = 0

    def __post_init__(self) -> None:
        self.outage, self.breaker = Outage(self.clock, self.probe), Breaker(self.clock)

    async def probe(self) -> bool:
        self.probes += 1
        return self.reachable

    async def send(self, place: Place, message: Content) -> Outcome:
        self.sent.append((place.chat, text_of(message)))
        answer = self.answers.pop(0) if self.answers else Sent(len(self.sent))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def reader(self, chat: int = 5) -> Reader:
        met = await self.readers.meet(Place(chat), language=Language("en"), now=NOON, back=3)
        await self.readers.subscribe(
            met.id, Schedule(zone="UTC", times=(time(8),)), NOON + timedelta(hours=20)
        )
        return met

    async def plan(
        self, reader: Reader, *texts: str, occasion: str = "o", kind: Kind = "digest", upto: int = 9
    ) -> None:
        await self.plans.notify(
            [
                Plan(
                    reader=reader.id, kind=kind, occasion=occasion, expires_at=NOON + timedelta(hours=6),
                    parts=tuple(Message(text=text) for text in texts), upto=upto, articles=(ArticleId(1),),
                )
            ],
            self.clock.now(),
        )  # fmt: skip

    async def states(self) -> list[str]:
        rows = await self.database.all("SELECT state FROM deliveries ORDER BY id")
        return [row["state"] for row in rows]

    async def watermark(self, reader: Reader) -> int:
        found = await self.readers.get(reader.id)
        assert found is not None
        return found.cursors.watermark

    @contextlib.asynccontextmanager
    async def working(self, **more: float) -> AsyncIterator[Worker]:
        worker = Worker(
            outage=self.outage,
            breaker=self.breaker,
            outbox=self.outbox,
            send=self.send,
            pacer=Pacer(self.clock, Rates(overall=more.get("rate", 1000), share=0)),
            clock=self.clock,
        )
        task, probing = asyncio.create_task(worker.run()), asyncio.create_task(self.outage.run())
        try:
            yield worker
        finally:
            await worker.stop(timedelta(seconds=1))
            await task
            probing.cancel()

    async def deliver(self, *, seconds: float = 0, step: float = 0.001) -> None:
        """Work until nothing is due any more, after some time."""
        async with self.working() as worker:
            await self.clock.advance(seconds=seconds)
            worker.wake()
            while await self.busy():
                # A turn of the pacer: while the disk is slow, the clock must not run far.
                await self.clock.advance(seconds=step)

    async def busy(self) -> bool:
        """Return whether a row is due or in flight."""
        [row] = await self.database.all(
            "SELECT count(*) AS n FROM deliveries WHERE state = 'sending' OR (state = 'planned' AND due_at <= :now)",
            now=int(self.clock.now().timestamp() * 1000),
        )
        return bool(row["n"])


@pytest.fixture
def line(database: Database, clock: StillClock) -> Line:
    return Line(database, clock, ReaderStore(database), OutboxStore(database), DigestStore(database))


async def test_all_parts_are_sent_in_order_and_then_the_watermark_moves(line: Line) -> None:
    reader = await line.reader()
    await line.plan(reader, "one", "two", "three")
    await line.deliver()
    assert [text for _, text in line.sent] == ["one", "two", "three"]
    assert await line.states() == ["sent"] * 3
    assert await line.watermark(reader) == 9


async def test_uncertain_part_is_not_repeated_and_the_watermark_stays(line: Line) -> None:
    reader = await line.reader()
    await line.plan(reader, "one", "two", "three")
    line.answers = [Sent(1), Uncertain("no_answer")]
    await line.deliver()
    assert [text for _, text in line.sent] == ["one", "two", "three"]
    assert await line.states() == ["sent", "uncertain", "sent"]
    assert await line.watermark(reader) == 0


async def test_fault_of_our_own_leaves_a_message_uncertain(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    line.answers = [ValueError("ours")]
    await line.deliver()
    assert await line.states() == ["uncertain"]


async def test_unsent_message_is_repeated_with_growing_waits_until_too_late(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    line.answers = [Unsent()] * 100
    await line.deliver()
    assert (await line.states(), len(line.sent)) == (["planned"], 1)
    await line.deliver(seconds=0.5)
    assert len(line.sent) == 1
    await line.deliver(seconds=1)
    assert len(line.sent) == 2
    await line.deliver(seconds=7 * 3600)
    assert (await line.states(), len(line.sent)) == (["excluded"], 2)


async def test_throttled_digest_is_sent_once_the_wait_is_over(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    line.answers = [Throttled(timedelta(seconds=30))]
    await line.deliver()
    await line.deliver(seconds=29)
    assert len(line.sent) == 1
    await line.deliver(seconds=2)
    assert (len(line.sent), await line.states()) == (2, ["sent"])


async def test_throttled_chat_does_not_hold_up_others_but_two_of_them_do(line: Line) -> None:
    for chat in (5, 6, 7, 8):
        await line.plan(await line.reader(chat), str(chat))
    line.answers = [Throttled(timedelta(seconds=60))]
    await line.deliver(step=0.01)
    assert sorted(chat for chat, _ in line.sent) == [5, 6, 7, 8]
    for chat in (15, 16):
        await line.plan(await line.reader(chat), str(chat))
    line.answers = [Throttled(timedelta(seconds=30))] * 2
    async with line.working() as worker:
        while await line.busy():
            await line.clock.advance(seconds=0.01)
        await line.plan(await line.reader(17), "17")
        before, sent = line.clock.monotonic(), len(line.sent)
        worker.wake()
        for _ in range(50):  # time enough for a claim
            await line.clock.advance(seconds=0.01)
            await line.states()
        assert (await line.states())[-1] == "planned"
        [row] = await line.database.all("SELECT due_at, planned_at FROM deliveries ORDER BY id DESC LIMIT 1")
        assert row["due_at"] == row["planned_at"], "it was not even claimed"
        while len(line.sent) == sent:
            await line.clock.advance(seconds=0.5)
        assert line.clock.monotonic() - before >= 29


async def test_absurd_waits_of_some_chats_hold_up_no_others(line: Line) -> None:
    for chat in range(1, 21):
        await line.plan(await line.reader(chat), str(chat))
    line.answers = [Throttled(timedelta(days=3650)), Sent(1)] * 10
    async with line.working():
        before = line.clock.monotonic()
        while await line.busy():
            await line.clock.advance(seconds=0.001)
        assert line.clock.monotonic() - before <= 2
    assert (len(line.sent), (await line.states()).count("sent")) == (20, 10)


async def test_wait_that_telegram_asked_for_counts_as_no_attempt(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    line.answers = [Throttled(timedelta(seconds=30))]
    await line.deliver()
    [row] = await line.database.all("SELECT attempts FROM deliveries")
    assert row["attempts"] == 0


async def test_group_that_had_its_share_holds_up_nobody(line: Line) -> None:
    group = await line.reader(-5)
    for number in range(19):
        await line.plan(group, str(number), occasion=str(number))
    await line.deliver(step=0.01)
    assert (len(line.sent), await line.states()) == (18, ["sent"] * 18 + ["planned"])
    await line.plan(await line.reader(6), "other")
    await line.deliver(step=0.01)
    assert line.sent[-1] == (6, "other")
    await line.deliver(seconds=60)
    assert len(line.sent) == 20


async def test_slow_server_gets_more_messages_at_a_time(line: Line) -> None:
    async def slow(place: Place, message: Content) -> Outcome:
        line.sent.append((place.chat, text_of(message)))
        await line.clock.sleep(0.2)
        return Sent(len(line.sent))

    line.send = slow  # type: ignore[method-assign]
    for chat in range(1, 301):
        await line.plan(await line.reader(chat), "x")
    async with line.working() as worker:
        most = 0
        while await line.busy():
            await line.clock.advance(seconds=0.005)
            most = max(most, len(worker._senders))
    assert 64 < most <= MAX_SENDING


async def test_refusal_ends_in_failed_and_a_block_suspends(line: Line) -> None:
    one, two = await line.reader(5), await line.reader(6)
    await line.plan(one, "one")
    line.answers = [Refused("no")]
    await line.deliver()
    await line.plan(two, "one", "two")
    line.answers = [Blocked("blocked")]
    await line.deliver()
    assert await line.states() == ["failed", "excluded", "excluded"]
    suspended = await line.readers.get(two.id)
    assert suspended is not None
    assert (suspended.subscription.active, suspended.subscription.suspended) == (True, "blocked")


async def test_group_that_moved_is_followed(line: Line) -> None:
    reader = await line.reader(-5)
    await line.plan(reader, "one")
    line.answers = [Migrated(-100)]
    await line.deliver()
    assert line.sent == [(-5, "one"), (-100, "one")]
    assert await line.watermark(reader) == 9


async def test_group_that_keeps_moving_is_not_followed_for_ever(line: Line) -> None:
    await line.plan(await line.reader(-5), "one")
    line.answers = [Migrated(-100 - n) for n in range(50)]
    await line.deliver()
    assert (len(line.sent), await line.states()) == (4, ["failed"])


async def test_who_unsubscribes_in_flight_gets_no_second_attempt(line: Line) -> None:
    reader = await line.reader()
    await line.plan(reader, "one")
    line.answers = [Throttled(timedelta(seconds=30))]
    await line.deliver()
    await line.database.run("UPDATE readers SET subscribed = 0")  # while it was being sent
    await line.deliver(seconds=31)
    assert (len(line.sent), await line.states()) == (1, ["excluded"])


async def test_notice_goes_to_who_never_subscribed_and_moves_no_watermark(line: Line) -> None:
    reader = await line.readers.meet(Place(5), language=Language("en"), now=NOON, back=3)
    await line.plan(reader, "notice", kind="notice")
    await line.deliver()
    assert await line.states() == ["sent"]
    assert await line.watermark(reader) == 0


async def test_after_a_crash_what_was_being_sent_is_uncertain_and_not_sent_again(line: Line) -> None:
    await line.plan(await line.reader(), "one", "two")
    [claimed] = await line.outbox.claim(line.clock.now(), 10)
    assert claimed.content == Message(text="one")
    await line.deliver()
    assert [text for _, text in line.sent] == ["two"]
    assert await line.states() == ["uncertain", "sent"]


async def test_row_is_claimed_once(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    claims = await asyncio.gather(*(line.outbox.claim(line.clock.now(), 10) for _ in range(5)))
    assert sum(map(len, claims)) == 1


async def test_what_is_final_stays_as_it_is(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    [claimed] = await line.outbox.claim(line.clock.now(), 10)
    await line.outbox.recover(line.clock.now())
    for late in (Sent(1), Refused("no"), Blocked("blocked"), Unsent(), Migrated(-9)):
        await line.outbox.record([Result(claimed, decide(claimed, late, line.clock.now()))], line.clock.now())
        assert await line.states() == ["uncertain"]


async def test_many_go_side_by_side_while_one_is_held(line: Line) -> None:
    for chat in range(1, 31):
        await line.plan(await line.reader(chat), str(chat))
    held, open_ = 1, asyncio.Event()
    arrived: list[int] = []

    async def send(place: Place, _: Content) -> Outcome:
        if place.chat == held:
            await open_.wait()
        arrived.append(place.chat)
        return Sent(1)

    line.send = send  # type: ignore[method-assign, assignment]  # the other side holds one
    async with line.working():
        while len(arrived) < 29:
            await line.clock.advance(seconds=0.01)
        open_.set()
        while len(arrived) < 30:
            await line.clock.advance(seconds=0.01)
    assert arrived[-1] == held


async def test_stopping_gives_back_what_never_left_and_parks_what_is_unanswered(line: Line) -> None:
    for chat in range(1, 6):
        await line.plan(await line.reader(chat), str(chat))

    async def send(place: Place, _: Content) -> Outcome:
        line.sent.append((place.chat, ""))
        await asyncio.Event().wait()
        return Sent(1)

    line.send = send  # type: ignore[method-assign, assignment]  # the other side never answers
    async with line.working(rate=2):
        while not line.sent:
            await line.clock.settle()
    states = await line.states()
    assert states.count("uncertain") == len(line.sent)
    assert states.count("planned") == 5 - len(line.sent)


async def test_stopping_lets_what_is_in_flight_finish(line: Line) -> None:
    answered = asyncio.Event()

    async def send(place: Place, _: Content) -> Outcome:
        line.sent.append((place.chat, ""))
        await answered.wait()
        return Sent(1)

    line.send = send  # type: ignore[method-assign, assignment]
    for chat in range(1, 6):
        await line.plan(await line.reader(chat), str(chat))
    async with line.working() as worker:
        while len(line.sent) < 5:
            await line.clock.advance(seconds=0.01)
        worker.claim_no_more()
        await line.plan(await line.reader(9), "too late")
        await line.clock.settle()
        asyncio.get_running_loop().call_later(0.05, answered.set)
    assert await line.states() == ["sent"] * 5 + ["planned"]


async def test_what_is_being_claimed_when_the_stop_comes_is_given_back(line: Line) -> None:
    await line.plan(await line.reader(1), "one")
    claim, stopped = line.outbox.claim, asyncio.Event()

    async def claim_slowly(now: datetime, limit: int) -> Sequence[Delivery]:
        found = await claim(now, limit)
        await stopped.wait()
        return found

    line.outbox.claim = claim_slowly  # type: ignore[method-assign]  # as on a slow disk
    async with line.working():
        while await line.states() != ["sending"]:
            await line.clock.settle()
        asyncio.get_running_loop().call_later(0.05, stopped.set)
    assert (await line.states(), line.sent) == (["planned"], [])


async def test_outcome_that_cannot_be_written_is_written_later(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    write, failures = line.outbox.record, [StoreError("error.store"), StoreError("error.store")]

    async def record(*given: object) -> None:
        if failures:
            raise failures.pop()
        await write(*given)  # type: ignore[arg-type]  # passed on as it came

    line.outbox.record = record  # type: ignore[method-assign, assignment]  # the disk fails twice
    await line.deliver()
    assert (len(line.sent), await line.states()) == (1, ["sent"])


async def test_idle_worker_wakes_when_the_next_message_is_due(line: Line) -> None:
    async with line.working() as worker:
        await line.plan(await line.reader(), "one")
        later = line.clock.now() + timedelta(seconds=3)
        await line.database.run("UPDATE deliveries SET due_at = :later", later=int(later.timestamp() * 1000))
        worker.wake()
        while not line.sent and line.clock.now() < later + MAX_IDLE / 2:
            await line.clock.advance(seconds=0.005)
            await line.outbox.counts()
    assert len(line.sent) == 1


async def test_no_more_is_claimed_than_leaves_in_about_a_second(line: Line) -> None:
    for chat in range(1, 61):
        await line.plan(await line.reader(chat), "x")
    most = 0
    async with line.working(rate=10):
        while len(line.sent) < 20:
            await line.clock.advance(seconds=0.005)
            most = max(most, (await line.states()).count("sending"))
    assert most <= 10 + 10 / 2 + 2  # a batch, what is left of the one before, and what is on its way


async def test_outbox_that_cannot_be_read_is_read_later(line: Line) -> None:
    await line.plan(await line.reader(), "one")
    claim, failures = line.outbox.claim, [StoreError("error.store"), StoreError("error.store")]

    async def fail_first(now: datetime, limit: int) -> Sequence[Delivery]:
        if failures:
            raise failures.pop()
        return await claim(now, limit)

    line.outbox.claim = fail_first  # type: ignore[method-assign]  # the disk fails twice
    async with asyncio.timeout(5):
        await line.deliver()
    assert (len(line.sent), await line.states()) == (1, ["sent"])


@pytest.mark.parametrize("verb", ["claim", "record"])
async def test_damage_is_not_tried_again_and_again_but_told_to_who_watches(line: Line, verb: str) -> None:
    await line.plan(await line.reader(), "one")
    error, tried = StoreDamaged("error.store_damaged"), 0

    async def fail(*_: object) -> None:
        nonlocal tried
        tried += 1
        raise error

    setattr(line.outbox, verb, fail)
    async with asyncio.timeout(5):
        async with line.working() as worker:
            while not worker.heartbeat.fatal_error:
                await line.clock.advance(seconds=0.001)
    assert (worker.heartbeat.fatal_error, tried) == (error, 1)


async def test_many_who_have_stopped_hold_up_nobody_behind_them(line: Line) -> None:
    held = await line.reader(1)
    await line.plan(held, "held")
    for chat in range(2, 402):
        await line.plan(await line.reader(chat), "unwanted")
    await line.database.run("UPDATE readers SET subscribed = 0 WHERE chat > 1")
    await line.plan(await line.reader(999), "wanted")
    take = line.send

    async def send(place: Place, message: Content) -> Outcome:
        if place.chat == 1:
            await asyncio.Event().wait()
        return await take(place, message)

    line.send = send  # type: ignore[method-assign]  # one chat never answers, so nothing wakes the worker
    async with line.working(rate=1e6):
        end = line.clock.now() + MAX_IDLE / 2  # until when nothing but the claim itself can come upon it
        while not line.sent and line.clock.now() < end:
            await line.clock.advance(seconds=0.0005)
            await line.outbox.counts()
        assert line.sent == [(999, "wanted")]


async def test_outcome_that_can_never_be_written_keeps_no_other_from_it(line: Line) -> None:
    for chat in range(1, 6):
        await line.plan(await line.reader(chat), "x")
    write, odd = line.outbox.record, 3

    async def record(results: Sequence[Result], now: datetime) -> None:
        if any(result.delivery.place.chat == odd for result in results):
            raise ValueError("a mistake of ours")
        await write(results, now)

    line.outbox.record = record  # type: ignore[method-assign]  # one of five cannot be written
    async with line.working():
        while (await line.states()).count("sent") < 4:
            await line.clock.advance(seconds=0.01)
    assert sorted(await line.states()) == ["sending", "sent", "sent", "sent", "sent"]


async def test_what_is_answered_while_it_writes_is_written_together(line: Line) -> None:
    for chat in range(1, 51):
        await line.plan(await line.reader(chat), "x")
    write, groups = line.outbox.record, []

    async def record(results: Sequence[Result], now: datetime) -> None:
        groups.append(len(results))
        await line.clock.settle()  # the others are answered meanwhile
        await write(results, now)

    line.outbox.record = record  # type: ignore[method-assign]  # it is only watched
    await line.deliver(seconds=60)
    assert await line.states() == ["sent"] * 50
    assert max(groups) > 1


async def test_answer_is_written_down_though_no_other_comes(line: Line) -> None:
    for chat in range(1, 301):
        await line.plan(await line.reader(chat), "x")
    take = line.send

    async def send(place: Place, message: Content) -> Outcome:
        if place.chat % 60:
            await asyncio.Event().wait()
        return await take(place, message)

    line.send = send  # type: ignore[method-assign]  # four of five senders wait for ever
    async with line.working(rate=1e6) as worker:
        while not worker._recorder._results:
            await line.clock.advance(seconds=0.001)  # the pacer gives a turn
        assert "sent" not in await line.states()
        while "sent" not in await line.states():
            await line.clock.advance(seconds=WRITE_WAIT_S)


async def test_no_more_are_being_sent_than_a_crash_may_leave_unclear(line: Line) -> None:
    for chat in range(1, 501):
        await line.plan(await line.reader(chat), "x")
    write, most = line.outbox.record, 0

    async def record(results: Sequence[Result], now: datetime) -> None:
        nonlocal most
        for _ in range(200):
            most = max(most, (await line.outbox.counts())["sending"])
        await write(results, now)

    line.outbox.record = record  # type: ignore[method-assign]  # a slow disk
    async with line.working(rate=1e6):
        while await line.busy():
            await line.clock.advance(seconds=0.01)
    assert await line.states() == ["sent"] * 500
    assert 64 < most <= MAX_SENDING


async def test_every_row_ends_in_one_state(line: Line) -> None:
    for chat in range(1, 21):
        await line.plan(await line.reader(chat), "one", "two")
    line.answers = [
        Sent(1),
        Uncertain("no_answer"),
        Refused("r"),
        Blocked("gone"),
        Denied("d"),
        Throttled(timedelta(seconds=1)),
        Unsent(),
    ]
    await line.deliver()
    await line.deliver(seconds=60)
    counts = await line.outbox.counts()
    assert sum(counts.values()) == 40
    assert counts.get("planned", 0) + counts.get("sending", 0) == 0


async def test_worker_whose_recorder_dies_is_hopeless(line: Line) -> None:
    await line.plan(await line.reader(1), "x")
    worker = Worker(
        outage=line.outage, breaker=line.breaker, outbox=line.outbox, send=line.send,
        pacer=Pacer(line.clock, Rates(overall=1000, share=0)), clock=line.clock,
    )  # fmt: skip
    fault = RuntimeError("a fault of our own")

    async def broken() -> None:
        raise fault

    worker._recorder.write = broken  # type: ignore[method-assign]  # nothing from outside makes it fail
    with pytest.raises(RuntimeError, match="of our own"):
        async with asyncio.timeout(10):
            await worker.run()
    assert worker.heartbeat.fatal_error is fault
