"""The local Bot API server as a library, or anybody else, calls it."""

from typing import Any, Final

import aiohttp
import telegram

from bot.demo.server import BotApiServer
from tests.chat import TOKEN

ADA: Final = 11
LIN: Final = 12
GROUP: Final = -100
CHANNEL: Final = -200


def client(server: BotApiServer, token: str = TOKEN) -> telegram.Bot:
    """python-telegram-bot on its own transport."""
    return telegram.Bot(token, base_url=f"{server.address}/bot", base_file_url=f"{server.address}/file/bot")


async def raw(server: BotApiServer, path: str, **values: object) -> tuple[int, Any]:
    """Status and answer of a POST in JSON to any path."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.address}/{path}", json=values) as response,
    ):
        return response.status, await response.json()


async def call(server: BotApiServer, method: str, /, **values: object) -> tuple[int, Any]:
    """Status and answer of a method."""
    return await raw(server, f"bot{TOKEN}/{method}", **values)
