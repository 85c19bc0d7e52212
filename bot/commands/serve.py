"""`run` and `demo`: the bot on Telegram, or on a chat page of its own."""

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from telegram.helpers import create_deep_linked_url

from bot.actions import deep_links
from bot.app.chat import claim_word
from bot.app.lifespan import Environment, Runtime, lifespan
from bot.clock import SystemClock, new_token
from bot.commands.logs import log_at
from bot.commands.stopping import until_stopped
from bot.config import Settings
from bot.demo.cast import EDITOR_ID
from bot.demo.clock import SkippingClock
from bot.demo.server import BotApiServer
from bot.errors import StartError, StoreError
from bot.gc_tuning import freeze
from bot.i18n import Language, translator

_DEMO_BOT_ID: Final = 10_000
"""The id of the bot of the chat page; the rest of its token is made anew at each start."""

_OWNER_ONLY_UMASK: Final = 0o077
"""What this process makes is read by nobody else: the database holds what people chose and when they read."""

_MAX_MESSAGES: Final = 5_000
"""Messages, and requests, that the chat page remembers."""

HOST: Final = "127.0.0.1"
PORT: Final = 8080
_MAX_SKIPPED_DAYS: Final = 366


async def run(settings: Settings) -> int:
    """Answer on Telegram until stopped."""
    log_at(logging.INFO, settings.secrets(), form=settings.log_format)
    os.umask(_OWNER_ONLY_UMASK)
    await until_stopped(_run(settings))
    return 0


async def _run(settings: Settings) -> None:
    async with lifespan(settings, Environment(clock=SystemClock())) as runtime:
        freeze()
        name = runtime.app.bot.username
        print(f"@{name} is ready. Stop it with Ctrl+C.", flush=True)
        if word := await claim_word(runtime.stores.people):
            link = create_deep_linked_url(name, f"{deep_links.OWNER}{word}")
            print(f"Nobody owns this bot yet. To make it yours, open {link}", flush=True)
        await runtime.watch.run()


async def demo(settings: Settings) -> int:
    """Answer on a chat page, where the editor owns the bot."""
    log_at(logging.WARNING, settings.secrets(), form=settings.log_format)
    os.umask(_OWNER_ONLY_UMASK)
    await until_stopped(_demo(settings))
    return 0


async def _demo(settings: Settings) -> None:
    folder = settings.data_dir / "demo"
    _make(folder)
    clock = SkippingClock(folder / "clock")
    runtime: Runtime | None = None

    async def skip(chat: int, days: int | None) -> str:
        return await _skip(runtime, clock, chat, days) if runtime else ""

    secret = f"{_DEMO_BOT_ID}:{new_token()}"
    server = BotApiServer(token=secret, clock=clock, skip=skip, keep=_MAX_MESSAGES)
    await _listen(server, settings.port)
    try:
        changed = settings.model_copy(
            update={
                "bot_token": SecretStr(secret),
                "bot_api_url": SecretStr(server.address),
                "telegram_proxy": None,
                "data_dir": folder,
                "store_url": None,
                "webhook_url": None,
                "owner_ids": frozenset({EDITOR_ID}),
                "backups": 0,
            }
        )
        async with lifespan(changed, Environment(clock=clock)) as runtime:
            freeze()
            print(f"Open {server.address}/ and send /start. Stop it with Ctrl+C.", flush=True)
            await runtime.watch.run()
    finally:
        await server.stop()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.folder", folder=folder, reason=error.strerror) from error


async def _listen(server: BotApiServer, port: int | None) -> None:
    """Listen on the port that was asked for, else on the usual one, else on any that is free."""
    try:
        await server.start(HOST, PORT if port is None else port)
    except StartError:
        if port is not None:
            raise
        # Nobody asked for a port: any that is free will do.
        await server.start(HOST, 0)
        print(f"Port {PORT} is taken, so another one is used.", flush=True)


async def _skip(runtime: Runtime, clock: SkippingClock, chat: int, days: int | None) -> str:
    """Move the runtime's clock by so many days, or to the next digest of a chat, and run the jobs."""
    if days is not None:
        clock.skip_to(clock.now() + timedelta(days=min(max(days, 0), _MAX_SKIPPED_DAYS)))
        await runtime.scheduler.run_all()
        return ""
    readers = await runtime.services.readers.of_chat(chat)
    due = [reader.subscription.next_at for reader in readers if reader.subscription.next_at]
    tr = translator(readers[0].language if readers else Language("en"))
    if not due:
        return tr("demo.subscribe_first")
    clock.skip_to(min(due))
    await runtime.scheduler.run_all()
    return tr("demo.skipped")
