"""Which ids of messages the bot knows, what is on the disk when, and what each delivery keeps of it."""

from pathlib import Path

import pytest
from telegram import InputMediaPhoto

from bot.app.lifespan import Runtime
from bot.db import deliveries
from bot.db import message_ids as module
from bot.db.database import Database
from bot.db.message_ids import MessageIdStore
from bot.db.outbox import OutboxStore
from bot.delivery.message_ids import MessageIds
from bot.delivery.model import Delivery, DeliveryId, Done, Result
from bot.demo.arguments import Arguments
from bot.demo.model import Refusal
from bot.demo.server import BotApiServer, Drop, Phase
from bot.errors import StoreFull
from bot.inbox import Json
from bot.message.model import Message
from bot.reader.model import Place, ReaderId
from bot.tg.ids import note_answer, note_update
from tests.chat import Chat, bot_running
from tests.clock import NOON, StillClock
from tests.tg.test_digests import skip

CLUB = -1_000_000_000_050
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


async def written(bot: Runtime) -> set[int]:
    return {id_ for first, last in await ranges_in(bot.stores.database) for id_ in range(first, last + 1)}


async def ranges_in(database: Database) -> list[tuple[int, int]]:
    rows = await database.all("SELECT first, last FROM known_ids ORDER BY first")
    return [(row["first"], row["last"]) for row in rows]


def given_out(server: BotApiServer) -> set[int]:
    """The ids of the common sequence that the server gave to messages."""
    return {id_ for chat, id_ in {*server.world.messages, *server.world.gone} if chat > CLUB}


async def test_every_message_of_private_chats_and_basic_groups_is_known(
    server: BotApiServer, bot: Runtime, ada: Chat, lin: Chat, owner: Chat, clock: StillClock
) -> None:
    server.world.group(-50, "Old club", {11: "member"}, basic=True)
    server.world.group(CLUB, "Club", {11: "member"})
    for chat in (-50, CLUB):
        await Chat(server, chat, 11).send("/summary@article_digest_demo_bot")
    shown = await ada.send("/summary")
    server.world.sticker(11, 11)
    await owner.hand_in("# Title\n\n" + "words of a text " * 20, "a.md")
    await lin.send("/help")
    await bot.app.bot.send_media_group(11, [InputMediaPhoto(PNG), InputMediaPhoto(PNG)])
    await bot.app.bot.copy_message(12, 11, shown["message_id"])
    await bot.app.bot.delete_message(11, shown["message_id"])
    await ada.send("/subscribe 8:30 London")
    await skip(bot, clock, hours=21)
    await ada.send("/help")
    await ada.taken_in()
    await bot.stores.message_ids.keep(NOON)
    assert await written(bot) == given_out(server)
    assert bot.stores.message_ids.ids.highest == max(given_out(server))
    assert {id_ for chat, id_ in server.world.messages if chat == CLUB}


async def test_ids_are_on_the_disk_before_the_server_forgets_the_update(
    server: BotApiServer, bot: Runtime, ada: Chat, clock: StillClock
) -> None:
    await clock.advance(seconds=10)
    answer = await ada.send("/summary")
    while server.world.updates.pending():
        await clock.settle()
    # The next poll, which made the server forget the update, came after this was written.
    assert {answer["message_id"] - 1, answer["message_id"]} <= await written(bot)
    assert bot.stores.message_ids.ids.is_written


async def test_digest_keeps_the_highest_id_known_when_it_left(
    server: BotApiServer, bot: Runtime, ada: Chat, lin: Chat, clock: StillClock
) -> None:
    for reader in (ada, lin):
        await reader.send("/subscribe 8:30 London")
    highest = max(given_out(server))
    await skip(bot, clock, hours=21)
    rows = await bot.stores.database.all("SELECT state, after_id, message_id FROM deliveries ORDER BY id")
    assert [row["state"] for row in rows] == ["sent", "sent"]
    assert all(row["after_id"] >= highest and row["message_id"] > row["after_id"] for row in rows)
    assert {row["message_id"] for row in rows} <= await written(bot)


async def test_digest_whose_answer_is_lost_keeps_it_too(
    server: BotApiServer, bot: Runtime, ada: Chat, clock: StillClock
) -> None:
    await ada.send("/subscribe 8:30 London")
    highest = max(given_out(server))

    async def lost(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "after":
            raise Drop

    server.fault = lost
    await skip(bot, clock, hours=21)
    [row] = await bot.stores.database.all("SELECT state, after_id FROM deliveries")
    assert (row["state"], row["after_id"]) == ("uncertain", highest)
    assert max(given_out(server)) not in await written(bot), "nobody knows of it"


async def test_highest_is_known_again_after_a_start(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(11, "Ada")
    known, last = list[int](), 0
    for _ in range(2):
        async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
            known.append(bot.stores.message_ids.ids.highest - last)
            last = (await Chat(server, 11, 11).send("/summary"))["message_id"]
    assert known == [0, 0], "nothing at first, then all there was"


async def test_what_could_not_be_written_is_written_the_next_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MessageIdStore(database)
    store.ids.saw(1, 5)

    async def full(*_: object, **__: object) -> None:
        raise StoreFull("error.store_full", file="x")

    with monkeypatch.context() as patch:
        patch.setattr(database, "note", full)
        with pytest.raises(StoreFull):
            await store.keep(NOON)
    store.ids.saw(1, 6)
    await store.keep(NOON)
    assert await ranges_in(database) == [(5, 6)]
    store.ids.saw(1, 7)

    async def rolled_back() -> None:
        async with database.transaction() as db:
            await store.write(db, NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await rolled_back()
    async with database.transaction() as db:
        written_now = await store.write(db, NOON)
    store.ids.written(written_now)
    assert await ranges_in(database) == [(5, 6), (7, 7)]
    assert store.ids.is_written


async def test_ids_that_nobody_will_ask_for_are_pruned(bot: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PRUNED_EVERY", 1)
    store = bot.stores.message_ids
    for id_ in (100, 200, 300):
        store.ids.saw(1, id_)
    await store.keep(NOON)
    async with bot.stores.database.transaction() as db:
        await store.write(db, NOON)
    assert await ranges_in(bot.stores.database) == [(300, 300)]
    assert store.ids.highest == 300


async def test_bot_that_only_answers_keeps_no_more_and_more(
    bot: Runtime, ada: Chat, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PRUNED_EVERY", 4)
    await clock.advance(seconds=10)  # from now on, no answer lies in the inbox
    for _ in range(20):
        await ada.send("/summary")
        await ada.taken_in()
    assert len(await ranges_in(bot.stores.database)) <= 4
    assert bot.stores.message_ids.ids.highest == max(given_out(ada.server))


MESSAGE = {"message_id": 5, "chat": {"id": 11}}


@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_what_people_write_is_surely_none_of_the_bots(kind: str) -> None:
    ids = MessageIds()
    note_update({"update_id": 1, kind: MESSAGE}, ids)
    assert (ids.unwritten().ids, ids.highest, ids.heard_from) == ([(5, 5)], 5, {11})


def test_who_writes_once_all_of_before_is_settled_is_not_remembered() -> None:
    ids = MessageIds()
    ids.heard(11)
    ids.hear_no_more()
    ids.heard(12)
    assert not ids.heard_from
    assert ids.heard_early == {11}


@pytest.mark.parametrize(
    "update",
    [
        {"callback_query": {"id": "x", "message": MESSAGE}},
        {"message_reaction": MESSAGE},
        {"edited_business_message": MESSAGE},
    ],
)
def test_message_that_an_update_is_about_may_be_one_that_is_in_doubt(update: Json) -> None:
    ids = MessageIds()
    note_update({"update_id": 1, **update}, ids)
    assert (ids.unwritten().ids, ids.highest, ids.heard_from) == ([], 5, {11})


@pytest.mark.parametrize(
    ("method", "result", "ids_"),
    [
        ("sendMessage", MESSAGE, [(5, 5)]),
        ("sendMediaGroup", [MESSAGE, {**MESSAGE, "message_id": 6}], [(5, 6)]),
        ("copyMessage", {"message_id": 7}, [(7, 7)]),
        ("forwardMessage", MESSAGE, [(5, 5)]),
        ("editMessageText", MESSAGE, []),
        ("sendChatAction", True, []),
    ],
)
def test_answer_tells_ids_of_new_messages_only(
    method: str, result: object, ids_: list[tuple[int, int]]
) -> None:
    ids = MessageIds()
    note_answer(method, {"chat_id": 11}, result, ids)
    assert ids.unwritten().ids == ids_
    assert ids.highest == 0 or ids.highest >= 5


@pytest.mark.parametrize(
    "odd",
    [True, None, [], [True], {}, {"message_id": "5", "chat": {"id": 1}}, {"message_id": 5, "chat": {"id": None}},
     {"message_id": 2**64, "chat": {"id": 1}}, {"message_id": 5, "chat": "x"}],
)  # fmt: skip
def test_what_is_no_message_has_no_id(odd: object) -> None:
    ids = MessageIds()
    note_answer("sendMessage", {}, odd, ids)
    note_update({"update_id": 1, "message": odd, "callback_query": {"message": odd}}, ids)
    assert (ids.is_written, ids.highest) == (True, 0)


async def test_accepted_delivery_is_known_with_its_commit_and_no_sooner(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a crash between the two would prove, of a message that arrived, that it has not."""
    known = MessageIdStore(database)
    outbox = OutboxStore(database, known=known)
    delivery = Delivery(
        id=DeliveryId(1), reader=ReaderId(1), kind="digest", place=Place(11), content=Message(text="x"),
        attempt=1, expires_at=NOON,
    )  # fmt: skip

    async def full(*_: object) -> None:
        raise StoreFull("error.store_full", file="x")

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "accept", full)
        with pytest.raises(StoreFull):
            await outbox.record([Result(delivery, Done(50))], NOON)
    assert (known.ids.is_written, known.ids.highest) == (True, 0)
    await outbox.record([Result(delivery, Done(50))], NOON)
    assert (known.ids.is_written, known.ids.highest) == (True, 50)
    assert await ranges_in(database) == [(50, 50)]


@pytest.mark.parametrize("phase", ["before", "after"])
async def test_chat_of_a_reply_whose_fate_is_unknown_is_written_down(
    server: BotApiServer, bot: Runtime, ada: Chat, lin: Chat, phase: Phase
) -> None:
    async def lost(method: str, arguments: Arguments, at: Phase) -> None:
        if method == "sendmessage" and at == phase and arguments.whole("chat_id") == 11:
            raise Drop

    await lin.send("/help")
    server.fault = lost
    server.world.say(11, 11, "/help")
    await lin.send("/help")
    await ada.taken_in()
    await bot.stores.message_ids.keep(NOON)
    assert await bot.stores.doubts.strays() == {11}


async def test_refused_reply_is_no_message(server: BotApiServer, bot: Runtime, ada: Chat) -> None:
    async def refused(method: str, _: Arguments, at: Phase) -> None:
        if method == "sendmessage" and at == "before":
            raise Refusal(400, "Bad Request: no")

    server.fault = refused
    server.world.say(11, 11, "/help")
    await ada.taken_in()
    await bot.stores.message_ids.keep(NOON)
    assert await bot.stores.doubts.strays() == set()
    assert bot.stores.message_ids.ids.asking == {}
