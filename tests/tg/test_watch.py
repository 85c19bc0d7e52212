"""The watch over the running bot: what fell silent speaks again."""

import asyncio

from aiohttp import web

from bot.app.running import SILENCE, Product
from bot.clock import SystemClock
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Phase
from tests.chat import Chat
from tests.clock import StillClock


async def test_a_bot_that_a_refused_token_has_deafened_hears_again(
    server: BotApiServer, bot: Product, ada: Chat, clock: StillClock
) -> None:
    await ada.send("/start")
    refused = asyncio.Event()

    async def refuse(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method != "getupdates" or phase == "after":
            return None
        refused.set()
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)

    server.fault = refuse
    server.world.say(ada.id, ada.user, "/quote")  # ends the poll that is under way
    await ada.reply()
    await refused.wait()
    server.fault = None
    server.world.say(ada.id, ada.user, "/summary")
    watching = asyncio.create_task(bot.watch.run())
    while not watching.done() and ada.silent():
        bot.worker.pulse.beat()
        bot.timer.pulse.beat()
        await clock.advance(seconds=SILENCE.total_seconds() / 4)
        await SystemClock().sleep(0.01)
    assert (await ada.reply())["text"].startswith("First things")
    watching.cancel()
