"""python-telegram-bot with our transport, our handlers and our order of updates."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Final

import telegram
from telegram import Update
from telegram.ext import Application, ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.clock import Pulse
from bot.delivery.pacer import Pacer
from bot.errors import StartError
from bot.i18n import say_in
from bot.tg.apology import on_error
from bot.tg.bot import PatientBot
from bot.tg.context import App, Context, client_language
from bot.tg.double_tap import passing_over_double_taps
from bot.tg.features import HANDLERS
from bot.tg.in_order import InOrder
from bot.tg.once import passing_over_repeats
from bot.tg.pacing import Paced
from bot.tg.rate_limit import limiting
from bot.tg.services import Services
from bot.tg.transport import AiohttpRequest

log = logging.getLogger(__name__)

_FIRST: Final = -5
_SECOND: Final = -4
_THIRD: Final = -3
_FOURTH: Final = -2
_FIFTH: Final = -1
"""The groups of handlers that are asked before all features."""

ANSWERS: Final = timedelta(seconds=6)
"""How long answers that are under way may take when the process is asked to stop."""

UPDATES: Final = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
"""All that is asked of Telegram: an edited message is not among it, so no command runs twice."""


@contextlib.asynccontextmanager
async def chat_application(
    *,
    token: str,
    address: str,
    proxy: str | None,
    services: Services,
    pulse: Pulse,
    pacer: Pacer,
    commands: int,
    is_owner: Callable[[int], bool],
) -> AsyncIterator[App]:
    """The application, ready to send; `pulse` beats when it polls.

    `commands` is how much one person may ask in a minute; owners have a lane of their own.

    StartError for a token that is refused, and for no network.
    """
    request, polled = AiohttpRequest(proxy=proxy), AiohttpRequest(proxy=proxy, connections=1)
    bot = PatientBot(
        token,
        pulse=pulse,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=request,
        get_updates_request=polled,
        rate_limiter=Paced(pacer, services.clock, is_owner=is_owner),
    )
    app: App = (
        Application.builder()
        .bot(bot)
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(InOrder(is_owner=is_owner))
        .job_queue(None)
        .build()
    )
    app.bot_data["services"] = services
    app.add_handler(passing_over_repeats(), group=_FIRST)
    app.add_handler(TypeHandler(Update, _pass_over_elsewhere), group=_SECOND)
    app.add_handler(limiting(services.clock, commands), group=_THIRD)
    app.add_handler(passing_over_double_taps(services.clock), group=_FOURTH)
    app.add_handler(TypeHandler(Update, _note_activity), group=_FIFTH)
    app.add_handlers(HANDLERS)
    app.add_error_handler(on_error)
    async with contextlib.AsyncExitStack() as stack:
        # The library leaves its connections open when its start fails.
        stack.push_async_callback(request.shutdown)
        stack.push_async_callback(polled.shutdown)
        try:
            await app.initialize()
        except telegram.error.InvalidToken:
            raise StartError("error.token") from None
        except telegram.error.NetworkError as error:
            raise StartError("error.network", address=address, reason=error.message) from None
        stack.push_async_callback(app.shutdown)
        yield app


async def _pass_over_elsewhere(update: Update, ctx: Context) -> None:
    """Stop what comes from no chat (inline mode, kinds that were not asked for); a press gets its answer."""
    if update.effective_chat is not None:
        return
    if update.callback_query is not None:
        await ctx.answer(update, say_in(client_language(update))("chat.stale"))
    raise ApplicationHandlerStop


async def _note_activity(update: Update, ctx: Context) -> None:
    if update.effective_chat is not None and update.my_chat_member is None:
        ctx.services.was_here(update.effective_chat.id)


@contextlib.asynccontextmanager
async def polling(app: App) -> AsyncIterator[None]:
    """Ask for updates and handle them."""
    async with contextlib.AsyncExitStack() as stack:  # each step is undone whatever becomes of the others
        await app.start()
        stack.push_async_callback(_stop_answering, app)
        stack.push_async_callback(_stop_polling, app)
        await _start_polling(app)
        yield


async def _stop_answering(app: App) -> None:
    """Finish the answers that are under way, but not for ever: the server may hold one for half a minute."""
    try:
        await asyncio.wait_for(app.stop(), ANSWERS.total_seconds())
    except TimeoutError:
        log.warning("Somebody's answer was still under way and may not arrive.")


async def poll_anew(app: App) -> None:
    """Begin anew: the library polls no more once a token was refused, be it by mistake."""
    await _stop_polling(app)
    await _start_polling(app)


async def _start_polling(app: App) -> None:
    if app.updater is None:
        raise RuntimeError("the application was built without its updater")
    await app.updater.start_polling(allowed_updates=UPDATES, error_callback=_polling_failed)


async def _stop_polling(app: App) -> None:
    if app.updater is not None and app.updater.running:  # else a refused token has ended it
        await app.updater.stop()


def _polling_failed(error: telegram.error.TelegramError) -> None:
    if isinstance(error, telegram.error.Conflict):
        log.error("Another process answers for this bot. Stop it, or give this one a token of its own.")
    else:
        log.warning("Telegram cannot be reached just now: %s", error)
