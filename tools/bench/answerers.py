"""Bots that answer, each in a process of its own on one core, until standard input ends.

`python -m tools.bench.answerers NAME ADDRESS CORE`
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.app.lifespan import Environment, lifespan
from bot.clock import SystemClock
from bot.config import Settings
from bot.db.database import Database
from bot.delivery.rates import Rates
from bot.gc_tuning import freeze
from bot.loop_lag import LoopLag
from bot.sources.robots import FetchSince
from tests.subscribers import store_in
from tools.bench.feeds import ENTRIES_A_FEED, FEEDS, Web, follow
from tools.bench.large import ARTICLES, write_articles, write_quotes
from tools.bench.load import TOKEN, pinned
from tools.bench.senders import UNPACED, fill

USUAL: Final = 100
"""Articles, where nothing else is said."""

_WAITING: Final = 10_000


async def unpaced(address: str) -> None:
    """The product, as fast as it can."""
    await _product(address, UNPACED)


async def large(address: str) -> None:
    """The same, with 10,000 articles and a quote of each."""
    await _product(address, UNPACED, articles=ARTICLES)


async def idle(address: str) -> None:
    """The product at its usual rate, with nothing else to send."""
    await _product(address, None)


async def busy(address: str) -> None:
    """The product at its usual rate, while messages for many wait."""
    await _product(address, None, waiting=_WAITING)


async def polling(address: str) -> None:
    """The product at its usual rate, while its feeds bring a thousand entries."""
    web = Web(ENTRIES_A_FEED)
    await _product(address, None, fetch=web.fetch)
    if len(web.asked) < FEEDS:
        raise RuntimeError(f"only {len(web.asked)} feeds were looked at")


async def echo(address: str) -> None:
    """What python-telegram-bot's echo example does, on that library's own transport."""

    async def repeat(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None and update.message.text is not None:
            await update.message.reply_text(update.message.text)

    app = Application.builder().token(TOKEN).base_url(f"{address}/bot").build()
    app.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, repeat))
    async with app:
        await app.start()
        assert app.updater is not None  # the builder made one
        await app.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        await _until_told()
        await app.updater.stop()
        await app.stop()


async def _product(
    address: str,
    rates: Rates | None,
    *,
    waiting: int = 0,
    articles: int = USUAL,
    fetch: FetchSince | None = None,
) -> None:
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        data, empty = Path(folder), Path(folder) / "content"
        empty.mkdir()
        database = await Database.open(store_in(data))
        try:
            await write_articles(database, clock, articles)
            if articles > USUAL:
                await write_quotes(database)
            await fill(database, clock, waiting)
            if fetch is not None:
                await follow(database, clock, FEEDS)
        finally:
            await database.close()
        token = SecretStr(TOKEN.replace("bench", "bench-token"))
        settings = Settings(bot_token=token, bot_api_url=SecretStr(address), data_dir=data)
        async with lifespan(settings, Environment(clock=clock, content=empty, rates=rates, fetch=fetch)):
            freeze()  # as `run` does
            await _until_told()


async def _until_told() -> None:
    """Print how many seconds the event loop was late at worst meanwhile."""
    lag = LoopLag()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(lag.take_worst(), flush=True)
    lag.stop()


ANSWERERS: Final = {each.__name__: each for each in (unpaced, large, idle, busy, polling, echo)}

if __name__ == "__main__":
    name, address, core = sys.argv[1:]
    pinned(core)
    asyncio.run(ANSWERERS[name](address))
