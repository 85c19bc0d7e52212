"""How fast messages leave: within Telegram's limits, each lane with a share of its own, never in a burst.

Three lanes share one rate. Owners go first. Replies go before digests and always find a few places free; but
digests keep a share of their own however many replies wait, so that neither starves.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Literal, get_args

from bot.clock import Clock
from bot.delivery.rates import Rates
from bot.delivery.window import SlidingWindow
from bot.errors import StoreError
from bot.metrics import Histogram, timed

log = logging.getLogger(__name__)

Lane = Literal["owner", "reply", "digest"]
Scope = int | None
"""What cools down: a chat, or ALL_CHATS."""

Keep = Callable[[Scope, datetime], Awaitable[None]]

ALL_CHATS: Final = None
"""The digests of all chats."""

SAME_CAUSE_S: Final = 10.0
"""Seconds within which two digests that are throttled share a cause: it is not their chats', so all wait."""

MAX_HOLD: Final = timedelta(hours=1)
"""The longest that a chat is left alone; the next message to it asks again."""

MAX_COMMON_HOLD: Final = timedelta(seconds=30)
"""The longest that all digests wait for a common cause; longer waits are one chat's own."""

_LONG_HOLD: Final = timedelta(minutes=1)
"""A hold from which on the log tells of it."""

_MINUTE_S: Final = 60.0
_MAX_DOUBLINGS: Final = 10
_CATCH_UP_S: Final = 0.05
"""Seconds by which a digest that left late does not delay the next: else each late timer would cost speed."""


class WouldWait(Exception):
    """This chat, or all digests, take nothing for longer than whoever asked would wait."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


class Pacer:
    """Gives turns. It knows nothing of messages, only of chats: negative ids are groups and channels."""

    def __init__(
        self,
        clock: Clock,
        rates: Rates,
        *,
        cooldowns: Mapping[Scope, datetime] | None = None,
        keep: Keep | None = None,
    ) -> None:
        """`cooldowns` is what an earlier run was told by the server; `keep` writes it down for the next."""
        whole = max(1, int(rates.overall))
        # Whole messages in a span that keeps the rate: 2.5 a second is 2 in 0.8 s.
        span = whole / rates.overall
        self._free = min(rates.share, whole // 5)
        self._share = max(self._free, 1)
        self.rate = (whole - self._free) / span
        """Digests a second, at most."""
        self._clock = clock
        self._rates = rates
        self._keep = keep
        self._all = SlidingWindow(whole, span)
        # With no share to give away, one digest is let through for every five turns.
        self._digests = SlidingWindow(self._share, span if self._free else 5 / rates.overall)
        # Leaky buckets: a chat may be ahead of its average by this many seconds.
        self._ahead = (rates.burst - 1) / rates.private
        self._edits_ahead = (rates.edit_burst - 1) / rates.private
        self._next_digest = clock.monotonic()
        self._private: dict[int, float] = {}
        self._edited: dict[int, float] = {}
        self._groups: dict[int, SlidingWindow] = {}
        self._cooling: dict[Scope, float] = {}
        self._most_cooling = 0
        self._lines: dict[Lane, asyncio.Lock] = {lane: asyncio.Lock() for lane in get_args(Lane)}
        self._asleep: dict[Lane, set[asyncio.Future[None]]] = {lane: set() for lane in get_args(Lane)}
        self._closed = False
        self.waiting: dict[Lane, int] = dict.fromkeys(get_args(Lane), 0)
        """How many wait for their turn."""
        self._throttled: tuple[int, float, float] | None = None
        self._long_waits = 0  # that digests were asked for since one was accepted
        self.waits = {lane: Histogram() for lane in get_args(Lane)}
        """How many seconds each lane waited for turns that it did not get at once."""
        self.throttled_lanes = Counter[Lane]()
        """How often the server asked each lane to slow down."""
        for chat, until in (cooldowns or {}).items():
            self._cool(chat, (until - clock.now()).total_seconds())

    async def acquire(self, chat: int, lane: Lane, *, patience: float, edit: bool = False) -> None:
        """Wait until one more message may leave for this chat; within a lane, first come, first served.

        Held when the chat, or all digests, must wait for more than `patience` seconds. Edits in a private
        chat are counted by themselves: pages are turned faster than they are sent.
        """
        # The fast path: without anybody waiting in this lane there is no line to stand in.
        if self.try_acquire(chat, lane, edit=edit):
            return
        with timed(self.waits[lane], self._clock.monotonic):
            await self._wait_for_turn(chat, lane, patience, edit=edit)

    async def _wait_for_turn(self, chat: int, lane: Lane, patience: float, *, edit: bool) -> None:
        while True:
            while (wait := self.chat_wait(chat, edit=edit)) > 0:
                await self._sleep(lane, wait, patience)
            # Who has waited was woken by a timer, which is always late: that must not cost the lane its
            # rate.
            late = _CATCH_UP_S if self.waiting[lane] else 0
            self.waiting[lane] += 1
            try:
                async with self._lines[lane]:
                    # The lane may have been overtaken meanwhile, by a reply or a cooldown.
                    while (wait := self._lane_wait(lane, self._clock.monotonic())) > 0:
                        await self._sleep(lane, wait, patience)
                        late = _CATCH_UP_S
                    if self._taken(chat, lane, edit=edit, late=late):
                        return
            finally:
                self.waiting[lane] -= 1

    def try_acquire(self, chat: int, lane: Lane, *, edit: bool = False) -> bool:
        """Take a turn if there is one without waiting; return whether there was."""
        # Nobody overtakes those who wait in the same lane.
        return not self.waiting[lane] and self._taken(chat, lane, edit=edit)

    def _taken(self, chat: int, lane: Lane, *, edit: bool, late: float = 0) -> bool:
        """Take a turn, if there is one just now for this lane and this chat."""
        now = self._clock.monotonic()
        if self._chat_wait(chat, now, edit=edit) > 0 or self._lane_wait(lane, now) > 0:
            return False
        self._all.take(now)
        if lane == "digest":
            self._digests.take(now)
            self._next_digest = max(self._next_digest, now - late) + 1 / self.rate
        self._take_chat(chat, now, edit=edit)
        return True

    async def _sleep(self, lane: Lane, wait: float, patience: float) -> None:
        if wait > patience or (lane != "digest" and self._closed):
            raise WouldWait(timedelta(seconds=wait))
        # A future of its own, so that `let_replies_go` can end it without cancelling the caller.
        sleep = asyncio.ensure_future(self._clock.sleep(wait))
        self._asleep[lane].add(sleep)
        try:
            await asyncio.wait((sleep,))
        finally:
            self._asleep[lane].discard(sleep)
            sleep.cancel()
        if sleep.cancelled():
            raise WouldWait(timedelta(seconds=wait))

    def let_replies_go(self) -> None:
        """Raise Held for replies that would still have to wait: the end has come."""
        self._closed = True
        for sleep in (*self._asleep["reply"], *self._asleep["owner"]):
            sleep.cancel()

    @property
    def lets_replies_go(self) -> bool:
        """Whether the end has come."""
        return self._closed

    @property
    def remembered_chats(self) -> int:
        """Of how many chats the last messages are remembered, or how long to leave them alone."""
        return len(self._private) + len(self._groups) + len(self._cooling)

    def digests_held(self) -> float:
        """Seconds for which no digest may leave because the server said so."""
        return max(self._cooling.get(ALL_CHATS, 0) - self._clock.monotonic(), 0)

    def chat_wait(self, chat: int, *, edit: bool = False) -> float:
        """Seconds until this chat takes one more; 0 when it does now."""
        return max(self._chat_wait(chat, self._clock.monotonic(), edit=edit), 0)

    def _chat_wait(self, chat: int, now: float, *, edit: bool) -> float:
        # Negative when the chat was never held.
        held = self._cooling.get(chat, now) - now
        if edit and chat in self._edited:
            return max(held, self._edited[chat] - self._edits_ahead - now)
        if chat in self._private and not edit:
            return max(held, self._private[chat] - self._ahead - now)
        return max(held, self._groups[chat].wait(now)) if chat in self._groups else held

    async def throttled(self, chat: int, wait: timedelta, lane: Lane) -> None:
        """Hold a chat because the server said so; if that meets two digests at a time, hold all digests.

        What replies and edits meet says nothing about digests: who writes much provokes it for their chat.
        """
        now, wait = self._clock.monotonic(), min(wait, MAX_HOLD)
        self.throttled_lanes[lane] += 1
        if wait >= _LONG_HOLD:
            log.warning("Telegram asks to leave chat %d alone for %d seconds.", chat, wait.total_seconds())
        await self._keep_cooldown(chat, wait)
        if lane != "digest":
            return
        self._long_waits += wait > MAX_COMMON_HOLD
        # Two chats asked to slow down at once is about us, not about them.
        if self._throttled:
            before, at, until = self._throttled
            if before != chat and now - at <= SAME_CAUSE_S:
                await self._throttled_together(wait, timedelta(seconds=until - now))
        self._throttled = (chat, now, now + wait.total_seconds())

    async def _throttled_together(self, wait: timedelta, before: timedelta) -> None:
        """Hold all digests; for long waits only while none is accepted, and from a second on."""
        common = min(wait, before)
        if common > MAX_COMMON_HOLD:
            alike = min(self._long_waits, _MAX_DOUBLINGS)
            # Doubling from a second: waits that are each chat’s own would else stop all others for good.
            common = min(timedelta(seconds=2 ** (alike - 2)), MAX_COMMON_HOLD) if alike > 1 else timedelta()
        if common > timedelta():
            log.warning("Telegram throttles several chats: digests wait %.1f s.", common.total_seconds())
            await self._keep_cooldown(ALL_CHATS, common)

    def accepted(self) -> None:
        """Note that a digest was accepted: the long waits before it were those chats' own."""
        self._long_waits = 0

    def cooldowns(self) -> dict[Scope, timedelta]:
        """Return the chats that are left alone, and for how long; ALL_CHATS stands for all digests."""
        now = self._clock.monotonic()
        return {chat: timedelta(seconds=until - now) for chat, until in self._cooling.items() if until > now}

    def lift_cooldowns(self) -> None:
        """Leave no chat alone any more."""
        self._cooling.clear()
        # A cooldown for all pushed the next digest far ahead; bring it back to one interval from now.
        self._next_digest = min(self._next_digest, self._clock.monotonic() + 1 / self.rate)

    async def _keep_cooldown(self, chat: Scope, wait: timedelta) -> None:
        self._cool(chat, wait.total_seconds())
        await self._write_down(chat, wait.total_seconds())

    def _cool(self, chat: Scope, seconds: float) -> None:
        now = self._clock.monotonic()
        seconds = min(seconds, MAX_HOLD.total_seconds())
        if len(self._cooling) > 2 * self._most_cooling:  # so that looking at all costs little for each
            self._cooling = {other: until for other, until in self._cooling.items() if until > now}
            self._most_cooling = len(self._cooling)
        if seconds > 0:
            self._cooling[chat] = max(self._cooling.get(chat, now), now + seconds)
        if chat is ALL_CHATS:
            self._next_digest = max(self._next_digest, now + seconds)  # and after it, one at a time

    async def _write_down(self, chat: Scope, seconds: float) -> None:
        if self._keep is None or seconds <= 0:
            return
        try:
            await self._keep(chat, self._clock.now() + timedelta(seconds=seconds))
        except StoreError:
            log.exception("A wait that the server asked for would be forgotten by a restart.")

    def _lane_wait(self, lane: Lane, now: float) -> float:
        owners = 1 if self.waiting["owner"] else 0
        match lane:
            case "owner":
                return self._all.wait(now)
            case "reply":
                digests = self._digests.left(now) if self.waiting["digest"] else 0
                return self._all.wait(now, free=min(owners + digests, self._share))
            case "digest":
                held = self._cooling.get(ALL_CHATS, now) - now
                # Digests go with what replies leave free, and at least with their share while replies wait.
                replies, room = self.waiting["reply"], self._all.wait(now, free=self._free)
                if room > 0 or replies:  # while replies wait, what is free is theirs beyond the share
                    own = max(self._all.wait(now, free=owners), self._digests.wait(now))
                    room = own if replies else min(room, own)
                return max(room, self._next_digest - now, held)

    def _take_chat(self, chat: int, now: float, *, edit: bool) -> None:
        # Each is moved to the end, so those served longest ago come first, and are forgotten two at a time.
        if chat > 0:
            used = self._edited if edit else self._private
            used[chat] = max(used.pop(chat, now), now) + 1 / self._rates.private
            for first in [first for first, until in islice(used.items(), 2) if until <= now]:
                del used[first]
        else:
            window = self._groups.pop(chat, None) or SlidingWindow(self._rates.group, _MINUTE_S)
            window.take(now)
            self._groups[chat] = window
            for first in [first for first, of in islice(self._groups.items(), 2) if of.is_empty(now)]:
                del self._groups[first]
