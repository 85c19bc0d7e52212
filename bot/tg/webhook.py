"""Lets Telegram post updates to this bot, and sees to it that it does."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import telegram

from bot.addresses import is_same_hook
from bot.clock import Clock
from bot.inbox import Json
from bot.tg.arrivals import Arrivals
from bot.tg.bot import TolerantBot
from bot.tg.dispatcher import UPDATES
from bot.tg.envelope import MAX_DESCRIPTION_CHARS
from bot.tg.incoming import is_update

log = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 80
"""How many updates Telegram may post side by side; fewer than the door lets in at a time."""

LOOK_S: Final = 30.0
"""Seconds between two looks at how Telegram fares with the webhook."""

FIRST_WAIT_S: Final = 2.0
"""Seconds before a webhook that could not be set is tried again; doubled each time, up to LOOK_S."""

Take = Callable[[bytes], Awaitable[None]]


class Door(Protocol):
    """What Telegram's requests come in by (`bot/web/webhook.py`)."""

    def open(self, take: Take) -> None:
        """Hand on what is posted. StoreError of `take` asks for it again, ValueError says it is no update."""

    async def close(self) -> None:
        """Ask Telegram to come again later; return once nothing is being taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """What Telegram is told: where to post to, by which secret, by which certificate of our own making."""

    url: str
    secret: str
    certificate: bytes | None = None


class Webhook:
    """Takes updates in as they are posted.

    Every half a minute Telegram is asked how it fares: on a quiet night nothing waits there; behind a dead
    webhook updates wait, errors are met, and none came here.
    """

    def __init__(
        self,
        bot: TolerantBot,
        receive: Callable[[Sequence[Json]], Awaitable[None]],
        *,
        door: Door,
        hook: Hook,
        arrivals: Arrivals,
        clock: Clock,
    ) -> None:
        """`receive` returns once an update need not be sent again."""
        self._bot = bot
        self._receive = receive
        self._door = door
        self._hook = hook
        self._arrivals = arrivals
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._is_set = False
        self._came = False
        self._last_error: object = None

    def start(self) -> None:
        """Take in what is posted from now on, and see to it that Telegram posts here."""
        self._door.open(self._take)
        self._task = asyncio.create_task(self._look_after(), name="webhook")

    async def stop(self) -> None:
        """Take no more in; a second time does nothing. Telegram keeps what it has for the next start."""
        await self._door.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
            self._task = None

    async def restart(self) -> None:
        """Begin anew."""
        await self.stop()
        self._is_set = False
        self.start()

    async def _take(self, body: bytes) -> None:
        raw = _read(body)
        self._came = True
        await self._receive([raw])

    async def _look_after(self) -> None:
        wait = FIRST_WAIT_S
        while True:
            reason = ""
            try:
                reason = await self._look()
                well = not reason
            except telegram.error.BadRequest as error:
                well, reason = False, error.message
                if reason != self._arrivals.reason:
                    log.error("Telegram does not accept the webhook: %s", reason)  # noqa: TRY400  # its words say it all
            except telegram.error.TelegramError as error:
                well = False
                log.warning("Telegram cannot be asked about the webhook just now: %s", error.message)
            except Exception:
                log.exception("The look at the webhook met a fault of this program.")
                well = False
            self._arrivals.note(well=well, reason=reason)
            await self._clock.sleep(LOOK_S if self._is_set else wait)
            wait = FIRST_WAIT_S if self._is_set else min(wait * 2, LOOK_S)

    async def _look(self) -> str:
        """Set the webhook if it is not; return why updates that wait do not come, empty for none."""
        info = await self._bot.call("getWebhookInfo", {})
        if not isinstance(info, dict):
            raise telegram.error.NetworkError("no readable answer")
        if self._is_set and not is_same_hook(str(info.get("url")), self._hook.url):
            log.error("Another program took the webhook away; it is set again.")
            self._is_set = False
        came, self._came = self._came, False
        error, before = info.get("last_error_date"), self._last_error
        self._last_error = error
        if not self._is_set:
            await self._set()
            self._is_set = True
            return ""
        waits = info.get("pending_update_count")
        # Errors of before count only once there are new ones: Telegram tries again more and more seldom.
        if came or not waits or (error == before and not self._arrivals.reason):
            return ""
        reason = str(info.get("last_error_message"))[:MAX_DESCRIPTION_CHARS]
        if not self._arrivals.reason:
            log.error("Telegram cannot deliver updates (%s wait): %s", waits, reason)
        return reason

    async def _set(self) -> None:
        values: dict[str, Any] = {
            "url": self._hook.url,
            "secret_token": self._hook.secret,
            "allowed_updates": list(UPDATES),
            "max_connections": MAX_CONNECTIONS,
        }
        if self._hook.certificate is not None:
            values["certificate"] = telegram.InputFile(self._hook.certificate, filename="certificate.pem")
        await self._bot.call("setWebhook", values)
        log.info("Telegram posts updates to the webhook from now on.")


def _read(body: bytes) -> Json:
    """Return the update that a body holds. ValueError when it holds none."""
    try:
        raw = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError:
        raise ValueError("no JSON") from None
    if not is_update(raw):
        raise ValueError("no update")
    update: Json = raw
    return update
