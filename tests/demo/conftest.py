"""The product and the chat page, as `python -m bot demo` runs them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import telegram

from bot.app.lifespan import CONTENT
from bot.clock import SystemClock
from bot.demo.cast import EDITOR_ID
from bot.demo.clock import SkippingClock
from bot.demo.server import BotApiServer
from tests.chat import bot_running, server_running
from tests.clock import StillClock
from tests.demo.api import ADA, CHANNEL, GROUP, LIN, client

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""When everything on the page begins, so that screenshots show the same days."""


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    ahead = BEGIN - SystemClock().now()
    (tmp_path / "clock").write_text(f"{ahead.total_seconds()}\n", "utf-8")
    clock = SkippingClock(tmp_path / "clock")

    async def skip(chat: int, days: int | None) -> str:
        if days:
            clock.skip_to(clock.now() + timedelta(days=days))
            return ""
        [reader] = await product.services.readers.of_chat(chat)
        assert reader.subscription.next_at is not None
        clock.skip_to(reader.subscription.next_at)
        await product.scheduler.run_all()
        return "skipped"

    owner = str(EDITOR_ID)
    async with (
        server_running(clock, skip=skip) as server,
        bot_running(server.address, clock, tmp_path, CONTENT, owner_ids=owner) as product,
    ):
        yield server.address


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[BotApiServer]:
    """The server alone: two people, a group of theirs and the channel that it discusses."""
    async with server_running(clock) as made:
        made.world.person(ADA, "Ada")
        made.world.person(LIN, "Lin")
        made.world.group(GROUP, "Club", {ADA: "creator", LIN: "member"})
        made.world.channel(CHANNEL, "News", {ADA: "creator"}, linked=GROUP)
        yield made


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[telegram.Bot]:
    async with client(server) as made:
        yield made
