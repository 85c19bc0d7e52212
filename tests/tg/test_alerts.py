"""Owners hear of what goes wrong: once, and once when it is over; and of the day, if they like."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import troubles
from bot.app.lifespan import Runtime
from bot.db.alerts import AlertStore
from bot.delivery.status import Fared
from bot.demo import membership
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase
from bot.health import RECORD
from tests.chat import Chat, bot_running, labels
from tests.clock import NOON, StillClock
from tests.tg.test_digests import skip


@pytest.fixture
def owner(server: BotApiServer) -> Chat:
    server.world.person(1, "Olga")
    return Chat(server, 1, 1)


@pytest.fixture
def readers(server: BotApiServer) -> list[Chat]:
    for number in range(11, 15):
        server.world.person(number, f"Reader {number}")
    return [Chat(server, number, number) for number in range(11, 15)]


async def minutes(bot: Runtime, clock: StillClock, count: int) -> None:
    for _ in range(count):
        await skip(bot, clock, minutes=1)


def losing(server: BotApiServer, chat: int) -> None:
    """Give no answer to what one chat is sent."""

    async def fault(method: str, given: Arguments, phase: Phase) -> None:
        if method == "sendmessage" and phase == "after" and int(given.text("chat_id")) == chat:
            raise Drop

    server.fault = fault


async def test_lost_digests_are_told_once_and_once_when_digests_arrive_again(
    server: BotApiServer, bot: Runtime, owner: Chat, readers: list[Chat], clock: StillClock
) -> None:
    await owner.send("/start")
    for reader in readers:
        await reader.send("/subscribe 8:30 London")
    losing(server, 12)
    await skip(bot, clock, hours=21)
    await minutes(bot, clock, 5)
    alert = await owner.reply()
    assert "1 of the last 4 messages of digests did not arrive" in alert["text"]
    assert "without an answer 1" in alert["text"]
    server.fault = None
    await minutes(bot, clock, 29)
    assert owner.silent()
    await minutes(bot, clock, 12)
    over = await owner.reply()
    assert "Digests arrive again" in over["text"]
    await minutes(bot, clock, 60)
    assert owner.silent()


@pytest.mark.parametrize(
    ("fared", "is_told"),
    [
        (Fared(sent=95, failed=1, uncertain=2, late=2), False),
        (Fared(sent=94, failed=2, uncertain=2, late=2), True),
        (Fared(sent=0, waiting=50), False),
        (Fared(uncertain=1), True),
    ],
)
async def test_a_twentieth_may_be_lost(
    bot: Runtime, clock: StillClock, fared: Fared, *, is_told: bool
) -> None:
    class Store(AlertStore):
        async def fared(self, after: int, upto: int = 0) -> Fared:
            del after, upto
            return fared

    lost = await troubles.LostDigests(Store(bot.stores.database), clock).look()
    assert (lost is not None) == is_told


async def test_blocked_bot_is_nobodys_loss(
    server: BotApiServer, bot: Runtime, owner: Chat, readers: list[Chat], clock: StillClock
) -> None:
    await owner.send("/start")
    for reader in readers:
        await reader.send("/subscribe 8:30 London")
    membership.block(server.world, 12, blocked=True)
    await skip(bot, clock, hours=21)
    await minutes(bot, clock, 5)
    assert owner.silent()


async def test_muted_alert_is_silent_for_a_day(
    server: BotApiServer, bot: Runtime, owner: Chat, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    await owner.send("/start")
    monkeypatch.setattr(troubles, "MIN_FREE", 10**18)
    await minutes(bot, clock, 2)
    alert = await owner.reply()
    assert "The disk is nearly full" in alert["text"]
    assert "nothing of this for a day" in await owner.answer_to(alert, "mute:disk")
    monkeypatch.setattr(troubles, "MIN_FREE", 0)
    await minutes(bot, clock, 15)
    monkeypatch.setattr(troubles, "MIN_FREE", 10**18)
    await minutes(bot, clock, 15)
    assert owner.silent()
    await skip(bot, clock, hours=24)
    await minutes(bot, clock, 2)
    assert "The disk is nearly full" in (await owner.reply())["text"]
    monkeypatch.setattr(troubles, "MIN_FREE", 0)
    await minutes(bot, clock, 15)
    assert "There is room on the disk again" in (await owner.reply())["text"]


async def test_alert_is_not_told_again_by_a_restart(
    server: BotApiServer,
    owner: Chat,
    clock: StillClock,
    tmp_path: Path,
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(troubles, "MIN_FREE", 10**18)
    for number in range(2):
        async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
            if not number:
                await owner.send("/start")
            await minutes(bot, clock, 2)
            if not number:
                assert "nearly full" in (await owner.reply())["text"]
    assert owner.silent()


@pytest.fixture
async def backing_up(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> AsyncIterator[Runtime]:
    """The product, whose folder of backups is a file."""
    (tmp_path / "backups").write_text("")
    async with bot_running(
        server.address, clock, tmp_path / "data", content, backups=7, backup_dir=tmp_path / "backups"
    ) as product:
        yield product


@pytest.mark.sqlite
async def test_missing_backup_is_told(
    backing_up: Runtime, owner: Chat, clock: StillClock, tmp_path: Path
) -> None:
    await owner.send("/start")
    await skip(backing_up, clock, hours=1)
    assert owner.silent()
    await skip(backing_up, clock, hours=1)
    await minutes(backing_up, clock, 2)
    assert "No backup was made for a day; the last one: –" in (await owner.reply())["text"]
    (tmp_path / "backups").unlink()
    await skip(backing_up, clock, hours=1)
    await minutes(backing_up, clock, 12)
    assert "There is a backup again" in (await owner.reply())["text"]


async def test_digests_that_do_not_leave_are_told_when_they_do_again(
    server: BotApiServer, bot: Runtime, owner: Chat, clock: StillClock
) -> None:
    await owner.send("/start")
    for number in range(20, 40):
        server.world.person(number, f"Reader {number}")
        await Chat(server, number, number).send("/subscribe 8:30 London")

    async def silent(method: str, _: Arguments, phase: Phase) -> None:
        if method != "getupdates" and phase == "before":
            raise Drop

    server.fault = silent
    await clock.advance(hours=21)
    for _ in range(12):
        await clock.advance(minutes=1)
        await bot.scheduler.run_all()
    assert "held_up" in await bot.stores.alerts.all()
    server.fault = None
    for _ in range(20):
        await clock.advance(minutes=1)
        await bot.scheduler.run_all()
        await clock.settle()
    async with asyncio.timeout(20):
        while "Digests leave again" not in (await owner.reply())["text"]:
            pass


def live(data: Path, clock: StillClock) -> None:
    """Leave a sign of life."""
    (data / RECORD).write_text(json.dumps({"stale": [], "lag_ms": 0, "at": clock.now().isoformat()}))


async def test_return_is_told_with_what_came_as_one(
    server: BotApiServer, owner: Chat, readers: list[Chat], clock: StillClock, tmp_path: Path, content: Path
) -> None:
    data = tmp_path / "data"
    async with bot_running(server.address, clock, data, content):
        await owner.send("/start")
        await readers[0].send("/subscribe 14:00 15:00 16:00 London")
    live(data, clock)
    await clock.advance(hours=5)
    async with bot_running(server.address, clock, data, content) as bot:
        await minutes(bot, clock, 3)
        told = (await owner.reply())["text"]
    assert "No digest had to be left out. 2 digests came as one with a later one of the same chat." in told


async def test_return_after_a_while_is_told_with_what_was_missed(
    server: BotApiServer, owner: Chat, readers: list[Chat], clock: StillClock, tmp_path: Path, content: Path
) -> None:
    data = tmp_path / "data"
    async with bot_running(server.address, clock, data, content):
        await owner.send("/start")
        await readers[0].send("/subscribe 8:30 London")
    live(data, clock)
    await clock.advance(hours=30)
    async with bot_running(server.address, clock, data, content) as bot:
        await minutes(bot, clock, 3)
        told = await owner.reply()
        assert "I was down from" in told["text"]
        assert "1 digest could not be sent any more" in told["text"]
        assert "came as one" not in told["text"]
        live(data, clock)
    await clock.advance(minutes=6)
    async with bot_running(server.address, clock, data, content) as bot:
        await minutes(bot, clock, 3)
        assert "No digest had to be left out" in (await owner.reply())["text"]
        live(data, clock)
    await clock.advance(minutes=4)
    async with bot_running(server.address, clock, data, content) as bot:
        await minutes(bot, clock, 3)
    assert owner.silent()


async def test_figures_come_each_morning_to_an_owner_who_wants_them(
    bot: Runtime, owner: Chat, readers: list[Chat], clock: StillClock
) -> None:
    for reader in readers:
        await reader.send("/subscribe 8:30 London")
    shown = await owner.press(await owner.send("/status"), "Figures each morning")
    assert "No more figures each morning" in str(labels(shown))
    await skip(bot, clock, hours=20, minutes=45)
    assert owner.silent()
    await skip(bot, clock, minutes=30)
    await minutes(bot, clock, 3)
    assert (await owner.reply())["text"] == (
        "📊 In 24 hours: 4 messages of digests for 4 chats. Arrived 4, no answer 0, not sent 0, waiting 0."
    )
    await skip(bot, clock, hours=1)
    assert owner.silent()
    await owner.press(shown, "No more figures")
    await skip(bot, clock, hours=24)
    await minutes(bot, clock, 2)
    assert owner.silent()


async def test_number_of_a_moment_is_found(bot: Runtime, readers: list[Chat], clock: StillClock) -> None:
    alerts = bot.stores.alerts
    assert await alerts.number_at(clock.now()) == 0
    for reader in readers:
        await reader.send("/subscribe 8:30 London")
    for _ in range(3):
        await skip(bot, clock, hours=24)
    last = await alerts.last_number()
    assert last == 12
    for day, number in ((0, 12), (1, 8), (2, 4), (3, 0)):
        assert await alerts.number_at(clock.now() - timedelta(days=day)) == number


async def test_missing_standby_is_told(
    bot: Runtime, owner: Chat, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[datetime | None] = [NOON]

    async def missing(_: object) -> datetime | None:
        return seen[0]

    monkeypatch.setattr(type(bot.stores.database.engine.lease), "standby_missing_since", missing)
    await owner.send("/start")
    await minutes(bot, clock, 2)
    assert f"last seen at {NOON:%Y-%m-%d %H:%M} (UTC)" in (await owner.reply())["text"]
    seen[0] = None
    await minutes(bot, clock, 12)
    assert "Another process stands by again" in (await owner.reply())["text"]
