"""Every method that the local server has, called by python-telegram-bot's own Bot over HTTP."""

import io
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.demo import membership
from bot.demo.methods import METHODS
from bot.demo.model import ANONYMOUS, FORWARDER
from bot.demo.server import BotApiServer
from tests.chat import TOKEN
from tests.demo.api import ADA, CHANNEL, GROUP, LIN

PNG: Final = b"\x89PNG\r\n\x1a\n"

Check = Callable[[telegram.Bot, BotApiServer], Awaitable[Any]]


async def _edited(bot: telegram.Bot) -> Any:
    return await bot.edit_message_text("other", ADA, (await bot.send_message(ADA, "x")).message_id)


async def _marked(bot: telegram.Bot) -> Any:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="x")]])
    sent = await bot.send_message(ADA, "x")
    return await bot.edit_message_reply_markup(ADA, sent.message_id, reply_markup=keys)


async def _answered(bot: telegram.Bot, server: BotApiServer) -> bool:
    sent = await bot.send_message(ADA, "x")
    return await bot.answer_callback_query(server.world.press(ADA, ADA, sent.message_id, "d"))


async def _fetched(bot: telegram.Bot) -> Any:
    sent = await bot.send_document(ADA, b"bytes", filename="a.md")
    assert sent.document is not None
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"bytes"
    return file


async def _heard(bot: telegram.Bot, server: BotApiServer) -> Any:
    server.world.say(ADA, ADA, "hello")
    return await bot.get_updates()


async def _deleted(bot: telegram.Bot) -> bool:
    return await bot.delete_message(ADA, (await bot.send_message(ADA, "x")).message_id)


async def _copied(bot: telegram.Bot) -> Any:
    return await bot.copy_message(ADA, ADA, (await bot.send_message(ADA, "x")).message_id)


async def _reacted(bot: telegram.Bot, server: BotApiServer) -> Any:
    theirs = server.world.say(ADA, ADA, "hello")["message_id"]
    ours = (await bot.send_message(ADA, "x")).message_id
    for missing in (ours + 1, 10**9):
        with pytest.raises(telegram.error.BadRequest, match="Message to react not found"):
            await bot.set_message_reaction(ADA, missing, [])
    await bot.set_message_reaction(ADA, theirs, "👍")
    with pytest.raises(telegram.error.BadRequest, match="not found"):
        await bot.set_message_reaction(LIN, ours, [])
    assert await bot.set_message_reaction(ADA, theirs, [])
    answer = await bot.set_message_reaction(ADA, ours, [])
    await bot.delete_message(ADA, ours)
    with pytest.raises(telegram.error.BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(ADA, ours, [])
    assert (await bot.send_message(LIN, "y")).message_id > ours, "no id is given twice"
    return answer


async def _commands(bot: telegram.Bot) -> Any:
    await bot.set_my_commands([("help", "help")])
    return await bot.get_my_commands()


CALLS: Final[dict[str, Check]] = {
    "getme": lambda bot, _: bot.get_me(),
    "getupdates": _heard,
    "setwebhook": lambda bot, _: bot.set_webhook("http://127.0.0.1:1/", secret_token="a"),
    "deletewebhook": lambda bot, _: bot.delete_webhook(),
    "getwebhookinfo": lambda bot, _: bot.get_webhook_info(),
    "sendmessage": lambda bot, _: bot.send_message(ADA, "x"),
    "copymessage": lambda bot, _: _copied(bot),
    "senddocument": lambda bot, _: bot.send_document(ADA, b"x", filename="x.md"),
    "sendphoto": lambda bot, _: bot.send_photo(ADA, PNG, caption="a picture"),
    "sendmediagroup": lambda bot, _: bot.send_media_group(ADA, [InputMediaPhoto(PNG), InputMediaPhoto(PNG)]),
    "editmessagetext": lambda bot, _: _edited(bot),
    "editmessagereplymarkup": lambda bot, _: _marked(bot),
    "setmessagereaction": _reacted,
    "deletemessage": lambda bot, _: _deleted(bot),
    "answercallbackquery": _answered,
    "sendchataction": lambda bot, _: bot.send_chat_action(ADA, "typing"),
    "getfile": lambda bot, _: _fetched(bot),
    "setmycommands": lambda bot, _: bot.set_my_commands([("help", "help")]),
    "getmycommands": lambda bot, _: _commands(bot),
    "deletemycommands": lambda bot, _: bot.delete_my_commands(),
    "setmydescription": lambda bot, _: bot.set_my_description("d"),
    "setmyshortdescription": lambda bot, _: bot.set_my_short_description("d"),
    "getchat": lambda bot, _: bot.get_chat(GROUP),
    "getchatmember": lambda bot, _: bot.get_chat_member(GROUP, LIN),
    "getchatadministrators": lambda bot, _: bot.get_chat_administrators(GROUP),
}


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_library_understands_every_answer(server: BotApiServer, bot: telegram.Bot, method: str) -> None:
    assert await CALLS[method](bot, server)
    assert method in {entry.method for entry in server.ledger if entry.accepted is not None}


def test_no_call_is_left_for_a_method_that_is_gone() -> None:
    assert set(CALLS) == set(METHODS)


async def test_album_is_one_and_documents_stay_among_themselves(bot: telegram.Bot) -> None:
    first, second = await bot.send_media_group(ADA, [InputMediaPhoto(PNG, caption="a"), InputMediaPhoto(PNG)])
    assert first.media_group_id == second.media_group_id
    assert first.caption == "a"
    mixed: list[InputMediaPhoto | telegram.InputMediaDocument] = [
        InputMediaPhoto(PNG),
        telegram.InputMediaDocument(b"x"),
    ]
    with pytest.raises(BadRequest, match="mixed with other media types"):
        await bot.send_media_group(ADA, mixed)
    with pytest.raises(BadRequest, match="Too many messages"):
        await bot.send_media_group(ADA, [InputMediaPhoto(PNG)] * 11)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(ADA, b"no picture")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(ADA, PNG, caption="x" * 1025)


async def test_each_standing_of_the_bot_has_its_words(server: BotApiServer, bot: telegram.Bot) -> None:
    with pytest.raises(Forbidden, match="not a member of the channel chat"):
        await bot.send_message(CHANNEL, "x")
    membership.become(server.world, CHANNEL, ADA, "member")
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await bot.send_message(CHANNEL, "x")
    membership.become(server.world, CHANNEL, ADA, "administrator")
    assert (await bot.send_message(CHANNEL, "x")).sender_chat is not None
    membership.become(server.world, GROUP, ADA, "restricted")
    with pytest.raises(BadRequest, match="Not enough rights to send text messages"):
        await bot.send_message(GROUP, "x")
    membership.become(server.world, GROUP, ADA, "left")
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        await bot.send_message(GROUP, "x")
    membership.become(server.world, CHANNEL, ADA, "kicked")
    with pytest.raises(Forbidden, match="kicked from the channel chat"):
        await bot.send_message(CHANNEL, "x")


async def test_comings_and_goings_are_told(server: BotApiServer, bot: telegram.Bot) -> None:
    membership.become(server.world, GROUP, ADA, "left")
    membership.become(server.world, GROUP, ADA, "member")
    membership.become(server.world, GROUP, ADA, "administrator")
    membership.become(server.world, GROUP, ADA, "restricted")
    updates = await bot.get_updates()
    standings = [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member]
    assert standings == [
        ChatMemberStatus.LEFT, ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR,
        ChatMemberStatus.RESTRICTED,
    ]  # fmt: skip
    services = [update.message for update in updates if update.message]
    assert [message.new_chat_members[0].id for message in services if message.new_chat_members] == [bot.id]


async def test_post_of_a_channel_reaches_its_group_by_telegrams_own_hand(
    server: BotApiServer, bot: telegram.Bot
) -> None:
    membership.become(server.world, CHANNEL, ADA, "administrator")
    server.world.say(CHANNEL, ADA, "/subscribe 8")
    _, post, forwarded = await bot.get_updates()
    assert post.channel_post is not None
    assert post.effective_user is None
    message = forwarded.message
    assert message is not None
    assert (message.is_automatic_forward, message.chat.id) == (True, GROUP)
    assert message.from_user is not None
    assert message.from_user.id == FORWARDER
    assert message.sender_chat is not None
    assert message.sender_chat.id == CHANNEL


async def test_anonymous_administrators_speak_in_the_groups_name(
    server: BotApiServer, bot: telegram.Bot
) -> None:
    server.world.chats[GROUP].anonymous.add(ADA)
    server.world.say(GROUP, ADA, "hello")
    (update,) = await bot.get_updates()
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.id, message.sender_chat.id) == (ANONYMOUS, GROUP)
    (administrator,) = await bot.get_chat_administrators(GROUP)
    assert isinstance(administrator, telegram.ChatMemberOwner)
    assert administrator.is_anonymous


async def test_topics_open_and_close(server: BotApiServer, bot: telegram.Bot) -> None:
    topic = membership.open_topic(server.world, GROUP, ADA, "Books")
    server.world.say(GROUP, ADA, "here", topic=topic)
    created, said = await bot.get_updates()
    assert created.message is not None
    assert created.message.forum_topic_created is not None
    assert said.message is not None
    assert (said.message.message_thread_id, said.message.is_topic_message) == (topic, True)
    membership.close_topic(server.world, GROUP, ADA, topic)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(GROUP, "x", message_thread_id=topic)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(GROUP, "x", message_thread_id=1)  # General is addressed by naming none
    membership.become(server.world, GROUP, ADA, "administrator")
    assert (await bot.send_message(GROUP, "x", message_thread_id=topic)).is_topic_message


async def test_public_chat_is_found_by_its_name(server: BotApiServer, bot: telegram.Bot) -> None:
    server.world.chats[GROUP].username = "club"
    assert (await bot.send_message("@Club", "x")).chat.id == GROUP
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message("@ada", "x")


async def test_each_supergroup_counts_its_own_messages(bot: telegram.Bot) -> None:
    sent = [await bot.send_message(chat, "x") for chat in (ADA, LIN, GROUP)]
    assert [message.message_id for message in sent] == [1, 2, 2]


async def test_press_on_a_message_that_is_gone_names_it_and_no_more(
    server: BotApiServer, bot: telegram.Bot
) -> None:
    sent = await bot.send_message(ADA, "x")
    await sent.delete()
    server.world.press(ADA, ADA, sent.message_id, "d")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    message = update.callback_query.message
    assert message is not None
    assert (message.message_id, message.is_accessible) == (sent.message_id, False)


@pytest.mark.parametrize(
    ("token", "code", "words"),
    [
        ("0:x", 401, "invalid token specified"),
        ("nocolon", 401, "invalid token specified"),
        ("1" * 81, 401, "invalid token specified"),
        ("abc:x", 421, "unallowed token specified"),
        ("10000:other", 401, "Unauthorized"),
    ],
)
async def test_token_is_judged_by_its_shape_first(
    server: BotApiServer, token: str, code: int, words: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.address}/bot{token}/getMe") as response,
    ):
        assert response.status == code
        assert words in (await response.json())["description"]


async def test_arguments_are_read_however_they_come(server: BotApiServer) -> None:
    address = f"{server.address}/bot{TOKEN}/SENDMESSAGE"
    values = {"chat_id": str(ADA), "text": "x"}
    form = aiohttp.FormData(values, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        ways: tuple[dict[str, Any], ...] = (
            {"params": values}, {"data": values}, {"json": values}, {"data": form},
        )  # fmt: skip
        for how in ways:
            async with session.post(address, **how) as response:
                assert (await response.json())["result"]["text"] == "x"
        async with session.put(address, data=values) as response:
            assert response.status == 501
        long = io.BytesIO(f"chat_id={ADA}&text={'x' * 2**20}".encode())
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        async with session.post(address, data=long, headers=typed) as response:
            assert response.status == 413
        async with session.post(address, data={"chat_id": str(10**30), "text": "x"}) as response:
            assert (await response.json())["description"] == "Bad Request: chat not found"
