"""Drafts come due, files are handed in and the content folder grows; the bot is killed while it publishes.

`python -m tools.soak_times [KILLS]`, part of `make soak`. Whatever was to be published must be one article with one
version, and nothing may wait any more; editors may be told of it once.
"""

import asyncio
import os
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random  # noqa: TID251  # a seed makes it repeatable
from typing import Final

from bot.clock import SystemClock
from bot.demo.server import BotApiServer
from tests.chat import TOKEN, server_running
from tools.edit import ROOT
from tools.soak_inbox import ready

KILLS: Final = 12
EACH: Final = 8
"""Drafts, deposits and files in each life."""
OWNER: Final = 1
_PATIENCE_S: Final = 120.0
_TEXT: Final = "# {0}\n\n{1}"


async def main(kills: int) -> int:
    """The exit code: 1 when something was published twice, or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        async with server_running(SystemClock(), [OWNER]) as server:
            return await _live(server, Path(folder), kills)


async def _live(server: BotApiServer, folder: Path, kills: int) -> int:
    dice, clock = Random(11), SystemClock()  # noqa: S311  # nothing secret
    data, content = folder / "data", folder / "content"
    content.mkdir()
    # As a checkout of its own, whose content folder is ours to fill.
    (folder / "bot").symlink_to(ROOT / "bot")
    for life in range(kills):
        process = await _launch(server, folder)
        await ready(process)
        server.world.say(OWNER, OWNER, "/start")  # who is not met is told nothing
        for number in range(EACH):
            name = f"File {life}-{number}"
            (content / f"file-{life}-{number}.md").write_text(_document(name), "utf-8")
        _hand_in(data / "bot.db", life, now_ms=int(clock.now().timestamp() * 1000), dice=dice)
        await clock.sleep(dice.uniform(0.5, 7.0))
        process.kill()
        await process.wait()
    process = await _launch(server, folder)
    begun = clock.monotonic()
    while clock.monotonic() - begun < _PATIENCE_S and _found(data / "bot.db", kills)[0]:
        await clock.sleep(1)
    await clock.sleep(6)  # for what comes twice
    process.terminate()
    await process.wait()
    missing, twice, waiting, told_twice = _found(data / "bot.db", kills)
    print(
        f"{kills} kills, {3 * EACH * kills} documents: {missing} not published, {twice} twice, {waiting} left, "
        f"{told_twice} told twice",
        flush=True,
    )
    return int(bool(missing or twice or waiting or told_twice))


async def _launch(server: BotApiServer, folder: Path) -> asyncio.subprocess.Process:
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": server.address,
        "DATA_DIR": str(folder / "data"),
        "OWNER_IDS": str(OWNER),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def _document(name: str) -> str:
    """Return a text that no other resembles."""
    dice = Random(name)  # noqa: S311  # nothing secret
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(300)]
    return _TEXT.format(name, " ".join(words) + ".")


def _hand_in(path: Path, life: int, *, now_ms: int, dice: Random) -> None:
    """Set times for drafts within the next seconds, and deposit files, as the chat and the shell do."""
    with sqlite3.connect(path, timeout=10) as db:
        for number in range(EACH):
            name = f"Draft {life}-{number}"
            db.execute(
                """INSERT INTO drafts (editor, name, title, text, origin, saved_at, publish_at, publish_by, publish_as)
                VALUES (:by, '', :name, :text, '{"kind": "chat"}', :now, :at, :by, 'news')""",
                {"by": OWNER, "name": name, "text": _document(name), "now": now_ms,
                 "at": now_ms + dice.randrange(6_000)},
            )  # fmt: skip
            name = f"Deposit {life}-{number}"
            db.execute(
                """INSERT INTO deposits (name, address, data, is_quiet, replaces, deposited_at)
                VALUES (:file, '', :data, 0, 0, :now)""",
                {"file": f"deposit-{life}-{number}.md", "data": _document(name).encode(), "now": now_ms},
            )


def _found(path: Path, lives: int) -> tuple[int, int, int, int]:
    """Return how many documents are no article, how many are two, what waits, and what was told twice."""
    with sqlite3.connect(path, timeout=10) as db:
        titles = Counter(
            str(row[0]) for row in db.execute("SELECT json_extract(card, '$.title') FROM articles")
        )
        versions = Counter(int(row[0]) for row in db.execute("SELECT article FROM versions"))
        [waiting] = db.execute(
            "SELECT (SELECT count(*) FROM drafts) + (SELECT count(*) FROM deposits WHERE result IS NULL)"
        ).fetchone()
        told = Counter(
            str(row[0])
            for row in db.execute(
                "SELECT occasion FROM deliveries WHERE kind = 'notice' AND occasion LIKE 'draft %'"
            )
        )
    wanted = {
        f"{kind} {life}-{number}"
        for kind in ("File", "Draft", "Deposit")
        for life in range(lives)
        for number in range(EACH)
    }
    twice = sum(count > 1 for count in titles.values()) + sum(count > 1 for count in versions.values())
    return len(wanted - titles.keys()), twice, int(waiting), sum(count > 1 for count in told.values())


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS)))
