"""Who asked to be forgotten, so that no backup brings them back: a file beside the database.

It holds hashes of chats with a salt of its own, and when they asked. Whoever has the file can try out
numbers, so it names nobody at a glance and no more than that. Copies of it lie beside the backups.
"""

import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.clock import new_token
from bot.db.times import to_ms
from bot.errors import StoreError
from bot.files import own_file

log = logging.getLogger(__name__)

NAME: Final = "forgotten"
"""Of the file in the data folder, and of its copies."""

_SALT: Final = re.compile(r"salt ([0-9a-f]{32})")
_LINE: Final = re.compile(r"([0-9a-f]{32}) (\d{1,15})")


@dataclass(frozen=True, slots=True)
class _Read:
    """For each salt, when each hash was forgotten last; the last salt; how many lines there are."""

    by_salt: dict[str, dict[str, int]]
    salt: str
    lines: int


class ForgottenList:
    """The list of a data folder. Its methods read and write a file: call them in a thread of their own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, chat: int, now: datetime) -> int:
        """Write down that a chat is forgotten, on the disk when this returns; return what `count` does.

        StoreError when it cannot be written: then nothing may be forgotten.
        """
        read = _read(self._path)
        salt = read.salt or hashlib.blake2b(new_token().encode(), digest_size=16).hexdigest()
        lines = [] if read.salt else [f"salt {salt}"]
        self._append([*lines, f"{_hashed(chat, salt)} {to_ms(now)}"])
        return self.count()

    def count(self) -> int:
        """Return how often somebody was forgotten, as far as the file knows."""
        return _read(self._path).lines

    def among(self, chats: Iterable[int]) -> Mapping[int, int]:
        """Return those of these chats that are listed, and when they were forgotten last, in epoch ms."""
        by_salt = {salt: hashes for salt, hashes in _read(self._path).by_salt.items() if hashes}
        found: dict[int, int] = {}
        if not by_salt:
            return found
        for chat in chats:
            times = [hashes.get(_hashed(chat, salt), 0) for salt, hashes in by_salt.items()]
            if latest := max(times):
                found[chat] = latest
        return found

    def merge(self, other: Path) -> None:
        """Take over what a copy of the list knows besides. StoreError."""
        ours = _read(self._path)
        lines: list[str] = []
        for salt, hashes in _read(other).by_salt.items():
            known = ours.by_salt.get(salt, {})
            fresh = [f"{hash_} {when}" for hash_, when in hashes.items() if known.get(hash_, -1) < when]
            lines += [f"salt {salt}", *fresh] if fresh else []
        self._append(lines)  # what follows is hashed with the last salt

    def _append(self, lines: list[str]) -> None:
        if not lines:
            return
        try:
            with own_file(self._path) as file:
                text = file.read()
                # A line that a crash has cut off stays for itself.
                begin = "\n" if text and not text.endswith("\n") else ""
                file.write(begin + "\n".join(lines) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError("error.folder", folder=self._path.parent, reason=error.strerror) from error


def _read(path: Path) -> _Read:
    """Return what stands in a file, as far as it is of this shape; nothing when there is none."""
    by_salt: dict[str, dict[str, int]] = {}
    salt = ""
    text, count = "", 0
    with contextlib.suppress(FileNotFoundError):
        text = path.read_text("utf-8", errors="replace")
    for line in text.splitlines():
        if match := _SALT.fullmatch(line):
            salt = match[1]
            by_salt.setdefault(salt, {})
        elif salt and (match := _LINE.fullmatch(line)):
            count += 1
            by_salt[salt][match[1]] = max(int(match[2]), by_salt[salt].get(match[1], 0))
        else:
            log.error("%s has a line that is no hash; it is passed over.", path)
    return _Read(by_salt, salt, count)


def _hashed(chat: int, salt: str) -> str:
    return hashlib.blake2b(str(chat).encode(), key=bytes.fromhex(salt), digest_size=16).hexdigest()
