"""python-telegram-bot's bot, with what years of running ask of it."""

import logging
from typing import Any
from urllib.parse import quote

import telegram
from telegram import Update
from telegram.ext import ExtBot

from bot.clock import Pulse

log = logging.getLogger(__name__)


class PatientBot(ExtBot[int]):
    """Skips an update that the library cannot read: else it would be asked for again and again, for ever.

    What we send is JSON as soon as it is made, and of the answer we need a number: `call` spares each reply
    the library's objects for both, which cost more than all else about it.
    """

    def __init__(self, *args: Any, pulse: Pulse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pulse = pulse

    async def call(self, method: str, data: dict[str, Any]) -> Any:
        """Make a request in its turn; the result as it came. Errors are python-telegram-bot's."""
        return await self._post(method, data)

    async def download(self, file_id: str) -> bytes:
        """Fetch a file that somebody sent. Errors are python-telegram-bot's.

        The library would open a path on this machine if the server named one; only what lies below the
        server's own address is fetched.
        """
        found = await self._post("getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or not _is_below(path):
            raise telegram.error.NetworkError("the server names no file of its own")
        return await self.request.retrieve(f"{self.base_file_url}/{quote(path)}")

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """What came in."""
        try:
            updates = await self._updates(*args, **kwargs)
        except telegram.error.TelegramError:
            self._pulse.beat(well=False)
            raise
        self._pulse.beat()
        return updates

    async def _updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        try:
            return await super().get_updates(*args, **kwargs)
        except telegram.error.TelegramError:
            raise
        except Exception:
            log.exception("Among the updates is one that cannot be read.")
        raw = await self._post("getUpdates", {"offset": kwargs.get("offset"), "timeout": 0})
        return tuple(self._read(update) for update in raw)

    def _read(self, update: dict[str, Any]) -> Update:
        try:
            return Update.de_json(update, self)
        except Exception:
            log.exception("Update %s is skipped.", update["update_id"])
            return Update(update["update_id"])  # nobody answers it, and the next poll asks for those after it


def _is_below(path: str) -> bool:
    """Return whether a path stays below the address that it is put behind."""
    parts = path.split("/")
    return path.isascii() and path.isprintable() and ":" not in path and not {"", ".", ".."} & set(parts)
