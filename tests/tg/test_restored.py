"""A backup that is put back: what was sent after it is not sent again before an owner has decided."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.lifespan import Runtime
from bot.config import DATABASE
from bot.db.restored import MARK, ClaimCounter
from bot.demo.server import BotApiServer
from bot.settling.model import Mode
from tests.chat import Chat, bot_running
from tests.clock import StillClock
from tests.tg.test_digests import skip

pytestmark = pytest.mark.sqlite


class RestoredFolder:
    """A data folder, the people around it, and a backup of it."""

    def __init__(self, server: BotApiServer, clock: StillClock, folder: Path, content: Path) -> None:
        self.server, self.clock, self.content = server, clock, content
        self.folder, self.backup = folder / "data", folder / "backup"
        server.world.person(1, "Olga")
        server.world.person(11, "Ada")
        self.owner, self.ada = Chat(server, 1, 1), Chat(server, 11, 11)

    @contextlib.asynccontextmanager
    async def running(self, settling: Mode = "off") -> AsyncIterator[Runtime]:
        """Unless told, what lies beside the database must tell, since the ids of messages would tell as well."""
        async with bot_running(
            self.server.address, self.clock, self.folder, self.content, settling=settling
        ) as product:
            yield product

    async def lost_after_a_digest(self) -> None:
        """Subscribed, backed up, one digest sent, and then the backup is put back."""
        async with self.running():
            await self.owner.send("/start")
            await self.ada.send("/subscribe 8:30 London")
        shutil.copytree(self.folder, self.backup)
        async with self.running() as bot:
            await skip(bot, self.clock, hours=21)
            assert "第二篇文章" in (await self.ada.reply())["text"]
        self.put_back()

    def put_back(self) -> None:
        for file in self.folder.glob(f"{DATABASE}*"):
            file.unlink()
        shutil.copy(self.backup / DATABASE, self.folder / DATABASE)


@pytest.fixture
def restored(server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path) -> RestoredFolder:
    return RestoredFolder(server, clock, tmp_path, content)


async def test_what_was_sent_after_the_backup_is_not_sent_again(
    restored: RestoredFolder, clock: StillClock
) -> None:
    await restored.lost_after_a_digest()
    async with restored.running() as bot:
        await skip(bot, clock, minutes=30)
        asked = await restored.owner.reply()
        assert "somebody restored a backup" in asked["text"]
        assert restored.ada.silent()
        assert "come at their times" in (await restored.owner.press(asked, "Count as sent"))["text"]
        assert "Already decided" in await restored.owner.answer_to(asked, "restored:again")
        await skip(bot, clock, minutes=30)
        assert restored.ada.silent()
        assert "a backup was restored" in (await restored.ada.send("/why"))["text"]
        await skip(bot, clock, hours=23)
        assert "第二篇文章" not in (await restored.ada.reply())["text"].split("quote")[0]


async def test_owner_may_go_by_the_backup(restored: RestoredFolder, clock: StillClock) -> None:
    await restored.lost_after_a_digest()
    async with restored.running() as bot:
        await skip(bot, clock, minutes=1)
        await restored.owner.press(await restored.owner.reply(), "Resend from the backup")
        await skip(bot, clock, minutes=1)
        assert "第二篇文章" in (await restored.ada.reply())["text"]


async def test_it_is_asked_at_each_start_until_it_is_decided(
    restored: RestoredFolder, clock: StillClock
) -> None:
    await restored.lost_after_a_digest()
    for _ in range(2):
        async with restored.running() as bot:
            await skip(bot, clock, minutes=30)
            assert "somebody restored a backup" in (await restored.owner.reply())["text"]
            assert restored.ada.silent()


async def test_what_the_backup_still_held_as_planned_is_not_sent(
    restored: RestoredFolder, clock: StillClock
) -> None:
    async with restored.running() as bot:
        await restored.owner.send("/start")
        await restored.ada.send("/subscribe 8:30 London")
        bot.worker.claim_no_more()
        await clock.advance(hours=21)
        await bot.scheduler.run_all()
        assert (await bot.stores.outbox.counts()).get("planned") == 1
    shutil.copytree(restored.folder, restored.backup)
    async with restored.running() as bot:
        await skip(bot, clock, minutes=1)
        await restored.ada.reply()
    restored.put_back()
    async with restored.running() as bot:
        await skip(bot, clock, minutes=1)
        assert restored.ada.silent()
        assert (await bot.stores.outbox.counts()) == {"excluded": 1, "sent": 1}


async def test_only_owners_decide(restored: RestoredFolder, clock: StillClock) -> None:
    await restored.lost_after_a_digest()
    async with restored.running() as bot:
        await skip(bot, clock, minutes=1)
        shown = await restored.ada.send("/help")
        await restored.ada.answer_to(shown, "restored:again")
        await skip(bot, clock, minutes=1)
        assert restored.ada.silent()


async def test_nothing_is_asked_after_a_common_restart(restored: RestoredFolder, clock: StillClock) -> None:
    async with restored.running() as bot:
        await restored.owner.send("/start")
        await restored.ada.send("/subscribe 8:30 London")
        await skip(bot, clock, hours=21)
        await restored.ada.reply()
    for _ in range(2):
        async with restored.running() as bot:
            await skip(bot, clock, days=1)
    assert restored.owner.silent()


async def test_volume_that_was_put_back_as_a_whole_is_told_by_the_ids(
    restored: RestoredFolder, clock: StillClock
) -> None:
    await restored.lost_after_a_digest()
    (restored.folder / MARK).unlink()  # there was none yet when it was copied
    async with restored.running("auto") as bot:
        await skip(bot, clock, minutes=1)
        assert "somebody restored a backup" in (await restored.owner.reply())["text"]
    assert restored.ada.silent()


async def test_database_that_came_without_its_mark_is_taken_for_a_backup(
    restored: RestoredFolder, clock: StillClock
) -> None:
    async with restored.running() as bot:
        await restored.owner.send("/start")
        await restored.ada.send("/subscribe 8:30 London")
        await skip(bot, clock, hours=21)
        await restored.ada.reply()
    (restored.folder / MARK).unlink()  # as when the database alone was moved
    async with restored.running() as bot:
        await skip(bot, clock, minutes=1)
        asked = await restored.owner.reply()
        assert "somebody restored a backup" in asked["text"]
        await restored.owner.press(asked, "Count as sent")
    async with restored.running() as bot:
        await skip(bot, clock, minutes=1)
    assert restored.owner.silent()


async def test_who_starts_anew_beside_an_old_mark_is_asked_nothing(
    restored: RestoredFolder, clock: StillClock
) -> None:
    await restored.lost_after_a_digest()
    for file in restored.folder.glob(f"{DATABASE}*"):
        file.unlink()
    async with restored.running():
        await restored.ada.send("/subscribe 8:30 London")
    async with restored.running() as bot:
        await skip(bot, clock, hours=24)
        await restored.ada.reply()
    assert restored.owner.silent()


@pytest.mark.parametrize("written", ["9" * 20, "-5", "9" * 5_000, "1_0", "\x00" * 20, "x"])
def test_mark_that_no_database_could_hold_is_passed_over(tmp_path: Path, written: str) -> None:
    (tmp_path / "sent").write_text(written)
    assert ClaimCounter(tmp_path / "sent").read() in {0, 10}


def test_mark_that_cannot_be_read_or_written_stops_nothing(tmp_path: Path) -> None:
    mark = ClaimCounter(tmp_path / "none" / "sent")
    mark.write(5)
    mark.close()
    assert mark.read() == 0
    (tmp_path / "sent").write_text("12x")
    assert ClaimCounter(tmp_path / "sent").read() == 0
    mark = ClaimCounter(tmp_path / "sent")
    for number in (7, 100, 8):
        mark.write(number)
    mark.close()
    mark.close()
    assert mark.read() == 8


def test_mark_keeps_its_one_file_open(tmp_path: Path) -> None:
    def open_files() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    mark, before = ClaimCounter(tmp_path / "sent"), open_files()
    for number in range(1, 50):
        mark.write(number)
    assert open_files() == before + 1
    mark.close()
    assert open_files() == before
