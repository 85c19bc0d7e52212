"""/broadcast: an owner's message to many, from the first look to the last reader."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from bot.config import DATABASE
from bot.delivery.model import Delivery
from bot.demo import membership
from bot.demo.arguments import Arguments
from bot.demo.model import Json
from bot.demo.server import BotApiServer, Phase
from tests.chat import Chat, bot_running, data_of, labels
from tests.clock import NOON, StillClock

BOLD = [{"type": "bold", "offset": 0, "length": 4}]
PATIENCE = 10.0


class BroadcastChat:
    """An owner with readers, and how far their campaign has come."""

    def __init__(self, server: BotApiServer, clock: StillClock) -> None:
        self.server = server
        self.clock = clock
        self.owner = Chat(server, 1, 1)
        self.panel: Json = {}
        self.said: list[Json] = []

    async def readers(self, count: int, *, language: str = "en", first: int = 100) -> list[int]:
        """Subscribers, who have all been here today."""
        made = list(range(first, first + count))
        for user in made:
            self.server.world.person(user, f"P{user}", language=language)
            await Chat(self.server, user, user).send("/subscribe 8:30 London")
        return made

    def got(self, user: int, text: str = "News for all") -> int:
        """How often somebody was sent it."""
        return sum(
            message.get("text", message.get("caption")) == text
            for message in self.server.world.history(user)
            if (user, message["message_id"]) in self.server.world.own
        )

    async def write(self, text: str = "News for all", command: str = "/broadcast") -> Json:
        """The owner writes it and asks for it to be sent; the panel."""
        return await self.reply_to(await self.say(text), command)

    async def say(self, text: str) -> Json:
        """The owner writes; the bot's answer is passed over."""
        hint = await self.owner.send(text, entities=BOLD)
        assert "reply to it with /broadcast" in hint["text"]
        return self.server.world.messages[1, hint["message_id"] - 1]

    async def reply_to(self, message: Json, command: str = "/broadcast") -> Json:
        self.said = [await self.owner.send(command, reply_to=message["message_id"])]
        while not self.said[-1].get("text", "").startswith("📣"):
            self.said.append(await self.owner.reply())
        self.panel = self.said[-1]
        return self.panel

    async def press(self, label: str) -> Json:
        """Press a button of the panel once it is there; the panel as it is then."""
        await self.until(lambda: any(label in each for each in labels(self._now)), step=0)
        await self.owner.answer_to(self._now, data_of(self._now, label))
        self.panel = dict(self._now)
        return self.panel

    @property
    def _now(self) -> Json:
        return self.server.world.messages[1, self.panel["message_id"]]

    async def until(self, done: Callable[[], bool], *, step: float = 0.5) -> None:
        """Let time go on until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not done():
                await self.clock.advance(seconds=step)
                await SystemClock().sleep(0.005)

    def shows(self, words: str) -> bool:
        """Whether the panel says something now."""
        return words in self._now["text"]


@pytest.fixture
async def owner_chat(server: BotApiServer, bot: Runtime, clock: StillClock) -> BroadcastChat:  # noqa: ARG001  # it answers
    server.world.person(1, "Olga")
    made = BroadcastChat(server, clock)
    await made.owner.send("/start")
    return made


async def appoint(bot: Runtime, user: int) -> None:
    await bot.stores.people.invite("word", NOON + timedelta(days=1), by=1, now=NOON)
    assert await bot.stores.people.accept(user, f"P{user}", "word", NOON)


async def test_it_is_looked_at_then_shown_to_editors_then_sent_to_everybody_once(
    owner_chat: BroadcastChat, bot: Runtime
) -> None:
    ada, ben, eve = await owner_chat.readers(3)
    await appoint(bot, eve)
    await owner_chat.owner.send("/subscribe 8:30 London")
    panel = await owner_chat.write()
    preview = owner_chat.server.world.history(1)[-2]
    assert (preview["text"], preview["entities"]) == ("News for all", BOLD)
    assert "all subscribers" in panel["text"]
    assert "👀 Show 1 editor first" in labels(panel)
    answer = await owner_chat.owner.answer_to(panel, "bc:1:start")
    assert answer == "It has moved on meanwhile; see above."
    await owner_chat.press("Show 1 editor")
    await owner_chat.until(lambda: owner_chat.shows("✅ 1 arrived"))
    assert [owner_chat.got(user) for user in (ada, ben, eve)] == [0, 0, 1]
    owner_chat.panel = owner_chat.server.world.messages[1, owner_chat.panel["message_id"]]
    assert "📤 Send to 2 readers" in labels(owner_chat.panel)
    await owner_chat.press("Send to 2")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert [owner_chat.got(user) for user in (ada, ben, eve)] == [1, 1, 1]
    assert owner_chat.shows("100 %")
    assert owner_chat.shows("✅ 3 arrived")
    assert owner_chat.got(1) == 1  # the preview; who wrote it does not get it again
    acts = [(done.user, done.act, done.about) for done in await bot.services.acts.last(2)]
    assert acts == [(1, "broadcast", "#1 ▶️"), (1, "broadcast", "#1 👀")]


async def test_without_other_editors_it_can_be_sent_at_once(owner_chat: BroadcastChat) -> None:
    await owner_chat.readers(1)
    panel = await owner_chat.write()
    assert "📤 Send to 1 reader" in labels(panel)


async def test_what_its_owner_changes_after_the_preview_changes_nothing(owner_chat: BroadcastChat) -> None:
    [ada] = await owner_chat.readers(1)
    message = await owner_chat.say("News for all")
    await owner_chat.reply_to(message)
    owner_chat.server.world.edit(1, message["message_id"], "Nonsense")
    await owner_chat.press("Send to 1")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert owner_chat.got(ada) == 1


async def test_picture_goes_out_with_its_caption(owner_chat: BroadcastChat) -> None:
    [ada] = await owner_chat.readers(1)
    await owner_chat.reply_to(owner_chat.server.world.picture(1, 1, caption="A cat"))
    await owner_chat.press("Send to 1")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert owner_chat.got(ada, "A cat") == 1
    assert "photo" in owner_chat.server.world.history(ada)[-1]


async def test_of_an_album_one_piece_goes_out_and_that_is_said(owner_chat: BroadcastChat) -> None:
    await owner_chat.readers(1)
    first, _ = owner_chat.server.world.album(1, 1, "", "")
    await owner_chat.reply_to(first)
    assert any("only this one piece" in message.get("text", "") for message in owner_chat.said)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_it_can_be_for_one_language(owner_chat: BroadcastChat, lang: str) -> None:
    [ada] = await owner_chat.readers(1)
    [lin] = await owner_chat.readers(1, language="zh-hans", first=200)
    await owner_chat.write()
    await owner_chat.press({"zh": "中文", "en": "English"}[lang])
    assert "📤 Send to 1 reader" in labels(owner_chat.panel)
    await owner_chat.press("Send to 1")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert [owner_chat.got(ada), owner_chat.got(lin)] == ([0, 1] if lang == "zh" else [1, 0])


async def test_it_can_be_for_those_who_were_here_lately(owner_chat: BroadcastChat, bot: Runtime) -> None:
    [old] = await owner_chat.readers(1)
    await bot.scheduler.run_all()
    await owner_chat.clock.advance(days=20)
    [new] = await owner_chat.readers(1, first=200)
    await owner_chat.write(command="/broadcast 7d")
    assert "were active in the last 7 days" in owner_chat.panel["text"]
    assert "✓ 7 days" in labels(owner_chat.panel)
    assert "📤 Send to 1 reader" in labels(owner_chat.panel)
    Chat(owner_chat.server, old, old)
    await Chat(owner_chat.server, old, old).send("/quote")
    await bot.scheduler.run_all()
    await owner_chat.press("30 days")
    await owner_chat.press("7 days")
    assert "📤 Send to 2 readers" in labels(owner_chat.panel)
    await owner_chat.press("Send to 2")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert [owner_chat.got(old), owner_chat.got(new)] == [1, 1]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    text = "---\ntags: [Physics]\n---\n# Light\n\nThe lead of this one is long enough.\n\n> Words.\n"
    (folder / "light.md").write_text(text, "utf-8")
    return folder


async def test_it_can_be_for_those_who_were_sent_an_article_with_a_tag(
    owner_chat: BroadcastChat, bot: Runtime
) -> None:
    [told] = await owner_chat.readers(1)
    await owner_chat.clock.advance(hours=21)
    await bot.scheduler.run_all()
    await owner_chat.until(
        lambda: any("Light" in m.get("text", "") for m in owner_chat.server.world.history(told)[2:])
    )
    [untold] = await owner_chat.readers(1, first=200)
    await owner_chat.write(command="/broadcast #physics")
    assert "tagged “physics”" in owner_chat.panel["text"]
    await owner_chat.press("Send to 1")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert [owner_chat.got(told), owner_chat.got(untold)] == [1, 0]


@pytest.mark.parametrize("word", ["#nothing", "fr", "0d", "99999999999d", "soon"])
async def test_word_that_means_no_readers_is_named(owner_chat: BroadcastChat, word: str) -> None:
    message = await owner_chat.say("News")
    said = await owner_chat.owner.send(f"/broadcast {word}", reply_to=message["message_id"])
    assert f"“{word}” isn’t a condition" in said["text"]


async def test_without_a_message_it_says_how(owner_chat: BroadcastChat) -> None:
    assert "reply to it with /broadcast" in (await owner_chat.owner.send("/broadcast"))["text"]


async def test_one_at_a_time(owner_chat: BroadcastChat) -> None:
    await owner_chat.readers(1)
    await owner_chat.write()
    await owner_chat.write("Another")
    assert "One message at a time" in owner_chat.said[-2]["text"]


async def test_who_has_stopped_pauses_or_has_blocked_is_left_alone(owner_chat: BroadcastChat) -> None:
    gone, paused, blocked, ada = await owner_chat.readers(4)
    await Chat(owner_chat.server, gone, gone).send("/unsubscribe")
    settings = await Chat(owner_chat.server, paused, paused).send("/settings")
    away = await Chat(owner_chat.server, paused, paused).press(settings, "Pause")
    await Chat(owner_chat.server, paused, paused).press(away, labels(away)[0])
    membership.block(owner_chat.server.world, blocked, blocked=True)
    await owner_chat.write()
    await owner_chat.press("Send to 1")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert [owner_chat.got(user) for user in (gone, paused, blocked, ada)] == [0, 0, 0, 1]


async def test_pause_stops_it_where_it_is_and_it_goes_on_exactly_there(
    owner_chat: BroadcastChat, bot: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = await owner_chat.readers(6)
    await owner_chat.write()
    gate, held, claim = asyncio.Event(), 0, bot.stores.outbox.claim
    claimed: list[Delivery] = []

    async def slow(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        nonlocal held
        if method == "copymessage" and phase == "before":
            held += 1
            await gate.wait()
        return None

    async def two_at_first(now: datetime, limit: int) -> Sequence[Delivery]:
        if len(claimed) < 2 or gate.is_set():
            claimed.extend(found := await claim(now, min(limit, 2)))
            return found
        return ()

    owner_chat.server.fault = slow
    monkeypatch.setattr(bot.stores.outbox, "claim", two_at_first)
    await owner_chat.press("Send to 6")
    await owner_chat.until(lambda: held == 2)
    await owner_chat.press("Pause")
    assert "⏸ Paused" in owner_chat.panel["text"]
    gate.set()
    await owner_chat.until(lambda: sum(map(owner_chat.got, users)) == 2)
    for _ in range(20):
        await owner_chat.clock.advance(seconds=5)
    assert [owner_chat.got(user) for user in users] == [1, 1, 0, 0, 0, 0]
    await owner_chat.press("Go on")
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert [owner_chat.got(user) for user in users] == [1] * 6


@pytest.mark.sqlite
async def test_what_is_stopped_for_good_reaches_nobody_else(
    owner_chat: BroadcastChat, tmp_path: Path
) -> None:
    users = await owner_chat.readers(3)
    await owner_chat.write()

    async def busy(method: str, _: Arguments, __: Phase) -> web.Response | None:
        refused = {"ok": False, "error_code": 429, "parameters": {"retry_after": 600}}
        return web.json_response(refused, status=429) if method == "copymessage" else None

    owner_chat.server.fault = busy
    await owner_chat.press("Send to 3")
    await owner_chat.until(lambda: rows(tmp_path, "reason = 'throttled' AND state = 'planned'") >= 2)
    await owner_chat.press("Pause")
    await owner_chat.press("Stop for good")
    assert owner_chat.shows("✕ Stopped")
    assert owner_chat.shows("🚫 3")
    owner_chat.server.fault = None
    for _ in range(20):
        await owner_chat.clock.advance(seconds=60)
    assert [owner_chat.got(user) for user in users] == [0] * 3
    await owner_chat.write("The next one")
    assert "📤 Send to 3 readers" in labels(owner_chat.panel)


def rows(tmp_path: Path, condition: str) -> int:
    """How many rows of the outbox there are of a kind."""
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / DATABASE)) as connection:
        sql = f"SELECT count(*) FROM deliveries WHERE kind = 'campaign' AND {condition}"  # noqa: S608
        [[count]] = connection.execute(sql)
    return int(count)


@pytest.mark.sqlite
async def test_it_pauses_by_itself_when_too_many_fail(owner_chat: BroadcastChat, tmp_path: Path) -> None:
    users = await owner_chat.readers(40)
    await owner_chat.write()

    asked: set[int] = set()
    all_asked = asyncio.Event()

    async def refuse(method: str, given: Arguments, _: Phase) -> web.Response | None:
        if method == "copymessage" and (user := given.whole("chat_id")) in users[10:30]:
            # All are under way before the first one fails, so that it cannot stop ahead of the others.
            asked.add(user)
            if len(asked) == 20:
                all_asked.set()
            await asyncio.wait_for(all_asked.wait(), PATIENCE)
            description = "Bad Request: message to copy not found"
            return web.json_response({"ok": False, "error_code": 400, "description": description}, status=400)
        return None

    owner_chat.server.fault = refuse
    await owner_chat.press("Send to 40")
    await owner_chat.until(lambda: owner_chat.shows("⏸ Paused"))
    assert owner_chat.shows("I stopped by myself")
    await owner_chat.until(lambda: not rows(tmp_path, "state = 'sending'"))
    assert rows(tmp_path, "state = 'failed'") == 20


@pytest.mark.sqlite
async def test_after_a_restart_it_goes_on_by_itself_and_reaches_nobody_twice(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(1, "Olga")
    owner_chat, data = BroadcastChat(server, clock), tmp_path / "data"
    silenced: set[int] = set()

    async def silent(method: str, given: Arguments, phase: Phase) -> web.Response | None:
        if method == "copymessage" and phase == "before" and given.whole("chat_id") in silenced:
            refused = {"ok": False, "error_code": 429, "parameters": {"retry_after": 60}}
            return web.json_response(refused, status=429)
        return None

    server.fault = silent
    async with bot_running(server.address, clock, data, content):
        await owner_chat.owner.send("/start")
        users = await owner_chat.readers(5)
        silenced.add(users[4])
        await owner_chat.write()
        await owner_chat.press("Send to 5")
        await owner_chat.until(lambda: sum(map(owner_chat.got, users)) == 4)
    silenced.clear()
    async with bot_running(server.address, clock, data, content):
        await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert [owner_chat.got(user) for user in users] == [1] * 5
    assert rows(tmp_path, "state = 'sent'") == 5


@pytest.mark.sqlite
async def test_backup_that_is_put_back_ends_what_was_under_way(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(1, "Olga")
    owner_chat, data = BroadcastChat(server, clock), tmp_path / "data"
    async with bot_running(server.address, clock, data, content):
        await owner_chat.owner.send("/start")
        users = await owner_chat.readers(3)
        await owner_chat.write()
        with contextlib.closing(sqlite3.connect(data / DATABASE)) as live:
            live.execute("VACUUM INTO :file", {"file": str(tmp_path / "backup")})
        await owner_chat.press("Send to 3")
        await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    for file in data.glob(f"{DATABASE}*"):
        file.unlink()
    shutil.copy(tmp_path / "backup", data / DATABASE)
    async with bot_running(server.address, clock, data, content):
        for _ in range(20):
            await clock.advance(seconds=5)
        await owner_chat.owner.answer_to(owner_chat.panel, "bc:1:pause")
        assert owner_chat.shows("✕ Stopped")
        assert owner_chat.shows("A backup was put back")
    assert [owner_chat.got(user) for user in users] == [1] * 3


@pytest.mark.parametrize(
    "data", ["bc:1:fly", "bc:1:lang:xx", "bc:1:days:-3", "bc:1:lang", "bc:9:start", "bc"]
)
async def test_button_that_was_made_up_changes_nothing(owner_chat: BroadcastChat, data: str) -> None:
    await owner_chat.readers(1)
    panel = await owner_chat.write()
    assert await owner_chat.owner.answer_to(panel, data) == "This button has expired. Send /articles."
    assert (await owner_chat.write("Another"))["text"] == panel["text"]


async def test_step_that_was_taken_is_not_taken_again(owner_chat: BroadcastChat) -> None:
    [ada] = await owner_chat.readers(1)
    panel = await owner_chat.write()
    await owner_chat.press("Send to 1")
    answer = await owner_chat.owner.answer_to(panel, "bc:1:start")
    assert answer == "It has moved on meanwhile; see above."
    await owner_chat.until(lambda: owner_chat.shows("✅ Sent"))
    assert owner_chat.got(ada) == 1


async def test_what_nobody_is_to_get_can_only_be_discarded(owner_chat: BroadcastChat) -> None:
    panel = await owner_chat.write()
    assert labels(panel)[-1] == "✕ Discard"
    assert not any("Send to" in label for label in labels(panel))
    await owner_chat.press("Discard")
    assert owner_chat.panel["text"] == "✕ Discarded, nothing was sent\nTo: all subscribers"


@pytest.mark.sqlite
async def test_owner_who_is_forgotten_takes_their_campaign_along(
    owner_chat: BroadcastChat, bot: Runtime, tmp_path: Path
) -> None:
    [ada] = await owner_chat.readers(1)
    await owner_chat.write()
    shown = await owner_chat.owner.send("/privacy")
    assert "you sent a message to all 1 time" in shown["text"]
    assert "the first and the last day you used me" in shown["text"]
    await owner_chat.owner.press(await owner_chat.owner.press(shown, "Delete everything"), "Yes")
    assert not (await bot.services.privacy.stored(1))["campaigns"]
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / DATABASE)) as connection:
        [row] = connection.execute("SELECT owner, source_chat, panel_chat, state, reason FROM campaigns")
    assert row == (0, 0, None, "cancelled", "forgotten")
    assert owner_chat.got(ada) == 0


async def test_keyboard_has_no_empty_row(owner_chat: BroadcastChat) -> None:
    await owner_chat.write()
    assert all(owner_chat.panel["reply_markup"]["inline_keyboard"])
