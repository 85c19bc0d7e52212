"""Messages leave within the limits, replies first, and nothing bursts after a pause."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacer import ALL_CHATS, MAX_COMMON_HOLD, MAX_HOLD, Lane, Pacer, WouldWait
from bot.delivery.rates import Rates
from bot.errors import StoreError
from tests.clock import NOON, StillClock

SLACK = 1e-6
"""Rounding: the test's clock counts microseconds."""


@dataclass
class PacerRun:
    """Who asked when, and who left when."""

    clock: StillClock
    pacer: Pacer
    left: list[tuple[float, int, Lane]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def ask(self, *chats: int, lane: Lane = "digest", edit: bool = False) -> None:
        async def take(chat: int) -> None:
            await self.pacer.acquire(chat, lane, patience=1e9, edit=edit)
            self.left.append((self.clock.monotonic(), chat, lane))

        self.tasks += [asyncio.create_task(take(chat)) for chat in chats]
        await self.clock.settle()

    async def all_left(self, step: float = 0.01, most: float = 200) -> None:
        end = self.clock.monotonic() + most
        while not all(task.done() for task in self.tasks):
            assert self.clock.monotonic() < end, "somebody waits for ever"
            await self.clock.skip(late=step)
        await asyncio.gather(*self.tasks)

    def times(self, *, chat: int | None = None, lane: Lane | None = None) -> list[float]:
        return [at for at, whom, how in self.left if chat in {None, whom} and lane in {None, how}]


def paced(
    clock: StillClock, cooldowns: Mapping[int | None, datetime] | None = None, **rates: float
) -> PacerRun:
    return PacerRun(clock, Pacer(clock, Rates(**rates), cooldowns=cooldowns))  # type: ignore[arg-type]


def never_more(times: Sequence[float], most: int, span: float) -> bool:
    return all(later - earlier >= span - SLACK for earlier, later in zip(times, times[most:], strict=False))


async def test_digests_come_at_the_rate_less_what_is_kept_for_replies(clock: StillClock) -> None:
    turns = paced(clock, overall=25)
    await turns.ask(*range(1, 62))
    await turns.all_left()
    assert 2.99 <= turns.left[-1][0] - turns.left[0][0] <= 3.1


async def test_turns_that_nobody_took_are_not_saved_up(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(1)
    await clock.advance(hours=1)
    await turns.ask(*range(2, 8))
    await turns.all_left()
    apart = [later - earlier for earlier, later in zip(turns.times()[1:], turns.times()[2:], strict=False)]
    assert min(apart) > 0.03


@pytest.mark.parametrize("overall", [10, 25, 1000])
async def test_timers_that_ring_late_cost_no_speed(clock: StillClock, overall: float) -> None:
    turns = paced(clock, overall=overall)
    many = int(turns.pacer.rate * 2)
    await turns.ask(*range(1, many + 1))
    await turns.all_left(step=0.011)
    assert many / (turns.left[-1][0] - turns.left[0][0]) >= turns.pacer.rate * 0.98
    assert never_more(turns.times(), int(turns.pacer.rate), 1), "what is kept for replies stays kept"


async def test_slow_rate_is_kept_too(clock: StillClock) -> None:
    turns = paced(clock, overall=0.5)
    await turns.ask(1, 2, 3)
    await turns.all_left()
    assert turns.left[-1][0] - turns.left[0][0] >= 4 - SLACK


async def test_reply_does_not_wait_for_the_digests_before_it(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(*range(1, 1000))
    await clock.advance(seconds=3)
    await turns.ask(*range(2001, 2006), lane="reply")
    assert len(turns.times(lane="reply")) == 5
    for task in turns.tasks:
        task.cancel()


async def test_more_replies_than_are_kept_take_the_turns_of_digests(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(*range(1, 100))
    await clock.advance(seconds=3)
    asked = clock.monotonic()
    await turns.ask(*range(2001, 2061), lane="reply")
    await turns.all_left()
    last = max(turns.times(lane="reply"))
    assert last - asked <= 60 / 20 + 0.3
    digests = [at for at in turns.times(lane="digest") if asked + 1 < at < last - 0.1]
    assert len(digests) <= 5 * (last - asked)
    assert never_more(turns.times(), 25, 1)


async def test_digests_keep_their_share_however_long_replies_wait(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(*range(1, 200))
    start = clock.monotonic()
    await turns.ask(*range(10_001, 10_401), lane="reply")
    for _ in range(1_000):  # the queue of replies never empties
        await clock.advance(seconds=0.01)
    assert turns.times(lane="reply")[-1] > start + 9
    for second in range(9):
        of_it = [at for at in turns.times(lane="digest") if start + second <= at < start + second + 1]
        assert len(of_it) >= 4, f"second {second}"
    assert never_more(turns.times(), 25, 1)
    for task in turns.tasks:
        task.cancel()


@pytest.mark.parametrize("overall", [1, 2, 4])
async def test_slow_rate_starves_neither_lane(clock: StillClock, overall: float) -> None:
    turns = paced(clock, overall=overall)
    await turns.ask(*range(1, 100))
    await turns.ask(*range(10_001, 10_101), lane="reply")
    for _ in range(2_000):
        await clock.advance(seconds=0.01)
    digests, replies = len(turns.times(lane="digest")), len(turns.times(lane="reply"))
    assert digests >= 3
    assert replies >= 2 * digests
    for task in turns.tasks:
        task.cancel()


async def test_owner_goes_before_replies_that_wait(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(*range(10_001, 10_401), lane="reply")
    await clock.advance(seconds=3)
    asked = clock.monotonic()
    await turns.ask(1, lane="owner")
    while not turns.times(lane="owner"):
        await clock.advance(seconds=0.01)
    assert turns.times(lane="owner")[0] - asked <= 0.1
    assert never_more(turns.times(), 25, 1)
    for task in turns.tasks:
        task.cancel()


@pytest.mark.parametrize("lane", ["reply", "owner"])
async def test_replies_that_are_throttled_hold_no_digests(clock: StillClock, lane: Lane) -> None:
    turns = paced(clock)
    for chat in (7, 8, 9):
        await turns.pacer.throttled(chat, timedelta(minutes=5), lane)
    await turns.ask(10)
    assert len(turns.left) == 1


async def test_absurd_wait_holds_a_chat_for_an_hour_and_is_logged(
    clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    turns = paced(clock)
    await turns.pacer.throttled(7, timedelta(days=3650), "digest")
    assert "leave chat 7 alone for 3600 seconds" in caplog.text
    assert turns.pacer.cooldowns() == {7: MAX_HOLD}
    assert paced(clock, cooldowns={7: NOON + timedelta(days=3650)}).pacer.cooldowns() == {7: MAX_HOLD}
    await turns.pacer.throttled(8, timedelta(days=3650), "digest")
    await turns.ask(10)
    await clock.advance(seconds=31)
    assert turns.times(chat=10), "the common cause was over after half a minute"
    turns.pacer.lift_cooldowns()
    assert turns.pacer.cooldowns() == {}
    await turns.ask(7, 8)
    await turns.all_left()


async def test_one_chat_that_is_throttled_twice_holds_no_other(clock: StillClock) -> None:
    pacer = paced(clock).pacer
    await pacer.throttled(7, timedelta(seconds=3), "digest")
    await pacer.throttled(7, timedelta(seconds=3), "digest")
    assert pacer.digests_held() == 0
    await pacer.throttled(8, timedelta(seconds=3), "digest")
    assert pacer.digests_held() == pytest.approx(3)


async def test_lifting_brings_the_next_digest_near(clock: StillClock) -> None:
    pacer = paced(clock).pacer
    for chat in range(1, 30):
        await pacer.throttled(chat, timedelta(days=3650), "digest")
    assert pacer.digests_held() == 30
    pacer.lift_cooldowns()
    assert pacer.digests_held() <= 1 / pacer.rate + SLACK


async def test_digest_leaves_soon_after_waits_were_lifted(clock: StillClock) -> None:
    turns = paced(clock)
    for chat in range(1, 30):
        await turns.pacer.throttled(chat, timedelta(days=3650), "digest")
    turns.pacer.lift_cooldowns()
    await turns.ask(40)
    await clock.advance(seconds=2 / turns.pacer.rate)
    assert turns.times(chat=40)


async def test_long_waits_are_common_only_while_no_digest_is_accepted(clock: StillClock) -> None:
    pacer = paced(clock).pacer
    for chat in range(1, 5):
        await pacer.throttled(chat, timedelta(days=3650), "digest")
        assert pacer.digests_held() == 0
        pacer.accepted()
    held = []
    for chat in range(5, 40):
        await pacer.throttled(chat, timedelta(days=3650), "digest")
        held.append(pacer.digests_held())
    assert held[:7] == [0, 1, 2, 4, 8, 16, 30]
    assert max(held) == 30


async def test_edits_in_a_private_chat_are_paced_by_themselves(clock: StillClock) -> None:
    turns = paced(clock)
    start = clock.monotonic()
    await turns.ask(*[7] * 13, lane="reply", edit=True)
    assert len(turns.left) == 10
    await turns.ask(*[7] * 3, lane="reply")
    assert len(turns.left) == 13, "edits have used up no messages"
    await turns.all_left()
    assert [round(at - start, 1) for at in turns.times(chat=7)[-3:]] == [1, 2, 3]


@pytest.mark.parametrize(("replies", "digests", "at_once"), [(5, 15, 5), (10, 10, 5), (20, 5, 0)])
async def test_digests_leave_room_for_the_next_replies_however_many_there_were(
    clock: StillClock, replies: int, digests: int, at_once: int
) -> None:
    turns = paced(clock)
    await turns.ask(*range(1, 200))
    for number in range(4 * replies):
        await turns.ask(2000 + number, lane="reply")
        for _ in range(20 // replies):
            await clock.advance(seconds=0.05)
    asked = clock.monotonic()
    await turns.ask(*range(3001, 3001 + at_once), lane="reply")
    assert len([at for at in turns.times(lane="reply") if at == asked]) >= at_once
    of_a_second = len([at for at in turns.times(lane="digest") if asked - 3 < at <= asked]) / 3
    assert abs(of_a_second - digests) <= 2  # the clock of this test moves in steps
    for task in turns.tasks:
        task.cancel()


async def test_private_chat_gets_three_at_once_and_then_one_a_second(clock: StillClock) -> None:
    turns = paced(clock)
    start = clock.monotonic()
    await turns.ask(*[7] * 5, lane="reply")
    assert len(turns.left) == 3
    await turns.ask(8, lane="reply")
    assert turns.left[-1][1] == 8, "another chat does not wait"
    await turns.all_left()
    assert [round(at - start, 1) for at in turns.times(chat=7)] == [0, 0, 0, 1, 2]


async def test_edits_in_a_private_chat_wait_only_when_it_is_held(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(*[7] * 9, lane="reply", edit=True)
    assert len(turns.left) == 9
    await turns.ask(*[7] * 3, lane="reply")
    assert len(turns.left) == 12, "edits have used up nothing"
    await turns.pacer.throttled(7, timedelta(seconds=5), "digest")
    await turns.ask(7, lane="reply", edit=True)
    assert len(turns.left) == 12


async def test_edits_in_a_group_count(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(*[-7] * 20, lane="reply", edit=True)
    assert len(turns.left) == 18
    await turns.all_left(step=0.5)


async def test_whoever_would_wait_too_long_is_told_at_once(clock: StillClock) -> None:
    pacer = Pacer(clock, Rates())
    await pacer.throttled(7, timedelta(seconds=61), "digest")
    with pytest.raises(WouldWait) as held:
        await pacer.acquire(7, "reply", patience=60)
    assert held.value.wait == timedelta(seconds=61)


@pytest.mark.parametrize("lane", ["reply", "owner"])
async def test_replies_that_wait_at_the_end_are_told_at_once(clock: StillClock, lane: Lane) -> None:
    pacer = Pacer(clock, Rates())
    await pacer.throttled(7, timedelta(seconds=9), "reply")
    waits = asyncio.create_task(pacer.acquire(7, lane, patience=60))
    await clock.settle()
    assert (waits.done(), pacer.lets_replies_go) == (False, False)
    pacer.let_replies_go()
    assert pacer.lets_replies_go
    for told in (waits, pacer.acquire(7, lane, patience=60)):
        with pytest.raises(WouldWait):
            await told
    await pacer.acquire(8, lane, patience=60)  # what need not wait leaves


async def test_digests_wait_also_at_the_end(clock: StillClock) -> None:
    pacer = Pacer(clock, Rates())
    await pacer.throttled(7, timedelta(seconds=9), "digest")
    pacer.let_replies_go()
    waits = asyncio.create_task(pacer.acquire(7, "digest", patience=60))
    await clock.settle()
    assert not waits.done()
    await clock.advance(seconds=10)
    await waits


async def test_digests_in_line_are_told_when_all_are_held(clock: StillClock) -> None:
    turns = paced(clock)
    waiting = [asyncio.create_task(turns.pacer.acquire(chat, "digest", patience=2)) for chat in range(1, 31)]
    await clock.settle()
    await turns.pacer.throttled(101, timedelta(seconds=30), "digest")
    await turns.pacer.throttled(102, timedelta(seconds=30), "digest")
    await clock.advance(seconds=2)
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert len([end for end in ends if isinstance(end, WouldWait)]) == 29
    await turns.ask(5, lane="reply")
    assert len(turns.left) == 1


async def test_group_gets_eighteen_a_minute(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.ask(*[-7] * 20, lane="reply")
    await turns.all_left(step=0.5)
    assert never_more(turns.times(), 18, 60)


async def test_chat_that_is_throttled_waits_alone(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.pacer.throttled(7, timedelta(minutes=50), "digest")
    await turns.pacer.throttled(7, timedelta(seconds=1), "digest")
    assert turns.pacer.chat_wait(7) == 50 * 60, "a shorter wait does not end a longer one"
    await turns.ask(8, 9)
    await turns.ask(7, 8, lane="reply")
    await clock.advance(seconds=5)
    assert [chat for _, chat, _ in turns.left].count(7) == 0
    assert len(turns.left) == 3
    await clock.advance(hours=1)
    await turns.all_left()


async def test_two_chats_that_are_throttled_together_hold_digests_but_no_replies(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.pacer.throttled(7, timedelta(hours=1), "digest")
    await clock.advance(seconds=9)
    await turns.pacer.throttled(8, timedelta(seconds=30), "digest")
    start = clock.monotonic()
    await turns.ask(*range(100, 140))
    await turns.ask(9, lane="reply")
    assert len(turns.left) == 1
    await turns.all_left()
    digests = turns.times(lane="digest")
    assert digests[0] - start >= 30
    assert digests[-1] - digests[0] >= 39 / 20 - 0.02, "nothing bursts after the pause"


async def test_two_chats_throttled_long_apart_hold_nobody_else(clock: StillClock) -> None:
    turns = paced(clock)
    await turns.pacer.throttled(7, timedelta(hours=1), "digest")
    await clock.advance(seconds=11)
    await turns.pacer.throttled(8, timedelta(hours=1), "digest")
    await turns.ask(9)
    assert len(turns.left) == 1


async def test_what_the_server_asked_for_is_kept_over_a_restart(clock: StillClock) -> None:
    kept: dict[int | None, datetime] = {}

    async def keep(chat: int | None, until: datetime) -> None:
        kept[chat] = until

    before = Pacer(clock, Rates(), keep=keep)
    await before.throttled(7, timedelta(minutes=50), "digest")
    await before.throttled(8, MAX_COMMON_HOLD, "digest")
    assert kept == {
        7: NOON + timedelta(minutes=50), 8: NOON + MAX_COMMON_HOLD, ALL_CHATS: NOON + MAX_COMMON_HOLD,
    }  # fmt: skip
    await clock.advance(seconds=20)
    turns = paced(clock, cooldowns=kept)
    assert turns.pacer.chat_wait(7) == 50 * 60 - 20
    await turns.ask(9)
    assert not turns.left
    await clock.advance(seconds=10)
    assert len(turns.left) == 1


async def test_waits_that_are_over_hold_and_keep_nothing(
    clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    kept = set[int | None]()

    async def keep(chat: int | None, _: datetime) -> None:
        kept.add(chat)

    pacer = Pacer(clock, Rates(), keep=keep)
    await pacer.throttled(6, timedelta(), "reply")
    await pacer.throttled(7, timedelta(seconds=1), "digest")
    await clock.advance(seconds=5)
    await pacer.throttled(8, timedelta(seconds=9), "digest")
    assert kept == {7, 8}
    assert not caplog.messages


async def test_wait_that_cannot_be_written_down_is_still_obeyed(clock: StillClock) -> None:
    async def keep(_: int | None, __: datetime) -> None:
        raise StoreError("error.store_full", file="x")

    pacer = Pacer(clock, Rates(), keep=keep)
    await pacer.throttled(7, timedelta(minutes=1), "digest")
    assert pacer.chat_wait(7) == 60


async def test_chats_are_not_remembered_for_ever(clock: StillClock) -> None:
    turns = paced(clock, overall=1000)
    for hundred in range(30):
        await turns.ask(*range(1 + hundred * 100, 101 + hundred * 100), *range(-100, 0), lane="reply")
        for chat in range(10):
            await turns.pacer.throttled(1 + hundred * 100 + chat, timedelta(seconds=1), "reply")
        await clock.advance(minutes=2)
    assert turns.pacer.remembered_chats <= 400


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reply", "digest"]),
        st.lists(st.sampled_from([1, 2, 3, 4, -1, -2]), min_size=1, max_size=12),
        st.sampled_from([0, 0, 0.003, 0.2, 0.97, 1, 3, 90]),
        st.sampled_from([None, None, None, 0.5, 5]),
    ),
    max_size=12,
)


@given(steps=STEPS, overall=st.sampled_from([1, 3, 7, 25]), step=st.sampled_from([0.00001, 0.01, 0.4]))
def test_no_window_ever_exceeds_a_rate(
    steps: list[tuple[Lane, list[int], float, float | None]], overall: int, step: float
) -> None:
    async def run() -> None:
        clock = StillClock()
        turns = paced(clock, overall=overall, group=4)
        for lane, chats, pause, throttled in steps:
            await turns.ask(*chats, lane=lane)
            if throttled:
                await turns.pacer.throttled(chats[0], timedelta(seconds=throttled), "digest")
            await clock.advance(seconds=pause)
        await turns.all_left(step, most=10_000)
        assert len(turns.left) == sum(len(chats) for _, chats, *_ in steps)
        assert never_more(turns.times(), overall, 1)
        assert never_more(turns.times(lane="digest"), int(turns.pacer.rate), 1)
        for group in (-1, -2):
            assert never_more(turns.times(chat=group), 4, 60)
        for chat in (1, 2, 3, 4):
            for few in range(1, 6):  # three at once, and one more for each second
                assert never_more(turns.times(chat=chat), 3 + few - 1, few)

    asyncio.run(run())
