"""The queue of updates: long polling with offsets, as the real server does it, or a webhook."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.clock import Clock, randbelow
from bot.demo.webhook import Webhook

Json = dict[str, Any]

_LIFETIME: Final = timedelta(hours=24)
_MAX_AHEAD: Final = 10
"""How far beyond the last update an offset may lie; one from farther off belongs to another queue."""
_FIRST_ID: Final = 2_000_001
_KINDS: Final = frozenset(
    "message edited_message channel_post edited_channel_post inline_query chosen_inline_result "
    "callback_query my_chat_member chat_member message_reaction message_reaction_count".split()
)
_NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Conflict(Exception):  # an answer, not a mistake of ours
    """A newer poll took over."""


@dataclass(frozen=True, slots=True)
class _PendingPoll:
    id: int
    json: Json
    until: datetime


class Updates:
    """What waits for the bot."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next = _FIRST_ID + randbelow(900_000_000)
        self._waiting: list[_PendingPoll] = []
        self._allowed: frozenset[str] | None = None
        self.arrived = asyncio.Event()
        """Set when an update comes in."""
        self.webhook = Webhook(self, clock)
        self._poll: asyncio.Future[None] | None = None

    def allow(self, kinds: list[str]) -> None:
        """From now on, keep updates of these kinds only; none that is known means the usual ones."""
        self._allowed = frozenset(kinds) & _KINDS or None

    def put(self, kind: str, content: Json, *, lifetime: timedelta = _LIFETIME) -> None:
        """Add an update, unless the bot does not ask for its kind."""
        wanted = kind in self._allowed if self._allowed is not None else kind not in _NOT_BY_DEFAULT
        if wanted:
            update = {"update_id": self._next, kind: content}
            self._waiting.append(_PendingPoll(self._next, update, self._clock.now() + lifetime))
            self._next += 1
            self.arrived.set()

    @property
    def is_polled(self) -> bool:
        """Whether somebody waits for updates."""
        return self._poll is not None

    def drop(self) -> None:
        """Forget all that waits."""
        self._waiting.clear()

    def end(self) -> None:
        """Let a poll that waits wait no longer."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def pending(self) -> int:
        """Return how many wait."""
        self._expire()
        return len(self._waiting)

    def waiting(self) -> list[Json]:
        """Return all that wait, the oldest first."""
        self._expire()
        return [waiting.json for waiting in self._waiting]

    def remove(self, update_id: int) -> None:
        """Forget one that the webhook took."""
        self._waiting = [waiting for waiting in self._waiting if waiting.id != update_id]

    async def poll(self, *, offset: int, limit: int, wait: int) -> list[Json]:
        """Return updates from `offset` on, forget those before it; wait up to `wait` s for the first.

        Conflict when another poll comes while this one waits.
        """
        if offset > self._next + _MAX_AHEAD:
            offset = 0
        self._forget(offset)
        found = self._from(offset, limit)
        if wait and not found:
            self.end()
        if found or not wait:
            return found
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = mine
        sleep = asyncio.ensure_future(self._clock.sleep(wait))
        try:
            while not (found := self._from(offset, limit)) and not sleep.done():
                self.arrived.clear()
                arrived = asyncio.ensure_future(self.arrived.wait())
                try:
                    await asyncio.wait((arrived, sleep, mine), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    arrived.cancel()
                if mine.done():
                    raise Conflict
        finally:
            sleep.cancel()
            if self._poll is mine:
                self._poll = None
        return found

    def _forget(self, offset: int) -> None:
        self._expire()
        if offset > 0:
            self._waiting = [waiting for waiting in self._waiting if waiting.id >= offset]
        elif offset < 0:
            self._waiting = self._waiting[offset:]

    def _from(self, offset: int, limit: int) -> list[Json]:
        self._expire()
        return [waiting.json for waiting in self._waiting if waiting.id >= offset][:limit]

    def _expire(self) -> None:
        now = self._clock.now()
        self._waiting = [waiting for waiting in self._waiting if waiting.until > now]
