"""Replies under the same limits as digests: python-telegram-bot asks here before each request."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final, TypeVar

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.clock import Clock
from bot.delivery.pacer import Lane, Pacer, WouldWait
from bot.tg.places import give_back_place

T = TypeVar("T")

PATIENCE_S: Final = 60.0
"""Seconds that a reply waits for its chat, in all; whoever asked has then long gone on."""

_MESSAGES: Final = ("send", "copy", "forward")
_EDITS: Final = ("edit",)
_FREE: Final = frozenset({"sendChatAction"})


class Paced(BaseRateLimiter[int]):
    """Messages and edits take turns; answers to presses, questions and all else never wait.

    What Telegram throttles is repeated once its wait is over: whoever asked would else get no answer at all.
    """

    def __init__(self, pacer: Pacer, clock: Clock, *, is_owner: Callable[[int], bool]) -> None:
        self._pacer = pacer
        self._clock = clock
        self._is_owner = is_owner

    async def initialize(self) -> None:
        """Do nothing: nothing is needed."""

    async def shutdown(self) -> None:
        """Do nothing: nothing is held."""

    async def process_request(  # noqa: PLR0917  # the library's own signature
        self,
        callback: Callable[..., Coroutine[Any, Any, T]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002  # nothing here needs to say more
    ) -> T:
        """Make the request in its turn. RetryAfter when its chat takes nothing within `PATIENCE_S`."""
        chat, edit = data.get("chat_id"), endpoint.startswith(_EDITS)
        if not isinstance(chat, int) or endpoint in _FREE or not (edit or endpoint.startswith(_MESSAGES)):
            return await callback(*args, **kwargs)
        # By who the chat is, without asking the database: only the order depends on it.
        lane: Lane = "owner" if self._is_owner(chat) else "reply"
        end = self._clock.monotonic() + PATIENCE_S
        while True:
            if not self._pacer.try_acquire(chat, lane, edit=edit):
                # Who waits for Telegram’s limits must not keep others from being answered.
                give_back_place()
                try:
                    await self._pacer.acquire(chat, lane, patience=end - self._clock.monotonic(), edit=edit)
                except WouldWait as held:
                    raise RetryAfter(held.wait) from None
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                told = error.retry_after
                wait = told if isinstance(told, timedelta) else timedelta(seconds=told)
                # And once more from the top: whoever asked would else get no answer.
                await self._pacer.throttled(chat, wait, lane)
