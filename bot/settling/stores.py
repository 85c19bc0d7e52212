"""What settling asks of the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.delivery.model import DeliveryId
from bot.settling.ceiling import Markers
from bot.settling.model import Accepted, Control, Doubt, Found, Left, Verdicts


class DoubtStore(Markers, Protocol):
    """The rows in doubt, and what is known beside them."""

    async def open(self) -> Sequence[Doubt]:
        """Return what is to be found out."""

    async def left_with(self, doubts: Sequence[Doubt]) -> Sequence[Left]:
        """Return these and what certainly arrived of what left with them, in the order in which they left."""

    async def history(self, upto: DeliveryId, limit: int) -> Sequence[Accepted]:
        """Return messages that certainly arrived, of deliveries up to a number, the newest first."""

    async def last_in(self, chat: int, limit: int) -> Sequence[int]:
        """Return the ids of the last messages that certainly arrived in a chat, the newest first."""

    async def strays(self) -> Collection[int]:
        """Return the chats that may have a message of ours whose id nobody knows."""

    async def forget_strays(self, now: datetime) -> None:
        """Forget those of more than some minutes ago."""

    async def uncertain_in(self, chats: Iterable[int]) -> Collection[int]:
        """Return which of these chats may have a message of which nobody knows."""

    async def sending_in(self, chats: Iterable[int]) -> Collection[int]:
        """Return which of these chats have a message on its way."""

    async def under_way(self, ceiling: int) -> bool:
        """Return whether a message is on its way that left before an id was known."""

    async def looked(self) -> Mapping[DeliveryId, Collection[int]]:
        """Return the ids that were looked for in vain on behalf of each message in doubt."""

    async def note_looked(self, delivery: DeliveryId, message_id: int) -> None:
        """Write down one more of them."""

    async def conclude(self, verdicts: Verdicts, now: datetime) -> Mapping[Found, int]:
        """Write what was found out, all or nothing, with what follows; what is not in doubt stays as it is.

        How many rows became what.
        """

    async def note_control(self, failed: Control | None) -> None:
        """Remember which control failed last; None once all held."""
