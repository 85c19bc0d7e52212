"""Carries deliveries out: claims what is due, sends it, writes down what became of it."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.clock import Clock, Heartbeat, within
from bot.delivery.breaker import Breaker
from bot.delivery.claims import Claims
from bot.delivery.decide import decide
from bot.delivery.flow import AHEAD_S, Flow
from bot.delivery.model import (
    Blocked,
    Delivery,
    Denied,
    Migrated,
    Outcome,
    Refused,
    Result,
    Retry,
    Sent,
    Throttled,
    TokenRefused,
    Uncertain,
    Unsent,
)
from bot.delivery.outage import Outage
from bot.delivery.pacer import Pacer, WouldWait
from bot.delivery.recorder import STORE_RETRY_S, Outbox, Recorder
from bot.errors import StoreDamaged, StoreError
from bot.message.model import Content
from bot.metrics import Histogram
from bot.reader.model import Place

log = logging.getLogger(__name__)

MAX_IDLE: Final = timedelta(seconds=10)
"""How long the worker sleeps at most when nothing is due; a clock that jumped is noticed then."""

PATIENCE_S: Final = 2.0
"""Seconds that a sender waits for its turn; for longer the message is planned again."""

Send = Callable[[Place, Content], Awaitable[Outcome]]


class Worker:
    """Claims what is due, and sends it side by side, so that one slow chat stalls nobody."""

    def __init__(
        self, *, outbox: Outbox, send: Send, pacer: Pacer, outage: Outage, breaker: Breaker, clock: Clock
    ) -> None:
        self._outage = outage
        self._breaker = breaker
        outage.on_change = self.wake
        self._outbox = outbox
        self._send = send
        self._pacer = pacer
        self._clock = clock
        self.may_claim: Callable[[], bool] = lambda: True
        """Whether anything may leave yet."""
        self._wake = asyncio.Event()
        self._stopping = False
        self._ended = asyncio.Event()
        self._flow = Flow(pacer.rate)
        self._claims = Claims(outbox, self._flow, clock)
        self._recorder = Recorder(
            outbox, clock, on_its_way=lambda: self._sending, written=self._landed_now, damaged=self._give_up
        )
        self._before_turn = 0
        self._landed = asyncio.Event()
        self._senders: list[asyncio.Task[None]] = []
        self.outcomes = Counter[tuple[str, str]]()
        """How many attempts there were, by kind of message and name of the outcome."""
        self.seconds = Histogram()  # until the server answered
        self.heartbeat = Heartbeat(clock)
        """When the outbox was last looked at."""
        self.accepted = Heartbeat(clock)
        """When a message was last accepted."""

    def wake(self) -> None:
        """Look at once: something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver what is due, sleep until more is, and so on until stopped."""
        # Nobody knows what became of rows that a crash left in flight: they are never sent again.
        lost = await self._recorder.until_written(lambda: self._outbox.recover(self._clock.now()))
        if lost:
            log.warning("%d messages were being sent when the last run ended; they may have arrived.", lost)
        recording = asyncio.create_task(self._recorder.run(), name="recorder")
        recording.add_done_callback(lambda _: self.wake())  # it never ends by itself: see below
        try:
            while not self._stopping:
                self._wake.clear()
                # One claim a turn, so that a stop or a damaged store is noticed between two of them.
                await self._feed()
                if recording.done():
                    await recording  # raises
            self._give_back()  # what was being claimed when the stop came
            await self._ended.wait()
        except Exception as error:
            self.heartbeat.fatal_error = error  # what is sent would not be written down: the process must end
            raise
        finally:
            # Cancelled senders hand in an outcome for what they held; the last write below records it.
            for task in (*self._senders, recording):
                task.cancel()
            await asyncio.gather(*self._senders, recording, return_exceptions=True)
            await self._recorder.write()

    def claim_no_more(self) -> None:
        """Give back what no sender took, since the end is near; what is in flight goes on."""
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
    def _sending(self) -> int:
        return self._claims.held

    @property
    def unwritten(self) -> int:
        """How many outcomes are not written down yet."""
        return self._recorder.unwritten

    @property
    def idle(self) -> bool:
        """Whether nothing is claimed, in flight or still to be written down."""
        return not self._sending

    def _give_back(self) -> None:
        """Plan again what no sender took."""
        while not self._claims.queue.empty():
            self._put_back(self._claims.queue.get_nowait())

    async def _feed(self) -> None:
        """Claim what can leave soon; else sleep until something is due."""
        due = None
        try:
            if room := self._room():
                claimed = await self._claims.claim(room)
                self._staff()
                if claimed:
                    self.heartbeat.beat()
                    return
                due = await self._outbox.next_due()
            self.heartbeat.beat()
        except StoreDamaged as error:
            self._give_up(error)
            due = None
        except StoreError as error:
            log.error("The outbox cannot be used; trying again: %s", error.__cause__ or error)  # noqa: TRY400  # the cause says it all
            self.heartbeat.beat(well=False)
            # Whatever else happens meanwhile, nothing is asked of it.
            await self._clock.sleep(STORE_RETRY_S)
            return
        await self._sleep_until(due)

    def _room(self) -> int:
        """Return how many to claim now."""
        # What has not left counts as waiting also when a sender holds it until its turn comes.
        room = self._flow.room(self._claims.queue.qsize() + self._before_turn, self._sending)
        held = self._pacer.digests_held() > PATIENCE_S or self._breaker.is_open or not self.may_claim()
        if not room or held:
            return 0
        if self._outage.state != "up":
            return 1 if self._outage.state == "trial" and not self._sending else 0
        return room

    def _staff(self) -> None:
        """Run as many senders as the rate and the latency ask for, and as there is work for."""
        wanted = self._flow.senders(self._sending)
        self._senders = [sender for sender in self._senders if not sender.done()]
        while len(self._senders) < wanted:
            name = f"sender {len(self._senders) + 1}"
            self._senders.append(asyncio.create_task(self._send_all(), name=name))

    async def _send_all(self) -> None:
        while True:
            delivery = await self._claims.queue.get()
            try:
                await self._deliver(delivery)
            except Exception:
                log.exception("Delivery %d met a fault of this program.", delivery.id)

    async def _deliver(self, delivery: Delivery) -> None:
        """Make one attempt. Being stopped after it left, or a fault of our own, leaves it uncertain."""
        chat = delivery.place.chat
        left = False
        outcome: Outcome
        try:
            await self._turn(chat)
            # What was decided while this one waited for its turn holds for it, too.
            if self._outage.state == "down" or self._breaker.is_open:
                self._put_back(delivery)
                return
            left = True
            at = self._clock.monotonic()
            outcome = await self._send(delivery.place, delivery.content)
            took = self._clock.monotonic() - at
            self._flow.answered(took)
            self.seconds.observe(took)
        except WouldWait as held:
            # The chat is held for longer than a sender may wait: plan it again, so that others can go.
            later = self._clock.now() + held.wait
            self._recorder.add(delivery, Retry(later, "postponed", attempted=False))
            return
        except asyncio.CancelledError:
            if left:
                self._judge(delivery, Uncertain("stopped"))
            else:
                self._put_back(delivery)
            raise
        except Exception as error:
            log.exception("A message could not be sent for a reason of our own.")
            outcome = Uncertain("fault", type(error).__name__)
        self._learn(delivery, outcome)
        self._judge(delivery, outcome)
        if isinstance(outcome, Throttled):
            # After the outcome is recorded: writing the cooldown may take a while.
            await self._pacer.throttled(chat, outcome.wait, "digest")

    async def _turn(self, chat: int) -> None:
        """Wait for a turn. WouldWait when the chat takes nothing soon."""
        # What waits for its chat would keep others from being claimed, and be unclear after a crash.
        if (wait := self._pacer.chat_wait(chat)) > AHEAD_S:
            raise WouldWait(timedelta(seconds=wait))
        self._before_turn += 1
        try:
            await self._pacer.acquire(chat, "digest", patience=PATIENCE_S)
        finally:
            # While this message waited for its turn, others may have left: there may be room for more.
            self._before_turn -= 1
            if self._room():
                self.wake()

    def _learn(self, delivery: Delivery, outcome: Outcome) -> None:
        """Tell those who decide whether anything may leave."""
        self.outcomes[delivery.kind, type(outcome).__name__.lower()] += 1
        match outcome:
            case Unsent():
                self._outage.failed("unreachable")
            case Uncertain(reason):
                self._outage.failed(reason)
            case TokenRefused():
                self._outage.failed("token_refused")
            case Throttled() | Migrated():
                self._outage.answered()
            case Sent():
                self.accepted.beat()
                self._pacer.accepted()
                self._outage.answered()
                self._breaker.note(refused=False)
            case Refused() if delivery.kind == "campaign":
                self._outage.answered()  # a campaign watches its own refusals, and pauses
            case Blocked() | Denied() | Refused():
                self._outage.answered()
                if self._breaker.note(refused=True):
                    log.critical("Telegram refuses too many messages: delivery stops until an owner decides.")
            case _:
                assert_never(outcome)

    def _put_back(self, delivery: Delivery) -> None:
        """Plan again what has not left."""
        self._recorder.add(delivery, Retry(self._clock.now(), "put_back", attempted=False))

    def _judge(self, delivery: Delivery, outcome: Outcome) -> None:
        self._recorder.add(delivery, decide(delivery, outcome, self._clock.now()))

    def _landed_now(self, written: Sequence[Result]) -> None:
        self._claims.written(written)
        if not self._sending:
            self._landed.set()
        self.wake()

    def _give_up(self, error: StoreDamaged) -> None:
        log.critical("The outbox is damaged; nothing more can be sent from it.")
        self.heartbeat.fatal_error = error

    async def _sleep_until(self, due: datetime | None) -> None:
        wait = min(MAX_IDLE, max(due - self._clock.now(), timedelta())) if due else MAX_IDLE
        if not wait and not self.idle:
            wait = MAX_IDLE  # it is due, but waits for what is in flight; that wakes us
        await within(self._clock, wait.total_seconds(), self._wake)
