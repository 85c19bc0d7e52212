"""Groups, topics and channels: who decides, where digests go, and what becomes of them when the bot must leave."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from bot.demo import membership
from bot.demo.model import ANONYMOUS, Json
from bot.demo.server import BotApiServer
from bot.reader.model import Place, Reader
from tests.chat import Chat, labels
from tests.clock import StillClock
from tests.tg.test_digests import skip

GROUP, CHANNEL = -100, -200


@pytest.fixture
def club(server: BotApiServer, ada: Chat, lin: Chat) -> Chat:
    server.world.group(GROUP, "Club", {ada.user: "creator", lin.user: "member"})
    return Chat(server, GROUP, ada.user)


@pytest.fixture
def news(server: BotApiServer, ada: Chat, club: Chat) -> Chat:
    server.world.channel(CHANNEL, "News", {ada.user: "creator"}, linked=club.id)
    return Chat(server, CHANNEL, ada.user)


async def reader_at(bot: Runtime, chat: int, topic: int | None = None) -> Reader | None:
    return await bot.services.readers.find(Place(chat, topic, "group"))


async def settled(clock: StillClock, done: Callable[[], bool] = lambda: True) -> None:
    for _ in range(50):
        await clock.settle()
        await SystemClock().sleep(0.002)  # what comes over a socket takes real time
    assert done()


async def told(chat: Chat, clock: StillClock) -> Json:
    """What the bot says of its own accord: it waits for its turn."""
    while chat.silent():
        await clock.advance(seconds=0.01)
        await SystemClock().sleep(0.001)
    return await chat.reply()


async def until(clock: StillClock, done: Callable[[], Awaitable[bool]]) -> None:
    """What we told has arrived and been handled."""
    for _ in range(2000):
        if await done():
            return
        await clock.settle()
        await SystemClock().sleep(0.005)  # what comes over a socket takes real time
    raise AssertionError("it never happened")


async def silenced(bot: Runtime, chat: int, topic: int | None = None) -> bool:
    reader = await reader_at(bot, chat, topic)
    return reader is not None and reader.subscription.suspended is not None


async def subscribed(bot: Runtime, chat: int, topic: int | None = None) -> bool:
    reader = await reader_at(bot, chat, topic)
    return reader is not None and reader.subscription.active and reader.subscription.suspended is None


async def test_commands_for_others_and_service_messages_get_silence(
    server: BotApiServer, club: Chat, clock: StillClock
) -> None:
    for text in ("/fly", "/quote@other_bot", "hello all", "/fly@other_bot"):
        server.world.say(GROUP, club.user, text)
    server.world.service(server.world.chats[GROUP], {"new_chat_title": "Club 2"})
    membership.become(server.world, GROUP, club.user, "left")
    membership.become(server.world, GROUP, club.user, "member")
    quote = await club.send(f"/quote@{server.world.bot['username']}")
    assert "Words" in quote["text"] or "第二篇" in quote["text"]
    puzzled = await club.send(f"/fly@{server.world.bot['username']}")
    assert "don’t know that command" in puzzled["text"]
    await settled(clock, club.silent)


@pytest.mark.parametrize(
    "how",
    [
        {"is_automatic_forward": True, "sender_chat": {"id": CHANNEL, "type": "channel", "title": "News"}},
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1}},
        {"via_bot": {"id": 9, "is_bot": True, "first_name": "b"}},
    ],
)
async def test_what_is_passed_on_commands_nothing(
    server: BotApiServer, club: Chat, ada: Chat, bot: Runtime, clock: StillClock, how: dict[str, Any]
) -> None:
    server.world.say(GROUP, club.user, "/subscribe 8 London", **how)
    await settled(clock, club.silent)
    assert not await subscribed(bot, GROUP)
    assert "subscribed" not in (await ada.send("/subscribe 8 London", **how))["text"]
    assert not await subscribed(bot, ada.id)


async def test_post_of_a_linked_channel_does_not_subscribe_the_group(
    server: BotApiServer, news: Chat, club: Chat, bot: Runtime, clock: StillClock
) -> None:
    membership.become(server.world, CHANNEL, news.user, "administrator")
    server.world.say(CHANNEL, news.user, "/subscribe 8 London")
    await settled(clock, club.silent)
    assert not await subscribed(bot, GROUP)
    assert not await subscribed(bot, CHANNEL)


async def test_anonymous_administrator_decides_and_another_chat_does_not(
    server: BotApiServer, club: Chat, bot: Runtime
) -> None:
    stranger = {"id": -300, "type": "channel", "title": "Strangers"}
    server.world.say(GROUP, ANONYMOUS, "/subscribe 8 London", sender_chat=stranger)
    assert "only its administrators" in (await club.reply())["text"]
    server.world.chats[GROUP].anonymous.add(club.user)
    assert "You’re subscribed" in (await club.send("/subscribe 8 London"))["text"]
    reader = await reader_at(bot, GROUP)
    assert reader is not None
    assert (reader.subscription.active, reader.set_up_by) == (True, None)


async def test_topic_gets_its_digest_in_the_topic(
    server: BotApiServer, club: Chat, bot: Runtime, clock: StillClock
) -> None:
    topic = membership.open_topic(server.world, GROUP, club.user, "Books")
    answer = await club.send("/subscribe 8 London", topic=topic)
    assert answer["message_thread_id"] == topic
    assert await subscribed(bot, GROUP, topic)
    assert not await subscribed(bot, GROUP)
    await skip(bot, clock, hours=21)
    digest = await club.reply()
    assert "2 new articles" in digest["text"]
    assert digest["message_thread_id"] == topic
    section = await club.press(digest, "In context")
    assert section["message_thread_id"] == topic


async def test_topic_that_is_closed_waits_until_it_is_opened_again(
    server: BotApiServer, club: Chat, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/start")
    topic = membership.open_topic(server.world, GROUP, club.user, "Books")
    await club.send("/subscribe 8 London", topic=topic)
    membership.close_topic(server.world, GROUP, club.user, topic)
    await until(clock, lambda: silenced(bot, GROUP, topic))
    await skip(bot, clock, hours=1)
    told = await ada.reply()
    assert "“Club” are on hold: the topic was closed." in told["text"]
    await skip(bot, clock, hours=21)
    assert not await subscribed(bot, GROUP, topic)
    membership.close_topic(server.world, GROUP, club.user, topic, closed=False)
    await until(clock, lambda: subscribed(bot, GROUP, topic))
    assert ada.silent()  # told once


@pytest.mark.parametrize(
    ("standing", "reason"),
    [("kicked", "I was removed"), ("left", "I was removed"), ("restricted", "I can’t write")],
)
async def test_group_that_removes_the_bot_loses_nothing_and_its_owner_is_told(
    server: BotApiServer, club: Chat, ada: Chat, bot: Runtime, clock: StillClock, standing: str, reason: str
) -> None:
    await ada.send("/start")
    await club.send("/subscribe 8 London")
    membership.become(server.world, GROUP, club.user, standing)  # type: ignore[arg-type]
    await until(clock, lambda: silenced(bot, GROUP))
    before = await reader_at(bot, GROUP)
    assert before is not None
    assert (before.subscription.active, before.subscription.next_at) == (True, None)
    await skip(bot, clock, hours=1)
    assert f"“Club” are on hold: {reason}" in (await ada.reply())["text"]
    membership.become(server.world, GROUP, club.user, "member")
    await until(clock, lambda: subscribed(bot, GROUP))
    await skip(bot, clock, hours=21)
    assert ada.silent()


async def test_delivery_that_finds_the_door_closed_is_told_too(
    server: BotApiServer, club: Chat, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/start")
    await club.send("/subscribe 8 London")
    server.world.chats[GROUP].bot = "kicked"  # while we were not listening
    await skip(bot, clock, hours=21)
    await skip(bot, clock, seconds=10)
    assert "Digests for “Club” are on hold" in (await ada.reply())["text"]
    assert not await subscribed(bot, GROUP)


async def test_channel_is_added_by_making_the_bot_its_administrator(
    server: BotApiServer, news: Chat, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    membership.become(server.world, CHANNEL, ada.user, "administrator")
    assert "I can write in “News”" in (await told(ada, clock))["text"]
    shown = await told(ada, clock)
    assert "Settings of “News”" in shown["text"]
    screen = await ada.press(shown, "Times")
    screen = await ada.press(await ada.press(screen, "09:00"), "08:00")
    shown = await ada.press(screen, "‹ Settings")
    shown = await ada.press(shown, "Start digests")
    assert "Every day at 09:00, London time" in shown["text"]
    await ada.press(shown, "Stop digests")
    listed = await ada.send("/settings")
    assert labels(listed)[-1] == "👥 News"
    shown = await ada.press(await ada.press(listed, "News"), "Start digests")
    assert labels(shown)[-1] == "‹ My own settings"
    assert "08:00" in (await ada.press(shown, "My own"))["text"]
    await skip(bot, clock, hours=22)
    await ada.reply()  # her own
    digest = await news.reply()
    assert "2 new articles" in digest["text"]
    assert not any("Time" in label for label in labels(digest))


async def test_many_channels_of_one_account_keep_nobody_waiting(
    ada: Chat, lin: Chat, server: BotApiServer, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/start")
    for number in range(150):
        server.world.channel(-1_000_000 - number, f"Channel {number}", {ada.user: "creator"})
    for number in range(150):
        membership.become(server.world, -1_000_000 - number, ada.user, "administrator")
    assert (await lin.send("/summary"))["text"].startswith("第二篇")
    await clock.settle()
    assert len(await bot.services.readers.set_up_by(ada.user)) <= 20
    rows = (await bot.stores.outbox.counts()).values()
    assert sum(rows) <= 2 * 20


async def test_button_in_a_channel_posts_nothing_and_leads_to_the_private_chat(
    server: BotApiServer, news: Chat, ada: Chat, lin: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    membership.become(server.world, CHANNEL, ada.user, "administrator")
    await told(ada, clock)
    await ada.press(await told(ada, clock), "Start digests")
    await skip(bot, clock, hours=22)
    digest = await news.reply()
    answers: list[str] = []
    server.world.listeners.append(
        lambda chat, name, data: answers.append(data["url"]) if name == "answer" and chat == CHANNEL else None
    )
    posts = len(server.accepted(CHANNEL))
    rows = digest["reply_markup"]["inline_keyboard"]
    pressed = [button["callback_data"] for row in rows for button in row] + ["set:1:stop", "never", "pub:1"]
    for data in pressed:
        server.world.press(CHANNEL, lin.user, digest["message_id"], data)
    while len(answers) < len(pressed):
        await clock.settle()
    assert all(url.startswith(f"https://t.me/{server.world.bot['username']}?start=") for url in answers)
    assert len(server.accepted(CHANNEL)) == posts
    assert answers[0].endswith("=first")
    assert "第二篇文章" in (await lin.send("/start second"))["text"]
    assert "—" in (await lin.send("/start quote"))["text"]


async def test_channel_that_takes_the_right_to_post_waits(
    server: BotApiServer, news: Chat, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    membership.become(server.world, news.id, ada.user, "administrator")
    await told(ada, clock)
    await ada.press(await told(ada, clock), "Start digests")
    membership.become(server.world, CHANNEL, ada.user, "member")
    await until(clock, lambda: silenced(bot, CHANNEL))
    await skip(bot, clock, hours=1)
    assert "“News” are on hold: I can’t write" in (await ada.reply())["text"]


async def test_answer_follows_a_group_that_is_upgraded_meanwhile(server: BotApiServer, ada: Chat) -> None:
    server.world.group(-5, "Club", {ada.user: "creator"}, basic=True)
    upgraded = Chat(server, -100, ada.user)
    server.world.say(-5, ada.user, "/quote")
    membership.upgrade(server.world, -5, -100)
    assert "—" in (await upgraded.reply())["text"]
