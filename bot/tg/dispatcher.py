"""Takes updates in, by whatever road they came, and deals with each once, a chat's in order.

An update counts as received only once it was dealt with or lies in the inbox, the table of that name. What is
dealt with quickly never lies there; what takes longer is written down before the server hears of its arrival.
At most MAX_IN_HAND updates are in memory; the others wait in the inbox, where those of owners do not wait.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from telegram import Update

from bot.clock import Clock
from bot.errors import StoreError
from bot.inbox import Handling, Inbox, Json, Waiting, handling
from bot.metrics import Histogram, timed
from bot.tg.places import Places
from bot.tg.seen import Seen
from bot.tg.senders import chat_of, sender_of, senders_in
from bot.together import Together

log = logging.getLogger(__name__)

UPDATES: Final = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""All that is asked of Telegram. An edited message runs no command twice: it changes open drafts only."""

MAX_IN_HAND: Final = 1_000
"""Updates in memory."""

MAX_TRIES: Final = 3
"""Starts of the program that may begin to deal with an update before it is set aside."""

CAREFUL_S: Final = 5.0
"""Seconds after the start in which tries are counted: what ends the process ends it soon at each start."""

QUICK_S: Final = 0.05
"""Seconds within which an update that is dealt with is never written down."""

DEADLINE_S: Final = 600.0
"""Seconds after which an update that is still being dealt with is given up; a large document takes a few."""

RETRY_S: Final = 15.0
"""Seconds before an update whose sender could not be answered is dealt with again."""

_LOAD_BATCH: Final = 100

Handle = Callable[[Update], Awaitable[None]]


class Dispatcher:
    """Deals with updates side by side, one after another within a chat."""

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        *,
        read: Callable[[Json], Update | None],
        handle: Handle,
        interrupted: Handle,
        is_owner: Callable[[int], bool],
    ) -> None:
        """`handle` deals with an update; `interrupted` tells its sender that its effect stands since before.

        `read` makes an Update of what the server sent; None when that cannot be read.
        """
        self._inbox = inbox
        self._clock = clock
        self._read = read
        self._handle = handle
        self._interrupted = interrupted
        self._is_owner = is_owner
        self._places = Places()
        self._last: dict[int, asyncio.Event] = {}
        self._in_hand: dict[int, tuple[Json, Handling]] = {}
        self._seen = Seen()
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished: list[int] = []
        self._take_in_together = Together(self._take_in)
        self._changed = asyncio.Event()
        self._loaded_to = 0
        self._backlog = True
        self._careful_until = float("inf")
        self._stopping = False
        self._upkeep: asyncio.Task[None] | None = None
        self.seconds = {kind: Histogram() for kind in (*UPDATES, "other")}
        """How long updates of each kind were in memory until they were dealt with."""

    async def start(self) -> None:
        """Go on with what lies in the inbox."""
        self._careful_until = self._clock.monotonic() + CAREFUL_S
        self._upkeep = asyncio.create_task(self._look_after(), name="inbox")
        await self._load()

    async def stop(self, grace: float) -> None:
        """Let answers that are under way arrive, for so many seconds; the rest waits in the inbox."""
        self._stopping = True
        try:
            await self._take_in_together(())  # what is being taken in
            await self._write_down(list(self._in_hand))
        except StoreError:
            log.exception("What was in hand could not be written down; Telegram will send some of it again.")
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            if late:
                log.warning("%d answers were still under way; they follow after the next start.", len(late))
                await asyncio.wait(late)
        if self._upkeep is not None:
            self._changed.set()
            await self._upkeep

    @property
    def is_behind(self) -> bool:
        """Whether updates wait in the inbox."""
        return self._backlog

    @property
    def in_hand(self) -> int:
        """How many updates are in memory."""
        return len(self._in_hand)

    # Taking in ---------------------------------------------------------------------------------------------

    async def receive(self, updates: Sequence[Json]) -> None:
        """Take updates in; once this returns, the server may forget them. StoreError when it must not."""
        begun, ids = await self._take_in_together(updates), [each["update_id"] for each in updates]
        if mine := [begun[id_] for id_ in ids if id_ in begun]:
            await asyncio.wait(mine, timeout=QUICK_S)
        await self._write_down(ids)

    async def _take_in(self, updates: Sequence[Json]) -> dict[int, asyncio.Task[None]]:
        """Begin with what there is room for, and write down the rest; what was begun, by its id."""
        by_id = {each["update_id"]: each for each in updates if not self._is_known(each["update_id"])}
        fresh = list(by_id.values())
        known = await self._inbox.known(list(by_id)) if fresh else set()
        new = [each for each in fresh if each["update_id"] not in known]
        careful = self._clock.monotonic() < self._careful_until
        # The slow road: written down first, then handled as there is room; owners do not wait.
        if known or careful or self._backlog or len(self._in_hand) + len(new) > MAX_IN_HAND:
            await self._inbox.put(fresh, self._clock.now())
            for each in new:
                if any(map(self._is_owner, senders_in(each))):
                    self._begin(each, written_down=True)
            self._backlog = True
            await self._load()
            return {}
        begun = ((each["update_id"], self._begin(each, written_down=False)) for each in new)
        return {id_: task for id_, task in begun if task is not None}

    def _is_known(self, update_id: int) -> bool:
        return update_id in self._in_hand or update_id in self._seen

    async def _load(self) -> None:
        """Begin with what lies in the inbox, as far as there is room."""
        while self._backlog and not self._stopping and (room := MAX_IN_HAND - len(self._in_hand)) > 0:
            found = await self._inbox.waiting(self._loaded_to, min(room, _LOAD_BATCH))
            if not found:
                self._backlog = False
                return
            self._loaded_to = max(self._loaded_to, found[-1].seq)
            for each in found:
                if not self._is_known(each.update_id):
                    self._resume(each)

    def _resume(self, found: Waiting) -> None:
        if found.tries >= MAX_TRIES:
            log.error("Update %d ended the program %d times; it is set aside.", found.update_id, found.tries)
            self._finished.append(found.update_id)
            return
        self._begin(found.payload, written_down=True, effect=found.effect)

    async def _write_down(self, ids: Sequence[int]) -> None:
        """Write down what of these is in hand and was not, since the server is about to forget it."""
        in_hand = [self._in_hand[id_] for id_ in ids if id_ in self._in_hand]
        unwritten = [(raw, its) for raw, its in in_hand if not its.written_down]
        if not unwritten:
            return
        await self._inbox.put([raw for raw, _ in unwritten], self._clock.now())
        for _, its in unwritten:
            its.written_down = True
            if its.update_id not in self._in_hand:  # it was dealt with meanwhile
                self._finished.append(its.update_id)

    # Dealing with it ---------------------------------------------------------------------------------------

    def _begin(
        self, raw: Json, *, written_down: bool, effect: bool = False, tries: int = 0
    ) -> asyncio.Task[None] | None:
        update, now = self._read(raw), self._clock.now()
        its = Handling(raw["update_id"], now, written_down=written_down, has_effect=effect, tries=tries)
        if update is None:
            self._remember(its)
            return None
        self._in_hand[its.update_id] = raw, its
        seconds = self.seconds[next((kind for kind in UPDATES if kind in raw), "other")]
        task = asyncio.create_task(self._timed(update, its, seconds), name="update")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _timed(self, update: Update, its: Handling, seconds: Histogram) -> None:
        with timed(seconds, self._clock.monotonic):
            await self._deal_with(update, its)

    async def _deal_with(self, update: Update, its: Handling) -> None:
        """Wait for the update before it from the same chat, then for a place."""
        its.cut_off, done, chat = True, asyncio.Event(), chat_of(update)
        # A chain of events, one a chat: each update waits for the one before it.
        before, self._last[chat] = self._last.get(chat), done
        try:
            if before is not None:
                await before.wait()
            async with self._places.one(owner=self._is_owner(sender_of(update))):
                if not self._stopping:
                    its.cut_off = False
                    await self._handled(update, its)
        except asyncio.CancelledError:
            its.cut_off = True
            raise
        finally:
            done.set()
            if self._last.get(chat) is done:
                del self._last[chat]
            self._end(its)

    async def _handled(self, update: Update, its: Handling) -> None:
        if its.written_down and self._clock.monotonic() < self._careful_until:
            with contextlib.suppress(StoreError):
                await self._inbox.begin(its.update_id)
        handle = self._interrupted if its.has_effect else self._handle
        with handling(its):
            try:
                async with asyncio.timeout(DEADLINE_S):
                    await handle(update)
            except Exception:
                log.exception("Update %d is set aside.", its.update_id)

    def _end(self, its: Handling) -> None:
        raw, _ = self._in_hand.pop(its.update_id)
        if not its.cut_off:
            self._remember(its)
        elif not self._stopping:
            self._later(raw, its)

    def _remember(self, its: Handling) -> None:
        """Remember it; tell the inbox with the next others that it was handled."""
        self._seen.add(its.update_id)
        if its.written_down or its.has_effect:
            self._finished.append(its.update_id)
        self._changed.set()

    def _later(self, raw: Json, its: Handling) -> None:
        """Deal with it again in a while: its sender could not be answered."""
        if its.tries + 1 >= MAX_TRIES:
            log.error("Nobody could be answered for update %d; it is set aside.", its.update_id)
            self._remember(its)
            return
        self._in_hand[its.update_id] = raw, its

        def again() -> None:
            if not self._stopping:
                self._begin(raw, written_down=its.written_down, effect=its.has_effect, tries=its.tries + 1)

        asyncio.get_running_loop().call_later(RETRY_S, again)

    # Looking after the inbox -------------------------------------------------------------------------------

    async def _look_after(self) -> None:
        """Mark what was dealt with as soon as the commit before has ended, and load what waits."""
        while not (self._stopping and not self._tasks):
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._flush()
                if self._backlog and len(self._in_hand) <= MAX_IN_HAND // 2:
                    await self._load()
            except StoreError as error:
                log.error("The inbox cannot be used; trying again: %s", error.__cause__ or error)  # noqa: TRY400  # the cause says it all
            except Exception:
                log.exception("The inbox met a fault of this program.")

    async def _flush(self) -> None:
        """Mark what was dealt with; what cannot be marked now is marked with the next ones."""
        finished, self._finished = self._finished, []
        if not finished:
            return
        try:
            await self._inbox.finish(finished, self._clock.now())
        except BaseException:
            self._finished += finished
            raise
