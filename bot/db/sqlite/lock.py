"""One process, one database: a file beside it is locked as long as the process lives."""

import fcntl
from pathlib import Path
from typing import IO

from bot.errors import StoreBusy, StoreError
from bot.files import own_file


def locked(path: Path) -> IO[str]:
    """Hold the file's lock as long as this process lives; the system lets go of it in a crash."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = own_file(path.with_name(f"{path.name}.lock"))
    except OSError as error:
        raise StoreError("error.folder", folder=path.parent, reason=error.strerror) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise StoreBusy("error.store_busy", file=path) from error
    return lock
