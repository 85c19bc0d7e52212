"""Text from outside, cleaned and bounded before anything else looks at it. Pure."""

import re
import unicodedata
from typing import Final

MAX_TYPED_CHARS: Final = 200
"""Characters of a search or a schedule that are read; what follows is ignored."""

_MAX_RAW_CHARS: Final = 1_000
"""Characters that are normalised at all: NFKC makes up to 18 of one."""

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return text that UTF-8 can hold, without control characters; tabs and line ends stay.

    Two surrogates that belong together (as JSON escapes an emoji) become their character, others U+FFFD.
    """
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROLS.sub("", text)


def typed(text: str) -> str:
    """Return what a person typed as one line in NFKC, of at most MAX_TYPED_CHARS characters."""
    normal = unicodedata.normalize("NFKC", clean(text[:_MAX_RAW_CHARS]))
    return " ".join(normal[:MAX_TYPED_CHARS].split())
