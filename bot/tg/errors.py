"""What a person hears when something went wrong, and what the log keeps."""

import logging

import telegram
from telegram import Update

from bot.errors import BotError, StoreError, StoreFull
from bot.i18n import Translator, translator
from bot.inbox import being_handled
from bot.message.formatted_text import plain_message
from bot.tg import convert
from bot.tg.request import App, Request
from bot.tg.transport import never_left
from bot.views.errors import worded

log = logging.getLogger(__name__)


async def on_error(update: object, request: Request) -> None:
    """Log it; whoever asked gets one sentence, if they can be reached."""
    error, handled = request.error, being_handled()
    # The update stays in the inbox, and is handled once more.
    if handled is not None and isinstance(error, telegram.error.TelegramError) and _passes(error, request):
        handled.cut_off = True  # it is dealt with again when the network is back, or after the next start
        log.info("An answer waits: %s", error)
        return
    if isinstance(error, telegram.error.NetworkError) and not isinstance(error, telegram.error.BadRequest):
        log.warning("An answer may not have arrived: %s", error)
        return
    if isinstance(error, telegram.error.Forbidden):
        log.info("An answer was not wanted: %s", error)
        return
    # An answer to a person, such as a refused document, is no fault of the process.
    if isinstance(error, BotError) and not isinstance(error, StoreError):
        log.info("A request was refused: %s", error.key)
    else:
        log.error("An update could not be handled.", exc_info=error)
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    try:
        tr = await _voice(request)
        await convert.send(request.bot, request.place, plain_message(_told(error, tr)))
    except Exception:
        log.exception("Nor could its sender be told.")


def _passes(error: telegram.error.TelegramError, request: Request) -> bool:
    """Return whether an answer surely did not leave, for a reason that passes: no network, or the end."""
    return never_left(error) or (
        isinstance(error, telegram.error.RetryAfter) and request.services.is_ending()
    )


async def tell_interrupted(app: App, update: Update) -> None:
    """Tell the sender that what they asked for was done, though the program ended before it could say so."""
    request = Request.from_update(update, app)
    try:
        tr = await _voice(request)
        await convert.send(app.bot, request.place, plain_message(tr("chat.interrupted")))
    except (telegram.error.TelegramError, BotError, ValueError):
        log.exception("Somebody could not be told that what they asked for was done.")


def _told(error: Exception | None, tr: Translator) -> str:
    """Return what a person is told of an error; of a database's own words and paths, nothing."""
    # A full disk is worth knowing; all else of a database is not for strangers.
    if isinstance(error, StoreFull) or (isinstance(error, BotError) and not isinstance(error, StoreError)):
        return worded(error, tr)
    return tr("chat.failed")


async def _voice(request: Request) -> Translator:
    """Return the texts in this chat's language, or the client's: looking up may be what failed."""
    try:
        found = await request.services.readers.find(request.place)
    except Exception:
        log.exception("The reader could not be looked up.")
        found = None
    return translator(found.language if found else request.client_language)
