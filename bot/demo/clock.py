"""A clock that a visitor can move forward, and that remembers it."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock


class SkippingClock(SystemClock):
    """The machine's clock plus what was skipped, kept in a file.

    Forgotten at a restart, the skipped days would come again, and digests fall on slots that were used.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._shift = timedelta(seconds=float(file.read_text("utf-8")))
        except (OSError, ValueError):
            self._shift = timedelta()

    def now(self) -> datetime:
        """Return the machine's time plus what was skipped."""
        return super().now() + self._shift

    def skip_to(self, moment: datetime) -> None:
        """Move to `moment`; a moment already past changes nothing."""
        self._shift += max(moment - self.now(), timedelta())
        self._file.write_text(f"{self._shift.total_seconds()}\n", "utf-8")
