"""Articles in files: which of a folder are some, and what they hold."""

import contextlib
import os
from pathlib import Path
from typing import Final

from bot.errors import ArticleError

KINDS: Final = frozenset({".md", ".markdown", ".txt"})
"""Endings of the files that are articles."""


def articles_in(folder: Path) -> list[Path]:
    """Return the files in and below a folder, by name; nothing hidden, nothing outside it."""
    root = folder.resolve()
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in KINDS
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.resolve().is_relative_to(root)
    )


def stamps_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Return when each article in and below a folder was last changed, and its size."""
    stamps: dict[str, tuple[int, int]] = {}
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            file = Path(path, name)
            if name.startswith(".") or file.suffix.lower() not in KINDS:
                continue
            with contextlib.suppress(OSError):  # an editor is just replacing it
                status = file.stat()
                stamps[str(file)] = status.st_mtime_ns, status.st_size
    return stamps


def name_of(path: Path, folder: Path) -> str:
    """Return a file's name within its folder. ArticleError when it is not UTF-8."""
    name = path.relative_to(folder).as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "backslashreplace").decode()
        raise ArticleError("error.file_name", file=shown) from None
    return name


def read_file(path: Path) -> bytes:
    """Return what a file holds. ArticleError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArticleError("error.unreadable", file=str(path), reason=error.strerror) from error
