"""Updates of one chat in order, chats side by side: one slow answer stalls nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.tg.places import Places

_WAITING: Final = 100_000
"""Updates that python-telegram-bot hands over at most; those that wait their turn take no place above."""


class InOrder(BaseUpdateProcessor):
    """Each update waits for the one before it from the same chat, and only then for a place."""

    def __init__(self, *, is_owner: Callable[[int], bool]) -> None:
        super().__init__(_WAITING)
        self._is_owner = is_owner
        self._places = Places()
        self._last: dict[int, asyncio.Event] = {}

    async def do_process_update(self, update: object, coroutine: "Awaitable[Any]") -> None:
        """Handle one update in its turn."""
        chat = _chat(update)
        before = self._last.get(chat)
        done = asyncio.Event()
        self._last[chat] = done
        try:
            if before is not None:
                await before.wait()
            async with self._places.one(owner=self._is_owner(_user(update))):
                await coroutine
        finally:
            done.set()
            if self._last.get(chat) is done:
                del self._last[chat]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to clear away."""


def _chat(update: object) -> int:
    if isinstance(update, Update):
        if update.effective_chat is not None:
            return update.effective_chat.id
        if update.effective_user is not None:
            return update.effective_user.id
    return 0


def _user(update: object) -> int:
    user = update.effective_user if isinstance(update, Update) else None
    return user.id if user is not None else 0
