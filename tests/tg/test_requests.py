"""A request reads its reader's row once."""

import logging
import re

import pytest

from bot.app.lifespan import Runtime
from tests.chat import Chat


@pytest.mark.parametrize("words", ["/quote", "/summary", "/summary first", "/sections 1", "/help", "first"])
@pytest.mark.sqlite
async def test_message_reads_the_reader_once(ada: Chat, caplog: pytest.LogCaptureFixture, words: str) -> None:
    await ada.send("/start")
    with caplog.at_level(logging.DEBUG, "aiosqlite"):
        await ada.send(words)
    assert len(reads_of_readers(caplog)) == 1


@pytest.mark.sqlite
async def test_press_reads_the_reader_once(ada: Chat, caplog: pytest.LogCaptureFixture) -> None:
    shown = await ada.send("/summary first")
    with caplog.at_level(logging.DEBUG, "aiosqlite"):
        await ada.press(shown, "Contents")
    assert len(reads_of_readers(caplog)) == 1


@pytest.mark.sqlite
async def test_command_of_another_bot_reads_and_writes_nothing(
    bot: Runtime, ada: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    ada.server.world.group(-100, "Club", {ada.user: "creator"})
    await ada.send("/start")
    with caplog.at_level(logging.DEBUG, "aiosqlite"):
        ada.server.world.say(-100, ada.user, "/roll 6")
        await ada.send("/start")
    assert len(reads_of_readers(caplog)) == 1  # by the second
    assert await bot.services.readers.of_chat(-100) == []


def reads_of_readers(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the driver's own log says of statements that read the readers."""
    messages = [record.getMessage() for record in caplog.records if record.name == "aiosqlite"]
    assert messages
    return [each for each in messages if re.search(r"executing .*SELECT[^;]*FROM readers", each)]
