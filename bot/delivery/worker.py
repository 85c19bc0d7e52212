"""Carries deliveries out: claims what is due, sends it, writes down what became of it."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeVar

from bot.clock import Clock, Pulse
from bot.delivery.decide import decide
from bot.delivery.model import Delivery, Outcome, Result, Throttled, Uncertain, Unsent
from bot.delivery.pacer import Pacer
from bot.errors import StoreError
from bot.message.model import Message
from bot.reader.model import Place

log = logging.getLogger(__name__)

SENDERS: Final = 64
MAX_CLAIMED: Final = 192
"""Rows that may be claimed and wait for a sender: with those in flight, a crash leaves 256 unclear."""

IDLE: Final = timedelta(seconds=10)
"""How long the worker sleeps at most when nothing is due; a clock that jumped is noticed then."""

STORE_WAIT: Final = 1.0
"""Seconds between two attempts to write when the store cannot be written."""

SAME_CAUSE: Final = timedelta(seconds=10)
"""Two chats that are throttled within this time share a cause: then it is not theirs, and everybody waits."""

T = TypeVar("T")
Send = Callable[[Place, Message], Awaitable[Outcome]]


class Outbox(Protocol):
    """The rows, in whatever keeps them."""

    async def claim(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Rows that are planned, due and still wanted become `sending`, committed.

        A part is due only once all earlier parts of its occasion are final, and no reader has two at a time.
        """
        ...

    async def record(self, result: Result, now: datetime) -> None:
        """Write what became of a delivery; one that is not `sending` any more stays as it is."""
        ...

    async def recover(self, now: datetime) -> int:
        """After a crash: rows that were `sending` become `uncertain`; how many."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next planned row is due; None when none waits."""
        ...


class Worker:
    """The doer: a feeder that claims, and senders side by side, so that one slow chat stalls nobody."""

    def __init__(self, *, outbox: Outbox, send: Send, pacer: Pacer, clock: Clock) -> None:
        self._outbox = outbox
        self._send = send
        self._pacer = pacer
        self._clock = clock
        self._claimed: asyncio.Queue[Delivery] = asyncio.Queue()
        self._wake = asyncio.Event()
        self._stopping = False
        self._in_flight = 0
        self._before_turn = 0
        self._landed = asyncio.Event()
        self._throttled: tuple[int, float] | None = None
        self.pulse = Pulse(clock)
        """When the outbox was last looked at."""

    def wake(self) -> None:
        """Something may be due: look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver what is due, sleep until more is, and so on until stopped."""
        lost = await self._kept(lambda: self._outbox.recover(self._clock.now()))
        if lost:
            log.warning("%d messages were being sent when the last run ended; they may have arrived.", lost)
        senders = [asyncio.create_task(self._send_all(), name=f"sender {n}") for n in range(SENDERS)]
        try:
            while not self._stopping:
                self._wake.clear()
                await self._feed()
        finally:
            await self._give_back()  # what was being claimed when the stop came
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)

    async def stop(self, grace: timedelta) -> None:
        """Claim no more, give back what no sender took, and let what is in flight finish for so long.

        What is unanswered then becomes uncertain when `run` ends.
        """
        self._stopping = True
        self.wake()
        await self._give_back()
        if self._in_flight:
            self._landed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._landed.wait(), grace.total_seconds())

    @property
    def idle(self) -> bool:
        """Whether nothing is claimed or in flight."""
        return self._claimed.empty() and not self._in_flight

    async def _give_back(self) -> None:
        """What no sender took is planned again."""
        while not self._claimed.empty():
            await self._finish(self._claimed.get_nowait(), Unsent("stopped"))

    async def _feed(self) -> None:
        """Claim about a second's worth when half of the last is gone; else sleep until something is due."""
        batch = max(1, min(MAX_CLAIMED, int(self._pacer.rate)))
        try:
            claimed: Sequence[Delivery] = ()
            # What has not left counts as waiting also when a sender holds it until its turn comes.
            waiting = self._claimed.qsize() + self._before_turn
            if waiting <= batch // 2:
                claimed = await self._outbox.claim(self._clock.now(), batch - waiting)
            for delivery in claimed:
                self._claimed.put_nowait(delivery)
            self.pulse.beat()
            if claimed:
                return
            due = await self._outbox.next_due()
        except StoreError:
            log.exception("The outbox cannot be used; trying again.")
            self.pulse.beat(well=False)
            due = self._clock.now() + timedelta(seconds=STORE_WAIT)
        await self._sleep_until(due)

    async def _send_all(self) -> None:
        while True:
            delivery = await self._claimed.get()
            self._in_flight += 1
            try:
                await self._deliver(delivery)
            finally:
                self._in_flight -= 1
                if not self._in_flight:
                    self._landed.set()
                self.wake()

    async def _deliver(self, delivery: Delivery) -> None:
        """One attempt. Being stopped after it left, or a fault of our own, leaves it uncertain."""
        left = False
        outcome: Outcome
        try:
            self._before_turn += 1
            try:
                await self._pacer.turn()
            finally:
                self._before_turn -= 1
                self.wake()
            left = True
            outcome = await self._send(delivery.place, delivery.message)
        except asyncio.CancelledError:
            outcome = Uncertain("stopped") if left else Unsent("stopped")
            await self._finish(delivery, outcome)
            raise
        except Exception as error:
            log.exception("A message could not be sent for a reason of our own.")
            outcome = Uncertain(type(error).__name__)
        if isinstance(outcome, Throttled):
            self._slow_down(delivery.place.chat, outcome.wait)
        await self._finish(delivery, outcome)

    def _slow_down(self, chat: int, wait: timedelta) -> None:
        """A chat that is throttled waits alone, unless another one was throttled just before it."""
        now = self._clock.monotonic()
        before = self._throttled
        if before and before[0] != chat and now - before[1] <= SAME_CAUSE.total_seconds():
            self._pacer.pause(wait)
        self._throttled = (chat, now)

    async def _finish(self, delivery: Delivery, outcome: Outcome) -> None:
        now = self._clock.now()
        result = Result(delivery, decide(delivery, outcome, now))
        await self._kept(partial(self._outbox.record, result, now))

    async def _kept(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write, again and again: what was sent must not be forgotten."""
        while True:
            try:
                return await write()
            except StoreError:
                log.exception("The outbox cannot be written; trying again.")
                await self._clock.sleep(STORE_WAIT)

    async def _sleep_until(self, due: datetime | None) -> None:
        wait = min(IDLE, max(due - self._clock.now(), timedelta())) if due else IDLE
        if not wait and not self.idle:
            wait = IDLE  # it is due, but waits for what is in flight; that wakes us
        sleep = asyncio.ensure_future(self._clock.sleep(wait.total_seconds()))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait((sleep, woken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (sleep, woken):
                waiting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await waiting
