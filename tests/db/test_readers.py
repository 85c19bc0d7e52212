"""Readers: met once, remembered with what they chose, never wiped."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.article.model import ArticleId
from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.ledger import LedgerStore
from bot.db.readers import REMEMBERED_FOR, ReaderStore
from bot.delivery.model import Plan
from bot.i18n import Language
from bot.reader.model import Place, Reader, Schedule
from tests.clock import NOON, StillClock
from tests.editing.stack import editing_stack

EN, ZH = Language("en"), Language("zh")
SCHEDULE = Schedule(zone="Asia/Shanghai", times=(time(8), time(20, 30)), days=frozenset({1, 5}))


@pytest.fixture
def readers(database: Database) -> ReaderStore:
    return ReaderStore(database)


async def meet(readers: ReaderStore, chat: int = 5, topic: int | None = None) -> Reader:
    return await readers.meet(Place(chat, topic), language=EN, now=NOON, back=3)


async def again(readers: ReaderStore, reader: Reader) -> Reader:
    found = await readers.get(reader.id)
    assert found is not None
    return found


async def test_reader_is_met_once(readers: ReaderStore) -> None:
    first = await meet(readers)
    assert await meet(readers) == first
    assert await readers.find(Place(5)) == first
    assert await readers.find(Place(6)) is None
    assert (
        first.subscription.zone,
        first.subscription.schedule,
        first.subscription.active,
        first.cursors.watermark,
    ) == (None, None, False, 0)


async def test_chat_and_its_topics_are_readers_of_their_own(readers: ReaderStore) -> None:
    await meet(readers, 5, 77)
    await meet(readers, 5)
    assert [reader.place.topic for reader in await readers.of_chat(5)] == [None, 77]


async def test_readers_that_are_looked_for_at_once_are_read_in_one_go(
    database: Database, readers: ReaderStore
) -> None:
    """A server answers many questions one after another: who asks last would wait for all of them."""
    places = [Place(chat, topic) for chat in range(-20, 0) for topic in (None, 7)]
    met = [await readers.meet(each, language=EN, now=NOON, back=3) for each in places]
    before = database.seconds["read"].count
    found = await asyncio.gather(*(readers.find(each) for each in (*places, Place(99), Place(-1, 8))))
    assert found == [*met, None, None]
    assert database.seconds["read"].count - before <= 2


async def test_newcomer_has_three_articles_to_be_told_of(
    database: Database, readers: ReaderStore, clock: StillClock
) -> None:
    at = await editing_stack(database, clock)
    cards = [await at.publish(f"# A{n}\n\ntext", f"a{n}.md") for n in range(6)]
    reader = await meet(readers)
    assert [card.id for card in at.library.after(reader.cursors.watermark)] == [
        card.id for card in cards[:2:-1]
    ]


async def test_subscription_is_remembered_and_ended(readers: ReaderStore) -> None:
    reader = await meet(readers)
    await readers.subscribe(reader.id, SCHEDULE, NOON, back=99, now=NOON)
    subscribed = await again(readers, reader)
    assert (
        subscribed.subscription.schedule,
        subscribed.subscription.next_at,
        subscribed.subscription.active,
    ) == (SCHEDULE, NOON, True)
    assert await readers.unsubscribe(reader.id, NOON)
    left = await again(readers, reader)
    assert (left.subscription.active, left.subscription.next_at, left.subscription.schedule) == (
        False,
        None,
        SCHEDULE,
    )
    assert not await readers.unsubscribe(reader.id, NOON)


async def test_who_subscribes_anew_begins_with_the_newest(
    database: Database, readers: ReaderStore, clock: StillClock
) -> None:
    at = await editing_stack(database, clock)
    reader = await meet(readers)
    for number in range(6):
        await at.publish(f"# A{number}\n\ntext", f"a{number}.md")

    async def waits() -> int:
        return len(at.library.after((await again(readers, reader)).cursors.watermark))

    assert await waits() == 6
    assert await readers.subscribe(reader.id, SCHEDULE, NOON, back=3, now=NOON)
    assert await waits() == 3
    # Asked for again, or after a while, it goes on where it was.
    assert not await readers.subscribe(reader.id, SCHEDULE, NOON, back=1, now=NOON)
    await readers.unsubscribe(reader.id, NOON)
    assert not await readers.subscribe(reader.id, SCHEDULE, NOON, back=1, now=NOON + REMEMBERED_FOR)
    assert await waits() == 3
    await readers.unsubscribe(reader.id, NOON)
    later = NOON + REMEMBERED_FOR + timedelta(seconds=1)
    assert await readers.subscribe(reader.id, SCHEDULE, NOON, back=1, now=later)
    assert await waits() == 1


async def test_suspended_reader_keeps_everything_and_comes_back(readers: ReaderStore) -> None:
    reader = await meet(readers)
    await readers.subscribe(reader.id, SCHEDULE, NOON, back=99, now=NOON)
    await readers.suspend(reader.id, "blocked", NOON)
    suspended = await again(readers, reader)
    assert (
        suspended.subscription.suspended,
        suspended.subscription.next_at,
        suspended.subscription.active,
    ) == ("blocked", None, True)
    await readers.resume(reader.id, NOON)
    assert (await again(readers, reader)).subscription.next_at == NOON
    await readers.resume(reader.id, None)  # not suspended: nothing happens
    assert (await again(readers, reader)).subscription.next_at == NOON


async def test_small_things_are_remembered(readers: ReaderStore) -> None:
    reader = await meet(readers)
    await readers.follow_language(reader.id, ZH)
    await readers.list_shown(reader.id, {9: ArticleId(4)})
    await readers.await_words(reader.id, "zone")
    await readers.draw_quote(reader, 1, "ff")
    found = await again(readers, reader)
    assert (found.language, found.conversation.listed, found.conversation.awaiting) == (ZH, {9: 4}, "zone")
    assert (found.cursors.quote_round, found.cursors.quote_place) == (1, "ff")


async def test_second_of_two_concurrent_draws_keeps_the_first(readers: ReaderStore) -> None:
    reader = await meet(readers)
    await readers.draw_quote(reader, 0, "bb")
    await readers.draw_quote(reader, 0, "aa")
    assert (await again(readers, reader)).cursors.quote_place == "bb"


async def test_group_that_was_upgraded_keeps_its_reader(readers: ReaderStore, database: Database) -> None:
    old, topic = await meet(readers, -5), await meet(readers, -5, 3)
    await readers.subscribe(old.id, SCHEDULE, NOON, back=99, now=NOON)
    newer = await meet(readers, -100)  # the service message came first
    for reader in (old, newer):
        late = Plan(
            reader=reader.id, kind="digest", occasion="2026-11-24T08:00", expires_at=NOON, reason="late"
        )
        await DigestStore(database).notify([late], NOON)
    await readers.move(-5, -100, NOON)
    tally = await LedgerStore(database).tally(None)
    assert (tally.is_balanced, tally.kept) == (True, 2), "a row of the ledger is never deleted"
    moved = await readers.of_chat(-100)
    assert [reader.id for reader in moved] == [old.id, topic.id]
    assert moved[0].subscription.active
    assert await readers.of_chat(-5) == []


async def test_what_a_reader_chose_is_kept_and_no_client_changes_it(readers: ReaderStore) -> None:
    reader = await meet(readers)
    await readers.subscribe(reader.id, SCHEDULE, NOON, back=99, now=NOON)
    await readers.set_up(reader.id, 77, "Club")
    subscribed = await again(readers, reader)
    changed = subscribed.subscribing(
        times=(time(7),),
        days=frozenset({6}),
        zone="Asia/Tokyo",
        parts=frozenset({"quote"}),
        only_new=True,
        paused_until=date(2026, 12, 24),
    )
    chosen = replace(changed, language=ZH, language_chosen=True)
    await readers.change(chosen, NOON, NOON)
    await readers.follow_language(reader.id, Language("en"))
    assert await again(readers, reader) == chosen.subscribing(next_at=NOON)
    assert chosen.set_up_by == 77
    await readers.unsubscribe(reader.id, NOON)
    await readers.change(chosen, NOON, NOON)
    assert (await again(readers, reader)).subscription.next_at is None
