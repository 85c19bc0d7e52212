"""What each answer of the server means for the message that was to be sent."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import telegram
from aiohttp import web

from bot.delivery.model import (
    Blocked,
    Denied,
    Migrated,
    Outcome,
    Refused,
    Sent,
    Throttled,
    TokenRefused,
    Uncertain,
    Unsent,
)
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase
from bot.message.model import Button, Entity, Message
from bot.reader.model import Place
from bot.tg import convert
from bot.tg.bot import TolerantBot
from bot.tg.sender import Sender, outcome_of
from bot.tg.transport import AiohttpRequest
from tests.chat import TOKEN


def own(client: telegram.Bot) -> AiohttpRequest:
    assert isinstance(client.request, AiohttpRequest)
    return client.request


async def outcome(client: telegram.Bot, chat: int = 11, text: str = "x") -> Outcome:
    return await Sender(own(client), client.base_url).send(Place(chat), Message(text=text))


def error(code: int, description: str, **parameters: object) -> tuple[int, dict[str, Any]]:
    return code, {"ok": False, "error_code": code, "description": description, "parameters": parameters}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error(429, "Too Many Requests: retry after 7", retry_after=7), Throttled(timedelta(seconds=7))),
        (error(429, "Too Many Requests"), Throttled(timedelta(seconds=5))),
        (error(429, "Too Many Requests", retry_after=10**18), Throttled(timedelta(hours=1))),
        (error(429, "Too Many Requests", retry_after=-3), Throttled(timedelta(seconds=5))),
        (error(429, "Too Many Requests", retry_after="soon"), Throttled(timedelta(seconds=5))),
        (error(429, "Too Many Requests", retry_after=None), Throttled(timedelta(seconds=5))),
        (error(429, "Too Many Requests", retry_after=1e300), Throttled(timedelta(seconds=5))),
        ((429, {"ok": False, "parameters": {"retry_after": 7}}), Uncertain),
        ((403, {}), Uncertain("unreadable", "HTTP 403")),
        ((400, {}), Uncertain),
        ((403, {"ok": False, "error_code": "403", "description": "Forbidden"}), Uncertain),
        ((403, {"ok": False, "error_code": 200, "description": "Forbidden"}), Uncertain),
        ((403, {"ok": 0, "error_code": 403, "description": "Forbidden"}), Uncertain),
        ((200, {"ok": True, "result": {}}), Uncertain),
        ((200, {"ok": True, "result": {"message_id": 2**63}}), Uncertain),
        ((200, {"ok": True, "result": {"message_id": -1}}), Uncertain),
        ((200, {"ok": True, "result": {"message_id": True}}), Uncertain),
        ((200, {"ok": True, "result": {"message_id": "7"}}), Uncertain),
        ((403, {"ok": True, "result": {"message_id": 7}}), Sent(7)),
        ((200, error(403, "Forbidden: user is deactivated")[1]), Blocked("gone")),
        (error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100), Migrated(-100)),
        (error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-(2**70)), Refused),
        (error(403, "Forbidden: bot was blocked by the user"), Blocked("blocked")),
        (error(403, "Forbidden: bot can't initiate conversation with a user"), Blocked("blocked")),
        (error(403, "Forbidden: bot was kicked from the group chat"), Blocked("removed")),
        (error(403, "Forbidden: bot is not a member of the channel chat"), Blocked("removed")),
        (error(403, "Forbidden: the group chat was deleted"), Blocked("gone")),
        (error(403, "Forbidden: user is deactivated"), Blocked("gone")),
        (error(403, "Forbidden: not from this country"), Denied("Forbidden: not from this country")),
        (error(403, ""), Denied("Forbidden")),
        (error(400, "Bad Request: chat not found"), Blocked("gone")),
        (error(400, "Bad Request: PEER_ID_INVALID"), Blocked("gone")),
        (error(400, "Bad Request: TOPIC_CLOSED"), Blocked("topic")),
        (error(400, "Bad Request: message thread not found"), Blocked("topic")),
        (error(400, "Bad Request: not enough rights to send text messages to the chat"), Blocked("rights")),
        (error(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), Blocked("rights")),
        (error(400, "Bad Request: message is too long"), Refused("Bad Request: message is too long")),
        (error(400, "Bad Request: BUTTON_DATA_INVALID"), Refused("Bad Request: BUTTON_DATA_INVALID")),
        (error(400, "x" * 5_000), Refused("x" * 200)),
        (error(413, "Request Entity Too Large"), Refused("Request Entity Too Large")),
        (error(401, "Unauthorized"), TokenRefused()),
        (error(404, "Not Found"), TokenRefused()),
        (error(500, "Internal Server Error: restart"), Uncertain),
        (error(502, "Bad Gateway"), Uncertain("server_error", "502")),
        ((502, {}), Uncertain("unreadable", "HTTP 502")),
    ],
)
async def test_error_becomes_an_outcome(
    server: BotApiServer, client: telegram.Bot, answer: tuple[int, dict[str, Any]], expected: object
) -> None:
    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        return (
            web.json_response(answer[1], status=answer[0])
            if method == "sendmessage" and phase == "before"
            else None
        )

    server.fault = fault
    found = await outcome(client)
    assert isinstance(found, expected) if isinstance(expected, type) else found == expected


async def test_probe_whose_answer_never_comes_gives_way_to_the_next(
    server: BotApiServer, client: telegram.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.tg.sender.PROBE_S", 0.05)
    asked = 0

    async def fault(method: str, _: Arguments, phase: Phase) -> None:
        nonlocal asked
        if method == "getme" and phase == "before":
            asked += 1
            if asked == 1:
                await asyncio.Event().wait()

    server.fault = fault
    async with AiohttpRequest(read=30) as patient, asyncio.timeout(10):
        sender = Sender(patient, client.base_url)
        assert [await sender.probe(), await sender.probe()] == [False, True]


async def test_message_that_was_taken_is_sent(client: telegram.Bot) -> None:
    assert isinstance(await outcome(client), Sent)


@pytest.mark.parametrize("place", [Place(11), Place(-100, 7, "group"), Place(-100, 1, "group")])
async def test_what_it_sends_is_what_the_library_would_send(
    server: BotApiServer, client: telegram.Bot, place: Place
) -> None:
    server.world.group(-100, "Club", {11: "creator"}).topics.update({1: "General", 7: "Books"})
    entities = (
        Entity(kind="bold", offset=0, length=2),
        Entity(kind="text_link", offset=3, length=4, url="https://a.example/ü?b=1&c=2"),
        Entity(kind="pre", offset=9, length=4, language="py"),
    )
    buttons = ((Button(text="a“", callback_data="x:1"), Button(text="b", url="https://b.example/")),)
    for message in (
        Message(text="真的 link 👍 code", entities=entities, buttons=buttons, preview="https://c.example/"),
        Message(text="plain"),
    ):
        await by_the_library(client, place, message)
        replying = TolerantBot(TOKEN, base_url=f"{server.address}/bot", request=own(client))
        await convert.send(replying, place, message)
        assert isinstance(await Sender(own(client), client.base_url).send(place, message), Sent)
        sent = [{**each, "message_id": 0} for each in server.accepted(place.chat)[-3:]]
        assert sent == sent[:1] * 3


async def by_the_library(client: telegram.Bot, place: Place, message: Message) -> None:
    preview = telegram.LinkPreviewOptions(is_disabled=True)
    if message.preview:
        preview = telegram.LinkPreviewOptions(url=message.preview, prefer_small_media=True)
    rows = [
        [telegram.InlineKeyboardButton(each.text, each.url, each.callback_data) for each in row]
        for row in message.buttons
    ]
    await client.send_message(
        place.chat,
        message.text,
        entities=[
            telegram.MessageEntity(each.kind, each.offset, each.length, url=each.url, language=each.language)
            for each in message.entities
        ],
        link_preview_options=preview,
        message_thread_id=place.topic if place.topic != convert.GENERAL else None,
        reply_markup=telegram.InlineKeyboardMarkup(rows) if rows else None,
    )


@pytest.mark.parametrize("kind", ["drop", "hang", "garbage", "html"])
async def test_when_the_answer_cannot_be_read_nobody_knows(
    server: BotApiServer, client: telegram.Bot, kind: str
) -> None:
    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method != "sendmessage" or phase == "before":
            return None
        if kind == "drop":
            raise Drop
        if kind == "hang":
            await asyncio.Event().wait()
        return web.Response(text="garbage", status=200 if kind == "garbage" else 502)

    server.fault = fault
    assert isinstance(await outcome(client), Uncertain)
    assert len(server.accepted(11)) == 1


async def test_server_that_cannot_be_reached_got_nothing(server: BotApiServer, client: telegram.Bot) -> None:
    await server.stop()
    await asyncio.sleep(0.05)  # noqa: TID251  # until the end of the idle connection has arrived
    assert isinstance(await outcome(client), Unsent)


def test_refusal_without_words_is_named_by_its_code() -> None:
    answer = json.dumps({"ok": False, "error_code": 413, "description": ""}).encode()
    assert outcome_of(413, answer) == Refused("HTTP 413")
    answer = json.dumps({"ok": False, "error_code": 403, "description": ""}).encode()
    assert outcome_of(403, answer) == Denied("Forbidden")
