"""Asks Telegram for updates, one long poll after another, and hands them to the dispatcher."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import telegram

from bot.clock import Clock, Heartbeat
from bot.errors import StoreError
from bot.inbox import Json
from bot.tg.bot import TolerantBot
from bot.tg.dispatcher import UPDATES
from bot.tg.envelope import MAX_ID, is_id

log = logging.getLogger(__name__)

POLL_S: Final = 10
"""Seconds for which the server holds a poll while nothing comes."""

FIRST_WAIT_S: Final = 1.0
MAX_WAIT_S: Final = 10.0
"""Seconds between two polls that fail, doubling from the first to the last."""

_MAX_DEPTH: Final = 40
"""Levels within an update that are looked at; Telegram's have about ten."""

_WHO: Final = frozenset({"chat", "from", "user", "sender_chat", "sender_user"})
"""Keys whose values are chats or people."""


class Poller:
    """Polls until it is stopped; what fails is tried again, at most MAX_WAIT_S seconds later."""

    def __init__(
        self, bot: TolerantBot, receive: Callable[[Sequence[Json]], Awaitable[None]], *, clock: Clock
    ) -> None:
        """`receive` returns once the updates need not be sent again."""
        self._bot = bot
        self._receive = receive
        self._clock = clock
        self.heartbeat = Heartbeat(clock)
        """When a poll last ended."""
        self._offset = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Poll from now on."""
        self._task = asyncio.create_task(self._poll_on(), name="polling")

    async def stop(self) -> None:
        """Poll no more; a second time does nothing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
            self._task = None

    async def restart(self) -> None:
        """Begin anew."""
        await self.stop()
        self.start()

    async def _poll_on(self) -> None:
        wait = FIRST_WAIT_S
        while True:
            try:
                well = await self._poll()
            except Exception as error:  # noqa: BLE001  # it is told
                _tell(error)
                well = False
            self.heartbeat.beat(well=well)
            if well:
                wait = FIRST_WAIT_S
                continue
            await self._clock.sleep(wait)
            wait = min(wait * 2, MAX_WAIT_S)

    async def _poll(self) -> bool:
        """Ask once; return whether the server brought what updates are made of."""
        answer = await self._bot.poll(offset=self._offset, seconds=POLL_S, kinds=UPDATES)
        if not isinstance(answer, list):
            log.warning("A poll brought no list of updates.")
            return False
        # One that cannot be read must not keep the others of the same poll.
        updates = [each for each in answer if is_update(each)]
        ids = [each["update_id"] for each in answer if _has_id(each)]
        if updates:
            await self._receive(updates)
        if ids:  # also of what cannot be read: it would come again with each poll
            self._offset = ids[-1] + 1
        if len(updates) < len(answer):
            log.warning("%d updates cannot be read and are passed over.", len(answer) - len(updates))
        return bool(ids) or not answer


def _tell(error: Exception) -> None:
    """Log why a poll failed: an owner's matter in words, a fault of our own with all that is known."""
    # Two processes with one token steal each other’s updates: that needs words, not a traceback.
    match error:
        case telegram.error.Conflict():
            words = "Another process answers for this bot. Stop it, or give this one a token of its own."
            log.error(words)
        case telegram.error.InvalidToken() | telegram.error.Forbidden():
            log.error("Telegram does not accept the token; asking again.")
        case telegram.error.TelegramError():
            log.warning("Telegram cannot be reached just now: %s", error.message)
        case StoreError():
            cause = error.__cause__ or error
            log.error("What came in cannot be written down; asking again: %s", cause)
        case _:
            log.error("A poll met a fault of this program.", exc_info=error)


def is_update(raw: object) -> bool:
    """Return whether something can be an update.

    It has an id, no number that a database cannot hold, and chats and people that are some.
    """
    return _has_id(raw) and _is_bounded(raw, _MAX_DEPTH)


def _has_id(raw: object) -> bool:
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return type(number) is int and 0 <= number < MAX_ID


def _is_bounded(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        return depth > 0 and all(
            _is_bounded(each, depth - 1) and (key not in _WHO or _is_somebody(each))
            for key, each in value.items()
        )
    if isinstance(value, list):
        return depth > 0 and all(_is_bounded(each, depth - 1) for each in value)
    if isinstance(value, float):
        return abs(value) <= MAX_ID  # neither infinite nor no number
    return not isinstance(value, int) or -MAX_ID <= value <= MAX_ID


def _is_somebody(value: Any) -> bool:
    return isinstance(value, dict) and is_id(value.get("id"))
