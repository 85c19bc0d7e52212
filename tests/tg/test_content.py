"""The content folder is read again while the bot runs, once nothing in it changes any more."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from tests.tg.conftest import ARTICLES

NEW = "# A third one\n\nIts lead is long enough to stand for it."


def titles(bot: Runtime) -> set[str]:
    return {card.title for card in bot.services.library.newest()}


async def looked(bot: Runtime, times: int = 2) -> None:
    """Let the job look so often, and whatever it began end."""
    for _ in range(times):
        await bot.scheduler.run_all()
    for _ in range(200):
        if bot.watcher.is_idle:
            return
        await SystemClock().sleep(0.01)
    raise AssertionError("it is still reading")


async def test_new_changed_and_removed_files_are_seen(bot: Runtime, content: Path) -> None:
    assert titles(bot) == {"First things", "第二篇文章"}
    (content / "third.md").write_text(NEW, "utf-8")
    await looked(bot)
    assert "A third one" in titles(bot)
    (content / "third.md").write_text(NEW.replace("third", "better"), "utf-8")
    await looked(bot)
    assert titles(bot) == {"First things", "第二篇文章", "A better one"}
    (content / "third.md").unlink()
    await looked(bot)
    assert titles(bot) == {"First things", "第二篇文章"}


async def test_file_that_is_still_being_written_is_not_read(bot: Runtime, content: Path) -> None:
    for part in range(1, 4):
        (content / "third.md").write_text(NEW[: part * 10], "utf-8")
        await looked(bot, 1)
        assert len(titles(bot)) == 2
    (content / "third.md").write_text(NEW, "utf-8")
    await looked(bot)
    assert "A third one" in titles(bot)


async def test_articles_of_a_folder_that_vanishes_stay(
    bot: Runtime, content: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = await asyncio.to_thread(content.rename, content.with_name("unmounted"))
    await looked(bot, 3)
    assert len(titles(bot)) == len(ARTICLES)
    assert sum("empty or gone" in record.message for record in caplog.records) == 1
    await asyncio.to_thread(away.rename, content)
    await looked(bot, 3)
    assert len(titles(bot)) == len(ARTICLES)
    caplog.clear()
    caplog.set_level(logging.INFO)
    await looked(bot, 3)
    assert not [record for record in caplog.records if "content folder" in record.message]
