"""What every test starts from: no settings of the machine that it runs on, a clock that stands at noon."""

import os

os.environ["PTB_TIMEDELTA"] = "true"  # before python-telegram-bot is imported: else each RetryAfter warns

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot.config import Settings
from bot.db.database import Database
from bot.demo.world import World
from bot.i18n import LANGUAGES, translator
from tests.chat import free_port
from tests.clock import StillClock
from tests.ledger import assert_ledger_is_sound
from tests.postgres import DatabaseServer, binaries, server_for_tests

MAX_TURN_S = 0.25
"""Seconds of processor time that one turn of the event loop may take in a test."""

MIN_HIDDEN_CHARS = 8
"""Characters below which words could stand in a log by chance."""

for language in LANGUAGES:
    translator(language)  # reading a catalogue takes long, and happens at the start only

settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither variables nor a `.env` of the developer reach a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _short_turns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that keeps its event loop busy for too long at a time; waiting for the machine is no work.

    In tests of the chat page the driver of the browser works in the same loop.
    """
    if request.node.get_closest_marker("browser"):
        yield
        return
    longest, collecting = (0.0, ""), [0.0]
    run = asyncio.Handle._run

    def measured(handle: asyncio.Handle) -> None:
        nonlocal longest
        before, collected = time.thread_time(), collecting[0]
        run(handle)
        longest = max(longest, (time.thread_time() - before - (collecting[0] - collected), repr(handle)))

    def collector(phase: str, _: dict[str, int]) -> None:
        """The test runner's own objects are many: looking through them is not the product's work."""
        collecting[0] += time.thread_time() * (1 if phase == "stop" else -1)

    monkeypatch.setattr(asyncio.Handle, "_run", measured)
    gc.callbacks.append(collector)
    yield
    gc.callbacks.remove(collector)
    assert longest[0] <= MAX_TURN_S, f"{longest[1]} kept the event loop busy for {longest[0]:.3f} s"


@pytest.fixture(autouse=True)
def _discreet_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test whose log holds a secret of its settings, or words that its people wrote."""
    lines: list[str] = []
    hidden: set[str] = set()

    class Reader(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name.split(".")[-1] not in {"test", "other"}:  # by which logging itself is tested
                lines.append(logging.Formatter().format(record))

    reader, bot = Reader(), logging.getLogger("bot")
    make, say, upload = Settings.__init__, World.say, World.upload

    def made(settings: Settings, *args: Any, **values: Any) -> None:
        make(settings, *args, **values)
        hidden.update(settings.secrets())

    def said(world: World, chat: int, user: int, text: str, **more: Any) -> Any:
        hidden.add(text)
        return say(world, chat, user, text, **more)

    def uploaded(world: World, chat: int, user: int, name: str, data: bytes, **more: Any) -> Any:
        hidden.update(data.decode(errors="replace").splitlines())
        return upload(world, chat, user, name, data, **more)

    monkeypatch.setattr(Settings, "__init__", made)
    monkeypatch.setattr(World, "say", said)
    monkeypatch.setattr(World, "upload", uploaded)
    level = bot.level
    bot.setLevel(logging.INFO)
    bot.addHandler(reader)
    yield
    bot.removeHandler(reader)
    bot.setLevel(level)
    log = "\n".join(lines)
    assert [words for words in hidden if len(words) >= MIN_HIDDEN_CHARS and words in log] == []


@pytest.fixture
def clock() -> StillClock:
    """Noon, until the test says otherwise."""
    return StillClock()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store", choices=["sqlite", "postgres"], default="sqlite", help="where the bot under test keeps all"
    )
    parser.addoption(
        "--intake",
        choices=["polling", "webhook"],
        default="polling",
        help="how updates come to the bot under test",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other engine or road; where a server is meant and none can be had, say so."""
    ours = config.getoption("store")
    others = [{"sqlite": "postgres", "postgres": "sqlite"}[ours]]
    if config.getoption("intake") == "webhook":
        others.append("polling")
    left_out = [item for item in items if any(map(item.get_closest_marker, others))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    if ours == "postgres" and not binaries():
        for item in items:
            item.add_marker(pytest.mark.skip(reason="there is no PostgreSQL server that could be started"))


@pytest.fixture(autouse=True)
def _intake(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _clean_environment: None
) -> None:
    """Let a bot that is started by its settings have updates posted to it, if that was asked for."""
    if request.config.getoption("intake") == "webhook":
        port = free_port()
        monkeypatch.setenv("WEBHOOK_PORT", str(port))
        monkeypatch.setenv("BOT_API_URL", "http://127.0.0.1:1")  # Telegram itself would not post there
        monkeypatch.setenv("WEBHOOK_URL", f"http://127.0.0.1:{port}/updates")


@pytest.fixture(scope="session")
def postgres() -> Iterator[DatabaseServer]:
    """A server of the test run's own, or of this worker of it."""
    with server_for_tests() as server:
        yield server


@pytest.fixture(autouse=True)
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _clean_environment: None
) -> Iterator[Path | str]:
    """Where an empty database can be opened; a bot that is started by its settings takes the same engine."""
    if request.config.getoption("store") == "sqlite":
        yield tmp_path / "bot.db"
        return
    server: DatabaseServer = request.getfixturevalue("postgres")
    with server.database() as address:
        monkeypatch.setenv("STORE_URL", address)
        yield address


@pytest.fixture
async def database(store: Path | str) -> AsyncIterator[Database]:
    """An empty one, closed whatever happens: an open one would hang the runner at its end."""
    opened = await Database.open(store)
    try:
        yield opened
    finally:
        await opened.close()
    await assert_ledger_is_sound(store)
