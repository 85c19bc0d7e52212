"""How fast messages leave: within Telegram's limits, replies first, and never in a burst after a pause."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Literal

from bot.clock import Clock
from bot.errors import StoreError

log = logging.getLogger(__name__)

Lane = Literal["reply", "digest"]
Keep = Callable[[int, datetime], Awaitable[None]]

EVERYBODY: Final = 0
"""Stands for a chat's id where all digests are held; no chat has it."""

SAME_CAUSE: Final = 10.0
"""Seconds within which two chats that are throttled share a cause: it is not theirs, and digests wait."""

_MINUTE: Final = 60.0
_CATCH_UP: Final = 0.05
"""Seconds by which a digest that left late does not delay the next: else each late timer would cost speed."""


class Held(Exception):
    """This chat, or all digests, take nothing for longer than whoever asked would wait."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What may leave. Telegram publishes 30 a second, one a second in a chat, 20 a minute in a group."""

    overall: float = 25
    """Messages a second."""

    kept_for_replies: int = 5
    """Places that digests leave free after any number of replies, so that the next come at once; a fifth of
    all at most. As many a second are digests' own: lively chats make them slow, but never stop them."""

    private: float = 1
    """A second in one private chat, on average."""

    burst: int = 3
    """Messages that a private chat gets at once after a silence."""

    group: int = 18
    """A minute in one group or channel."""


class Window:
    """At most so many within any span of time, ends excluded."""

    def __init__(self, most: int, span: float) -> None:
        """`span` is in seconds."""
        self._most = most
        self._span = span
        self._taken: deque[float] = deque()

    def wait(self, now: float, *, free: int = 0) -> float:
        """Seconds until one more fits, with so many places left free for others."""
        while self._taken and self._taken[0] <= now - self._span:
            self._taken.popleft()
        too_many = len(self._taken) + free - self._most
        return self._taken[too_many] + self._span - now if too_many >= 0 else 0

    def is_empty(self, now: float) -> bool:
        """Whether nothing that was taken counts any more."""
        return not self._taken or self._taken[-1] <= now - self._span

    def take(self, now: float) -> None:
        """One more."""
        self._taken.append(now)


class Pacer:
    """Gives turns. It knows nothing of messages, only of chats: negative ids are groups and channels."""

    def __init__(
        self,
        clock: Clock,
        rates: Rates,
        *,
        held: Mapping[int, datetime] | None = None,
        keep: Keep | None = None,
    ) -> None:
        """`held` is what an earlier run was told by the server, and `keep` writes it down for the next."""
        whole = max(1, int(rates.overall))
        span = whole / rates.overall
        self._free = min(rates.kept_for_replies, whole // 5)
        self.rate = (whole - self._free) / span
        """Digests a second, at most."""
        self._clock = clock
        self._rates = rates
        self._keep = keep
        self._all = Window(whole, span)
        self._digests = Window(max(self._free, 1), span)
        self._ahead = (rates.burst - 1) / rates.private
        self._next_digest = clock.monotonic()
        self._private: dict[int, float] = {}
        self._groups: dict[int, Window] = {}
        self._held: dict[int, float] = {}
        self._lines: dict[Lane, asyncio.Lock] = {"reply": asyncio.Lock(), "digest": asyncio.Lock()}
        self._asleep: dict[Lane, set[asyncio.Future[None]]] = {"reply": set(), "digest": set()}
        self._closed = False
        self._waiting: dict[Lane, int] = {"reply": 0, "digest": 0}
        self._throttled: tuple[int, float, float] | None = None
        for chat, until in (held or {}).items():
            self._hold(chat, (until - clock.now()).total_seconds())

    async def turn(self, chat: int, lane: Lane, *, patience: float, edit: bool = False) -> None:
        """Wait until one more message may leave for this chat; within a lane, first come, first served.

        Held when the chat, or all digests, must wait for more than `patience` seconds. An edit in a private
        chat counts as no message there: pages are turned faster than they are sent.
        """
        if not self._waiting[lane] and self._taken(chat, lane, edit=edit):
            return
        while True:
            if (wait := self.chat_wait(chat, edit=edit)) > 0:
                await self._sleep(lane, wait, patience)
                continue
            late = _CATCH_UP if self._waiting[lane] else 0
            self._waiting[lane] += 1
            try:
                async with self._lines[lane]:
                    while (wait := self._lane_wait(lane, self._clock.monotonic())) > 0:
                        await self._sleep(lane, wait, patience)
                        late = _CATCH_UP
                    if self._taken(chat, lane, edit=edit, late=late):
                        return
            finally:
                self._waiting[lane] -= 1

    def _taken(self, chat: int, lane: Lane, *, edit: bool, late: float = 0) -> bool:
        """Take a turn, if there is one just now for this lane and this chat."""
        now = self._clock.monotonic()
        if self._chat_wait(chat, now, edit=edit) > 0 or self._lane_wait(lane, now) > 0:
            return False
        self._all.take(now)
        if lane == "digest":
            self._digests.take(now)
            self._next_digest = max(self._next_digest, now - late) + 1 / self.rate
        if chat < 0 or not edit:
            self._take_chat(chat, now)
        return True

    async def _sleep(self, lane: Lane, wait: float, patience: float) -> None:
        if wait > patience or (lane == "reply" and self._closed):
            raise Held(timedelta(seconds=wait))
        sleep = asyncio.ensure_future(self._clock.sleep(wait))
        self._asleep[lane].add(sleep)
        try:
            await asyncio.wait((sleep,))
        finally:
            self._asleep[lane].discard(sleep)
            sleep.cancel()
        if sleep.cancelled():
            raise Held(timedelta(seconds=wait))

    def let_replies_go(self) -> None:
        """The end has come: a reply that would still have to wait is Held, so that nobody waits for it."""
        self._closed = True
        for sleep in self._asleep["reply"]:
            sleep.cancel()

    def digests_held(self) -> float:
        """Seconds for which no digest may leave because the server said so."""
        return max(self._held.get(EVERYBODY, 0) - self._clock.monotonic(), 0)

    def chat_wait(self, chat: int, *, edit: bool = False) -> float:
        """Seconds until this chat takes one more; 0 when it does now."""
        return max(self._chat_wait(chat, self._clock.monotonic(), edit=edit), 0)

    def _chat_wait(self, chat: int, now: float, *, edit: bool) -> float:
        held = self._held.get(chat, now) - now
        if chat in self._private and not edit:
            return max(held, self._private[chat] - self._ahead - now)
        return max(held, self._groups[chat].wait(now)) if chat in self._groups else held

    async def throttled(self, chat: int, wait: timedelta) -> None:
        """The server said so. A chat waits alone; if another was throttled just before, so do digests."""
        now, seconds = self._clock.monotonic(), wait.total_seconds()
        holds = [(chat, seconds)]
        if self._throttled:
            before, at, its_wait = self._throttled
            if before != chat and now - at <= SAME_CAUSE:
                holds.append((EVERYBODY, min(seconds, its_wait - (now - at))))
        self._throttled = (chat, now, seconds)
        for whom, long in holds:
            self._hold(whom, long)
            await self._write_down(whom, long)

    def _hold(self, chat: int, seconds: float) -> None:
        now = self._clock.monotonic()
        self._held = {other: until for other, until in self._held.items() if until > now}
        if seconds > 0:
            self._held[chat] = max(self._held.get(chat, now), now + seconds)
        if chat == EVERYBODY:
            self._next_digest = max(self._next_digest, now + seconds)  # and after it, one at a time

    async def _write_down(self, chat: int, seconds: float) -> None:
        if self._keep is None or seconds <= 0:
            return
        try:
            await self._keep(chat, self._clock.now() + timedelta(seconds=seconds))
        except StoreError:
            log.exception("A wait that the server asked for would be forgotten by a restart.")

    def _lane_wait(self, lane: Lane, now: float) -> float:
        wait = self._all.wait(now)
        if lane == "reply":
            return wait
        held = self._held.get(EVERYBODY, now) - now
        room = min(self._all.wait(now, free=self._free), max(wait, self._digests.wait(now)))
        wait = max(room, self._next_digest - now, held)
        return max(wait, 1 / self.rate) if self._waiting["reply"] else wait

    def _take_chat(self, chat: int, now: float) -> None:
        # Each is moved to the end, so those served longest ago come first, and are forgotten two at a time.
        if chat > 0:
            used_until = max(self._private.pop(chat, now), now)
            self._private[chat] = used_until + 1 / self._rates.private
            for first in [first for first, until in islice(self._private.items(), 2) if until <= now]:
                del self._private[first]
        else:
            window = self._groups.pop(chat, None) or Window(self._rates.group, _MINUTE)
            window.take(now)
            self._groups[chat] = window
            for first in [first for first, of in islice(self._groups.items(), 2) if of.is_empty(now)]:
                del self._groups[first]
