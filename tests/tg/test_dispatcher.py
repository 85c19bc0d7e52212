"""Updates are dealt with once each, a chat's in order, and none is lost when the program ends meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection

import pytest
import telegram
from telegram import Update

from bot.clock import SystemClock
from bot.db.database import Database
from bot.db.inbox import InboxStore
from bot.errors import StoreFull
from bot.inbox import Json, being_handled, repeatable
from bot.tg import dispatcher as module
from bot.tg.dispatcher import MAX_IN_HAND, MAX_TRIES, Dispatcher
from bot.tg.incoming import is_update
from bot.tg.places import MAX_CONCURRENT, give_back_place
from bot.tg.senders import chat_of
from tests.chat import TOKEN
from tests.clock import StillClock

OWNER = 7
BOT = telegram.Bot(TOKEN)


def message(number: int, chat: int = 5) -> Json:
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    sent = {
        "message_id": number,
        "date": 1,
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "text": "x",
    }
    return {"update_id": number, "message": sent}


class DispatcherStack:
    """An intake on a real inbox, what it dealt with, and a way to make it anew as a restart does."""

    def __init__(self, database: Database, clock: StillClock) -> None:
        self.database = database
        self.clock = clock
        self.inbox = InboxStore(database)
        self.handled: list[int] = []
        self.told: list[int] = []
        self.work: Callable[[Update], Awaitable[None]] | None = None
        self.dispatcher = self.make()

    def make(self) -> Dispatcher:
        return Dispatcher(
            self.inbox,
            self.clock,
            read=lambda raw: Update.de_json(raw, BOT),
            handle=self.handle,
            interrupted=self.interrupted,
            is_owner=lambda user: user == OWNER,
        )

    async def handle(self, update: Update) -> None:
        if self.work is not None:
            await self.work(update)
        self.handled.append(update.update_id)

    async def interrupted(self, update: Update) -> None:
        self.told.append(update.update_id)

    async def calm(self) -> None:
        """The first seconds after a start are over."""
        await self.clock.advance(seconds=module.CAREFUL_S + 1)
        await self.until(lambda: not self.dispatcher.is_behind)

    async def until(self, done: Callable[[], bool]) -> None:
        for _ in range(2_000):
            if done():
                return
            await SystemClock().sleep(0.005)
        raise AssertionError("it never happened")

    async def restarted(self) -> None:
        """End without a word, as a kill does, and start fresh."""
        for task in asyncio.all_tasks():
            if task.get_name() in {"update", "inbox"}:
                task.cancel()
        await asyncio.sleep(0)  # noqa: TID251  # they end
        self.dispatcher = self.make()
        await self.dispatcher.start()

    async def rows(self) -> list[tuple[int, ...]]:
        found = await self.database.all("SELECT update_id, tries, effect, done FROM inbox ORDER BY seq")
        return [tuple(row) for row in found]


@pytest.fixture
async def stack(database: Database, clock: StillClock) -> AsyncIterator[DispatcherStack]:
    made = DispatcherStack(database, clock)
    await made.dispatcher.start()
    await made.calm()
    yield made
    made.work = None
    await made.dispatcher.stop(1)


async def test_what_is_dealt_with_at_once_never_lies_in_the_inbox(stack: DispatcherStack) -> None:
    await stack.dispatcher.receive([message(1), message(2, chat=6)])
    assert sorted(stack.handled) == [1, 2]
    assert await stack.rows() == []


async def test_what_takes_longer_lies_there_before_the_server_forgets_it(stack: DispatcherStack) -> None:
    end = asyncio.Event()

    async def slow(_: Update) -> None:
        await end.wait()

    stack.work = slow
    await stack.dispatcher.receive([message(1)])
    assert [row[0] for row in await stack.rows()] == [1]
    end.set()
    await stack.until(lambda: stack.handled == [1])
    while await stack.rows() != [(1, 0, 0, 1)]:
        await SystemClock().sleep(0.01)


async def test_after_a_kill_the_rest_is_dealt_with_once_and_in_order(stack: DispatcherStack) -> None:
    async def never(_: Update) -> None:
        await asyncio.Event().wait()

    stack.work = never
    await stack.dispatcher.receive([message(number, chat=number % 3 + 1) for number in range(1, 10)])
    stack.work = None
    await stack.restarted()
    await stack.until(lambda: len(stack.handled) == 9)
    while {row[3] for row in await stack.rows()} != {1}:
        await SystemClock().sleep(0.01)
    for chat in range(3):
        of_it = [number for number in stack.handled if number % 3 == chat]
        assert of_it == sorted(of_it)
    await stack.restarted()
    await stack.dispatcher.receive([message(number) for number in range(1, 10)])
    assert len(stack.handled) == 9, "what the server sends again is known"


async def test_update_that_comes_again_is_not_dealt_with_again(stack: DispatcherStack) -> None:
    await stack.dispatcher.receive([message(1)])
    await stack.dispatcher.receive([message(1), message(2)])
    assert stack.handled == [1, 2]


async def test_update_that_comes_twice_at_once_is_dealt_with_once(stack: DispatcherStack) -> None:
    twice = [message(1), message(2, chat=6), message(1)]
    await asyncio.gather(
        stack.dispatcher.receive(twice), *(stack.dispatcher.receive([each]) for each in twice)
    )
    assert sorted(stack.handled) == [1, 2]


async def test_what_comes_side_by_side_is_looked_up_in_one_go(
    stack: DispatcherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, asked = stack.inbox.known, list[int]()

    async def counted(ids: Collection[int]) -> set[int]:
        asked.append(len(ids))
        return await known(ids)

    monkeypatch.setattr(stack.inbox, "known", counted)
    await asyncio.gather(*(stack.dispatcher.receive([message(number, number)]) for number in range(1, 41)))
    assert stack.handled == list(range(1, 41)), "in the order of arrival"
    assert sum(asked) == 40
    assert len(asked) <= 3


async def test_slow_update_keeps_no_other_from_being_confirmed(stack: DispatcherStack) -> None:
    end = asyncio.Event()

    async def slow(update: Update) -> None:
        if update.update_id == 1:
            await end.wait()

    stack.work = slow
    first = asyncio.create_task(stack.dispatcher.receive([message(1)]))
    await stack.dispatcher.receive([message(2, chat=6)])
    assert not first.done()
    await first
    assert [row[0] for row in await stack.rows()] == [1]
    end.set()


async def test_effect_is_in_the_same_commit_and_happens_once(stack: DispatcherStack) -> None:
    async def removes(_: Update) -> None:
        await stack.database.run("INSERT INTO facts (name, value) VALUES ('removed', '1')")
        await asyncio.Event().wait()  # the program ends before the answer

    stack.work = removes
    task = asyncio.create_task(stack.dispatcher.receive([message(1)]))
    await stack.until(task.done)
    assert await stack.rows() == [(1, 0, 1, 0)]
    await stack.restarted()
    await stack.until(lambda: stack.told == [1])
    assert stack.handled == []


async def test_effect_of_an_unwritten_update_is_known_when_it_comes_again(stack: DispatcherStack) -> None:
    await stack.database.run("INSERT INTO inbox (update_id, effect, received_at) VALUES (1, 1, 0)")
    await stack.restarted()
    await stack.dispatcher.receive([message(1), message(2)])
    await stack.until(lambda: stack.told == [1] and stack.handled == [2])


async def test_what_may_be_written_again_is_no_effect(stack: DispatcherStack) -> None:
    async def reads(_: Update) -> None:
        with repeatable():
            await stack.database.run("INSERT INTO facts (name, value) VALUES ('read', '1')")
        await stack.database.note("UPDATE facts SET value = '2'")
        found = being_handled()
        assert found is not None
        assert not found.has_effect

    stack.work = reads
    await stack.dispatcher.receive([message(1)])
    assert stack.handled == [1]
    assert await stack.rows() == []


async def test_no_more_are_in_memory_than_is_allowed_and_an_owner_does_not_wait(
    stack: DispatcherStack,
) -> None:
    end, most = asyncio.Event(), 0

    async def slow(update: Update) -> None:
        nonlocal most
        most = max(most, stack.dispatcher.in_hand)
        give_back_place()
        if chat_of(update) != OWNER:
            await end.wait()

    stack.work = slow
    for first in range(0, 3_000, 100):
        await stack.dispatcher.receive(
            [message(number, chat=number) for number in range(first + 100, first + 200)]
        )
    await stack.dispatcher.receive([message(10_000, chat=OWNER)])
    await stack.until(lambda: 10_000 in stack.handled)
    assert most <= MAX_IN_HAND + 1
    end.set()
    await stack.until(lambda: len(stack.handled) == 3_001)
    while {row[3] for row in await stack.rows()} != {1}:
        await SystemClock().sleep(0.01)


async def test_update_that_ends_the_program_is_set_aside(
    stack: DispatcherStack, caplog: pytest.LogCaptureFixture
) -> None:
    async def ends(update: Update) -> None:
        if update.update_id == 2:
            await asyncio.Event().wait()

    stack.work = ends
    for _ in range(MAX_TRIES + 1):
        await stack.restarted()
        await stack.dispatcher.receive([message(1, chat=1), message(2, chat=2), message(3, chat=3)])
        await SystemClock().sleep(0.1)
    assert sorted(stack.handled) == [1, 3], "the others are dealt with, once"
    assert caplog.text.count("Update 2 ended the program 3 times") == 1


async def test_update_that_hangs_is_given_up_and_holds_nobody_up(
    stack: DispatcherStack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "DEADLINE_S", 0.1)

    async def hangs(update: Update) -> None:
        if update.update_id == 1:
            await asyncio.Event().wait()

    stack.work = hangs
    await stack.dispatcher.receive([message(1), message(2), message(3, chat=6)])
    assert stack.handled == [3]
    await stack.until(lambda: stack.handled == [3, 2])
    assert caplog.text.count("Update 1 is set aside") == 1


async def test_stop_keeps_what_was_not_answered(stack: DispatcherStack) -> None:
    async def slow(update: Update) -> None:
        if update.update_id > 1:
            await asyncio.Event().wait()

    stack.work = slow
    receiving = asyncio.create_task(stack.dispatcher.receive([message(number) for number in range(1, 6)]))
    await stack.until(lambda: stack.handled == [1])
    await stack.dispatcher.stop(0.05)
    await receiving
    assert [row[0] for row in await stack.rows() if not row[3]] == [2, 3, 4, 5]
    stack.work = None
    await stack.restarted()
    await stack.until(lambda: stack.handled == [1, 2, 3, 4, 5])


async def test_sender_who_could_not_be_answered_is_answered_later(
    stack: DispatcherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.02)
    tries = 0

    async def unreachable(_: Update) -> None:
        nonlocal tries
        tries += 1
        found = being_handled()
        assert found is not None
        found.cut_off = tries < 2

    stack.work = unreachable
    await stack.dispatcher.receive([message(1)])
    await stack.until(lambda: tries == 2)
    await stack.until(lambda: not stack.dispatcher.in_hand)
    tries = -100
    await stack.dispatcher.receive([message(2)])
    await stack.until(lambda: not stack.dispatcher.in_hand)
    assert tries == -100 + MAX_TRIES


async def test_full_disk_keeps_the_server_from_forgetting(
    stack: DispatcherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StoreFull("error.store_full")

    async def never(_: Update) -> None:
        await asyncio.Event().wait()

    stack.work = never
    with monkeypatch.context() as patch:
        patch.setattr(InboxStore, "put", full)
        with pytest.raises(StoreFull):
            await stack.dispatcher.receive([message(1)])
    await stack.dispatcher.receive([message(1)])
    assert [row[0] for row in await stack.rows()] == [1]


async def test_chats_go_side_by_side_up_to_a_bound(stack: DispatcherStack) -> None:
    end, inside = asyncio.Event(), 0

    async def slow(_: Update) -> None:
        nonlocal inside
        inside += 1
        await end.wait()

    stack.work = slow
    await stack.dispatcher.receive([message(number, chat=number) for number in range(100, 200)])
    assert inside == MAX_CONCURRENT
    await stack.dispatcher.receive([message(900, chat=OWNER)])
    assert inside == MAX_CONCURRENT + 1, "owners have places of their own"
    end.set()
    await stack.until(lambda: not stack.dispatcher.in_hand)


async def test_place_is_given_back_once_while_a_turn_is_waited_for(stack: DispatcherStack) -> None:
    end, inside = asyncio.Event(), 0

    async def waiting(_: Update) -> None:
        nonlocal inside
        inside += 1
        give_back_place()
        give_back_place()
        await end.wait()

    stack.work = waiting
    await stack.dispatcher.receive([message(number, chat=number) for number in range(100, 200)])
    assert inside == 100
    end.set()
    await stack.until(lambda: not stack.dispatcher.in_hand)

    async def slow(_: Update) -> None:
        nonlocal inside
        inside += 1
        await end.wait()

    inside, stack.work = 0, slow
    end.clear()
    await stack.dispatcher.receive([message(number, chat=number) for number in range(200, 300)])
    assert inside == MAX_CONCURRENT, "no more places than before"
    end.set()


async def test_what_was_dealt_with_is_forgotten_after_a_day(
    stack: DispatcherStack, clock: StillClock
) -> None:
    await stack.inbox.put([message(1)], clock.now())
    await stack.inbox.finish([1], clock.now())
    await stack.inbox.put([message(3), message(4)], clock.now())  # a kill came before it was marked
    await stack.database.run("UPDATE inbox SET effect = 1, payload = NULL WHERE update_id = 3")
    await clock.advance(hours=26)
    await stack.inbox.put([message(2)], clock.now())
    await InboxStore(stack.database).finish([2], clock.now())
    assert [row[0] for row in await stack.rows()] == [4, 2], "what waits is kept"


@pytest.mark.parametrize(
    "who", [None, 5, "a", [], {}, {"id": 0}, {"id": "5"}, {"id": [5]}, {"id": True}, {"id": 1.5}]
)
@pytest.mark.parametrize("key", ["chat", "from", "sender_chat", "user"])
def test_what_names_nobody_is_no_update(who: object, key: str) -> None:
    message = {"message_id": 1, "chat": {"id": 5}, "from": {"id": 5}}
    assert is_update({"update_id": 1, "message": message})
    assert not is_update({"update_id": 1, "message": {**message, key: who}})
