"""Instants as the database keeps them: whole milliseconds since 1970, in UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final, overload

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

NEVER: Final = (datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
"""When something is due that waits for somebody's decision, and when something expires that never does."""


@overload
def to_ms(moment: datetime) -> int: ...
@overload
def to_ms(moment: None) -> None: ...
def to_ms(moment: datetime | None) -> int | None:
    """Return an instant as a number."""
    return None if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


@overload
def from_ms(number: int) -> datetime: ...
@overload
def from_ms(number: None) -> None: ...
def from_ms(number: int | None) -> datetime | None:
    """Return a number as an instant."""
    return None if number is None else _EPOCH + timedelta(milliseconds=number)


def to_ms_rounded_up(moment: datetime) -> int:
    """Return an instant as a number that is never before it: a wait must not end early."""
    return -((_EPOCH - moment) // timedelta(milliseconds=1))
