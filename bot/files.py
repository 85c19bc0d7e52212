"""Files of our own: readable by nobody else, and never somebody else's by a link."""

import os
from pathlib import Path
from typing import IO

OWN_MODE = 0o600


def own_file(path: Path) -> IO[str]:
    """Open a file to write, made anew or as it is, without emptying it. OSError when it is a link."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, OWN_MODE), "r+", encoding="utf-8")


def make_own(path: Path) -> None:
    """Make an empty file that only we may read, if there is none. OSError when it cannot be made."""
    if not path.exists():
        own_file(path).close()


def keep_to_ourselves(path: Path) -> None:
    """Let nobody else read a file that an earlier version made; one that is not ours stays as it is."""
    try:
        if path.is_file() and path.stat().st_mode & 0o077:
            path.chmod(OWN_MODE)
    except OSError:
        return
