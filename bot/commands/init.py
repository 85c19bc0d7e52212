"""`init`: four questions, and a `.env` that the bot starts with."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.config import Settings
from bot.errors import StartError
from bot.files import OWN_MODE, own_file
from bot.invocation import command_name

FILE: Final = Path(".env")
_LINE: Final = re.compile(r"^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")

_PLAIN: Final = re.compile(r"[A-Za-z0-9_:/@.,%+-]*")
"""Values that need no quotation marks in the file."""

_QUESTIONS: Final = {
    "BOT_TOKEN": "The bot’s token, from @BotFather (https://t.me/BotFather, then /newbot)",
    "OWNER_IDS": "Your Telegram user id (@userinfobot tells it); empty: who first opens a link owns the bot",
    "TELEGRAM_PROXY": "A proxy on the way to Telegram, such as socks5://127.0.0.1:1080; empty: none",
    "DATA_DIR": "Folder of the database; empty: data",
}


def init(ask: Callable[[str], str] = input) -> int:
    """Ask, check each answer, and write them down; what else is in the file stays. 1 when nothing changes."""
    if not sys.stdin.isatty() and ask is input:
        raise StartError("error.no_terminal")
    if FILE.exists() and not _yes(ask, f"There is a {FILE} already. Change it? [y/N] "):
        print("Nothing was changed.")
        return 1
    answers = {key: _answer(ask, key, words) for key, words in _QUESTIONS.items()}
    _write({key: value for key, value in answers.items() if value})
    print(f"{FILE} is written; nobody else can read it. Look whether all is well: {command_name()} doctor")
    print(f"Then start the bot: {command_name()} run (in a clone: make run)")
    return 0


def _answer(ask: Callable[[str], str], key: str, words: str) -> str:
    """Ask until the answer is one that the settings take."""
    print(f"\n{words}.")
    while True:
        value = ask(f"{key}: ").strip()
        if not value and key != "BOT_TOKEN":
            return ""
        fault = _fault(key, value)
        if not fault:
            return value
        print(f"  {fault}")


def _fault(key: str, value: str) -> str:
    """Return what is wrong with a value, by the settings' own rules; nothing when it is right."""
    if not value:
        return "the bot needs one"
    if not value.isprintable() or set(value) & set("'\"\\"):
        return "quotation marks, backslashes and control characters cannot stand in it"
    name = key.lower()
    try:
        Settings(_env_file=None, **{name: value})  # type: ignore[call-arg,arg-type]  # pydantic-settings' own
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        own = [fault["msg"] for fault in faults if fault["loc"] == (name,)]
        return own[0].removeprefix("Value error, ") if own else ""
    return ""


def _yes(ask: Callable[[str], str], question: str) -> bool:
    return ask(question).strip().lower() in {"y", "yes"}


def _write(values: Mapping[str, str]) -> None:
    """Put the values into the file, each in the place of its line, or at the end."""
    rest = dict(values)
    try:
        with own_file(FILE) as file:
            lines = []
            for line in file.read().splitlines():
                match = _LINE.match(line)
                key = match[1] if match else ""
                if key not in _QUESTIONS:
                    lines.append(line)
                elif key in rest:
                    lines.append(_line(key, rest.pop(key)))
            lines += [_line(key, value) for key, value in rest.items()]
            file.seek(0)
            file.truncate()
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        FILE.chmod(OWN_MODE)
    except (OSError, UnicodeError) as error:
        raise StartError("error.env_file", reason=str(error)) from error


def _line(key: str, value: str) -> str:
    return f"{key}={value}" if _PLAIN.fullmatch(value) else f"{key}='{value}'"
