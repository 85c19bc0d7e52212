"""The drill that every owner should have done once: a backup under load, a kill, a restore."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from tests.ledger import assert_ledger_is_sound
from tests.test_kill import READERS, ROOT, accepted, finished, folder, launch, server, start

__all__ = ["folder", "server"]  # fixtures
BACKUP_AT, KILL_AT = 30, 80
"""Digests that were accepted when the backup is made, and when the bot is killed."""


async def bot(folder: Path, *words: str) -> tuple[int, str]:
    """A command of the command line, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder)},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, output.decode()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("choice", ["--count-as-sent", "--resend"])
async def test_backup_under_load_a_kill_and_a_restore_double_nothing(
    server: BotApiServer, folder: Path, tmp_path: Path, choice: str
) -> None:
    copied = asyncio.Event()
    killed = asyncio.get_running_loop().create_future()
    process = await launch(server, folder)

    async def fault(method: str, _: Arguments, phase: Phase) -> None:
        if method != "sendmessage" or phase != "after":
            return
        count = accepted(server).total()
        if count >= BACKUP_AT:
            copied.set()
        if count >= KILL_AT and not killed.done() and backup.done():
            killed.set_result(None)
            process.send_signal(signal.SIGKILL)

    async def copy() -> tuple[int, str]:
        await copied.wait()
        return await bot(folder, "backup", str(tmp_path / "safe" / "bot.db"))

    backup = asyncio.create_task(copy())
    server.fault = fault
    async with asyncio.timeout(60):
        await killed
        await process.wait()
    server.fault = None
    code, words = await backup
    assert code == 0, words
    had = accepted(server)
    code, words = await bot(folder, "restore", str(tmp_path / "safe" / "bot.db"), choice)
    assert code == 0, words
    states = await finished(folder, await start(server, folder), server)
    await assert_ledger_is_sound(folder / "bot.db")
    assert (await bot(folder, "deliveries"))[0] == 0
    twice = {chat for chat, count in accepted(server).items() if count > 1}
    if choice == "--count-as-sent":
        assert twice == set()  # who was not yet planned for, and nothing left since, has it now
    else:  # who had it after the backup was made may have it again, as the owner chose; nobody else
        assert len(twice) <= had.total() - BACKUP_AT
        assert twice <= set(had)
    assert {state for state, _ in states.values()} <= {"sent", "uncertain", "excluded"}
    assert len(states) == READERS
