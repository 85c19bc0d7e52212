"""Names and titles cut to the room that they have."""

from functools import lru_cache
from typing import Final

from bot.message.formatted_text import FormattedText
from bot.message.graphemes import boundary_before
from bot.text import as_name

TITLE_CHARS: Final = 200
"""Characters of a title above a message."""

LABEL_CHARS: Final = 60
"""Characters of a button's text; a phone shows about half of them."""

PERSON_CHARS: Final = 40
"""Characters of somebody's name."""

_INDENT: Final = "\u2003"
_MAX_INDENT: Final = 4


@lru_cache(maxsize=1024)  # an article's title stands above each of its messages
def truncate(text: str, length: int) -> str:
    """Return one line of at most `length` characters; an ellipsis stands for the rest."""
    line = " ".join(FormattedText.plain(text).text.split())
    if len(line) <= length:
        return line
    return line[: boundary_before(line, length - 1, above=0)].rstrip() + "…"


def label(text: str) -> str:
    """Return a button's text; never empty."""
    return truncate(text, LABEL_CHARS) or "–"


def named(name: str, user: int) -> str:
    """Return somebody's name, which is their own choice, with the number that is not."""
    return f"{truncate(as_name(name), PERSON_CHARS)} ({user})"


def indent(depth: int) -> str:
    """Return the space before something so deep, as far as a phone has room."""
    return _INDENT * min(depth, _MAX_INDENT)
