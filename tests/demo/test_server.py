"""The local Bot API server, driven by python-telegram-bot's own Bot: it answers as the real one does."""

import asyncio
import logging

import aiohttp
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError

from bot.demo import membership
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase
from bot.errors import StartError
from tests.chat import TOKEN
from tests.clock import StillClock
from tests.demo.api import ADA, call, client


async def test_every_method_that_a_bot_calls_at_start_is_there(bot: telegram.Bot) -> None:
    assert (await bot.get_me()).username == "article_digest_demo_bot"
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.set_my_commands([("help", "what I can do")], language_code="zh")
    assert [command.command for command in await bot.get_my_commands(language_code="zh")] == ["help"]
    assert await bot.delete_my_commands(language_code="zh")
    assert await bot.get_my_commands(language_code="zh") == ()
    assert await bot.set_my_description("d")
    assert await bot.set_my_short_description("d")
    assert (await bot.get_chat(ADA)).first_name == "Ada"
    assert (await bot.get_chat_member(ADA, ADA)).status == "member"
    assert (await bot.get_chat_member(ADA, bot.id)).status == "member"
    assert await bot.send_chat_action(ADA, "typing")


async def test_message_is_sent_edited_and_deleted(server: BotApiServer, bot: telegram.Bot) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="x")]])
    sent = await bot.send_message(
        ADA, "真 👍 bold", entities=[MessageEntity("bold", 5, 4)], reply_markup=keys
    )
    assert sent.parse_entities() == {sent.entities[0]: "bold"}
    edited = await bot.edit_message_text("other", ADA, sent.message_id)
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.reply_markup) == ("other", None)
    await bot.edit_message_reply_markup(ADA, sent.message_id, reply_markup=keys)
    assert server.world.history(ADA)[0]["reply_markup"]
    assert await bot.delete_message(ADA, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(ADA, sent.message_id)
    assert len(server.accepted(ADA)) == 1


async def test_files_go_up_and_come_down(server: BotApiServer, bot: telegram.Bot) -> None:
    sent = await bot.send_document(ADA, b"# T\n", filename="图 1.md", caption="see /help")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("图 1.md", 4)
    again = await bot.send_document(ADA, sent.document.file_id)
    assert again.document is not None
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"# T\n"
    for reference, words in (("", "no document"), ("nosuch", "wrong remote file")):
        status, body = await call(server, "sendDocument", chat_id=ADA, document=reference)
        assert status == 400
        assert words in str(body["description"])
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nosuch")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.address}/file/bot{TOKEN}/documents/x") as got,
    ):
        assert got.status == 404


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"text": ""}, 400, "message text is empty"),
        ({"text": " \n "}, 400, "text must be non-empty"),
        ({"text": "x" * 4097}, 400, "message is too long"),
        ({"text": "x" * 33000}, 400, "text is too long"),
        ({"text": "x", "entities": "nonsense"}, 400, "can't parse entities"),
        ({"text": "x", "entities": [{"type": "magic"}]}, 400, "Unsupported type"),
        ({"text": "x", "parse_mode": "HTML"}, 400, "parse_mode"),
        ({"text": "x", "reply_markup": "nonsense"}, 400, "can't parse reply markup"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            400,
            "Text buttons are unallowed",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}},
            400,
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "http://localhost/"}]]}},
            400,
            "Wrong HTTP URL",
        ),
        ({"text": "x", "reply_markup": {"inline_keyboard": "x"}}, 400, "must be of type Array"),
        ({"text": "x", "reply_markup": [1]}, 400, "object expected"),
        ({"text": "x", "chat_id": ""}, 400, "chat_id is empty"),
        ({"text": "x", "chat_id": 404}, 400, "chat not found"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, 400, "message to be replied not found"),
    ],
)
async def test_what_telegram_refuses_is_refused_in_its_words(
    server: BotApiServer, values: dict[str, object], code: int, words: str
) -> None:
    status, body = await call(server, "sendMessage", **{"chat_id": ADA, **values})
    assert (status, body["ok"], body["error_code"]) == (code, False, code)
    assert words in str(body["description"])


async def test_edits_are_refused_as_telegram_does(server: BotApiServer, bot: telegram.Bot) -> None:
    sent = await bot.send_message(ADA, "same")
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("same", ADA, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.edit_message_text("x" * 4097, ADA, sent.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("x", ADA, 999)
    said = server.world.say(ADA, ADA, "mine")
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("x", ADA, said["message_id"])
    document = await bot.send_document(ADA, b"x", filename="x.md")
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("x", ADA, document.message_id)


async def test_preview_is_told_as_telegram_does(bot: telegram.Bot, server: BotApiServer) -> None:
    sent = await bot.send_message(
        ADA, "a", link_preview_options=LinkPreviewOptions(is_disabled=True, url="https://a.example")
    )
    assert sent.link_preview_options == LinkPreviewOptions(is_disabled=True)
    small = LinkPreviewOptions(prefer_small_media=True, url="https://a.example")
    edited = await bot.edit_message_text("a", ADA, sent.message_id, link_preview_options=small)
    assert isinstance(edited, telegram.Message)
    assert edited.link_preview_options == small
    assert (await bot.send_message(ADA, "a")).link_preview_options is None
    unnamed = LinkPreviewOptions(prefer_small_media=True, show_above_text=True)
    sent = await bot.send_message(ADA, "a", link_preview_options=unnamed)
    assert sent.link_preview_options == LinkPreviewOptions(show_above_text=True)
    status, body = await call(server, "sendMessage", chat_id=ADA, text="a", link_preview_options="[1]")
    assert (status, body["description"]) == (400, "Bad Request: can't parse link preview options JSON object")


async def test_text_is_cleaned_as_telegram_does(bot: telegram.Bot) -> None:
    sent = await bot.send_message(
        ADA, "  a\r\x00b \u202e/help https://a.example. ", entities=[MessageEntity("bold", 2, 1)]
    )
    assert sent.text == "a b /help https://a.example."
    kinds = [entity.type for entity in sent.entities]
    assert kinds == ["bold", "bot_command", "url"]


async def test_unknown_method_is_a_404_and_a_loud_log_line(
    server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    status, body = await call(server, "sendGame", chat_id=ADA)
    assert (status, body["description"]) == (404, "Not Found: method not found")
    assert [record.levelno for record in caplog.records if "sendgame" in record.getMessage()] == [
        logging.ERROR
    ]


async def test_wrong_token_is_refused(server: BotApiServer) -> None:
    with pytest.raises(InvalidToken):
        async with client(server, "10000:other"):
            pass


async def test_blocked_bot_a_deactivated_user_and_a_moved_group(
    server: BotApiServer, bot: telegram.Bot
) -> None:
    membership.block(server.world, ADA, blocked=True)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ADA, "x")
    server.world.people[ADA].deactivated = True
    with pytest.raises(Forbidden, match="deactivated"):
        await bot.send_message(ADA, "x")
    server.world.group(-5, "Club", {ADA: "creator"}, basic=True)
    assert [member.status for member in await bot.get_chat_administrators(-5)] == ["creator"]
    membership.upgrade(server.world, -5, -100)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "x")
    assert moved.value.new_chat_id == -100
    membership.become(server.world, -100, ADA, "kicked")
    with pytest.raises(Forbidden, match="kicked from the supergroup"):
        await bot.send_message(-100, "x")


async def polling(
    server: BotApiServer, bot: telegram.Bot, clock: StillClock, *, wait: int, offset: int | None = None
) -> "asyncio.Task[tuple[telegram.Update, ...]]":
    """A poll that waits."""
    task = asyncio.create_task(bot.get_updates(offset=offset, timeout=wait))
    while not server.world.updates.is_polled:
        await clock.settle()
    return task


async def test_long_polling_confirms_by_offset_and_ends_an_older_poll(
    server: BotApiServer, bot: telegram.Bot, clock: StillClock
) -> None:
    server.world.say(ADA, ADA, "one")
    server.world.say(ADA, ADA, "two")
    first, second = await bot.get_updates()
    assert second.update_id == first.update_id + 1
    assert [
        update.message.text for update in await bot.get_updates(offset=second.update_id) if update.message
    ] == ["two"]
    assert await bot.get_updates(offset=second.update_id + 1) == ()
    waiting = await polling(server, bot, clock, offset=second.update_id + 1, wait=30)
    async with client(server) as other:
        newer = asyncio.ensure_future(other.get_updates(offset=second.update_id + 1, timeout=30))
        with pytest.raises(Conflict):
            await waiting
        server.world.say(ADA, ADA, "three")
        assert len(await newer) == 1


async def test_poll_that_does_not_wait_ends_no_other(
    server: BotApiServer, bot: telegram.Bot, clock: StillClock
) -> None:
    waiting = await polling(server, bot, clock, wait=30)
    async with client(server) as other:
        assert await other.get_updates(timeout=0) == ()
    server.world.say(ADA, ADA, "one")
    assert len(await waiting) == 1


async def test_poll_ends_when_its_time_is_over(
    server: BotApiServer, bot: telegram.Bot, clock: StillClock
) -> None:
    waiting = await polling(server, bot, clock, wait=5)
    await clock.advance(seconds=6)
    assert await waiting == ()


async def test_updates_that_were_not_asked_for_are_not_kept(server: BotApiServer, bot: telegram.Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    server.world.say(ADA, ADA, "unheard")
    assert await bot.get_updates() == ()


async def test_press_can_be_answered_once_and_not_too_late(
    server: BotApiServer, bot: telegram.Bot, clock: StillClock
) -> None:
    sent = await bot.send_message(ADA, "x")
    press = server.world.press(ADA, ADA, sent.message_id, "d")
    assert await bot.answer_callback_query(press, "done")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(press)
    late = server.world.press(ADA, ADA, sent.message_id, "d")
    await clock.advance(seconds=20)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(late)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(late, "x" * 201)


async def test_topics_are_checked_in_forums(server: BotApiServer, bot: telegram.Bot) -> None:
    server.world.group(-100, "Forum", {ADA: "member"}).topics[7] = "Seven"
    sent = await bot.send_message(-100, "x", message_thread_id=7)
    assert sent.is_topic_message
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(-100, "x", message_thread_id=8)


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "", "description": "d"}], "command must be non-empty"),
        ([{"command": "x" * 33, "description": "d"}], "length must not exceed 32"),
        ([{"command": "Ü", "description": "d"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": ""}], "description must be non-empty"),
        ([{"command": "a", "description": "d" * 257}], "exceed 256"),
    ],
)
async def test_bad_commands_are_refused(server: BotApiServer, commands: list[object], words: str) -> None:
    status, body = await call(server, "setMyCommands", commands=commands)
    assert status == 400
    assert words in str(body["description"])


async def test_fault_before_acceptance_leaves_nothing_one_after_it_a_message(
    server: BotApiServer, bot: telegram.Bot
) -> None:
    when: Phase = "before"

    async def drop(method: str, _: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == when:
            raise Drop

    server.fault = drop
    with pytest.raises(NetworkError):
        await bot.send_message(ADA, "x")
    assert server.accepted(ADA) == []
    when = "after"
    with pytest.raises(NetworkError):
        await bot.send_message(ADA, "x")
    assert len(server.accepted(ADA)) == 1


async def test_port_that_is_taken_is_named(server: BotApiServer, clock: StillClock) -> None:
    port = int(server.address.rpartition(":")[2])
    with pytest.raises(StartError) as refused:
        await BotApiServer(token=TOKEN, clock=clock).start(port=port)
    assert refused.value.values == {"port": port}


async def test_body_that_cannot_be_read_is_refused(server: BotApiServer) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{server.address}/bot{TOKEN}/sendMessage",
            data=b"{",
            headers={"Content-Type": "application/json"},
        ) as response,
    ):
        assert response.status == 400
