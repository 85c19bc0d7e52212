"""What is logged, and what never is."""

import logging
import re
from typing import Final

_TOKEN: Final = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")


class _Redacting(logging.Formatter):
    """Takes tokens out of whole records, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("<token>", super().format(record))


def log_at(level: int) -> None:
    """Log to standard error from this level on; libraries only what an owner should see."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
