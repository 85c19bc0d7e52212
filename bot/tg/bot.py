"""python-telegram-bot's bot, with what years of running ask of it."""

import contextlib
import logging
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import telegram
from telegram import Update
from telegram._utils.types import JSONDict
from telegram.ext import ExtBot

from bot.delivery.message_ids import MessageIds
from bot.inbox import Json
from bot.tg.ids import makes_message, note_answer
from bot.tg.transport import never_left

log = logging.getLogger(__name__)

_POLL_SLACK_S: Final = 20.0
"""Seconds beyond those of a poll that its answer may take."""


class TolerantBot(ExtBot[int]):
    """Sends JSON as soon as it is made, takes updates as they come, and notes the ids of its messages.

    Of the answer to a message we need a number: `call` spares each reply the library's objects for request
    and answer, which cost more than all else about it.
    """

    def __init__(self, *args: Any, ids: MessageIds | None = None, **values: Any) -> None:
        """`ids` is told of each message; the rest is the library's."""
        super().__init__(*args, **values)
        with self._unfrozen():
            self._ids = ids or MessageIds()

    async def _do_post(
        self, endpoint: str, data: JSONDict, **values: Any
    ) -> bool | JSONDict | list[JSONDict]:
        chat = data.get("chat_id")
        with contextlib.ExitStack() as stack:
            if isinstance(chat, int) and makes_message(endpoint):
                stack.enter_context(self._ids.reply(chat, _may_have_arrived))
            result = await super()._do_post(endpoint, data, **values)
        note_answer(endpoint, data, result, self._ids)
        return result

    async def call(self, method: str, data: dict[str, Any]) -> Any:
        """Make a request in its turn; the result as it came. Errors are python-telegram-bot's."""
        return await self._post(method, data)

    async def download(self, file_id: str) -> bytes:
        """Fetch a file that somebody sent. Errors are python-telegram-bot's.

        The library would open a path on this machine if the server named one; only what lies below the
        server's own address is fetched.
        """
        # The file id is a stranger’s; what the server answers to it is checked before it is used.
        found = await self._post("getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or not _is_below(path):
            raise telegram.error.NetworkError("the server names no file of its own")
        return await self.request.retrieve(f"{self.base_file_url}/{quote(path)}")

    async def poll(self, *, offset: int, seconds: int, kinds: Sequence[str]) -> Any:
        """Ask for updates; what came, as it came. Errors are python-telegram-bot's."""
        data = {"offset": offset, "timeout": seconds, "allowed_updates": list(kinds)}
        return await self._post("getUpdates", data, read_timeout=seconds + _POLL_SLACK_S)

    def read(self, raw: Json) -> Update | None:
        """Return an update; None, once logged, when the library cannot read it."""
        try:
            return Update.de_json(raw, self)
        except Exception:
            log.exception("Update %s cannot be read; it is passed over.", raw["update_id"])
            return None


def _may_have_arrived(error: BaseException) -> bool:
    """Return whether a request that failed so may have been carried out."""
    if not isinstance(error, telegram.error.TelegramError):
        return True  # cancelled, or a fault of our own
    is_answer = not isinstance(error, telegram.error.NetworkError) or isinstance(
        error, telegram.error.BadRequest
    )
    return not is_answer and not never_left(error)


def _is_below(path: str) -> bool:
    """Return whether a path stays below the address that it is put behind."""
    parts = path.split("/")
    return path.isascii() and path.isprintable() and ":" not in path and not {"", ".", ".."} & set(parts)
