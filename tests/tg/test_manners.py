"""Manners: a useful answer to everything, never a trace, never a spinner that stays."""

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import web

from bot.app.lifespan import Runtime
from bot.article.model import ArticleId
from bot.clock import SystemClock
from bot.demo import membership
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.errors import StoreFull
from bot.message.formatted_text import FormattedText
from bot.tg import typing_indicator
from bot.tg.application import ROUTES
from bot.tg.menus import COMMANDS
from bot.tg.request import AUDIENCES
from bot.tg.routes import CommandRoute
from tests.chat import Chat, bot_running, data_of
from tests.clock import StillClock
from tests.simulator import TelegramSimulator


def test_menus_list_every_command_for_its_audience() -> None:
    registered = {(route.name, route.audience) for route in ROUTES if isinstance(route, CommandRoute)}
    listed = {(name, audience) for audience in AUDIENCES for name in COMMANDS[audience]}
    assert registered - {("start", "reader")} == listed


async def test_menus_and_descriptions_are_set_in_every_language(server: BotApiServer, ada: Chat) -> None:
    await ada.send("/start")
    languages = {language for scope, language in server.world.commands if scope == "all_private_chats"}
    assert languages == {"", "zh"}
    names = {
        scope: {entry["command"] for entry in menu} for (scope, _), menu in server.world.commands.items()
    }
    assert "subscribe" in names["all_chat_administrators"]
    assert "subscribe" not in names["all_group_chats"]
    assert {key for key, _ in server.world.texts} == {"description", "short_description"}


@pytest.mark.parametrize("broken", ["setmycommands", "setmydescription", "setmyshortdescription"])
async def test_menu_that_cannot_be_set_is_logged_and_stops_nothing(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, broken: str,
    caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    async def fails(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        return web.Response(status=502, text="<html>") if (method, phase) == (broken, "before") else None

    server.fault = fails
    server.world.person(11, "Ada")
    async with bot_running(server.address, clock, tmp_path / "data", content):
        assert "/summary" in (await Chat(server, 11, 11).send("/help"))["text"]
    assert "A menu or description was not set" in caplog.text


async def test_what_is_awaited_is_still_awaited_after_a_restart(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(1, "Olga")
    olga = Chat(server, 1, 1)
    for question, answer, expected in (
        ("/subscribe 8:30", "Berlin", "Every day at 08:30, Berlin time"),
        ("/addarticle", "# Late\n\nWords that came after a restart.", "Late"),
    ):
        async with bot_running(server.address, clock, tmp_path / "data", content):
            await olga.send(question)
        async with bot_running(server.address, clock, tmp_path / "data", content):
            assert expected in (await olga.send(answer))["text"]


async def test_unknown_command_and_unknown_words_get_a_way_out(ada: Chat) -> None:
    puzzled = await ada.send("/fly")
    assert "don’t know that command" in puzzled["text"]
    assert (await ada.press(puzzled, "What can you do"))["text"].startswith("What I can do")
    assert "Nothing found" in (await ada.send("qwertz"))["text"]


async def test_sticker_is_answered_and_an_album_once(server: BotApiServer, ada: Chat) -> None:
    server.world.sticker(ada.id, ada.user)
    assert "I only understand text" in (await ada.reply())["text"]
    server.world.album(ada.id, ada.user, *[""] * 4)
    await ada.reply()
    await ada.send("/cancel")
    assert ada.silent()


@pytest.mark.parametrize(
    "data",
    ["sum", "sum:x", "sum:" + "9" * 40, "sec:1:nosuch:0", "sec:1", "out:1:x", "quo:", "arts:x", "new:x:y", "never", "::::"],
)  # fmt: skip
async def test_forged_or_expired_button_ends_its_spinner_with_words(ada: Chat, data: str) -> None:
    assert "has expired" in await ada.answer_to(await ada.send("/summary"), data)


@pytest.mark.parametrize("data", ["sum:999", "out:999:0", "+sec:999:x:0"])
async def test_button_of_an_article_that_is_gone_says_so(ada: Chat, data: str) -> None:
    assert "has been removed" in await ada.answer_to(await ada.send("/summary"), data)


async def test_quote_of_an_article_that_is_gone_says_that_there_is_none(ada: Chat) -> None:
    assert "no quotes" in await ada.answer_to(await ada.send("/summary"), "quo:999")


async def test_page_beyond_the_end_shows_the_last_one(ada: Chat) -> None:
    outline = await ada.send("/sections first")
    server_data = next(
        button["callback_data"]
        for row in outline["reply_markup"]["inline_keyboard"]
        for button in row
        if button["text"] == "Two"
    )
    article, section = server_data.split(":")[1:3]
    ada.server.world.press(ada.id, ada.user, outline["message_id"], f"sec:{article}:{section}:99")
    assert "page 2 of 2" in (await ada.reply())["text"]


async def test_button_of_a_message_that_is_gone_opens_a_new_one(server: BotApiServer, ada: Chat) -> None:
    outline = await ada.send("/sections first")
    press = data_of(outline, "One")
    del server.world.messages[ada.id, outline["message_id"]]
    server.world.gone.add((ada.id, outline["message_id"]))
    server.world.press(ada.id, ada.user, outline["message_id"], press)
    section = await ada.reply()
    assert "Words of the first" in section["text"]
    assert "edit_date" not in section


@pytest.mark.parametrize("ask", ["/summary", "first things", "+sum:1"])
async def test_bot_types_while_something_takes_long(
    server: BotApiServer, ada: Chat, bot: Runtime, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    shown = await ada.send("/summary")
    assert server.accepted(ada.id, "sendChatAction") == []  # it was quick
    quick = bot.services.editions.summary

    async def slow(article: ArticleId) -> FormattedText:
        while not server.accepted(ada.id, "sendChatAction"):
            await SystemClock().sleep(0.01)
        return await quick(article)

    bot.services.editions.summary = slow  # type: ignore[method-assign]  # the disk is slow
    monkeypatch.setattr(typing_indicator, "DELAY_S", 0.02)
    if ask.startswith("+"):
        assert await ada.answer_to(shown, ask) == ""
    else:
        assert (await ada.send(ask))["text"].startswith("First things")


async def test_too_many_commands_are_answered_once_and_then_met_with_silence(
    server: BotApiServer, ada: Chat, lin: Chat, owner: Chat, clock: StillClock
) -> None:
    for _ in range(20):
        await ada.send("/cancel")
    assert "too fast" in (await ada.send("/cancel"))["text"]
    for text in ("/cancel", "words", "/summary"):
        server.world.say(ada.id, ada.user, text)
    await lin.send("/cancel")
    assert ada.silent()
    await clock.advance(seconds=61)
    shown = await ada.send("/summary")
    for _ in range(80):
        server.world.press(ada.id, ada.user, shown["message_id"], "sum:1")
    assert "too fast" in await ada.answer_to(shown, "sum:1")
    assert "too fast" in await ada.answer_to(shown, "sum:1")  # its spinner ends, too
    for _ in range(25):
        await owner.send("/cancel")  # editors are not counted


async def test_each_chat_of_a_person_is_counted_by_itself(server: BotApiServer, ada: Chat) -> None:
    server.world.group(-100, "Club", {ada.user: "creator"})
    for _ in range(20):
        await ada.send("/cancel")
    assert "too fast" in (await ada.send("/cancel"))["text"]
    assert "too fast" not in (await Chat(server, -100, ada.user).send("/cancel"))["text"]


async def test_talk_in_a_group_is_not_counted(server: BotApiServer, ada: Chat) -> None:
    server.world.group(-100, "Club", {ada.user: "creator"})
    club = Chat(server, -100, ada.user)
    for _ in range(30):
        server.world.say(-100, ada.user, "just talk")
    assert "Words" in (await club.send("/quote"))["text"]


async def test_what_is_no_text_is_answered_and_an_edited_command_runs_once(
    server: BotApiServer, ada: Chat
) -> None:
    for send in (server.world.voice, server.world.picture, server.world.sticker):
        send(ada.id, ada.user)
        assert "I only understand text" in (await ada.reply())["text"]
    said = server.world.say(ada.id, ada.user, "/cancel")
    await ada.reply()
    server.world.edit(ada.id, said["message_id"], "/summary")
    await ada.send("/cancel")
    assert ada.silent()


@pytest.mark.parametrize("command", ["/summary", "/sections", "/quote", "/subscribe", "/start", "/fly", ""])
@pytest.mark.parametrize("words", ["x" * 4000, "a b " * 1000, "文" * 4000, "8 " * 2000, "+" * 4000])
async def test_query_as_long_as_telegram_allows_is_answered(ada: Chat, command: str, words: str) -> None:
    answer = await ada.send(f"{command} {words}"[:4096])
    assert 0 < len(answer["text"]) <= 4096
    assert "went wrong" not in answer["text"]


async def test_pressing_twice_changes_nothing_and_says_so(
    ada: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    outline = await ada.send("/sections first")
    section = await ada.press(outline, "One")
    assert await ada.answer_to(section, "sum:1") == ""
    assert "No change." in await ada.answer_to(section, "sum:1")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_two_quick_taps_open_one_message_and_two_slow_ones_two(ada: Chat, clock: StillClock) -> None:
    start = await ada.send("/start")
    data = data_of(start, "Daily digest")
    assert data.startswith("+")
    assert len((await ada.pressed(start, data))[1]) == 1
    assert await ada.pressed(start, data) == ("", [])
    await clock.advance(seconds=3)
    assert len((await ada.pressed(start, data))[1]) == 1
    other = data_of(start, "A quote")
    assert len((await ada.pressed(start, other))[1]) == 1
    assert len((await ada.pressed(start, data))[1]) == 1, "something else lay between"


async def test_store_that_fails_is_worded_in_the_readers_language(lin: Chat, bot: Runtime) -> None:
    async def full(*_: object) -> None:
        raise StoreFull("error.store_full")

    await lin.send("/start")
    bot.services.editions.summary = full  # type: ignore[method-assign, assignment]  # the disk fails here
    assert "磁盘满了" in (await lin.send("/summary"))["text"]


async def test_even_a_reader_who_cannot_be_looked_up_hears_an_apology(
    lin: Chat, bot: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("broken")

    bot.services.readers.find = broken  # type: ignore[method-assign, assignment]  # the look-up fails
    assert "抱歉" in (await lin.send("/summary"))["text"]
    assert "could not be handled" in caplog.text


async def test_while_the_disk_is_full_a_newcomer_can_still_read(ada: Chat, bot: Runtime) -> None:
    async def full(*_: object, **__: object) -> None:
        raise StoreFull("error.store_full")

    for name in ("meet", "draw_quote", "list_shown", "follow_language"):
        setattr(bot.services.readers, name, full)
    assert (await ada.send("/summary"))["text"].startswith("First things")
    assert (await ada.send("/quote"))["text"].startswith("Words of the first.")
    assert "1. " in (await ada.send("/articles"))["text"]


async def test_question_that_cannot_be_forgotten_keeps_nobody_from_reading(ada: Chat, bot: Runtime) -> None:
    async def full(*_: object) -> None:
        raise StoreFull("error.store_full")

    await ada.send("/subscribe")
    bot.services.readers.await_words = full  # type: ignore[method-assign, assignment]  # the disk fails here
    assert (await ada.send("/summary"))["text"].startswith("First things")


async def test_answer_waits_when_telegram_asks_for_it(ada: Chat, clock: StillClock) -> None:
    asked = 0

    async def flood(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        nonlocal asked
        if method != "sendmessage" or phase == "after" or asked:
            return None
        asked += 1
        body = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}}  # fmt: skip
        return web.json_response(body, status=429)

    ada.server.fault = flood
    ada.server.world.say(ada.id, ada.user, "/summary")
    while not asked:
        await clock.settle()
    while ada.silent():
        await clock.advance(seconds=1)
    assert (await ada.reply())["text"].startswith("First things")
    assert clock.now().timestamp() >= 7


async def test_update_that_cannot_be_read_is_skipped(ada: Chat, caplog: pytest.LogCaptureFixture) -> None:
    ada.server.world.updates.put("message", {"message_id": "nonsense"})
    async with asyncio.timeout(20):
        while "is passed over" not in caplog.text or ada.server.world.updates.pending():
            await SystemClock().sleep(0.01)
    assert (await ada.send("/summary"))["text"].startswith("First things")
    assert caplog.text.count("is passed over") == 1, "it is not asked for again"


@pytest.mark.polling
async def test_update_that_comes_again_is_not_handled_again(ada: Chat, clock: StillClock) -> None:
    simulator = ada.server.fault = TelegramSimulator(ada.server, clock)
    simulator.repeat_updates(0.5)
    for _ in range(8):
        await ada.send("/summary")
    while len(simulator.done["updates"]) < 3:
        await clock.settle()
    simulator.repeat_updates(0)
    ada.server.world.say(ada.id, ada.user, "/cancel")
    while "There" not in (await ada.reply())["text"]:
        pass  # an answer too many
    assert len(ada.server.accepted(ada.id)) == 9


async def test_reader_who_blocks_meanwhile_is_no_error(ada: Chat, caplog: pytest.LogCaptureFixture) -> None:
    await ada.send("/start")
    ada.server.world.say(ada.id, ada.user, "/summary")
    membership.block(ada.server.world, ada.user, blocked=True)
    membership.block(ada.server.world, ada.user, blocked=False)
    await ada.send("/cancel")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_token_stands_in_no_log(ada: Chat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await ada.send("/summary")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert not [line for line in ours if "test-token" in line]


async def test_answers_come_in_the_order_of_the_questions(ada: Chat) -> None:
    async def hold_the_first(method: str, given: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "before" and given.text("text").startswith("First"):
            await SystemClock().sleep(0.2)  # long enough for the next answers to overtake it

    ada.server.fault = hold_the_first
    for text in ("/summary first", "/help", "/cancel"):
        ada.server.world.say(ada.id, ada.user, text)
    assert [(await ada.reply())["text"][:5] for _ in range(3)] == ["First", "What ", "There"]
