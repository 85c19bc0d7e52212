"""python-telegram-bot with our transport, our handlers and our order of updates."""

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Final

import telegram
from telegram import Update
from telegram.ext import Application, ContextTypes, TypeHandler

from bot.clock import Clock
from bot.db.engine import Lease
from bot.delivery.message_ids import MessageIds
from bot.delivery.pacer import Pacer
from bot.errors import StartError
from bot.tg.bot import TolerantBot
from bot.tg.errors import on_error
from bot.tg.gate import Gate
from bot.tg.handlers import (
    adding,
    appointing,
    broadcasting,
    drafts,
    explaining,
    fallback,
    feeds,
    figures,
    gathering,
    linking,
    membership,
    operating,
    privacy,
    quotes,
    reading,
    removing,
    restoring,
    revising,
    searching,
    settings,
    starting,
    subscribing,
    topics,
    versions,
)
from bot.tg.limiter import Paced
from bot.tg.poller import FIRST_WAIT_S, MAX_WAIT_S
from bot.tg.request import App, Request
from bot.tg.routes import Route, handlers_of, spoken
from bot.tg.services import Services
from bot.tg.transport import AiohttpRequest

log = logging.getLogger(__name__)

_FEATURES: Final[tuple[Route, ...]] = (
    *reading.ROUTES,
    *quotes.ROUTES,
    *feeds.ROUTES,  # as below
    *revising.ROUTES,  # an answer is no article
    *drafts.ROUTES,  # as above
    *gathering.ROUTES,
    *linking.ROUTES,  # before what searches plain words
    *searching.ROUTES,
    *subscribing.ROUTES,
    *settings.ROUTES,
    *topics.ROUTES,
    *privacy.ROUTES,
    *explaining.ROUTES,
    *adding.ROUTES,
    *versions.ROUTES,
    *removing.ROUTES,
    *appointing.ROUTES,
    *broadcasting.ROUTES,
    *starting.ROUTES,  # after those with deep links of their own
    *restoring.ROUTES,
    *operating.ROUTES,
    *figures.ROUTES,
    *membership.ROUTES,
)
ROUTES: Final[tuple[Route, ...]] = (
    spoken(_FEATURES),
    *_FEATURES,
    *fallback.COMMANDS,
    searching.PLAIN_WORDS,
    *fallback.ROUTES,
)
"""Every feature of the chat, in the order in which it is asked."""


@contextlib.asynccontextmanager
async def chat_application(
    *,
    token: str,
    address: str,
    proxy: str | None,
    services: Services,
    pacer: Pacer,
    commands: int,
    is_owner: Callable[[int], bool],
    lease: Lease,
    ids: MessageIds,
) -> AsyncIterator[App]:
    """Build the application, ready to send.

    `commands` is how much one person may ask in a minute; owners have a lane of their own.
    `ids` is told of each message that the bot writes.

    Waits for a network; StartError for a token that is refused and an address that is none.
    """
    request = AiohttpRequest(proxy=proxy, lease=lease)
    polled = AiohttpRequest(proxy=proxy, connections=1, lease=lease)
    bot = TolerantBot(
        token,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=request,
        get_updates_request=polled,
        rate_limiter=Paced(pacer, services.clock, is_owner=is_owner),
        ids=ids,
    )
    app: App = (
        Application.builder()
        .bot(bot)
        .context_types(ContextTypes(context=Request))
        .updater(None)  # updates come by the dispatcher
        .job_queue(None)
        .build()
    )
    app.bot_data["services"] = services
    # In a group before all others, so that it sees each update first.
    app.add_handler(TypeHandler(Update, Gate(services.clock, commands).admit), group=-1)
    app.add_handlers(handlers_of(ROUTES))
    app.add_error_handler(on_error)
    async with contextlib.AsyncExitStack() as stack:
        # The library leaves its connections open when its start fails.
        stack.push_async_callback(request.shutdown)
        stack.push_async_callback(polled.shutdown)
        await _wait_for_telegram(app, address, services.clock)
        stack.push_async_callback(app.shutdown)
        yield app


async def _wait_for_telegram(app: App, address: str, clock: Clock) -> None:
    """Ask who we are until Telegram answers: after a power cut the network comes later than we do."""
    wait = FIRST_WAIT_S
    while True:
        try:
            await app.initialize()
        except telegram.error.InvalidToken:
            raise StartError("error.token") from None
        except telegram.error.TelegramError as error:
            if isinstance(error.__cause__, ValueError):
                raise StartError("error.network", address=address, reason=error.message) from None
            reason = error.message
        except (TypeError, ValueError, KeyError, AttributeError):
            reason = "its answer cannot be read"  # the library makes a user of whatever came
        else:
            return
        log.warning("%s does not answer yet (%s); trying again in %d s.", address, reason, wait)
        await clock.sleep(wait)
        wait = min(wait * 2, MAX_WAIT_S)
