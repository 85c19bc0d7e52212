"""Text from outside, cleaned and bounded before anything else looks at it. Pure."""

import re
import unicodedata
from typing import Final

MAX_TYPED_CHARS: Final = 200
"""Characters of a search or a schedule that are read; what follows is ignored."""

_MAX_RAW_CHARS: Final = 1_000
"""Characters that are normalised at all: NFKC makes up to 18 of one."""

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""Marks that turn the direction of a text round, and tags, in which anything can be hidden."""

_COMMANDS: Final = re.compile(r"(?<![\w/])/(?=[A-Za-z0-9_])")
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return text that UTF-8 can hold, without control characters; tabs and line ends stay.

    Two surrogates that belong together (as JSON escapes an emoji) become their character, others U+FFFD.
    """
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROLS.sub("", text)


def as_name(text: str) -> str:
    """Return a title or somebody's name as text that does nothing: no command, no mention, no bidi control.

    Telegram makes `/word` at a word's beginning a command that is one tap away from being sent.
    """
    return _COMMANDS.sub("/\u2060", _INVISIBLE.sub("", text))


def printable(text: str) -> str:
    """Return text that a terminal or a log shows as it is: control characters are written out."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def typed(text: str) -> str:
    """Return what a person typed as one line in NFKC, of at most MAX_TYPED_CHARS characters."""
    normal = unicodedata.normalize("NFKC", clean(text[:_MAX_RAW_CHARS]))
    return " ".join(normal[:MAX_TYPED_CHARS].split())
