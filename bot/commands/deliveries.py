"""`deliveries`: how many messages were planned and what became of each, while the bot runs or not."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.db.beside import reading
from bot.db.ledger import LedgerStore
from bot.delivery.model import STATES, LedgerTotals

_AGO: Final = re.compile(r"(\d{1,4})([dh])")


def since_when(words: str, now: datetime) -> datetime:
    """Read `7d`, `12h`, `2026-11-24` or `2026-11-24T08:00`, in UTC. ValueError for others."""
    if ago := _AGO.fullmatch(words.strip().lower()):
        return now - timedelta(**{{"d": "days", "h": "hours"}[ago[2]]: int(ago[1])})
    moment = datetime.fromisoformat(words.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def deliveries(store: Path | str, since: datetime | None) -> int:
    """Print the counts; 1 when they do not account for every message that was ever planned."""
    async with reading(store) as connection:
        tally = await LedgerStore(connection).tally(since)
    for line in _lines(tally, since):
        print(line)
    return 0 if tally.is_balanced else 1


def _lines(tally: LedgerTotals, since: datetime | None) -> list[str]:
    """Return a table: each state, and below it the reasons."""
    when = f"since {since:%Y-%m-%d %H:%M} UTC" if since else "ever"
    lines = [f"{sum(count.number for count in tally.counts):>9,}  planned {when}"]
    for state in STATES:
        counts = [count for count in tally.counts if count.state == state]
        lines.append(f"{sum(count.number for count in counts):>9,}  {state}")
        lines += [
            f"{count.number:>13,}  {count.kind}{f': {count.reason}' if count.reason else ''}"
            for count in counts
        ]
    if tally.is_balanced:
        lines.append(f"Every one of the {tally.given:,} messages that were ever planned is accounted for.")
    else:
        lines.append(
            f"{tally.given:,} messages were ever planned, but {tally.kept:,} are written down: "
            "rows were deleted, or the file is damaged. Keep a copy of it and report this."
        )
    return lines
