"""Every command and button, tried by somebody who may do nothing, with stale, forged, oversized, repeated data.

The cases come from the handlers themselves: a new one cannot be forgotten.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, Final, cast

import pytest
from telegram.ext import ChatMemberHandler, MessageHandler

from bot.app.lifespan import Runtime
from bot.demo.server import BotApiServer
from bot.tg.application import ROUTES
from bot.tg.routes import CommandRoute, MessageRoute, PressRoute
from tests.chat import Chat, labels
from tests.clock import StillClock
from tests.tg.test_digests import reader_of

COMMANDS: Final = {route.name: route for route in ROUTES if isinstance(route, CommandRoute)}
BUTTONS: Final = {
    str(cast("Any", route.action).TEMPLATE).partition(":")[0]: route
    for route in ROUTES
    if isinstance(route, PressRoute)
}
"""By what their callback data begins with; several share it, and an audience."""
FORGED: Final = (
    "",
    ":",
    ":0",
    ":1",
    ":-1",
    ":x",
    ":1:1:1:1",
    ":1:yes",
    ":1:stop",
    ":" + "9" * 40,
    ":é\x00☃",
    ":::::",
)


ELSEWHERE_ID: Final = -100500
SOMEWHERE: Final = {"id": ELSEWHERE_ID, "type": "supergroup", "title": "Elsewhere"}
SOMEBODY: Final = {"id": 500, "is_bot": False, "first_name": "Somebody"}
WRITTEN: Final = {
    "message_id": 1, "date": 1, "chat": SOMEWHERE, "text": "/quote",
    "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
}  # fmt: skip
ELSEWHERE: Final[dict[str, dict[str, Any]]] = {
    "inline_query": {"id": "1", "query": "words", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "query": "words"},
    "shipping_query": {"id": "1", "invoice_payload": "x", "shipping_address": {"country_code": "FR", "state": "", "city": "", "street_line1": "", "street_line2": "", "post_code": ""}},
    "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False},
    "poll_answer": {"poll_id": "1", "option_ids": []},
    "pre_checkout_query": {"id": "1", "currency": "EUR", "total_amount": 1, "invoice_payload": "x"},
    "purchased_paid_media": {"paid_media_payload": "x"},
    "chat_join_request": {"chat": SOMEWHERE, "user_chat_id": 11, "date": 1},
    "chat_member": {"chat": SOMEWHERE, "date": 1, "old_chat_member": {"status": "left", "user": SOMEBODY}, "new_chat_member": {"status": "member", "user": SOMEBODY}},
    "message_reaction": {"chat": SOMEWHERE, "message_id": 1, "date": 1, "old_reaction": [], "new_reaction": []},
    "message_reaction_count": {"chat": SOMEWHERE, "message_id": 1, "date": 1, "reactions": []},
    "business_connection": {"id": "1", "user_chat_id": 11, "date": 1, "is_enabled": True},
    "business_message": {**WRITTEN, "business_connection_id": "1"},
    "edited_business_message": {**WRITTEN, "business_connection_id": "1"},
    "deleted_business_messages": {"business_connection_id": "1", "chat": SOMEWHERE, "message_ids": [1]},
    "edited_message": WRITTEN,
    "channel_post": WRITTEN,
    "edited_channel_post": WRITTEN,
    "guest_message": WRITTEN,
    "something_new": {"id": "1"},
}  # fmt: skip


@pytest.mark.parametrize("data", [*(f"{verb}:1:1" for verb in BUTTONS), "unknown:1", "+sum:1", ""])
async def test_press_in_a_message_of_inline_mode_is_answered(
    ada: Chat, data: str, caplog: pytest.LogCaptureFixture
) -> None:
    press = ada.server.world.press_inline(ada.user, data)
    while (answer := await asyncio.wait_for(ada.answers.get(), 20))["press"] != press:
        pass
    assert answer["text"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("kind", ELSEWHERE)
async def test_update_of_another_kind_is_passed_over(
    ada: Chat, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    person = ada.server.world.people[ada.user].json()
    ada.server.world.updates.put(kind, {**ELSEWHERE[kind], "from": person, "user": person})
    assert (await ada.send("/summary"))["text"].startswith("First things")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not [each for each in ada.server.ledger if each.arguments.get("chat_id") == str(ELSEWHERE_ID)]


@pytest.fixture
async def prey(owner: Chat, ada: Chat, bot: Runtime) -> AsyncIterator[dict[str, Any]]:
    """What others have, which must be the same afterwards."""
    draft = await owner.send("/addarticle # Waiting\n\nA draft that is long enough to be published.")
    assert "✅ Publish" in labels(draft)
    await owner.press(await owner.send("/editors"), "Invite link for an editor")
    await ada.send("/subscribe 8 London")
    before = await _state(ada, owner, bot)
    yield before
    assert await _state(ada, owner, bot) == before


async def _state(ada: Chat, owner: Chat, bot: Runtime) -> dict[str, Any]:
    return {
        "reader": await reader_of(ada, bot),
        "owner": await bot.services.privacy.stored(owner.id),
        "articles": [(card.id, card.version, card.news) for card in bot.services.library.newest()],
        "editors": await bot.services.people.appointed(),
        "outbox": await bot.stores.outbox.counts(),
    }


def test_every_handler_is_a_command_a_button_or_known_to_this_test() -> None:
    others = [route for route in ROUTES if not isinstance(route, (CommandRoute, PressRoute, MessageRoute))]
    assert all(isinstance(handler, (MessageHandler, ChatMemberHandler)) for handler in others)


@pytest.mark.usefixtures("prey")
@pytest.mark.parametrize("name", COMMANDS)
async def test_no_command_of_an_outsider_changes_what_is_others(
    lin: Chat, clock: StillClock, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    answers: list[str] = []
    for words in (
        "",
        " 1",
        " 11",
        " first",
        " owner_x editor_x",
        " " + "9" * 4000,
        " # Title\n\nA whole article.",
    ):
        answers.append((await lin.send(f"/{name}{words}"))["text"])
        await clock.advance(seconds=5)
    hidden = COMMANDS[name].audience != "reader"
    assert all(("没有这个命令" in answer) == hidden for answer in answers)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.usefixtures("prey")
@pytest.mark.parametrize("verb", BUTTONS)
async def test_no_button_of_an_outsider_changes_what_is_others(
    server: BotApiServer, lin: Chat, clock: StillClock, caplog: pytest.LogCaptureFixture, verb: str
) -> None:
    shown = await lin.send("/help")
    for data in [f"{plus}{verb}{rest}" for plus in ("", "+") for rest in FORGED] * 2:
        await lin.answer_to(shown, data)  # it comes: the spinner ends
        await clock.advance(seconds=2)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    if BUTTONS[verb].audience != "reader":
        assert "失效" in await lin.answer_to(shown, f"{verb}:1")
    assert server.accepted(lin.id, "answerCallbackQuery") == []  # that call names no chat


@pytest.mark.usefixtures("prey")
async def test_stranger_in_a_group_presses_in_vain(
    server: BotApiServer, lin: Chat, ada: Chat, bot: Runtime
) -> None:
    server.world.group(-100, "Club", {ada.user: "creator", lin.user: "member"})
    creator, member = Chat(server, -100, ada.user), Chat(server, -100, lin.user)
    shown = await creator.send("/subscribe 8 London")
    (before,) = await bot.services.readers.of_chat(-100)
    for data in (
        "sub",
        "zone:Asia/Tokyo",
        f"set:{before.id}:stop",
        "set:0:stop",
        "forget:yes",
        "forgetme",
        "export",
    ):
        assert "administrators" in await member.answer_to(shown, data)
    (after,) = await bot.services.readers.of_chat(-100)
    assert after == before


@pytest.mark.parametrize("fault", [ValueError, KeyError, UnicodeError])
async def test_fault_behind_a_button_is_logged_and_apologised_for(
    ada: Chat,
    bot: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: type[Exception],
) -> None:
    shown = await ada.send("/summary")

    async def faulty(*_: object) -> None:
        raise fault("of our own")

    monkeypatch.setattr(bot.services.editions, "outline", faulty)
    card = bot.services.library.newest()[0]
    answer, said = await ada.pressed(shown, f"out:{card.id}:0")
    assert answer == ""
    assert "of our own" in caplog.text
    said = said or [await ada.reply()]
    assert said[0]["text"].startswith("Something went wrong")
