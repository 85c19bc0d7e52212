"""/settings: all by buttons, each change shown with the next three digests."""

from datetime import date, time

import pytest

from bot.app.lifespan import Runtime
from bot.demo.model import Json
from bot.demo.server import BotApiServer
from bot.reader.model import Place, Reader, Weekly
from tests.chat import Chat, labels
from tests.clock import StillClock
from tests.tg.test_digests import reader_of, skip

FRIDAY = "· Fri 27 Nov, 08:00"


async def subscribed(chat: Chat) -> Json:
    await chat.send("/subscribe 8 London")
    return await chat.send("/settings")


async def test_everything_is_seen_at_a_glance(ada: Chat) -> None:
    shown = await subscribed(ada)
    assert "Every day at 08:00, London time" in shown["text"]
    assert "Includes: new articles, the first sentences of each, a quote and a picture." in shown["text"]
    assert "Language: English" in shown["text"]
    assert FRIDAY in shown["text"]


async def test_several_times_a_day_by_buttons(ada: Chat, bot: Runtime) -> None:
    screen = await ada.press(await subscribed(ada), "Times")
    assert "✓ 08:00" in labels(screen)
    screen = await ada.press(screen, "20:00")
    assert "✓ 20:00" in labels(screen)
    assert "· tomorrow, Wed 25 Nov, 08:00" in screen["text"]
    screen = await ada.press(screen, "08:00")
    assert (await reader_of(ada, bot)).subscription.times == (time(20),)
    assert "must stay" in await ada.answer_to(screen, f"set:{(await reader_of(ada, bot)).id}:time:2000")
    for hour in (5, 6, 7, 9, 10):
        screen = await ada.press(screen, f"{hour:02}:00")
    assert "6 a day at most" in await ada.answer_to(screen, f"set:{(await reader_of(ada, bot)).id}:time:1100")
    assert len((await reader_of(ada, bot)).subscription.times) == 6


async def test_other_times_are_typed_while_the_screen_is_open(ada: Chat, bot: Runtime) -> None:
    await ada.press(await subscribed(ada), "Times")
    assert "“x9”" in (await ada.send("x9"))["text"]
    changed = await ada.send("7:45 21:15")
    assert "Every day at 07:45 and 21:15, London time" in changed["text"]
    assert (await reader_of(ada, bot)).conversation.awaiting is None
    screen = await ada.press(changed, "Times")
    assert "✓ 07:45" in labels(screen)
    await ada.press(screen, "‹ Settings")
    assert "Nothing found" in (await ada.send("8:10"))["text"]  # no screen is open any more


async def test_days(ada: Chat, bot: Runtime) -> None:
    screen = await ada.press(await subscribed(ada), "Days")
    screen = await ada.press(screen, "Weekdays")
    screen = await ada.press(screen, "Wed")
    assert (await reader_of(ada, bot)).subscription.days == {1, 2, 4, 5}
    assert "Wed 25" not in screen["text"]
    assert "Thu 26 Nov" in screen["text"]


async def test_zone_by_button_by_city_and_by_offset(ada: Chat, bot: Runtime) -> None:
    screen = await ada.press(await subscribed(ada), "Time zone")
    assert any(label.startswith("✓ London") for label in labels(screen))
    shown = await ada.press(screen, "Berlin")
    assert "Berlin time" in shown["text"]
    await ada.press(shown, "Time zone")
    shown = await ada.send("上海")
    assert "Shanghai time" in shown["text"]
    await ada.press(shown, "Time zone")
    cities = await ada.send("+9")
    assert "Tokyo time" in (await ada.press(cities, "Tokyo"))["text"]
    assert (await reader_of(ada, bot)).subscription.zone == "Asia/Tokyo"


async def test_city_mistyped_in_settings_is_chosen_there_and_subscribes_nobody(
    ada: Chat, bot: Runtime
) -> None:
    await ada.press(await ada.send("/settings"), "Time zone")
    guess = await ada.send("Londn")
    assert labels(guess) == ["London"]
    await ada.press(guess, "London")
    assert (
        (await reader_of(ada, bot)).subscription.zone,
        (await reader_of(ada, bot)).subscription.active,
    ) == ("Europe/London", False)


async def test_language_is_chosen_and_left_to_telegram_again(ada: Chat, bot: Runtime) -> None:
    screen = await ada.press(await subscribed(ada), "Language")
    assert labels(screen)[:3] == ["English", "中文", "✓ As Telegram does"]
    screen = await ada.press(screen, "中文")
    assert "用哪种语言" in screen["text"]
    assert "没有这个命令" in (await ada.send("/fly"))["text"]
    menus = ada.server.world.commands
    assert {entry["description"] for code in ("", "zh") for entry in menus["chat:11", code]} >= {"退订"}
    assert "no more digests" not in {entry["description"] for entry in menus["chat:11", ""]}
    screen = await ada.press(screen, "跟随 Telegram")
    assert "no more digests" in {entry["description"] for entry in menus["chat:11", ""]}
    assert "Which language" in screen["text"]
    assert (await reader_of(ada, bot)).language_chosen is False


async def test_parts_of_a_digest(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    screen = await ada.press(await subscribed(ada), "Content")
    screen = await ada.press(screen, "A quote")
    screen = await ada.press(screen, "first sentences")
    assert "must stay" in await ada.answer_to(screen, f"set:{(await reader_of(ada, bot)).id}:part:news")
    screen = await ada.press(screen, "Only when")
    assert "✓ Only when there is something new" in labels(screen)
    await skip(bot, clock, hours=21)
    digest = await ada.reply()
    assert "A quote for today" not in digest["text"]
    assert "The lead of the first one" not in digest["text"]
    await skip(bot, clock, hours=24)
    assert ada.silent()
    assert "nothing new" in (await ada.send("/digest"))["text"]


async def test_pause_until_a_date(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    screen = await ada.press(await subscribed(ada), "Pause")
    shown = await ada.press(screen, "Fri 27 Nov")
    assert "Paused. Resumes Fri 27 Nov" in shown["text"]
    assert FRIDAY in shown["text"]
    await skip(bot, clock, hours=48)
    assert ada.silent()
    await skip(bot, clock, hours=24)
    assert "2 new articles" in (await ada.reply())["text"]
    assert "Paused" not in (await ada.send("/settings"))["text"]


async def test_pause_is_typed_and_ended(ada: Chat, bot: Runtime) -> None:
    await ada.press(await subscribed(ada), "Pause")
    misread = await ada.send("never")
    assert "“never”" in misread["text"]
    assert "/subscribe" not in misread["text"]  # that would be no day
    shown = await ada.send("24 Dec")
    assert "Paused. Resumes Thu 24 Dec" in shown["text"]
    shown = await ada.press(await ada.press(shown, "Pause"), "Resume now")
    assert "tomorrow, Wed 25 Nov" in shown["text"]
    assert (await reader_of(ada, bot)).subscription.paused_until is None
    late = await ada.answer_to(shown, f"set:{(await reader_of(ada, bot)).id}:until:2020-01-01")
    assert "has expired" in late


async def test_stop_and_start_again(ada: Chat, bot: Runtime) -> None:
    shown = await ada.press(await subscribed(ada), "Stop digests")
    assert "Digest: off" in shown["text"]
    assert not (await reader_of(ada, bot)).subscription.active
    shown = await ada.press(shown, "Start digests")
    assert "Every day at 08:00, London time" in shown["text"]
    assert (await reader_of(ada, bot)).subscription.active


async def test_who_never_said_where_they_are_is_asked_at_the_start(ada: Chat, bot: Runtime) -> None:
    screen = await ada.press(await ada.send("/settings"), "Start digests")
    assert "send the name of yours" in screen["text"]
    shown = await ada.send("Oslo")
    assert "Every day at 08:00, Oslo time" in shown["text"]
    assert (await reader_of(ada, bot)).subscription.active
    await ada.press(shown, "Stop digests")
    assert not (await reader_of(ada, bot)).subscription.active


async def test_digest_changes_its_own_time_pauses_and_stops(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await subscribed(ada)
    await skip(bot, clock, hours=21)
    digest = await ada.reply()
    screen = await ada.press(digest, "Time")
    assert screen["message_id"] != digest["message_id"]  # the digest stays as it was
    await ada.press(screen, "09:00")
    assert (await reader_of(ada, bot)).subscription.times == (time(8), time(9))
    await ada.press(await ada.press(digest, "Pause"), "Fri 27 Nov")
    assert (await reader_of(ada, bot)).subscription.paused_until == date(2026, 11, 27)
    assert "Digest: off" in (await ada.press(digest, "Stop"))["text"]
    assert not (await reader_of(ada, bot)).subscription.active


@pytest.mark.parametrize(
    "choice",
    ["", "never", "time:99", "time:2560", "time", "day:", "day:8", "day:x", "in:Mars/Base", "in:", "goin:../x", "say:xx",
     "part:all", "part:", "until:", "until:x", "until:2099-01-01"],
)  # fmt: skip
async def test_forged_choices_change_nothing(ada: Chat, bot: Runtime, choice: str) -> None:
    shown = await subscribed(ada)
    before = await reader_of(ada, bot)
    answer = await ada.answer_to(shown, f"set:{before.id}:{choice}")
    after = await reader_of(ada, bot)
    assert "has expired" in answer or "must stay" in answer
    assert after == before


async def test_nobody_changes_anothers_settings(ada: Chat, lin: Chat, bot: Runtime) -> None:
    await subscribed(ada)
    reader = await reader_of(ada, bot)
    shown = await lin.send("/settings")
    for choice in ("all", "stop", "time:0900", "zone"):
        assert "失效" in await lin.answer_to(shown, f"set:{reader.id}:{choice}")
    assert await reader_of(ada, bot) == reader


async def test_in_a_group_only_administrators_change_anything(
    server: BotApiServer, ada: Chat, lin: Chat, bot: Runtime
) -> None:
    server.world.group(-100, "Club", {ada.user: "creator", lin.user: "member"})
    creator = Chat(server, -100, ada.user)
    server.world.say(-100, lin.user, "/settings")
    assert "只有管理员" in (await creator.reply())["text"]  # lin spoke first
    await creator.send("/subscribe 8 London")
    shown = await creator.send("/settings")
    reader = await group_reader(bot)
    member = Chat(server, -100, lin.user)
    for choice in ("stop", "time:0900", "times", "all"):
        assert "只有管理员" in await member.answer_to(shown, f"set:{reader.id}:{choice}")
    assert await group_reader(bot) == reader
    assert (reader.subscription.active, reader.set_up_by) == (True, ada.user)
    screen = await creator.press(shown, "时间")
    assert "/subscribe 7:45" in screen["text"]  # nothing is awaited where plain words do not reach us
    assert (await group_reader(bot)).conversation.awaiting is None


async def group_reader(bot: Runtime) -> Reader:
    found = await bot.services.readers.find(Place(-100, None, "group"))
    assert found is not None
    return found


async def test_digest_of_the_week_by_buttons(ada: Chat, bot: Runtime) -> None:
    screen = await ada.press(await subscribed(ada), "Weekly")
    assert "A digest of the week?" in screen["text"]
    assert not any("weekly" in label for label in labels(screen))
    screen = await ada.press(screen, "Sat")
    assert "· Sat 28 Nov, 18:00: the week" in screen["text"]
    screen = await ada.press(screen, "20:00")
    assert [label for label in labels(screen) if label.startswith("✓")] == ["✓ Sat", "✓ 20:00"]
    assert (await reader_of(ada, bot)).subscription.weekly == Weekly(6, time(20))
    screen = await ada.press(screen, "Only weekly")
    assert "· Sat 28 Nov, 20:00: the week\n· Sat 5 Dec, 20:00: the week" in screen["text"]
    shown = await ada.press(screen, "‹ Settings")
    assert "Once a week, Sat at 20:00, London time" in shown["text"]
    screen = await ada.press(await ada.press(shown, "Weekly"), "✓ Only weekly")
    assert (await reader_of(ada, bot)).subscription.times == (time(8),)
    screen = await ada.press(await ada.press(screen, "Only weekly"), "No weekly digest")
    chosen = (await reader_of(ada, bot)).subscription
    assert (chosen.weekly, chosen.times) == (None, (time(8),))
    reader = (await reader_of(ada, bot)).id
    assert "expired" in await ada.answer_to(screen, f"set:{reader}:weekly:9:0800")
    assert "must stay" in await ada.answer_to(screen, f"set:{reader}:daily")


async def test_day_and_time_of_the_week_are_typed(ada: Chat, bot: Runtime) -> None:
    await ada.press(await subscribed(ada), "Weekly")
    assert "one day and one time" in (await ada.send("Saturday"))["text"]
    assert "one day and one time" in (await ada.send("weekend 9:30"))["text"]
    shown = await ada.send("Saturday 9:30")
    assert "Every day at 08:00, London time, and the week on Sat at 09:30" in shown["text"]
    assert "✓ 09:30" in labels(await ada.press(shown, "Weekly"))
    assert "the week on Sat at 09:30" in (await ada.send("/subscribe 7:00"))["text"], "it stays"
    assert (await reader_of(ada, bot)).subscription.weekly == Weekly(6, time(9, 30))


async def test_last_daily_time_may_go_where_a_week_comes(ada: Chat, bot: Runtime) -> None:
    await ada.press(await ada.press(await subscribed(ada), "Weekly"), "Sun")
    screen = await ada.press(await ada.press(await ada.send("/settings"), "Times"), "✓ 08:00")
    assert (await reader_of(ada, bot)).subscription.times == ()
    assert "· Sun 29 Nov, 18:00: the week" in screen["text"]
