"""`backup` and `restore`: copies of the database, made while the bot runs, and put back while it does not."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from bot.app.backups import keep_list_beside
from bot.app.stores import open_stores
from bot.clock import Clock
from bot.config import DATABASE, Settings
from bot.db.forgotten import NAME as FORGOTTEN
from bot.db.forgotten import ForgottenList
from bot.db.sqlite.backup import Copy, copy_database, put_back
from bot.errors import StoreError
from bot.text import printable

_ASIDE: Final = "{}.replaced-{:%Y%m%d-%H%M%S}"

_ASK: Final = """Messages may have left since this copy was made. What becomes of what is due?
  1  Count as sent: nothing until now is sent again; articles not announced yet no longer are.
  2  Resend from the backup: what was sent after it was made is sent once more.
  3  Let the owner decide in the chat; until then, digests are on hold.
"""


async def backup(settings: Settings, target: str) -> int:
    """Copy the database while it is in use, and say what is in the copy. StoreError.

    In a folder, which exists or is written with a slash at its end, it is called as the database is.
    """
    _must_be_a_file(settings)
    path = await asyncio.to_thread(_named, target)
    copy = await asyncio.to_thread(copy_database, settings.data_dir / DATABASE, path)
    await asyncio.to_thread(keep_list_beside, settings.data_dir, path.parent)
    print(f"{printable(str(copy.path))}: {_told(copy)}")
    return 0


def _must_be_a_file(settings: Settings) -> None:
    if settings.store_url:
        raise StoreError("error.server_backup")


def _named(target: str) -> Path:
    path = Path(target)
    if target.endswith(os.sep) or path.is_dir():
        path /= DATABASE
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.folder", folder=path.parent, reason=error.strerror) from error
    return path


def _told(copy: Copy) -> str:
    return f"{copy.size:,} bytes, schema {copy.schema}, {copy.readers:,} chats, {copy.articles:,} articles"


async def restore(settings: Settings, file: Path, *, told: bool | None, clock: Clock) -> int:
    """Put a copy in the place of the database, and see that nothing is sent twice and nobody comes back.

    `told` is what the owner decided about digests that may have left since; None: they are asked.
    Errors as in `bot.db.sqlite.backup.put_back`.
    """
    _must_be_a_file(settings)
    path = settings.data_dir / DATABASE
    aside = path.with_name(_ASIDE.format(path.name, clock.now()))
    copy = await asyncio.to_thread(put_back, file, path, aside=aside)
    print(f"{printable(str(file))} is the database now: {_told(copy)}.")
    if aside.exists():
        print(f"The one before is kept as {printable(str(aside))}; remove it once all is well.")
    await asyncio.to_thread(ForgottenList(settings.data_dir / FORGOTTEN).merge, file.parent / FORGOTTEN)
    async with open_stores(settings) as stores:
        again = await stores.privacy.forget_again(clock.now())
        if again:
            print(f"Chats in it that had asked to be forgotten, and were forgotten again: {again}.")
        if await stores.restored.detect(clock.now(), is_backup=True):
            decided = _decision() if told is None else told
            if decided is None:
                print("Digests are on hold: the bot asks its owner in the chat once it runs.")
            else:
                await stores.restored.decide(clock.now(), told=decided)
                print(
                    "Counted as sent."
                    if decided
                    else "What was sent after it was made will be sent once more."
                )
        else:
            print("Nothing has left since this copy was made. Start the bot.")
    return 0


def _decision() -> bool | None:
    """Ask at the terminal; None when there is none, or when the chat is to decide."""
    if not sys.stdin.isatty():
        return None
    print(_ASK, end="")
    choices = {"1": True, "2": False, "3": None, "": None}
    while (choice := input("1, 2 or 3? ").strip()) not in choices:
        pass
    return choices[choice]
