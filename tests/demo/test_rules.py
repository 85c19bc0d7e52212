"""Rules of the local Bot API server that hold for every call, whatever is sent."""

import json
from typing import Final

import aiohttp
import pytest
import telegram
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest

from bot.demo.methods import METHODS
from bot.demo.server import BotApiServer
from tests.chat import TOKEN
from tests.clock import StillClock
from tests.demo.api import ADA, GROUP, LIN, call, raw

FIELDS: Final = (
    "chat_id text entities reply_markup link_preview_options reply_parameters message_thread_id message_id "
    "action file_id document photo media caption caption_entities commands scope language_code description "
    "callback_query_id url user_id offset allowed_updates parse_mode short_description"
).split()


ODD: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from([ADA, GROUP, "bold", "chat", "typing", "attach://x", "x", 2**70]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "type offset length url text callback_data inline_keyboard message_id media".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(sorted(set(METHODS) - {"getupdates"})),
    values=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=6),
    chat=st.sampled_from([ADA, GROUP, None]),
)
async def test_whatever_is_sent_the_answer_is_a_result_or_a_refusal(
    server: BotApiServer, method: str, values: dict[str, object], chat: int | None
) -> None:
    if chat is not None:
        values |= {"chat_id": chat}
    status, body = await call(server, method, **values)
    assert status == body.get("error_code", 200)
    assert body["ok"] is (status == 200)
    assert (
        "result" in body if body["ok"] else body["description"].startswith(("Bad Request: ", "Forbidden: "))
    )


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"bot{TOKEN}", 404, "Not Found"),
        (f"bot{TOKEN}/", 404, "Not Found"),
        (f"bot{TOKEN}/a/b/c", 404, "Not Found"),
        (f"bot{TOKEN}/test/getMe", 401, "Unauthorized"),  # another world, in which the token is not known
    ],
)
async def test_address_that_is_no_call_is_refused(
    server: BotApiServer, path: str, status: int, words: str
) -> None:
    assert await raw(server, path) == (status, {"ok": False, "error_code": status, "description": words})


async def test_who_never_wrote_cannot_be_written_to(server: BotApiServer, bot: telegram.Bot) -> None:
    server.world.person(13, "Kim", started=False)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(13, "x")
    server.world.say(13, 13, "/start")
    assert (await bot.send_message(13, "x")).text == "x"


async def test_name_of_a_method_may_be_an_argument(server: BotApiServer) -> None:
    status, body = await raw(server, f"bot{TOKEN}/getMe", method="getChat", chat_id=ADA)
    assert (status, body["result"]["id"]) == (200, ADA)


async def test_what_a_message_says_is_checked_before_where_it_stands(server: BotApiServer) -> None:
    keys = {"inline_keyboard": [[{"text": "a"}]]}
    _, edited = await call(server, "editMessageText", chat_id=99, message_id=1, text="x", reply_markup=keys)
    assert "Text buttons are unallowed" in edited["description"]
    _, acted = await call(server, "sendChatAction", chat_id=99, action="dancing")
    assert acted["description"] == "Bad Request: wrong parameter action in request"
    _, unnamed = await call(server, "editMessageText", text="x")
    assert unnamed["description"] == "Bad Request: message identifier is not specified"
    _, other = await call(server, "editMessageText", text="x", reply_markup={"keyboard": [["a"]]})
    assert other["description"] == "Bad Request: inline keyboard expected"


async def test_other_peoples_and_old_messages_stay(
    server: BotApiServer, bot: telegram.Bot, clock: StillClock
) -> None:
    theirs = server.world.say(GROUP, ADA, "mine")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(GROUP, theirs["message_id"])
    sent = await bot.send_message(ADA, "x")
    await clock.advance(hours=49)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(ADA, sent.message_id)
    assert await bot.edit_message_text("still", ADA, sent.message_id)  # edits have no such end


@pytest.mark.parametrize(
    ("text", "kind", "covered"),
    [
        ("ask ada@example.com now", "email", "ada@example.com"),
        ("see example.com/a.", "url", "example.com/a"),
        ("$USD rises", "cashtag", "$USD"),
        ("read README.md", "url", "README.md"),
    ],
)
async def test_what_looks_like_an_address_becomes_one(
    bot: telegram.Bot, text: str, kind: str, covered: str
) -> None:
    sent = await bot.send_message(ADA, text)
    assert [(entity.type, sent.parse_entity(entity)) for entity in sent.entities] == [(kind, covered)]


async def test_offset_from_nowhere_confirms_nothing(server: BotApiServer, bot: telegram.Bot) -> None:
    server.world.say(ADA, ADA, "one")
    far = (await bot.get_updates())[0].update_id + 1000
    assert len(await bot.get_updates(offset=far)) == 1


async def test_kinds_of_updates_that_do_not_exist_are_passed_over(server: BotApiServer) -> None:
    assert (await call(server, "getUpdates", allowed_updates="[nonsense", timeout=0))[0] == 200
    assert (await call(server, "getUpdates", allowed_updates=json.dumps(["dances"]), timeout=0))[0] == 200
    server.world.say(ADA, ADA, "one")
    assert len((await call(server, "getUpdates"))[1]["result"]) == 1


async def test_text_that_is_no_utf_8_is_named(server: BotApiServer) -> None:
    typed = {"Content-Type": "application/x-www-form-urlencoded"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{server.address}/bot{TOKEN}/sendMessage", data=b"chat_id=11&text=%ff", headers=typed
        ) as response,
    ):
        assert (await response.json())["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_descriptions_and_menus_have_their_limits(bot: telegram.Bot) -> None:
    assert await bot.set_my_description("x" * 512)
    with pytest.raises(BadRequest):
        await bot.set_my_description("x" * 513)
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("x" * 121)
    with pytest.raises(BadRequest):
        await bot.set_my_commands([(f"c{number}", "x") for number in range(101)])


async def test_copy_tells_nothing_of_who_wrote_it_and_needs_something_to_copy(server: BotApiServer) -> None:
    said = server.world.say(ADA, ADA, "Hello there", entities=[{"type": "bold", "offset": 0, "length": 5}])
    _, copied = await call(
        server, "copyMessage", chat_id=LIN, from_chat_id=ADA, message_id=said["message_id"]
    )
    got = server.world.messages[LIN, copied["result"]["message_id"]]
    assert (got["text"], got["entities"], got["from"]["is_bot"]) == ("Hello there", said["entities"], True)
    refused = [
        (await call(server, "copyMessage", chat_id=LIN, **more))[1]["description"]
        for more in ({}, {"from_chat_id": 99}, {"from_chat_id": ADA, "message_id": 999})
    ]
    assert refused == [
        'Bad Request: parameter "from_chat_id" is required',
        "Bad Request: chat not found",
        "Bad Request: message to copy not found",
    ]
