"""Digests: subscribed to in the chat, sent at the reader's own time, each article told once."""

from dataclasses import replace

import pytest

from bot.app.lifespan import Runtime
from bot.demo import membership
from bot.reader.model import Place, Reader
from tests.chat import Chat, data_of, labels
from tests.clock import StillClock


async def skip(bot: Runtime, clock: StillClock, **time: float) -> None:
    """Let time pass, and everything that is due leave."""
    await clock.advance(**time)
    await bot.scheduler.run_all()
    while await at_work(bot, clock):
        await clock.advance(seconds=0.1)
    await clock.settle()


async def at_work(bot: Runtime, clock: StillClock) -> bool:
    if bot.freshness.is_at_work:
        return True
    due = await bot.stores.outbox.next_due()
    return bool((await bot.stores.outbox.counts()).get("sending") or (due and due <= clock.now()))


async def reader_of(chat: Chat, bot: Runtime) -> Reader:
    found = await bot.services.readers.find(Place(chat.id))
    assert found is not None
    return found


async def test_time_without_a_zone_asks_first_and_remembers_the_time(ada: Chat) -> None:
    asked = await ada.send("/subscribe 8:30")
    assert "A digest at 08:30, your local time. Where are you?" in asked["text"]
    assert "Berlin 13:00" in labels(asked)
    done = await ada.press(asked, "Berlin")
    assert done["message_id"] == asked["message_id"]
    assert "Every day at 08:30, Berlin time" in done["text"]
    assert "· tomorrow, Wed 25 Nov, 08:30\n· Thu 26 Nov, 08:30\n· Fri 27 Nov, 08:30" in done["text"]


async def test_city_may_be_typed_in_answer(lin: Chat) -> None:
    asked = await lin.send("/subscribe 早上八点半")
    assert "上海 20:00" in labels(asked)
    assert "每天 08:30（上海时间）" in (await lin.send("北京"))["text"]
    assert "没有找到" in (await lin.send("北京"))["text"]  # nothing is asked any more


async def test_another_command_ends_the_question(ada: Chat) -> None:
    await ada.send("/subscribe")
    assert (await ada.send("/cancel"))["text"] == "Cancelled."
    assert "Nothing found" in (await ada.send("London"))["text"]
    await ada.send("/subscribe")
    await ada.send("/help")
    assert "Nothing found" in (await ada.send("London"))["text"]


async def test_zone_of_unclear_sign_asks_which_way_was_meant(ada: Chat) -> None:
    asked = await ada.send("/subscribe 8 Etc/GMT+5")
    assert labels(asked) == ["UTC+5", "UTC-5"]
    assert "UTC-5 time" in (await ada.press(asked, "UTC-5"))["text"]


async def test_what_is_misread_is_answered_with_what_was_understood_and_examples(ada: Chat) -> None:
    text = (await ada.send("/subscribe 8 Atlantis weekdays"))["text"]
    assert "I understood: Weekdays and 08:00." in text
    assert "“Atlantis”" in text
    assert "/subscribe 8am London" in text
    assert "Weekdays at 08:00, Oslo time" in (await ada.send("Oslo"))["text"]  # it was not lost


async def test_city_that_is_mistyped_is_recognised(ada: Chat) -> None:
    asked = await ada.send("/subscribe 8:15 Londn")
    assert labels(asked) == ["London"]
    assert "Every day at 08:15, London time" in (await ada.press(asked, "London"))["text"]


async def test_offset_offers_the_cities_that_have_it(ada: Chat, lin: Chat) -> None:
    asked = await lin.send("/subscribe 早上8点 +8")
    assert labels(asked)[:2] == ["上海 20:00", "香港 20:00"]
    assert labels(asked)[-1] == "UTC+8"
    assert "每天 08:00（新加坡时间）" in (await lin.press(asked, "新加坡"))["text"]
    half = await ada.send("/subscribe 8 UTC+5:30")
    assert labels(half)[0].startswith("Kolkata")
    assert "No city is at UTC+4:15" in (await ada.send("/subscribe 8 +4:15"))["text"]


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "Factory", "Etc/GMT+99", ""])
async def test_forged_zone_subscribes_to_nothing(ada: Chat, bot: Runtime, zone: str) -> None:
    message = await ada.send("/start")
    assert "has expired" in await ada.answer_to(message, f"zone:{zone}")
    assert not (await reader_of(ada, bot)).subscription.active


async def test_digest_comes_at_the_readers_time_and_tells_each_article_once(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 Shanghai")  # 00:00 UTC, in twelve hours
    await skip(bot, clock, hours=11, minutes=59)
    assert ada.silent()
    await skip(bot, clock, minutes=2)
    digest = await ada.reply()
    assert digest["text"].startswith("☀️ Wednesday, 25 November\n2 new articles for you.")
    assert "A quote for today" in digest["text"]
    assert (await reader_of(ada, bot)).cursors.watermark == 2
    await skip(bot, clock, hours=24)
    assert "Nothing new, so" in (await ada.reply())["text"]
    section = await ada.press(digest, "In context")
    assert section["message_id"] != digest["message_id"]


async def test_digest_shows_the_next_one_and_moves_nothing(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    first, second = await ada.send("/digest"), await ada.send("/digest")
    assert first["text"] == second["text"]
    await skip(bot, clock, hours=20, minutes=1)
    sent = await ada.reply()
    assert sent["text"].splitlines()[1:] == first["text"].splitlines()[1:]


async def test_after_unsubscribing_nothing_comes(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/subscribe 8 London")
    left = await ada.send("/unsubscribe")
    assert "Unsubscribed" in left["text"]
    await skip(bot, clock, hours=48)
    assert ada.silent()
    assert "weren’t subscribed" in (await ada.send("/unsubscribe"))["text"]
    assert "08:00, London time" in (await ada.press(left, "Subscribe again"))["text"]


async def test_who_never_subscribed_is_not_asked_to_subscribe_again(ada: Chat) -> None:
    left = await ada.send("/unsubscribe")
    assert "weren’t subscribed" in left["text"]
    assert "Where are you?" in (await ada.press(left, "Daily digest"))["text"]


async def test_after_an_outage_one_digest_stands_for_all(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/subscribe 8 9 10 London")
    await clock.advance(hours=23)  # nothing ticked meanwhile
    await skip(bot, clock, seconds=1)
    digest = await ada.reply()
    assert "this one covers 3" in digest["text"]
    assert await bot.stores.outbox.counts() == {"sent": 1, "excluded": 2}
    assert ada.silent()


async def test_what_is_too_late_is_left_out_and_told_next_time(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    await clock.advance(hours=30)
    await skip(bot, clock, seconds=1)
    assert ada.silent()
    assert await bot.stores.outbox.counts() == {"excluded": 1}
    await skip(bot, clock, hours=15)
    assert "2 new articles" in (await ada.reply())["text"]


async def test_blocked_reader_is_suspended_and_comes_back_with_everything(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    ada.server.world.chats[ada.id].bot = "kicked"  # Telegram has not told yet
    await skip(bot, clock, hours=20, minutes=1)
    reader = await reader_of(ada, bot)
    assert (reader.subscription.active, reader.subscription.next_at, reader.cursors.watermark) == (
        True,
        None,
        0,
    )
    assert "blocked" in (reader.subscription.suspended or "")
    membership.block(ada.server.world, ada.user, blocked=False)
    await ada.send("/start")
    await skip(bot, clock, hours=24)
    assert "2 new articles" in (await ada.reply())["text"]


async def test_blocking_suspends_at_once(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/subscribe 8 London")
    membership.block(ada.server.world, ada.user, blocked=True)
    while (await reader_of(ada, bot)).subscription.suspended is None:
        await clock.settle()
    await skip(bot, clock, hours=48)
    assert await bot.stores.outbox.counts() == {}


async def test_group_gets_its_digest_and_only_administrators_decide(
    bot: Runtime, ada: Chat, lin: Chat, clock: StillClock
) -> None:
    world = ada.server.world
    world.group(-5, "Club", {ada.user: "creator", lin.user: "member"}, basic=True)
    creator, member = Chat(ada.server, -5, ada.user), Chat(ada.server, -5, lin.user)
    assert "只有管理员" in (await member.send("/subscribe 8 London"))["text"]
    await creator.reply()
    world.say(-5, ada.user, "/subscribe 8 London")
    assert "已订阅" in (await creator.reply())["text"]
    membership.upgrade(world, -5, -100)
    upgraded = Chat(ada.server, -100, ada.user)
    await skip(bot, clock, hours=20, minutes=1)
    assert "2 篇新文章" in (await upgraded.reply())["text"]


async def test_twelfth_article_of_a_day_is_in_the_digest_too(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    card = bot.services.library.newest()[0]
    for number in range(3, 23):
        bot.services.library.put(
            replace(card, id=type(card.id)(number), news=number, title=f"Number {number}", quotes=())
        )
    await skip(bot, clock, hours=20, minutes=1)
    digest = await ada.reply()
    assert "22 new articles" in digest["text"]
    assert "… and 13 more" in labels(digest)
    listed = await ada.press(digest, "13 more")
    assert listed["text"].startswith("22 new articles\n\n1. Number 22")
    assert data_of(listed, "Older") == "new:0:1"


async def test_preview_button_and_subscribe_button_work(ada: Chat) -> None:
    start = await ada.send("/start")
    asked = await ada.press(start, "Daily digest")
    assert asked["message_id"] != start["message_id"]
    done = await ada.press(asked, "London")
    assert "2 new articles" in (await ada.press(done, "Preview"))["text"]
