"""What the chat page asks of the server, and who may ask."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.demo.cast import READER_ID
from bot.demo.server import BotApiServer
from tests.chat import TOKEN, server_running
from tests.clock import StillClock


async def skip(chat: int, days: int | None) -> str:
    return f"skipped {days} for {chat}"


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[BotApiServer]:
    async with server_running(clock, skip=skip) as made:
        yield made


@pytest.fixture
async def page(server: BotApiServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.address) as session:
        yield session


async def post(page: aiohttp.ClientSession, name: str, **values: object) -> dict[str, Any]:
    async with page.post(f"/page/{name}", json={"view": "reader", **values}) as response:
        return {**await response.json(), "status": response.status}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/page/page.js", "text/javascript"),
        ("/page/page.css", "text/css"),
        ("/page/icon.svg", "image/svg+xml"),
    ],
)
async def test_page_and_its_parts_are_served_with_no_outside_resource(
    page: aiohttp.ClientSession, path: str, kind: str
) -> None:
    async with page.get(path) as response:
        assert response.status == 200
        assert response.content_type == kind
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        text = await response.text()
        assert "https://" not in text.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    "path", ["/page/nothing.js", "/page/..%2Fserver.py", "/page/server.py", "/page/events?view=x"]
)
async def test_nothing_else_is_served(page: aiohttp.ClientSession, path: str) -> None:
    async with page.get(path) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "[::1"},
        {"Host": ""},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_sites_may_not_ask_whatever_they_ask_for(
    server: BotApiServer, page: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    for method, path in (
        ("GET", "/page/state"),
        ("POST", "/page/send"),
        ("GET", "/page/events"),
        ("GET", "/page/file/x"),
        ("GET", "/"),
        ("GET", f"/bot{TOKEN}/sendMessage?chat_id=103&text=x"),
        ("POST", f"/bot{TOKEN}/getUpdates"),
        ("GET", f"/file/bot{TOKEN}/documents/x"),
        ("GET", "/nothing"),
    ):
        async with page.request(method, path, headers=headers) as response:
            assert response.status in {400, 403}
    assert server.ledger == []


async def test_page_of_this_machine_and_programs_may_ask(page: aiohttp.ClientSession) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        async with page.get("/page/state", headers=headers) as response:
            assert response.status == 200


async def test_chat_page_remembers_so_much_and_no_more(clock: StillClock) -> None:
    server = BotApiServer(token=TOKEN, clock=clock, keep=10)
    await server.start()
    try:
        for _ in range(30):
            server.world.say(READER_ID, READER_ID, "/start")
            server.world.keep_file("a", bytes(5_000_000))
        async with aiohttp.ClientSession(server.address) as session:
            for _ in range(30):
                async with session.get(f"/bot{TOKEN}/getMe") as response:
                    assert response.status == 200
    finally:
        await server.stop()
    assert len(server.world.messages) == 10
    assert sum(len(data) for _, data in server.world.files.values()) <= 50_000_000
    assert len(server.ledger) == 10


async def test_state_tells_who_is_who_and_what_was_said(page: aiohttp.ClientSession) -> None:
    await post(page, "send", text=" /start ")
    async with page.get("/page/state?view=reader") as response:
        state = await response.json()
    assert (state["views"], state["user"], state["blocked"]) == (
        ["reader", "editor", "outsider", "group", "channel"],
        READER_ID,
        False,
    )
    assert [message["text"] for message in state["messages"]] == ["/start"]
    assert state["home"] == "reader"
    assert state["now"] == "2026-11-24T12:00:00+00:00"
    async with page.get("/page/state?view=outsider") as response:
        assert (await response.json())["messages"] == []


async def test_menu_is_the_nearest_one_in_the_language_of_the_view(
    server: BotApiServer, page: aiohttp.ClientSession
) -> None:
    commands = server.world.commands
    commands["all_private_chats", ""] = [{"command": "a", "description": "en"}]
    commands["all_private_chats", "zh"] = [{"command": "a", "description": "zh"}]
    commands[f"chat:{READER_ID}", ""] = [{"command": "b", "description": "own"}]

    async def menu(view: str) -> str:
        async with page.get(f"/page/state?view={view}") as response:
            return str((await response.json())["commands"][0]["description"])

    assert [await menu(view) for view in ("reader", "outsider")] == ["own", "en"]
    await post(page, "language", view="outsider", language="zh")
    assert await menu("outsider") == "zh"


async def test_press_a_file_a_block_and_a_skip_reach_the_server(
    server: BotApiServer, page: aiohttp.ClientSession
) -> None:
    said = await post(page, "send", text="x")
    assert (await post(page, "press", message_id=said["message_id"], data="d"))["press"].isdecimal()
    form = aiohttp.FormData({"view": "reader", "caption": "/addarticle"})
    form.add_field("file", b"# T\n", filename="notes.md")
    async with page.post("/page/upload", data=form) as response:
        assert (await response.json())["document"]["file_name"] == "notes.md"
    await post(page, "block", blocked=True)
    assert server.world.chats[READER_ID].bot == "kicked"
    assert (await post(page, "send", text="x"))["error"] == "Bad Request: the bot is blocked"
    await post(page, "block", blocked=False)
    assert (await post(page, "skip"))["text"] == f"skipped None for {READER_ID}"
    assert (await post(page, "skip", days=1))["text"] == f"skipped 1 for {READER_ID}"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("send", {"text": " "}),
        ("send", {}),
        ("send", {"text": "x", "view": "nobody"}),
        ("press", {"message_id": 99, "data": "d"}),
        ("press", {"message_id": "x", "data": "d"}),
        ("language", {"language": "xx"}),
        ("upload", {}),
    ],
)
async def test_requests_that_make_no_sense_are_refused(
    page: aiohttp.ClientSession, name: str, values: dict[str, object]
) -> None:
    assert (await post(page, name, **values))["status"] == 400


async def test_events_come_live_and_a_page_that_returns_gets_what_it_missed(
    server: BotApiServer, page: aiohttp.ClientSession
) -> None:
    async def next_event(response: aiohttp.ClientResponse) -> tuple[str, str, Any]:
        block = b""
        while not block.endswith(b"\n\n"):
            block += await response.content.readline()
        fields = dict(line.split(": ", 1) for line in block.decode().strip().splitlines())
        return fields["id"], fields["event"], json.loads(fields["data"])

    async with page.get("/page/events?view=reader") as response:
        server.world.say(READER_ID, READER_ID, "one")
        number, name, data = await next_event(response)
        assert (name, data["text"]) == ("message", "one")
        server.world.tell(102, "message", {"text": "for somebody else"})
        server.world.tell(0, "commands", {})
        assert (await next_event(response))[1:] == ("commands", [])
    server.world.say(READER_ID, READER_ID, "two")
    async with page.get("/page/events?view=reader", headers={"Last-Event-ID": number}) as response:
        assert (await next_event(response))[1] == "commands"
        assert (await next_event(response))[2]["text"] == "two"
    async with page.get("/page/events?view=reader&after=99999") as response:
        server.world.say(READER_ID, READER_ID, "three")
        assert (await next_event(response))[2]["text"] == "three"
