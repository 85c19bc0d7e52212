"""Plain words that mean a command: people type what they read on buttons."""

from functools import cache
from typing import Final

from bot.i18n import LANGUAGES, translator
from bot.text import typed
from bot.tg.menus import COMMANDS

_SEPARATORS: Final = str.maketrans("、", ",")


def command_meant(text: str) -> str | None:
    """Return the command that a whole message means, in any language; None for other words."""
    return _commands().get(_bare(typed(text)))


@cache
def _commands() -> dict[str, str]:
    found: dict[str, str] = {}
    for tr in map(translator, LANGUAGES):
        for command in COMMANDS["reader"]:
            if command != "cancel":
                words = tr(f"words.{command}").translate(_SEPARATORS).split(",")
                found |= {_bare(each): command for each in words}
    return found


def _bare(words: str) -> str:
    """Return words without case, emoji and marks."""
    kept = "".join(char if char.isalnum() else " " for char in words.casefold())
    return " ".join(kept.split())
