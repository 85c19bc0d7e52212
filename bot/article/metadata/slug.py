"""Slugs: short ASCII names that fit into a deep link."""

import hashlib
import re
import unicodedata
from datetime import date
from pathlib import PurePath
from typing import Final

MAX_SLUG_CHARS: Final = 48
_ALLOWED: Final = re.compile(r"[A-Za-z0-9_-]{1,48}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9_]+")
_MIN_LETTERS: Final = 3
"""Of a name that is not all Latin: with fewer, what is left of it tells nothing."""


def is_slug(word: str) -> bool:
    """Return whether a word can be a slug as it is."""
    return _ALLOWED.fullmatch(word) is not None


def slug_for(file: str, *, text: str, published: date | None) -> str:
    """Make a slug of the file's name; without Latin letters a hash of it, without a name one of the text."""
    stem = PurePath(file.replace("\\", "/")).stem
    ascii_ = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    slug = _OTHER.sub("-", ascii_).strip("-").lower()[:MAX_SLUG_CHARS].strip("-")
    least = 1 if stem.isascii() else _MIN_LETTERS
    if sum(char.isalnum() for char in slug) >= least:
        return slug
    digest = hashlib.sha256((stem or text).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{published.isoformat()}-{digest}" if published else f"article-{digest}"
