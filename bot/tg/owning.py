"""What owners and editors need of the rest of the product, as small as they need it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

from bot.acts import Act, RecordedAct
from bot.delivery.status import Status


class People(Protocol):
    """Who owns and who edits."""

    async def is_owner(self, user: int) -> bool:
        """May appoint editors."""
        ...

    async def is_editor(self, user: int) -> bool:
        """May change articles; owners may too."""
        ...

    async def claim(self, user: int, name: str, word: str, now: datetime) -> bool:
        """Become the owner by the one-time word; False when it is wrong or used, or there is an owner."""
        ...

    async def appointed(self) -> Mapping[int, str]:
        """The editors whom an owner appointed, with their names."""
        ...

    async def owners(self) -> AbstractSet[int]:
        """Everybody who owns the bot."""
        ...

    async def invite(self, word: str, until: datetime, *, by: int, now: datetime) -> None:
        """Accept this word once, from whoever is to be an editor."""
        ...

    async def invitations(self, now: datetime) -> int:
        """Return how many links can still be used."""
        ...

    async def revoke(self, *, by: int, now: datetime) -> int:
        """Void every link that was not used; how many there were."""
        ...

    async def accept(self, user: int, name: str, word: str, now: datetime) -> bool:
        """Become an editor by such a word; False when it is wrong, used, or too old."""
        ...

    async def dismiss(self, user: int, *, by: int, now: datetime) -> bool:
        """Make an editor a reader again, and void every invitation; False when they were none."""
        ...


class Operations(Protocol):
    """What owners see and do about delivery."""

    def status(self) -> Status:
        """Return how delivery stands."""

    async def lift_holds(self) -> None:
        """Leave no chat alone any more, though Telegram asked for it."""

    async def go_on(self, *, undo: bool) -> bool:
        """Let stopped delivery go on; with `undo`, as if nobody had been refused. False: decided already."""


class Acts(Protocol):
    """What people with rights did."""

    async def record(self, user: int, act: Act, about: str, now: datetime) -> None:
        """Write down who did what."""

    async def last(self, count: int) -> Sequence[RecordedAct]:
        """Return the last acts, the newest first."""
        ...
