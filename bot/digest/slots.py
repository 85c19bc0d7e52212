"""Which of a reader's due times gets a digest, and what becomes of the others. Decides; touches nothing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.reader.model import Schedule, Slot
from bot.reader.schedule import between, next_slot

MAX_LATENESS: Final = timedelta(hours=6)
"""How late a digest may come; later, its slot is left out, and its articles come with the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What the due times of a reader come to.

    `slot` is the one that gets a digest (None when all are too late), also for those `merged` with it: a
    weekly one if any of them is. Those `told` count as served before.
    """

    slot: Slot | None
    merged: tuple[Slot, ...]
    late: tuple[Slot, ...]
    told: tuple[Slot, ...]
    next_at: datetime


def due(schedule: Schedule, *, since: datetime, now: datetime, served_until: datetime | None = None) -> Due:
    """Return all due times from `since` to `now`."""
    slots = list(between(schedule, since, now))
    # Slots before the decision about a restored backup count as served.
    told = [slot for slot in slots if served_until and slot.at <= served_until]
    slots = slots[len(told) :]
    late = [slot for slot in slots if now - slot.at > MAX_LATENESS]
    fresh = slots[len(late) :]
    is_weekly = any(slot.is_weekly for slot in fresh)
    return Due(
        slot=replace(fresh[-1], is_weekly=is_weekly) if fresh else None,
        merged=tuple(fresh[:-1]),
        late=tuple(late),
        told=tuple(told),
        next_at=next_slot(schedule, now).at,
    )
