"""What is logged, how, and what never is."""

import json
import logging
import re
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from bot.config import LogFormat
from bot.inbox import update_in_hand
from bot.text import printable

_TOKEN: Final = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
_MIN_SECRET_CHARS: Final = 3
"""Characters of a secret below which it would be found in every word."""

_MAX_CHARS: Final = 10_000
"""Characters of a message, and of a traceback, that are logged."""


class TextFormatter(logging.Formatter):
    """Write an event for people: a line, followed by its traceback if it has one.

    Secrets are taken out of all of it, and control characters are written out.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s%(request)s: %(message)s")
        # The longest first: a password may be part of what stands around it.
        hidden = [each for each in secrets if len(each) >= _MIN_SECRET_CHARS]
        self._secrets = sorted(hidden, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as text."""
        update = update_in_hand()
        record.request = "" if update is None else f" [update {update}]"
        return self.redacted(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's own name
        """Return the line; what comes from outside can neither end it nor move the cursor."""
        return printable(super().formatMessage(record))

    def redacted(self, text: str) -> str:
        """Return a text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        return _TOKEN.sub("<token>", text)


class JsonFormatter(TextFormatter):
    """Write an event for programs: one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return an object with `time`, `level`, `logger`, `message`, and `update`, `exception` if any."""
        event: dict[str, str | int] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            # Before it is JSON: a secret with a quotation mark looks different there.
            "message": self.redacted(record.getMessage())[:_MAX_CHARS],
        }
        update = update_in_hand()
        if update is not None:
            event["update"] = update
        if record.exc_info:
            # The end says most: the error, and where it was raised.
            event["exception"] = self.redacted(self.formatException(record.exc_info))[-_MAX_CHARS:]
        return json.dumps(event)


def log_at(level: int, secrets: Collection[str] = (), *, form: LogFormat = "text") -> None:
    """Log to standard error from this level on, never these values; of libraries what owners should see."""
    handler = logging.StreamHandler()
    handler.setFormatter((JsonFormatter if form == "json" else TextFormatter)(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
