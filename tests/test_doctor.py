"""`doctor` finds each thing that keeps a bot from working, and says what mends it."""

import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.commands import doctor as doctor_module
from bot.commands.doctor import doctor
from bot.db.database import Database
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from bot.health import RECORD
from tests.chat import TOKEN, server_running


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with server_running(SystemClock()) as made:
        yield made


@pytest.fixture
def data(server: BotApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for key, value in {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": server.address,
        "DATA_DIR": str(tmp_path / "data"),
    }.items():
        monkeypatch.setenv(key, value)
    return tmp_path / "data"


async def said(capsys: pytest.CaptureFixture[str], clock: SystemClock | None = None) -> tuple[int, str]:
    code = await doctor(clock or SystemClock())
    return code, capsys.readouterr().out


async def test_new_folder_is_fine(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, words = await said(capsys)
    assert (code, words.count("✗")) == (0, 0)
    for each in (
        "✓ settings",
        "✓ data folder",
        "✓ disk",
        "✓ time zones",
        "✓ Telegram: answers directly",
        "✓ clock",
        "✓ token: of @",
    ):
        assert each in words
    assert (data / ".").exists()


async def test_bot_that_ran_is_looked_into(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = await Database.open(data / "bot.db")  # as while it runs: all of it is in the log
    (data / RECORD).write_text("{}")
    (data / ".").chmod(0o755)
    code, words = await said(capsys)
    await database.close()
    assert code == 0
    assert int(re.search(r"sound; ([\d,]+) bytes", words)[1].replace(",", "")) > 100_000  # type: ignore[index]
    for each in (
        "✓ database: sound",
        "! owner: nobody",
        "! backups: there is none",
        "! running bot",
        f"chmod 700 {data}",
    ):
        assert each in words
    (data / "backups").mkdir()
    (data / "backups" / "bot-20200101-000000.db").touch()
    assert "the newest is of 2020-01-01" in (await said(capsys))[1]
    now = SystemClock().now()
    (data / "backups" / f"bot-{now:%Y%m%d-%H%M%S}.db").touch()
    assert "✓ backups" in (await said(capsys))[1]


async def test_no_backups_and_a_small_disk_are_odd(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Database.open(data / "bot.db")).close()
    monkeypatch.setenv("BACKUPS", "0")
    monkeypatch.setattr(doctor_module, "_MIN_FREE", 10**18)
    _, words = await said(capsys)
    assert "! backups: none are made" in words
    assert "! disk" in words


async def test_damaged_and_newer_databases_and_missing_rows_are_bad(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await (await Database.open(data / "bot.db")).close()
    with contextlib.closing(sqlite3.connect(data / "bot.db")) as connection:
        connection.execute("INSERT INTO facts (name, value) VALUES ('planned', 7)")
        connection.commit()
    code, words = await said(capsys)
    assert (code, "✗ ledger" in words) == (1, True)
    (data / "bot.db").write_bytes(b"broken" * 1_000)
    code, words = await said(capsys)
    assert (code, "✗ database" in words, "restore FILE" in words) == (1, True, True)


async def test_wrong_settings_are_named(
    data: Path,  # noqa: ARG001  # the settings
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LEDGER_DAYS", "5")
    code, words = await said(capsys)
    assert (code, "LEDGER_DAYS: give 30 days or more" in words) == (1, True)


async def test_folder_that_cannot_be_written_is_bad(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data.parent / data.name).write_text("a file")
    code, words = await said(capsys)
    assert (code, "✗ data folder" in words) == (1, True)


async def test_without_a_token_only_that_is_said(
    data: Path,  # noqa: ARG001  # the settings
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BOT_TOKEN")
    code, words = await said(capsys)
    assert (code, "! token: none is set" in words) == (0, True)


async def test_refused_token_is_bad(
    data: Path,  # noqa: ARG001  # the settings
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456789:AAabcdefghijklmnopqrstuvwxyz")
    code, words = await said(capsys)
    assert (code, "✗ token" in words) == (1, True)
    assert "AAabc" not in words


@pytest.mark.parametrize(
    ("key", "address", "says"),
    [
        ("BOT_API_URL", "http://127.0.0.1:1", "cannot be reached directly"),
        ("TELEGRAM_PROXY", "http://bob:hunter2@127.0.0.1:1", "cannot be reached by the proxy"),
        ("TELEGRAM_PROXY", "socks5://bob:hunter2@127.0.0.1:1", "the SOCKS proxy is not there"),
    ],
)
async def test_way_that_is_closed_is_bad(
    data: Path,  # noqa: ARG001  # the settings
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    address: str,
    says: str,
) -> None:
    monkeypatch.setenv(key, address)
    code, words = await said(capsys)
    assert (code, says in words) == (1, True)
    assert "hunter2" not in words


async def test_portal_in_the_place_of_telegram_is_told(
    server: BotApiServer, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def portal(_: str, __: Arguments, phase: Phase) -> web.Response | None:
        return web.Response(text="<h1>Log in</h1>") if phase == "before" else None

    del data
    server.fault = portal
    code, words = await said(capsys)
    assert (code, "is not Telegram" in words) == (1, True)


async def test_what_telegram_tells_of_the_bot_is_told(
    server: BotApiServer, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "getme": {"id": 1, "is_bot": True, "username": "digest_bot", "can_join_groups": False},
        "getwebhookinfo": {"url": "https://other.example/hook"},
    }

    async def answer(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        return web.json_response({"ok": True, "result": answers[method]}) if phase == "before" else None

    del data
    server.fault = answer
    code, words = await said(capsys)
    assert code == 0
    for each in ("of @digest_bot", "! webhook: another program", "! groups"):
        assert each in words


@pytest.mark.parametrize(
    ("url", "waiting", "error", "says"),
    [
        ("https://example.org/x", 0, "", "✓ webhook: set"),
        ("https://example.org/x", 0, "Connection refused", "✓ webhook: set"),
        ("https://example.org/x", 7, "", "✓ webhook: set"),
        ("https://example.org/x/", 0, "", "✓ webhook: set"),
        (
            "https://example.org/x",
            7,
            "Connection refused",
            "✗ webhook: 7 updates wait; Telegram met: Connection",
        ),
        ("", 7, "", "! webhook: Telegram has none yet"),
        ("https://example.org/y", 7, "", "! webhook: another program"),
    ],
)
async def test_webhook_of_the_settings_is_looked_at(
    data: Path,  # noqa: ARG001  # the settings
    server: BotApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    url: str, waiting: int, error: str, says: str,
) -> None:  # fmt: skip
    async def answer(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        info = {"url": url, "pending_update_count": waiting, "last_error_message": error}
        if method != "getwebhookinfo" or phase == "after":
            return None
        return web.json_response({"ok": True, "result": info})

    server.fault = answer
    monkeypatch.setenv("WEBHOOK_URL", "https://example.org/x")
    code, words = await said(capsys)
    assert says in words
    assert code == ("✗" in says)


class _Ahead(SystemClock):
    def now(self) -> datetime:
        return super().now() + timedelta(minutes=5)


async def test_clock_that_is_wrong_is_bad(
    data: Path,  # noqa: ARG001  # the settings
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, words = await said(capsys, _Ahead())
    assert code == 1
    assert re.search(r"✗ clock: (29|30)\d seconds away", words)
