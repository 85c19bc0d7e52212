"""What is logged, and what never is."""

import logging
import re
from collections.abc import Collection
from typing import Final

from bot.text import printable

_TOKEN: Final = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
_MIN_SECRET_CHARS: Final = 3
"""Characters of a secret below which it would be found in every word."""


class _Redacting(logging.Formatter):
    """Take secrets out of whole records, tracebacks included, and write control characters out."""

    def __init__(self, pattern: str, secrets: Collection[str]) -> None:
        super().__init__(pattern)
        # The longest first: a password may be part of what stands around it.
        hidden = [each for each in secrets if len(each) >= _MIN_SECRET_CHARS]
        self._secrets = sorted(hidden, key=len, reverse=True)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's own name
        """Return the line; what comes from outside can neither end it nor move the cursor."""
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "<secret>")
        return _TOKEN.sub("<token>", line)


def log_at(level: int, secrets: Collection[str] = ()) -> None:
    """Log to standard error from this level on, never these values; of libraries what owners should see."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)-7s %(name)s: %(message)s", secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
