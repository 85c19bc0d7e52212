"""Asks Telegram for updates, one long poll after another, and hands them to the dispatcher."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import telegram

from bot.clock import Clock
from bot.errors import StoreError
from bot.inbox import Json
from bot.tg.arrivals import Arrivals
from bot.tg.bot import TolerantBot
from bot.tg.dispatcher import UPDATES
from bot.tg.incoming import has_id, is_update

log = logging.getLogger(__name__)

POLL_S: Final = 10
"""Seconds for which the server holds a poll while nothing comes."""

FIRST_WAIT_S: Final = 1.0
MAX_WAIT_S: Final = 10.0
"""Seconds between two polls that fail, doubling from the first to the last."""


class Poller:
    """Polls until it is stopped; what fails is tried again, at most MAX_WAIT_S seconds later."""

    def __init__(
        self,
        bot: TolerantBot,
        receive: Callable[[Sequence[Json]], Awaitable[None]],
        *,
        arrivals: Arrivals,
        clock: Clock,
    ) -> None:
        """`receive` returns once the updates need not be sent again."""
        self._bot = bot
        self._receive = receive
        self._arrivals = arrivals
        self._clock = clock
        self._offset = 0
        self._may_remove_webhook = True
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
            reason = ""
            try:
                well = await self._poll()
            except Exception as error:  # noqa: BLE001  # it is told
                conflict = isinstance(error, telegram.error.Conflict)
                if conflict and await self._took_webhook_away():
                    continue
                _tell(error)
                well, reason = False, str(error) if conflict else ""
            self._arrivals.note(well=well, reason=reason)
            if well:
                wait = FIRST_WAIT_S
                continue
            await self._clock.sleep(wait)
            wait = min(wait * 2, MAX_WAIT_S)

    async def _took_webhook_away(self) -> bool:
        """Remove a webhook that was there before this start: beside one, no poll brings anything.

        One that is set later is another program's, or our own on its way to a webhook: neither is fought.
        """
        if not self._may_remove_webhook:
            return False
        try:
            found = await self._bot.call("getWebhookInfo", {})
            if not isinstance(found, dict) or not found.get("url"):
                return False
            await self._bot.call("deleteWebhook", {"drop_pending_updates": False})
        except telegram.error.TelegramError:
            return False
        self._may_remove_webhook = False
        log.warning("Telegram had a webhook for this bot; it is removed, since WEBHOOK_URL is not set.")
        return True

    async def _poll(self) -> bool:
        """Ask once; return whether the server brought what updates are made of."""
        answer = await self._bot.poll(offset=self._offset, seconds=POLL_S, kinds=UPDATES)
        self._may_remove_webhook = False
        if not isinstance(answer, list):
            log.warning("A poll brought no list of updates.")
            return False
        # One that cannot be read must not keep the others of the same poll.
        updates = [each for each in answer if is_update(each)]
        ids = [each["update_id"] for each in answer if has_id(each)]
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
