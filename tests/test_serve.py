"""`run` and `demo` as processes: what they print, how they end, and what they say when they cannot start."""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.commands.logs import log_at
from bot.demo.clock import SkippingClock
from bot.demo.server import BotApiServer
from tests.chat import TOKEN

ROOT = Path(__file__).parent.parent


@contextlib.asynccontextmanager
async def process(
    command: str, folder: Path, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, cwd=ROOT, env={**os.environ, "DATA_DIR": str(folder), **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.kill()
        await started.wait()


async def line(started: asyncio.subprocess.Process) -> str:
    assert started.stdout is not None
    return (await asyncio.wait_for(started.stdout.readline(), 20)).decode()


async def ended(started: asyncio.subprocess.Process) -> tuple[int, str]:
    _, errors = await asyncio.wait_for(started.communicate(), 20)
    assert started.returncode is not None
    return started.returncode, errors.decode()


async def post(page: aiohttp.ClientSession, name: str, **values: object) -> dict[str, object]:
    async with page.post(f"/page/{name}", json={"view": "reader", **values}) as response:
        return dict(await response.json())


async def texts(page: aiohttp.ClientSession, count: int) -> list[str]:
    """Everything said in the reader's chat, once there is so much."""
    messages: list[dict[str, str]] = []
    for _ in range(400):
        async with page.get("/page/state?view=reader") as response:
            messages = (await response.json())["messages"]
        if len(messages) >= count:
            break
        await asyncio.sleep(0.02)  # noqa: TID251  # a real process takes real time
    return [message["text"] for message in messages]


async def test_demo_prints_its_address_serves_a_digest_and_keeps_its_clock(tmp_path: Path) -> None:
    # The chat page keeps to its own folder, whatever server the owner's own database is on, wherever Telegram posts to.
    nowhere = "postgresql://bot:word@127.0.0.1:1/digests"
    async with process("demo", tmp_path, STORE_URL=nowhere, WEBHOOK_URL="https://bot.example") as started:
        opened = await line(started)
        while "Open" not in opened:
            opened = await line(started)
        address = opened.split()[1].rstrip("/")
        async with aiohttp.ClientSession(address) as page:
            assert "Subscribe first" in str((await post(page, "skip"))["text"])
            await post(page, "send", text="/subscribe 8 London")
            assert "You’re subscribed" in (await texts(page, 2))[1]
            assert "on its way" in str((await post(page, "skip"))["text"])
            assert "3 new articles for you." in (await texts(page, 3))[2]
        started.terminate()
        code, errors = await ended(started)
        assert (code, errors) == (0, "")
    ahead = SkippingClock(tmp_path / "demo" / "clock").now() - SystemClock().now()
    assert timedelta() < ahead < timedelta(hours=25)


async def test_port_that_was_asked_for_and_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with process("demo", tmp_path, PORT=str(port)) as started:
            code, errors = await ended(started)
    assert code == 1
    assert errors == f"Port {port} is taken. Stop what uses it, or choose another with PORT.\n"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "BOT_TOKEN is not set"),
        ({"BOT_TOKEN": "nonsense"}, "a token looks like"),
        ({"BOT_TOKEN": "10000:other"}, "does not accept this BOT_TOKEN"),
        ({"BOT_TOKEN": TOKEN, "DATA_DIR": "/proc/none"}, "cannot be written"),
        ({"BOT_TOKEN": TOKEN, "BOT_API_URL": "http://127.0.0.1:99999"}, "BOT_API_URL: give an address"),
    ],
)
async def test_what_stops_the_bot_from_starting_is_one_sentence(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    server = BotApiServer(token=TOKEN, clock=SystemClock())
    await server.start()
    try:
        async with process("run", tmp_path, **{"BOT_API_URL": server.address, **environment}) as started:
            code, errors = await ended(started)
    finally:
        await server.stop()
    assert code == 1
    assert words in errors
    assert "Traceback" not in errors
    assert "10000:other" not in errors


async def test_run_prints_the_link_for_the_first_owner_and_ends_at_once(tmp_path: Path) -> None:
    server = BotApiServer(token=TOKEN, clock=SystemClock())
    await server.start()
    try:
        async with process("run", tmp_path, BOT_API_URL=server.address, BOT_TOKEN=TOKEN) as started:
            assert await line(started) == "@article_digest_demo_bot is ready. Stop it with Ctrl+C.\n"
            assert "?start=owner_" in await line(started)
            started.terminate()
            assert (await ended(started))[0] == 0
    finally:
        await server.stop()


HANGS = """
import asyncio, sys
from datetime import timedelta
from bot.commands.stopping import until_stopped

async def hang():
    while True:
        try:
            print("started", flush=True)
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            print("asked to stop", flush=True)

asyncio.run(until_stopped(hang(), cut_off=timedelta(seconds=0.2)))
"""


async def test_end_that_hangs_is_cut_off() -> None:
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HANGS, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert await line(started) == "started\n"
    started.terminate()
    output, _ = await asyncio.wait_for(started.communicate(), 20)
    assert (output.decode().split("\n")[0], started.returncode) == ("asked to stop", 1)


def test_skipped_clock_never_runs_back_and_survives_nonsense(tmp_path: Path) -> None:
    clock = SkippingClock(tmp_path / "clock")
    goal = clock.now() + timedelta(days=2)
    clock.skip_to(goal)
    clock.skip_to(goal - timedelta(days=1))
    assert clock.now() >= goal
    assert SkippingClock(tmp_path / "clock").now() >= goal
    (tmp_path / "clock").write_text("nonsense")
    assert SkippingClock(tmp_path / "clock").now() < goal


def test_no_log_line_holds_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "123456789:AAxyzAAxyzAAxyzAAxyzAAxyzAAxyzAAxyz"
    try:
        log_at(logging.INFO, {"hunter2", "bob:hunter2"})
        logging.getLogger("bot.test").info("asked https://api.telegram.org/bot%s/getMe", secret)
        logging.getLogger("other").error("http://bob:hunter2@proxy failed", exc_info=ValueError("hunter2"))
        logging.getLogger("bot.test").error("failed", exc_info=ValueError(secret))
        logging.getLogger("other").info("not shown")
    finally:
        logging.getLogger("bot").setLevel(logging.NOTSET)
        logging.basicConfig(handlers=[], force=True)
    errors = capsys.readouterr().err
    assert secret not in errors
    assert "hunter2" not in errors
    assert errors.count("<token>") == 2
    assert "not shown" not in errors
