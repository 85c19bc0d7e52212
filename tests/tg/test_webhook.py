"""Updates are posted to the bot: by Telegram only, each dealt with once, and owners hear when none come."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app.intake import _secret
from bot.app.jobs import MAX_SILENCE
from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from bot.config import Settings
from bot.db.inbox import InboxStore
from bot.demo.arguments import Arguments
from bot.demo.model import Json, bad_request
from bot.demo.server import BotApiServer, Drop, Phase
from bot.errors import StartError, StoreFull
from bot.tg.dispatcher import CAREFUL_S
from bot.tg.webhook import LOOK_S
from bot.web import webhook as module
from bot.web.listener import listening
from bot.web.webhook import MAX_BYTES, Door, paths_of
from tests.chat import TOKEN, Chat, bot_running, free_port
from tests.clock import StillClock
from tests.proxy import PATH, Proxy, proxy_before
from tests.tg.test_digests import skip

TLS = Path(__file__).parents[1] / "web" / "tls"
SECRET = _secret(Settings(bot_token=SecretStr(TOKEN)))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def hook(port: int) -> dict[str, Any]:
    return {"webhook_url": f"http://127.0.0.1:{port}{PATH}", "webhook_port": port}


@pytest.fixture
async def bot(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, hook: dict[str, Any]
) -> AsyncIterator[Runtime]:
    async with bot_running(server.address, clock, tmp_path / "data", content, **hook) as product:
        yield product


class Poster:
    """Posts to the bot, as Telegram does or as a stranger might."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __call__(self, body: object, path: str = PATH, method: str = "POST", **headers: str) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._session.request(method, path, data=data, headers=sent) as answer:
            self.answer = answer
            return answer.status


@pytest.fixture
async def post(port: int) -> AsyncIterator[Poster]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield Poster(session)


@pytest.fixture
async def proxy(port: int) -> AsyncIterator[Proxy]:
    async with proxy_before(port) as made:
        yield made


def asks(number: int, text: str = "/summary", user: int = 11) -> Json:
    person = {"id": user, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    chat = {"id": user, "type": "private", "first_name": "Ada"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    sent = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": {**sent, "entities": entities}}


async def look(clock: StillClock, times: int = 1) -> None:
    """Let so many looks at the webhook pass."""
    for _ in range(times):
        await clock.advance(seconds=LOOK_S)
        await SystemClock().sleep(0.03)


async def test_update_is_handled_and_telegram_is_told_what_to_post(
    server: BotApiServer, ada: Chat, port: int
) -> None:
    assert (await ada.send("/summary"))["text"].startswith("First things")
    [given] = [entry.arguments for entry in server.ledger if entry.method == "setwebhook"]
    assert (given["url"], given["secret_token"]) == (f"http://127.0.0.1:{port}{PATH}", SECRET)
    assert json.loads(given["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert not [entry for entry in server.ledger if entry.method == "getupdates"]


STRANGERS: dict[str, tuple[int, dict[str, str]]] = {
    "another path": (404, {"path": "/bots/other"}),
    "a path that goes on": (404, {"path": f"{PATH}/"}),
    "a reader": (405, {"method": "GET"}),
    "no secret": (403, {"X_Telegram_Bot_Api_Secret_Token": ""}),
    "the beginning of the secret": (403, {"X_Telegram_Bot_Api_Secret_Token": SECRET[:-1]}),
    "more than the secret": (403, {"X_Telegram_Bot_Api_Secret_Token": f"{SECRET}a"}),
    "a secret of other letters": (403, {"X_Telegram_Bot_Api_Secret_Token": "钥匙"}),
    "a form": (415, {"Content_Type": "application/x-www-form-urlencoded"}),
}


@pytest.mark.parametrize("name", STRANGERS)
async def test_whatever_is_not_telegrams_is_turned_away(ada: Chat, post: Poster, name: str) -> None:
    status, odd = STRANGERS[name]
    assert await post(asks(1), **odd) == status
    assert (await ada.send("/quote"))["text"].startswith("Words of the first")
    assert len(ada.server.accepted(ada.id)) == 1


async def test_large_body_is_turned_away_and_the_next_one_is_taken(ada: Chat, post: Poster) -> None:
    assert await post(asks(1, "/" + "x" * MAX_BYTES)) == 413
    assert await post(asks(2)) == 200
    assert (await ada.reply())["text"].startswith("First things")


async def test_body_that_does_not_arrive_is_given_up(
    ada: Chat, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BODY_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n"
    writer.write(f"{head}X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n\r\n{{".encode())
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert (await ada.send("/summary"))["text"].startswith("First things")


async def test_strangers_are_told_of_once_a_minute_whatever_they_do(
    ada: Chat, post: Poster, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(50):
        await post(asks(1), X_Telegram_Bot_Api_Secret_Token="x")
        await post(asks(1), path="/wp-login.php")
    assert caplog.text.count("were not Telegram's") == 1
    await clock.advance(seconds=61)
    await post(asks(1), path="/wp-login.php")
    assert "100 requests at the webhook's port were not Telegram's" in caplog.text
    assert ada.silent()


@pytest.mark.parametrize(
    ("url", "paths"),
    [
        ("https://example.org", {"/"}),
        ("https://example.org/", {"/"}),
        ("https://example.org/bot", {"/bot", "/"}),
        ("https://example.org/bots/digest", {"/bots/digest", "/digest", "/"}),
        ("https://example.org/bots/digest/", {"/bots/digest/", "/digest/", "/"}),
    ],
)
def test_proxy_may_hand_on_the_whole_path_or_its_end(url: str, paths: set[str]) -> None:
    assert paths_of(url) == paths


async def test_update_comes_by_a_proxy_that_takes_its_own_path_off(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, proxy: Proxy
) -> None:
    server.world.person(11, "Ada")
    async with bot_running(server.address, clock, tmp_path / "data", content, **proxy.settings):
        assert (await Chat(server, 11, 11).send("/summary"))["text"].startswith("First things")


POISON: dict[str, object] = {
    "no JSON": b"{",
    "nothing": b"",
    "no text": b"\xff\xfe",
    "a list": [1],
    "no number": {"message": {}},
    "a number beyond 64 bits": {"update_id": 2**64},
    "an infinite number": b'{"update_id": 1, "message": {"date": Infinity}}',
    "too many digits": b'{"update_id": 1' + b"0" * 5_000 + b"}",
    "too deep": b'{"update_id": 1, "message": ' + b"[" * 100_000,
    "nested too deeply": {"update_id": 1, "message": json.loads("[" * 60 + "]" * 60)},
    "nobody's": {"update_id": 1, "message": {"chat": {"id": "x"}}},
    "unreadable for the library": {"update_id": 1, "message": {"message_id": "nonsense"}},
}


@pytest.mark.parametrize("name", POISON)
async def test_poison_is_answered_logged_once_and_holds_nobody_up(
    ada: Chat, post: Poster, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    assert [await post(POISON[name]) for _ in range(3)] == [200, 200, 200]
    assert caplog.text.count("passed over") == 1
    assert await post(asks(2)) == 200
    assert (await ada.reply())["text"].startswith("First things")


async def test_fault_of_the_program_holds_no_chat_up_for_a_day(
    ada: Chat, post: Poster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise TypeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(InboxStore, "known", fail)
        assert await post(asks(1)) == 200
    assert "An update met a fault of this program" in caplog.text
    assert await post(asks(2)) == 200
    assert (await ada.reply())["text"].startswith("First things")


async def test_what_cannot_be_written_down_is_asked_for_again(
    ada: Chat, post: Poster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*_: object) -> None:
        raise StoreFull("error.store_full", file="x")

    with monkeypatch.context() as patch:
        patch.setattr(InboxStore, "known", full)
        assert [await post(asks(1)) for _ in range(3)] == [503, 503, 503]
    assert post.answer.headers["Retry-After"] == "1"
    assert caplog.text.count("cannot be written down") == 1
    assert await post(asks(1)) == 200
    assert (await ada.reply())["text"].startswith("First things")


async def test_update_that_is_posted_again_does_nothing(
    ada: Chat, post: Poster, clock: StillClock, bot: Runtime
) -> None:
    await clock.advance(seconds=CAREFUL_S + 1)
    assert set(await asyncio.gather(*(post(asks(1)) for _ in range(8)))) == {200}
    assert await post(asks(1)) == 200
    await ada.taken_in()
    assert len(ada.server.accepted(ada.id)) == 1
    assert not bot.arrivals.reason


async def test_effect_is_had_once_though_the_answer_was_lost_with_the_process(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, hook: dict[str, Any], post: Poster
) -> None:
    server.world.person(11, "Ada")
    async with bot_running(server.address, clock, tmp_path / "data", content, **hook) as bot:
        await clock.advance(seconds=CAREFUL_S + 1)
        assert await post(asks(1, "/subscribe 8:30 London")) == 200
        ada = Chat(server, 11, 11)
        await ada.taken_in()
        # As after a kill between the commit and Telegram's hearing of it.
        await bot.stores.database.run("UPDATE inbox SET done = 0, payload = NULL WHERE update_id = 1")
        [before] = await bot.stores.readers.of_chat(11)
    async with bot_running(server.address, clock, tmp_path / "data", content, **hook) as bot:
        assert await post(asks(1, "/subscribe 8:30 London")) == 200
        await ada.taken_in()
        assert await bot.stores.readers.of_chat(11) == [before]
        rows = await bot.stores.database.all("SELECT update_id, done FROM inbox")
        while tuple(rows[0]) != (1, 1):
            await SystemClock().sleep(0.01)
            rows = await bot.stores.database.all("SELECT update_id, done FROM inbox")
    assert len(rows) == 1


async def test_messages_of_a_chat_are_answered_in_order(ada: Chat, post: Poster, clock: StillClock) -> None:
    await clock.advance(seconds=CAREFUL_S + 1)
    posts = []
    for number, text in enumerate(["/summary", "/help", "/articles"] * 4, 1):
        posts.append(asyncio.create_task(post(asks(number, text))))
        await SystemClock().sleep(0.002)  # they arrive one after another, none waits for the one before
    assert set(await asyncio.gather(*posts)) == {200}
    firsts = [(await ada.reply())["text"][:5] for _ in range(12)]
    assert firsts == [firsts[0], firsts[1], firsts[2]] * 4
    assert len(set(firsts[:3])) == 3


async def test_what_was_begun_is_finished_and_the_rest_comes_later(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, hook: dict[str, Any], post: Poster
) -> None:
    server.world.person(11, "Ada")
    async with bot_running(server.address, clock, tmp_path / "data", content, **hook):
        await clock.advance(seconds=CAREFUL_S + 1)
        begun = asyncio.create_task(post(asks(1)))
        while not begun.done() and not any(task.get_name() == "update" for task in asyncio.all_tasks()):
            await clock.settle()  # it is on its way
    with contextlib.suppress(aiohttp.ClientError):
        assert await begun in {200, 503}
    server.world.say(11, 11, "/quote")
    ada = Chat(server, 11, 11)
    async with bot_running(server.address, clock, tmp_path / "data", content, **hook):
        said = [(await ada.reply())["text"]]
        if not said[0].startswith("Words of the first"):
            said.append((await ada.reply())["text"])
    assert said[-1].startswith("Words of the first")
    assert len(server.accepted(11)) == 2


async def test_door_that_nobody_stands_at_asks_telegram_to_come_again(clock: StillClock, port: int) -> None:
    door = Door(f"https://example.org{PATH}", SECRET, clock)
    taken: list[bytes] = []

    async def take(body: bytes) -> None:
        taken.append(body)

    async with opened(door, port) as post:
        assert (await post(asks(1)), post.answer.headers["Retry-After"]) == (503, "1")
        assert await post(asks(1), X_Telegram_Bot_Api_Secret_Token="x") == 403
        door.open(take)
        assert await post(asks(1)) == 200
        await door.close()
        assert await post(asks(1)) == 503
    assert len(taken) == 1


async def test_closing_waits_for_what_is_being_taken_in(clock: StillClock, port: int) -> None:
    door, begun, end = Door(f"https://example.org{PATH}", SECRET, clock), asyncio.Event(), asyncio.Event()

    async def take(_: bytes) -> None:
        begun.set()
        await end.wait()

    async with opened(door, port) as post:
        door.open(take)
        posted = asyncio.create_task(post(asks(1)))
        await begun.wait()
        closed = asyncio.create_task(door.close())
        await clock.settle()
        assert not closed.done()
        end.set()
        await closed
        assert await posted == 200


@contextlib.asynccontextmanager
async def opened(door: Door, port: int) -> AsyncIterator[Poster]:
    async with (
        listening(door.application, "127.0.0.1", port, names=("A", "B")),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield Poster(session)


# Telegram's side ------------------------------------------------------------------------------------------


async def test_quiet_night_is_no_trouble(bot: Runtime, ada: Chat, clock: StillClock, owner: Chat) -> None:
    await ada.send("/start")
    await look(clock, times=2 * 60)  # an hour without a word
    assert clock.monotonic() - bot.arrivals.heartbeat.succeeded <= LOOK_S
    await skip(bot, clock, minutes=1)
    assert owner.silent()


async def test_dead_webhook_is_told_and_told_again_when_it_is_over(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, proxy: Proxy
) -> None:
    for person in (1, 11):
        server.world.person(person, "Ada")
    owner, ada = Chat(server, 1, 1), Chat(server, 11, 11)
    async with bot_running(server.address, clock, tmp_path / "data", content, **proxy.settings) as bot:
        await owner.send("/start")
        await look(clock)
        proxy.is_broken = True
        server.world.say(ada.id, ada.user, "/summary")
        while server.world.updates.webhook.last_error is None:
            await clock.settle()
        for _ in range(5):
            await look(clock, times=2)
            await bot.scheduler.run_all()
        told = (await owner.reply())["text"]
        assert "nothing that people write has reached me" in told
        assert "502 Bad Gateway" in told
        assert "updates" in bot.watch.health().ages
        assert bot.watch.health().ages["updates"] > MAX_SILENCE.total_seconds()
        assert len([entry for entry in server.ledger if entry.method == "setwebhook"]) == 1
        proxy.is_broken = False
        while ada.silent():
            await look(clock)
        for _ in range(13):
            await clock.advance(seconds=60)
            await bot.scheduler.run_all()
        assert "I hear people again" in (await owner.reply())["text"]
        assert owner.silent()


async def test_single_error_is_no_dead_webhook(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, proxy: Proxy
) -> None:
    server.world.person(11, "Ada")
    ada = Chat(server, 11, 11)
    async with bot_running(server.address, clock, tmp_path / "data", content, **proxy.settings) as bot:
        await look(clock)
        proxy.is_broken = True
        server.world.say(11, 11, "/summary")
        while server.world.updates.webhook.last_error is None:
            await clock.settle()
        proxy.is_broken = False
        while ada.silent():
            await clock.advance(seconds=1)
        await look(clock, times=3)
        assert not bot.arrivals.reason


async def test_old_error_beside_updates_that_are_on_their_way_is_no_trouble(
    bot: Runtime, server: BotApiServer, clock: StillClock, hook: dict[str, Any]
) -> None:
    info = {"url": hook["webhook_url"], "last_error_message": "Connection timed out"}

    async def told(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method != "getwebhookinfo" or phase == "after":
            return None
        return web.json_response({"ok": True, "result": info})

    server.fault, reasons = told, []
    for waiting, error, looks in ((0, 5, 2), (3, 5, 2), (3, 6, 1), (3, 6, 2), (0, 6, 1)):
        info |= {"last_error_date": error, "pending_update_count": waiting}
        await look(clock, looks)
        reasons.append(bot.arrivals.reason)
    words = info["last_error_message"]
    assert reasons == ["", "", words, words, ""], "it lasts though no new one is met"


async def test_address_that_telegram_refuses_is_told_and_tried_again(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, hook: dict[str, Any]
) -> None:
    async def refuse(method: str, _: Arguments, phase: Phase) -> None:
        if method == "setwebhook" and phase == "before":
            raise bad_request("bad webhook: Failed to resolve host: Name or service not known")

    server.fault = refuse
    owner = Chat(server, 1, 1)
    async with bot_running(server.address, clock, tmp_path / "data", content, **hook) as bot:
        for _ in range(5):
            await look(clock, times=2)
            await bot.scheduler.run_all()
        assert "failed to resolve host" in bot.arrivals.reason
        server.fault = None
        server.world.say(1, 1, "/summary")
        while owner.silent():
            await look(clock)
        assert not bot.arrivals.reason


async def test_webhook_that_another_program_took_is_set_again(
    bot: Runtime, ada: Chat, server: BotApiServer, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    await ada.send("/start")
    await look(clock)
    await server.world.updates.webhook.close()
    server.world.say(ada.id, ada.user, "/summary")
    while ada.silent():
        await look(clock)
    assert (await ada.reply())["text"].startswith("First things")
    assert "Another program took the webhook away" in caplog.text
    assert not bot.arrivals.reason


async def test_telegram_out_of_reach_is_no_fault_of_the_webhook(
    bot: Runtime, server: BotApiServer, clock: StillClock
) -> None:
    async def cut(*_: object) -> None:
        raise Drop

    await look(clock)
    server.fault = cut
    await look(clock, times=10)
    assert (bot.arrivals.reason, bot.arrivals.heartbeat.succeeded < clock.monotonic() - 200) == ("", True)
    server.fault = None
    await look(clock, times=2)
    assert bot.arrivals.heartbeat.succeeded > clock.monotonic() - 60


@pytest.mark.polling
async def test_switching_back_and_forth_leaves_no_conflict(
    server: BotApiServer,
    clock: StillClock,
    tmp_path: Path,
    content: Path,
    hook: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.world.person(11, "Ada")
    ada = Chat(server, 11, 11)
    for settings in (hook, {}, hook, {}):
        server.world.say(11, 11, "/summary")  # while nobody is there
        async with bot_running(server.address, clock, tmp_path / "data", content, **settings):
            assert (await ada.reply())["text"].startswith("First things")
            await ada.send("/quote")
    assert len(server.accepted(11)) == 8
    assert caplog.text.count("Telegram had a webhook for this bot") == 2
    assert "Another process" not in caplog.text


@pytest.mark.polling
async def test_poller_fights_no_program_that_sets_a_webhook(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for person in (1, 11):
        server.world.person(person, "Ada")
    ada, owner = Chat(server, 11, 11), Chat(server, 1, 1)
    async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
        await owner.send("/start")
        await ada.send("/summary")
        await server.world.updates.webhook.set("http://127.0.0.1:1/", "")
        server.world.updates.end()
        for _ in range(30):
            await clock.advance(seconds=10)
            await SystemClock().sleep(0.003)
        assert server.world.updates.webhook.url == "http://127.0.0.1:1/"
        assert not [entry for entry in server.ledger if entry.method == "deletewebhook"]
        assert "Another process answers for this bot" in caplog.text
        await bot.scheduler.run_all()
        assert "can't use getUpdates method while webhook is active" in (await owner.reply())["text"]
        await server.world.updates.webhook.close()


# TLS and the start ----------------------------------------------------------------------------------------


async def test_bot_speaks_tls_with_a_certificate_of_its_own(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, port: int
) -> None:
    server.world.person(11, "Ada")
    settings: dict[str, Any] = {
        "webhook_url": f"https://127.0.0.1:{port}{PATH}",
        "webhook_port": port,
        "webhook_cert": TLS / "certificate.pem",
        "webhook_key": TLS / "key.pem",
    }
    async with bot_running(server.address, clock, tmp_path / "data", content, **settings):
        assert (await Chat(server, 11, 11).send("/summary"))["text"].startswith("First things")
        assert server.world.updates.webhook.has_certificate
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\n\r\n")  # not a word of TLS
        assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize(
    ("certificate", "key"),
    [
        ("certificate.pem", "certificate.pem"),
        ("key.pem", "key.pem"),
        ("none.pem", "key.pem"),
        ("none.pem", None),
        ("key.pem", None),
    ],
)
async def test_certificate_that_cannot_be_used_is_named(
    server: BotApiServer,
    clock: StillClock,
    tmp_path: Path,
    content: Path,
    hook: dict[str, Any],
    certificate: str,
    key: str | None,
) -> None:
    with pytest.raises(StartError) as refused:
        async with bot_running(
            server.address,
            clock,
            tmp_path / "data",
            content,
            **hook,
            webhook_cert=TLS / certificate,
            webhook_key=TLS / key if key else None,
        ):
            pass
    assert refused.value.key == "error.certificate"


async def test_port_that_is_taken_is_named_with_the_settings_that_help(
    server: BotApiServer, bot: Runtime, clock: StillClock, tmp_path: Path, content: Path, hook: dict[str, Any]
) -> None:
    assert bot.app.running
    with pytest.raises(StartError) as refused:
        async with bot_running(server.address, clock, tmp_path / "other", content, **hook):
            pass
    assert refused.value.values["settings"] == "WEBHOOK_HOST / WEBHOOK_PORT"


async def test_address_and_secret_stand_in_no_log(
    ada: Chat, post: Poster, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ada.send("/summary")
    await post(asks(1), X_Telegram_Bot_Api_Secret_Token="x")
    await look(clock, times=2)
    assert SECRET not in caplog.text
    assert TOKEN not in caplog.text


def test_secret_is_the_same_on_each_machine_and_another_for_each_token() -> None:
    other = _secret(Settings(bot_token=SecretStr("10001:other")))
    assert other != SECRET
    assert _secret(Settings(bot_token=SecretStr(TOKEN))) == SECRET
    assert len(SECRET) == 64
