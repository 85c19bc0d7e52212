"""What a button of /settings makes of a reader. Decides; touches nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Final

from bot.i18n import LANGUAGES, Language, Say
from bot.reader.model import ALL_DAYS, PARTS, Reader
from bot.reader.typed import MAX_TIMES
from bot.reader.zones import is_zone


def refusal(reader: Reader, say: Say) -> str | None:
    """Why a choice cannot be kept."""
    if not reader.times or not reader.days or not reader.parts & {"news", "quote"}:
        return say("settings.last_one")
    if len(reader.times) > MAX_TIMES:
        return say("settings.too_many", most=MAX_TIMES)
    return None


def _time(reader: Reader, value: str) -> Reader:
    at = time(int(value[:2]), int(value[2:]))
    return replace(reader, times=tuple(sorted({at} ^ set(reader.times))))


def _days(reader: Reader, value: str) -> Reader:
    """One day is switched, several are chosen."""
    chosen = frozenset(map(int, value)) & ALL_DAYS
    if not chosen:
        raise KeyError(value)
    return replace(reader, days=chosen if len(chosen) > 1 else chosen ^ reader.days)


def _zone(reader: Reader, value: str) -> Reader:
    if not is_zone(value):
        raise KeyError(value)
    return replace(reader, zone=value)


def _part(reader: Reader, value: str) -> Reader:
    if value not in PARTS:
        raise KeyError(value)
    return replace(reader, parts=reader.parts ^ {value})


def _only_new(reader: Reader, _: str) -> Reader:
    return replace(reader, only_new=not reader.only_new)


CHOICES: Final[dict[str, tuple[str, Callable[[Reader, str], Reader]]]] = {
    "time": ("times", _time),
    "day": ("days", _days),
    "in": ("all", _zone),
    "goin": ("all", _zone),
    "part": ("parts", _part),
    "new": ("parts", _only_new),
}
"""What is chosen by itself: the screen it is on, and the reader as they will be."""


def spoken_to(reader: Reader, value: str, client: Language) -> Reader:
    """In a language, or (auto) in their client's."""
    if value == "auto":
        return replace(reader, language=client, language_chosen=False)
    if value not in LANGUAGES:
        raise KeyError(value)
    return replace(reader, language=Language(value), language_chosen=True)
