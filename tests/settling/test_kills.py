"""A settlement is killed at each of its steps, and goes on after the next start: nobody gets two, nothing is left."""

import asyncio
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.db.beside import reading
from bot.reader.model import Place
from bot.tg.prober import MARKER
from tests.settling.process import launch
from tests.settling.telegram import ARTICLE, Fate, Telegram
from tests.subscribers import store_in, write_subscribers

READERS = range(1001, 1031)
BEFORE, AFTER = {1008, 1016, 1024}, {1012, 1020, 1028}
OWNER = 1
_STEPS = {"setmessagereaction", "deletemessage"}


class Killer:
    """Kills the process at one of the steps of its settlement, as the server sees them."""

    def __init__(self, *, after: bool) -> None:
        self._after = after
        self._cut = {**dict.fromkeys(BEFORE, "cut before"), **dict.fromkeys(AFTER, "cut after")}
        self._steps = 0
        self.at = 0
        """Which step it is; 0 for none."""
        self.process: asyncio.subprocess.Process | None = None

    def begin(self, process: asyncio.subprocess.Process, at: int) -> None:
        self.process, self.at, self._steps = process, at, 0

    def __call__(self, method: str, chat: int, text: str) -> Fate | None:
        if method == "sendmessage" and chat in self._cut:
            return self._cut.pop(chat)  # type: ignore[return-value]  # one of two
        if method in _STEPS or text == MARKER:
            self._steps += 1
            if self._steps == self.at and self.process is not None:
                self.process.send_signal(signal.SIGKILL)
                return "cut after" if self._after else "cut before"
        return None


@pytest.mark.timeout(180)
@pytest.mark.parametrize("after", [False, True], ids=["before a step", "after a step"])
async def test_settlement_that_is_killed_goes_on_after_the_next_start(tmp_path: Path, *, after: bool) -> None:
    killer = Killer(after=after)
    telegram = Telegram(fate=killer)
    due = (SystemClock().now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
    await write_subscribers(store_in(tmp_path), SystemClock(), map(Place, READERS), [due], title=ARTICLE)
    kills = 0
    async with telegram.running():
        for at in (*range(2 - after, 40, 2), 0):
            telegram.say(5, "/help")
            killer.begin(await launch(telegram, tmp_path, wait=0.3, OWNER_IDS=str(OWNER)), at)
            if not await killed(killer, tmp_path):
                break
            kills += 1
    assert kills >= 6, "it was killed at most of its steps"
    assert {chat: count for chat, count in telegram.digests().items() if count != 1} == {}
    assert set(telegram.digests()) == set(READERS)
    assert MARKER not in telegram.messages.values()
    async with reading(store_in(tmp_path)) as database:
        assert await database.all("SELECT * FROM markers") == []
        [row] = await database.all("SELECT max(repeats) AS most FROM deliveries")
        assert row["most"] == 1, "what was found out is done once"


async def killed(killer: Killer, folder: Path) -> bool:
    """Wait until it is killed, or has nothing left to do; return whether it was killed."""
    process = killer.process
    assert process is not None
    async with asyncio.timeout(60):
        while process.returncode is None:
            await asyncio.sleep(0.1)  # noqa: TID251  # a real process takes real time
            if await is_over(folder):
                break
        else:
            assert process.returncode == -signal.SIGKILL
            return True
        process.terminate()
        await process.wait()
        return False


async def is_over(folder: Path) -> bool:
    async with reading(store_in(folder)) as database:
        [row] = await database.all(
            """SELECT count(*) AS all_, sum(CASE WHEN state <> 'sent' THEN 1 ELSE 0 END) AS open,
            (SELECT count(*) FROM markers) AS markers FROM deliveries WHERE kind = 'digest'"""
        )
    return bool(row["all_"] == len(READERS) and not row["open"] and not row["markers"])
