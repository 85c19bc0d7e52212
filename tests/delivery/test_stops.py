"""What an owner takes back after a stop: what happened since it began, and nothing older."""

from bot.db.stops import StopStore
from bot.delivery.model import Refused
from tests.delivery.stack import DeliveryStack


async def refused_and_limited(stack: DeliveryStack, chat: int) -> None:
    """A digest was refused, so that the reader's next one has a single article."""
    reader = await stack.reader(chat)
    await stack.plan(reader, "one")
    stack.answers = [Refused("Bad Request: no")]
    await stack.deliver()
    [refused] = await stack.plans.refused()
    await stack.plans.limit_next(refused, 1, stack.clock.now())


async def limit(stack: DeliveryStack, chat: int) -> int | None:
    [reader] = await stack.readers.of_chat(chat)
    return reader.cursors.news_limit


async def test_what_was_refused_before_the_stop_stays_as_it_is(stack: DeliveryStack) -> None:
    await refused_and_limited(stack, 5)
    await stack.clock.advance(hours=1)
    began = stack.clock.now()
    await refused_and_limited(stack, 6)
    await StopStore(stack.database).release(began)
    assert (await limit(stack, 5), await limit(stack, 6)) == (1, None)
