"""What is found is where it is, what is proven absent is nowhere, whatever the order and whatever the holes."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.delivery.model import DeliveryId
from bot.settling.matching import MAX_TRIES, Matching
from bot.settling.model import ControlFailed, Doubt, Unanswered, unexplained


@dataclass(frozen=True)
class World:
    """Messages in doubt, and what really became of each id."""

    doubts: list[Doubt]
    where: dict[int, int | None]
    """The chats of the ids in question; None for what nobody knows of."""
    guesses: Mapping[DeliveryId, int] = field(default_factory=dict)


@st.composite
def worlds(draw: st.DrawFn, *, holes: bool) -> World:
    """Messages left at any time, and arrived in any order, or not at all."""
    count = draw(st.integers(1, 12))
    arrived = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    kinds = [number for number, is_there in enumerate(arrived) if is_there]
    kinds += [-1] * (draw(st.integers(0, 4)) if holes else 0)
    order = draw(st.permutations(kinds))
    ids = {number: 100 + 3 * place for place, number in enumerate(order) if number >= 0}
    where = {100 + 3 * place: (number + 1 if number >= 0 else None) for place, number in enumerate(order)}
    doubts, guessed = [], {}
    for number in range(count):
        after = draw(st.integers(90, ids.get(number, 150) - 1))
        doubts.append(doubt(number + 1, after=after))
        guessed[doubts[-1].delivery] = draw(st.integers(90, 160))
    return World(doubts, where, guessed)


class Notes(dict[DeliveryId, set[int]]):
    """What was looked for in vain."""

    async def add(self, delivery: DeliveryId, message_id: int) -> None:
        self.setdefault(delivery, set()).add(message_id)


def known(_: int, __: int) -> None:
    pass


def solved(
    world: World, looked: Notes | None = None, beside: Collection[int] = ()
) -> tuple[Matching, list[tuple[int, int]]]:
    looked = Notes() if looked is None else looked
    asked: list[tuple[int, int]] = []

    async def is_there(chat: int, message_id: int) -> bool:
        asked.append((chat, message_id))
        await SystemClock().sleep(0)  # as others run while Telegram is asked
        return world.where.get(message_id) == chat

    matching = Matching(
        world.doubts,
        sorted(world.where),
        guesses=world.guesses,
        is_there=is_there,
        elsewhere=lambda _: (9999,),
        looked=looked,
        note=looked.add,
        make_known=known,
    )
    asyncio.run(matching.find(beside))
    return matching, asked


@given(worlds(holes=True))
def test_verdicts_are_true(world: World) -> None:
    matching, asked = solved(world)
    true = {chat: id_ for id_, chat in world.where.items() if chat is not None}
    assert matching.arrived == true
    for doubt in matching.open:
        assert matching.absent(doubt) is not None
        assert doubt.delivery not in true
    own = [each for each in asked if each[0] != 9999]
    assert len(own) == len(set(own)), "nothing is asked twice"


@given(worlds(holes=True))
def test_chats_beside_are_asked_once_for_each_id_until_it_is_found(world: World) -> None:
    holes = [id_ for id_, chat in world.where.items() if chat is None]
    others = dict(zip(holes, (501, 502, None, None), strict=False))
    matching, asked = solved(replace(world, where=world.where | others), beside=(501, 502))
    true = {chat: id_ for id_, chat in world.where.items() if chat is not None}
    assert matching.arrived == true
    own = [each for each in asked if each[0] != 9999]
    assert len(own) == len(set(own)), "nothing is asked twice"
    assert not [id_ for id_, chat in others.items() if chat == 501 and (502, id_) in asked]


@given(worlds(holes=False))
def test_without_holes_absence_is_proven_by_counting(world: World) -> None:
    matching, _ = solved(world)
    assert {matching.absent(doubt) for doubt in matching.open} <= {"counted"}


def doubt(number: int, *, after: int = 100, crashed: bool = False) -> Doubt:
    return Doubt(delivery=DeliveryId(number), chat=number, after=after, crashed=crashed)


def guesses(numbers: Iterable[int], *, apart: int) -> dict[DeliveryId, int]:
    return {DeliveryId(n): 100 + apart * n for n in numbers}


def test_messages_that_arrived_as_they_left_are_found_at_once() -> None:
    world = World(
        [doubt(n) for n in range(1, 41)], {100 + n: n for n in range(1, 41)}, guesses(range(1, 41), apart=1)
    )
    matching, asked = solved(world)
    assert len(matching.arrived) == 40
    assert len(asked) == 80, "one question each, and one elsewhere"


def questions(asked: list[tuple[int, int]]) -> int:
    return sum(1 for chat, _ in asked if chat != 9999)


def test_messages_that_came_late_are_found_in_their_order() -> None:
    doubts = [doubt(n) for n in range(1, 401)]
    in_time: dict[int, int | None] = {100 + 10 * n: n for n in range(2, 401, 2)}
    late: dict[int, int | None] = {5000 + n: n for n in range(1, 401, 2)}
    matching, asked = solved(World(doubts, in_time | late, guesses(range(1, 401), apart=10)))
    assert len(matching.arrived) == 400
    assert questions(asked) <= 2 * 400


def test_where_some_came_late_show_where_the_others_are() -> None:
    doubts = [doubt(n) for n in range(1, 101)]
    late: dict[int, int | None] = {5000 + n: n for n in range(1, 101) if not 25 < n < 75}
    matching, asked = solved(World(doubts, late, guesses(range(1, 101), apart=10)))
    assert len(matching.arrived) == len(late) == 51
    assert {matching.absent(each) for each in matching.open} == {"counted"}
    assert questions(asked) <= 20 * 51


def test_what_came_late_is_looked_for_among_what_did_not_leave_at_a_crash() -> None:
    """Of each hundred messages, eighty left at a crash and never went out, and ten came late."""
    doubts = [doubt(n, crashed=n % 100 > 19) for n in range(1, 1001) if n % 100 > 9]
    late: dict[int, int | None] = {5000 + n: n for n in range(1, 1001) if 9 < n % 100 < 20}
    matching, asked = solved(World(doubts, late, guesses(range(1, 1001), apart=3)))
    assert len(matching.arrived) == len(late) == 100
    assert {matching.absent(each) for each in matching.open} == {"counted"}
    assert questions(asked) <= 2 * 100


def test_what_was_looked_for_in_vain_is_not_looked_for_again() -> None:
    looked = Notes()
    first, _ = solved(World([doubt(1), doubt(2)], {101: None, 102: 2}), looked)
    again, asked = solved(World([doubt(1), doubt(2)], {101: None, 102: 2}), looked)
    assert first.arrived == again.arrived == {2: 102}, "what was found is found again"
    assert asked == [(2, 102), (9999, 102)]
    assert [again.absent(each) for each in again.open] == ["probed"]


def test_id_from_before_a_message_left_is_none_of_its_own() -> None:
    matching, asked = solved(World([doubt(1, after=105), doubt(2)], {103: 2}))
    assert matching.arrived == {2: 103}
    assert (1, 103) not in asked
    assert matching.absent(matching.open[0]) == "counted"


def test_for_one_message_only_so_many_ids_are_looked_for() -> None:
    before = Notes({DeliveryId(1): set(range(101, 111))})
    matching, asked = solved(World([doubt(1)], dict.fromkeys(range(101, 201))), before)
    assert len(asked) == MAX_TRIES - 10
    assert matching.absent(matching.open[0]) is None


async def test_what_is_found_in_two_chats_is_found_nowhere() -> None:
    async def everywhere(_: int, __: int) -> bool:
        return True

    notes = Notes()
    matching = Matching(
        [doubt(1)], [101], guesses={}, is_there=everywhere, elsewhere=lambda _: (2,), looked=notes, note=notes.add,
        make_known=known,
    )  # fmt: skip
    with pytest.raises(ControlFailed):
        await matching.find()
    assert matching.arrived == {}


async def test_what_was_looked_for_is_written_down_before_the_next_is() -> None:
    notes = Notes()

    async def is_there(_: int, id_: int) -> bool:
        if id_ == 103:
            raise Unanswered
        assert notes.get(DeliveryId(1), set()) == set(range(101, id_))
        return False

    matching = Matching(
        [doubt(1)], [101, 102, 103], guesses={}, is_there=is_there, elsewhere=lambda _: (2,), looked=notes, note=notes.add,
        make_known=known,
    )  # fmt: skip
    with pytest.raises(Unanswered):
        await matching.find()
    assert notes == {1: {101, 102}}, "of what was not answered, nothing is known"


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=8), st.integers(0, 40), st.integers(0, 70),
    st.integers(1, 80),
)  # fmt: skip
def test_unexplained_ids_are_those_in_no_range(
    ranges: list[tuple[int, int]], after: int, before: int, most: int
) -> None:
    known = sorted((first, first + more) for first, more in ranges)
    taken = {each for first, last in known for each in range(first, last + 1)}
    wanted = [each for each in range(after + 1, before) if each not in taken]
    assert unexplained(known, after, before, most) == wanted[:most]
