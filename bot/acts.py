"""What people with rights did, so that owners can see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

Act = Literal[
    "claimed",
    "invited",
    "revoked",
    "appointed",
    "dismissed",
    "published",
    "announced",
    "replaced",
    "removed",
    "restored",
    "approved",
    "broadcast",
    "traced",
    "lifted",
    "undid",
    "went_on",
    "decided",
]
ACTS: Final[tuple[Act, ...]] = get_args(Act)
ARTICLE_ACTS: Final[tuple[Act, ...]] = ("published", "replaced", "removed", "restored", "approved")
"""Acts that are about one article; they name its slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAct:
    """One act: who did it (0 for somebody who wished to be forgotten), and what it was about, if anything."""

    at: datetime
    user: int
    act: Act
    about: str
