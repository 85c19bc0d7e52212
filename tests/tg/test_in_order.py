"""Updates of one chat come in order, and nobody waits for somebody else's."""

import asyncio

from telegram import Chat, Message, Update, User

from bot.tg.in_order import InOrder
from bot.tg.places import SIDE_BY_SIDE, give_back_place
from tests.clock import NOON


def update(chat: int, number: int = 1) -> Update:
    user = User(chat, "A", is_bot=False)
    return Update(number, message=Message(number, NOON, Chat(chat, "private"), from_user=user))


async def test_updates_of_one_chat_are_handled_one_after_another() -> None:
    order, done = InOrder(is_owner=lambda _: False), []

    async def handle(number: int, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)  # noqa: TID251  # the loop's own turns are what is tested
        done.append(number)

    tasks = [asyncio.create_task(order.process_update(update(5, n), handle(n, 20 - n))) for n in range(10)]
    await asyncio.gather(*tasks)
    assert done == list(range(10))


async def test_a_chat_with_many_slow_updates_leaves_room_for_all_others() -> None:
    order, open_ = InOrder(is_owner=lambda _: False), asyncio.Event()

    async def slow() -> None:
        await open_.wait()

    async def quick() -> None:
        return

    waiting = [
        asyncio.create_task(order.process_update(update(5, n), slow())) for n in range(3 * SIDE_BY_SIDE)
    ]
    await asyncio.sleep(0)  # noqa: TID251  # the loop's own turns are what is tested
    await asyncio.wait_for(order.process_update(update(6), quick()), 1)
    open_.set()
    await asyncio.gather(*waiting)


async def test_an_update_that_fails_does_not_hold_the_next_one_up() -> None:
    order = InOrder(is_owner=lambda _: False)

    async def fail() -> None:
        raise ValueError("no")

    async def quick() -> None:
        return

    failed = asyncio.create_task(order.process_update(update(5, 1), fail()))
    await order.process_update(update(5, 2), quick())
    assert isinstance((await asyncio.gather(failed, return_exceptions=True))[0], ValueError)


async def test_chats_are_handled_side_by_side_up_to_a_bound() -> None:
    order, open_, inside = InOrder(is_owner=lambda _: False), asyncio.Event(), []

    async def slow(chat: int) -> None:
        inside.append(chat)
        await open_.wait()

    tasks = [asyncio.create_task(order.process_update(update(n), slow(n))) for n in range(1, 100)]
    for _ in range(5):
        await asyncio.sleep(0)  # noqa: TID251  # the loop's own turns are what is tested
    assert len(inside) == SIDE_BY_SIDE
    open_.set()
    await asyncio.gather(*tasks)
    assert len(inside) == 99


async def test_owner_does_not_wait_behind_strangers() -> None:
    order, open_, inside = InOrder(is_owner=lambda user: user == 1_000), asyncio.Event(), []

    async def slow(chat: int) -> None:
        inside.append(chat)
        await open_.wait()

    tasks = [asyncio.create_task(order.process_update(update(n), slow(n))) for n in range(1, 200)]
    await asyncio.sleep(0.01)  # noqa: TID251  # the loop's own turns are what is tested
    tasks.append(asyncio.create_task(order.process_update(update(1_000), slow(1_000))))
    await asyncio.sleep(0.01)  # noqa: TID251  # the same
    assert inside[-1] == 1_000
    open_.set()
    await asyncio.gather(*tasks)


async def test_place_is_given_back_while_a_turn_is_waited_for() -> None:
    order, open_, inside = InOrder(is_owner=lambda _: False), asyncio.Event(), []

    async def waiting(chat: int) -> None:
        inside.append(chat)
        give_back_place()
        give_back_place()
        await open_.wait()

    tasks = [asyncio.create_task(order.process_update(update(n), waiting(n))) for n in range(1, 200)]
    await asyncio.sleep(0.05)  # noqa: TID251  # the loop's own turns are what is tested
    assert len(inside) == 199
    open_.set()
    await asyncio.gather(*tasks)
    again = [
        asyncio.create_task(order.process_update(update(n), slow_once(open_, inside))) for n in range(1, 100)
    ]
    await asyncio.gather(*again)
    assert order._places._all._value == SIDE_BY_SIDE, "each place was given back once"


async def slow_once(open_: asyncio.Event, inside: list[int]) -> None:
    await open_.wait()
    inside.append(0)
