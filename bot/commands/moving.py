"""`migrate-to`: copy everything from the bot's database to another one, while the bot is stopped."""

import sys
from pathlib import Path

from bot.commands.terminal import Terminal
from bot.config import Settings
from bot.db.beside import must_be_there
from bot.db.database import Database
from bot.db.moving import move_all
from bot.errors import StoreError
from bot.text import printable


async def move(settings: Settings, target: str) -> int:
    """Copy everything to a postgresql:// address or a file, and say what to set.

    StoreError when the bot runs, when something is in the target, or when a table is not the same afterwards:
    then nothing is changed.
    """
    store = settings.store
    other: Path | str = target if target.startswith(("postgresql://", "postgres://")) else Path(target)
    if other == store:
        raise StoreError("error.move_same")
    await must_be_there(store)
    terminal = Terminal.of(sys.stderr)
    source = await Database.open(store)
    try:
        opened = await Database.open(other)
        try:
            rows = await move_all(source.engine.whole(), opened.engine.whole(), terminal.progress)
        finally:
            await opened.close()
    finally:
        await source.close()
        terminal.clear()
    print(f"{rows:,} rows were copied, and compared: all are the same.")
    if isinstance(other, str):
        print(
            "Set STORE_URL to this address and start the bot. The file stays as it is: keep it for a while."
        )
    else:
        print(
            f"Put {printable(str(other))} into the data folder as bot.db, remove STORE_URL and start the "
            "bot. The database on the server stays as it is: keep it for a while."
        )
    return 0
