"""The picture of an article: what its document names, as far as Telegram can show it. Pure."""

import re
from typing import Final

TELEGRAM: Final = "tg:"
"""Stands before the name that Telegram gave to a picture that somebody sent."""

_OF_TELEGRAM: Final = re.compile(rf"{TELEGRAM}[\w-]{{5,200}}", re.ASCII)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]{4,1000}", re.IGNORECASE)


def picture_in(cover: str) -> str:
    """Return the address of a picture, or its name at Telegram; nothing for a path within some site."""
    found = cover.strip()
    return found if _OF_TELEGRAM.fullmatch(found) or _ADDRESS.fullmatch(found) else ""


def photo_in(picture: str) -> str:
    """Return how Telegram names a picture; nothing for one that has an address."""
    return picture.removeprefix(TELEGRAM) if picture.startswith(TELEGRAM) else ""
