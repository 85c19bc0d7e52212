"""Runs among the peers, in their own environment: one message after another to the sink.

`python -m tools.bench.peers_sending NAME ADDRESS COUNT MAX_CONCURRENT CORE`
"""

import asyncio
import sys
from typing import Any

from tools.bench.load import CHAT, TEXT, TOKEN, measured, pinned


async def aiogram(address: str, count: int, side_by_side: int) -> None:
    """aiogram 3, its own session with a pool of that size."""
    from aiogram import Bot  # type: ignore[import-not-found]  # noqa: PLC0415  # not in our environment
    from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]  # noqa: PLC0415

    session: Any = AiohttpSession(api=TelegramAPIServer.from_base(address), limit=max(side_by_side, 100))
    bot = Bot(TOKEN, session=session)
    try:
        await measured(lambda _: bot.send_message(CHAT, TEXT), count, side_by_side)
    finally:
        await bot.session.close()


async def telebot(address: str, count: int, side_by_side: int) -> None:
    """pyTelegramBotAPI, asynchronous."""
    from telebot import asyncio_helper  # type: ignore[import-not-found]  # noqa: PLC0415  # likewise
    from telebot.async_telebot import AsyncTeleBot  # type: ignore[import-not-found]  # noqa: PLC0415

    asyncio_helper.API_URL = address + "/bot{0}/{1}"
    asyncio_helper.REQUEST_LIMIT = max(side_by_side, 50)
    bot = AsyncTeleBot(TOKEN)
    try:
        await measured(lambda _: bot.send_message(CHAT, TEXT), count, side_by_side)
    finally:
        await bot.close_session()


if __name__ == "__main__":
    name, address, count, side_by_side, core = sys.argv[1:]
    pinned(core)
    asyncio.run({"aiogram": aiogram, "telebot": telebot}[name](address, int(count), int(side_by_side)))
