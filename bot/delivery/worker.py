"""Carries deliveries out: claims what is due, sends it, writes down what became of it."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeVar

from bot.clock import Clock, Pulse
from bot.delivery.decide import decide
from bot.delivery.model import Delivery, Next, Outcome, Result, Retry, Throttled, Uncertain, Unsent
from bot.delivery.pacer import Held, Pacer
from bot.errors import StoreDamaged, StoreError
from bot.message.model import Content
from bot.reader.model import Place

log = logging.getLogger(__name__)

SENDERS: Final = 64
"""Messages on their way at least; more when the rate and the server's latency ask for it."""

MAX_SENDING: Final = 256
"""Rows that may be claimed and not yet written down: so many are unclear after a crash."""

MAX_CLAIMED: Final = 128
"""Rows that are claimed at a time."""

GROUP: Final = 64
WRITE_WAIT: Final = 0.2
"""Outcomes that are written together while many are on their way, and seconds that the first one waits."""

IDLE: Final = timedelta(seconds=10)
"""How long the worker sleeps at most when nothing is due; a clock that jumped is noticed then."""

STORE_WAIT: Final = 1.0
"""Seconds between two attempts to write when the store cannot be written."""

PATIENCE: Final = 2.0
"""Seconds that a sender waits for a chat; for longer the message is planned again, so that others can go."""

T = TypeVar("T")
Send = Callable[[Place, Content], Awaitable[Outcome]]


class Outbox(Protocol):
    """The rows, in whatever keeps them."""

    async def claim(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Rows that are planned, due and still wanted become `sending`, committed.

        A part is due only once all earlier parts of its occasion are final, and no reader has two at a time.
        """
        ...

    async def record(self, results: Sequence[Result], now: datetime) -> None:
        """Write what became of deliveries, all or nothing; what is not `sending` any more stays as it is."""
        ...

    async def recover(self, now: datetime) -> int:
        """After a crash: rows that were `sending` become `uncertain`; how many."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next planned row is due; None when none waits."""
        ...


class Worker:
    """The doer: a feeder that claims, senders side by side so that one slow chat stalls nobody, and a clerk.

    The clerk writes an answer down at once when there is little to do, and many in one transaction when there
    is much.
    """

    def __init__(self, *, outbox: Outbox, send: Send, pacer: Pacer, clock: Clock) -> None:
        self._outbox = outbox
        self._send = send
        self._pacer = pacer
        self._clock = clock
        self._claimed: asyncio.Queue[Delivery] = asyncio.Queue()
        self._wake = asyncio.Event()
        self._stopping = False
        self._ended = asyncio.Event()
        self._results: list[Result] = []
        self._answered = asyncio.Event()
        self._enough = asyncio.Event()
        self._sending = 0
        self._before_turn = 0
        self._landed = asyncio.Event()
        self._senders: list[asyncio.Task[None]] = []
        self._latency = 0.0
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
        clerk = asyncio.create_task(self._write_all(), name="clerk")
        try:
            while not self._stopping:
                self._wake.clear()
                await self._feed()
            self._give_back()  # what was being claimed when the stop came
            await self._ended.wait()
        finally:
            for task in (*self._senders, clerk):
                task.cancel()
            await asyncio.gather(*self._senders, clerk, return_exceptions=True)
            await self._write()

    def claim_no_more(self) -> None:
        """The end is near: give back what no sender took; what is in flight goes on."""
        self._stopping = True
        self.wake()
        self._give_back()

    async def stop(self, grace: timedelta) -> None:
        """Claim no more, and let what is in flight finish for so long.

        What is unanswered then becomes uncertain when `run` ends.
        """
        self.claim_no_more()
        if self._sending:
            self._landed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._landed.wait(), grace.total_seconds())
        self._ended.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is claimed, in flight or still to be written down."""
        return not self._sending

    def _give_back(self) -> None:
        """What no sender took is planned again."""
        while not self._claimed.empty():
            self._judge(self._claimed.get_nowait(), Unsent("stopped"))

    async def _feed(self) -> None:
        """Claim about a second's worth when half of the last is gone; else sleep until something is due."""
        due = None
        try:
            if room := self._room():
                claimed = await self._outbox.claim(self._clock.now(), room)
                self._sending += len(claimed)
                for delivery in claimed:
                    self._claimed.put_nowait(delivery)
                self._staff()
                if claimed:
                    self.pulse.beat()
                    return
                due = await self._outbox.next_due()
            self.pulse.beat()
        except StoreDamaged as error:
            self._give_up(error)
            due = None
        except StoreError as error:
            log.error("The outbox cannot be used; trying again: %s", error.__cause__ or error)  # noqa: TRY400  # the cause says it all
            self.pulse.beat(well=False)
            due = self._clock.now() + timedelta(seconds=STORE_WAIT)
        await self._sleep_until(due)

    def _room(self) -> int:
        """How many to claim now: about a second's worth, when half of the last is gone."""
        if self._pacer.digests_held() > PATIENCE:
            return 0
        batch = max(1, min(MAX_CLAIMED, int(self._pacer.rate)))
        # What has not left counts as waiting also when a sender holds it until its turn comes.
        waiting = self._claimed.qsize() + self._before_turn
        return min(batch - waiting, MAX_SENDING - self._sending) if waiting <= batch // 2 else 0

    def _staff(self) -> None:
        """As many senders as the rate and the server's latency ask for, and as there is work for."""
        useful = math.ceil(self._pacer.rate * self._latency * 2)
        wanted = min(self._sending, max(SENDERS, min(useful, MAX_SENDING)))
        while len(self._senders) < wanted:
            name = f"sender {len(self._senders) + 1}"
            self._senders.append(asyncio.create_task(self._send_all(), name=name))

    async def _send_all(self) -> None:
        while True:
            await self._deliver(await self._claimed.get())

    async def _deliver(self, delivery: Delivery) -> None:
        """One attempt. Being stopped after it left, or a fault of our own, leaves it uncertain."""
        chat = delivery.place.chat
        left = False
        outcome: Outcome
        try:
            self._before_turn += 1
            try:
                await self._pacer.turn(chat, "digest", patience=PATIENCE)
            finally:
                self._before_turn -= 1
                if self._room():
                    self.wake()
            left = True
            at = self._clock.monotonic()
            outcome = await self._send(delivery.place, delivery.content)
            self._latency += (self._clock.monotonic() - at - self._latency) / SENDERS  # a moving average
        except Held as held:
            later = self._clock.now() + held.wait
            self._finish(delivery, Retry(later, "Telegram takes no more just now", attempted=False))
            return
        except asyncio.CancelledError:
            self._judge(delivery, Uncertain("stopped") if left else Unsent("stopped"))
            raise
        except Exception as error:
            log.exception("A message could not be sent for a reason of our own.")
            outcome = Uncertain(type(error).__name__)
        self._judge(delivery, outcome)
        if isinstance(outcome, Throttled):
            await self._pacer.throttled(chat, outcome.wait)

    def _judge(self, delivery: Delivery, outcome: Outcome) -> None:
        self._finish(delivery, decide(delivery, outcome, self._clock.now()))

    def _finish(self, delivery: Delivery, next_: Next) -> None:
        self._results.append(Result(delivery, next_))
        self._answered.set()
        if not self._worth_waiting():
            self._enough.set()

    async def _write_all(self) -> None:
        while True:
            await self._answered.wait()
            if self._worth_waiting():
                await self._within(WRITE_WAIT, self._enough)
            await self._write()

    def _worth_waiting(self) -> bool:
        return len(self._results) < GROUP < self._sending - len(self._results)

    async def _write(self) -> None:
        """Write down all that was answered."""
        self._answered.clear()
        self._enough.clear()
        while group := self._results[:MAX_SENDING]:
            await self._record(group)
            del self._results[: len(group)]
            self._sending -= len(group)
            if not self._sending:
                self._landed.set()
            self.wake()

    async def _record(self, group: Sequence[Result]) -> None:
        """Write; one that cannot be written for a reason of our own keeps no others from it."""
        try:
            await self._kept(partial(self._outbox.record, group, self._clock.now()))
        except Exception:
            if len(group) == 1:
                log.exception(
                    "What became of delivery %d is unclear until the next start.", group[0].delivery.id
                )
                return
            for result in group:
                await self._record([result])

    async def _kept(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write, again and again: what was sent must not be forgotten. StoreDamaged when that is in vain."""
        while True:
            try:
                return await write()
            except StoreDamaged as error:
                self._give_up(error)
                raise
            except StoreError as error:
                log.error("The outbox cannot be written; trying again: %s", error.__cause__ or error)  # noqa: TRY400  # the cause says it all
                await self._clock.sleep(STORE_WAIT)

    def _give_up(self, error: StoreDamaged) -> None:
        log.critical("The outbox is damaged; nothing more can be sent from it.")
        self.pulse.hopeless = error

    async def _sleep_until(self, due: datetime | None) -> None:
        wait = min(IDLE, max(due - self._clock.now(), timedelta())) if due else IDLE
        if not wait and not self.idle:
            wait = IDLE  # it is due, but waits for what is in flight; that wakes us
        await self._within(wait.total_seconds(), self._wake)

    async def _within(self, seconds: float, event: asyncio.Event) -> None:
        """Until something happens, or so long."""
        sleep = asyncio.ensure_future(self._clock.sleep(seconds))
        woken = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait((sleep, woken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (sleep, woken):
                waiting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await waiting
