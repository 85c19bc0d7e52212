"""The messages that show which ids are given now: found again, and deleted, also after a lost answer."""

from bot.settling.model import Marker
from tests.settling.stack import OWNER, SettlingStack


async def left_behind(stack: SettlingStack) -> int:
    """A marker of which no answer came, behind somebody else's message that nobody knows of; its id."""
    await stack.history()
    await stack.store.begin_marker(OWNER, stack.top)
    stack.put(950)
    return stack.put(OWNER)


async def find_left(stack: SettlingStack, *, spare: set[int] | None = None) -> None:
    await stack.ceiling.find_left(stack.top + 1, stack.is_there, spare=spare or set())


async def markers(stack: SettlingStack) -> list[Marker]:
    return list(await stack.store.markers())


async def test_first_message_found_is_taken_for_the_marker(stack: SettlingStack) -> None:
    marker = await left_behind(stack)
    later = stack.put(OWNER)
    await find_left(stack)
    assert (OWNER, marker) not in stack.there
    assert (OWNER, later) in stack.there, "only one is a marker"
    assert await markers(stack) == []


async def test_marker_that_is_nowhere_is_looked_for_once(stack: SettlingStack) -> None:
    await stack.history()
    await stack.store.begin_marker(OWNER, stack.top)
    await find_left(stack)
    assert await markers(stack) == []


async def test_marker_is_not_looked_for_in_a_chat_to_spare(stack: SettlingStack) -> None:
    marker = await left_behind(stack)
    await find_left(stack, spare={OWNER})
    assert not stack.asked
    assert (OWNER, marker) in stack.there
    assert [each.chat for each in await markers(stack)] == [OWNER], "it is looked for later"


async def test_marker_that_is_found_and_cannot_be_deleted_is_kept_by_its_id(stack: SettlingStack) -> None:
    marker = await left_behind(stack)
    stack.keeps_markers = True
    await find_left(stack)
    assert [each.message_id for each in await markers(stack)] == [marker]
    stack.asked.clear()
    await find_left(stack)
    assert not stack.asked, "its id is known"
    assert [each.message_id for each in await markers(stack)] == [marker], "it is still to be deleted"


async def test_marker_that_an_owner_refuses_is_none(stack: SettlingStack) -> None:
    await stack.history()
    stack.refuses = {OWNER}
    assert await stack.ceiling.since(stack.clock.monotonic()) is None
    assert await markers(stack) == []
