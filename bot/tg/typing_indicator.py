"""The *typing …* that Telegram shows while an answer is made."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Final

import telegram

from bot.tg import convert
from bot.tg.request import Request

DELAY_S: Final = 0.3
"""Seconds after which people begin to wonder whether they were heard."""

_INTERVAL_S: Final = 4.0
"""Telegram shows it for five seconds."""


@contextlib.contextmanager
def typing(request: Request) -> Iterator[None]:
    """Show it while this is open, once the delay has passed. Nobody waits for an answer in a channel."""
    if request.incoming.effective_chat is None or request.is_in_channel:
        yield
        return
    tasks: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    timer = loop.call_later(DELAY_S, lambda: tasks.append(loop.create_task(_repeat(request))))
    try:
        yield
    finally:
        timer.cancel()
        for task in tasks:
            task.cancel()


async def _repeat(request: Request) -> None:
    with contextlib.suppress(telegram.error.TelegramError):
        while True:
            await convert.type_in(request.bot, request.place)
            await request.services.clock.sleep(_INTERVAL_S)
