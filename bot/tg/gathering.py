"""What editors send for a draft: which messages that is, the message that shows the draft, and files."""

from typing import Final
from zoneinfo import ZoneInfo

import telegram

from bot.actions.awaited import AwaitedArticle
from bot.editing.gathering import Drafted, GatheringState
from bot.editing.model import Gathering
from bot.editing.pieces import File, Piece, may_be_cut
from bot.errors import ArticleError
from bot.i18n import Translator
from bot.message.model import Message
from bot.tg import convert, progress
from bot.tg.bot import TolerantBot
from bot.tg.links import links_in
from bot.tg.pieces import piece_of
from bot.tg.request import Request
from bot.tg.services import Services
from bot.views.errors import refused
from bot.views.gathering import drafted, gathering

_MIN_PASTED_CHARS: Final = 200
"""Length from which on a text is no question, but something to read."""


async def gather(request: Request, sent: telegram.Message, *, is_meant: bool = False) -> bool:
    """Take a message as a part of a draft, a new one or one that others belong to; False if it is none.

    `is_meant` if its editor has said that it is an article.
    """
    piece, gatherer, editor = piece_in(request, sent), request.services.gatherer, request.user
    if piece is None:
        return False
    # After a restart, an update may come once more.
    if await gatherer.correct(piece, editor=editor):
        return True
    opened = await gatherer.open_of(editor)
    if opened is not None:
        await gatherer.add(opened, piece)
        return True
    if links_in(sent) or not (is_meant or _begins(request, sent, piece)):
        return False
    await request.await_words(None)
    ours = await convert.send(request.bot, request.place, gathering(request.tr))
    is_all = is_meant and piece.file is None and not may_be_cut(piece)
    await gatherer.begin(piece, editor=editor, chat=request.place.chat, message=ours, is_all=is_all)
    return True


def _begins(request: Request, sent: telegram.Message, piece: Piece) -> bool:
    """Return whether a message by itself is meant for a draft, and is no question and no broadcast."""
    if sent.forward_origin is not None or piece.file is not None:
        return bool(piece.text.strip() or piece.file)
    return isinstance(request.awaited, AwaitedArticle) or len(piece.text) >= _MIN_PASTED_CHARS


def piece_in(request: Request, sent: telegram.Message) -> Piece | None:
    """Return what a message adds to a draft; None when it adds nothing."""
    return piece_of(sent, ZoneInfo(request.reader.subscription.zone or "UTC"))


async def update_gathering(
    bot: TolerantBot, services: Services, gathering: Gathering, state: GatheringState
) -> None:
    """Show what became of a gathering."""

    def view(tr: Translator) -> Message:
        return drafted(state, tr) if isinstance(state, Drafted) else refused(state, tr)

    await progress.update(bot, services, chat=gathering.chat, message=gathering.message, view=view)


async def download_of(bot: TolerantBot, document: telegram.Document) -> bytes:
    """Fetch a document. ArticleError when that fails."""
    return await download(bot, File(id=document.file_id, name=document.file_name or ""))


async def download(bot: TolerantBot, file: File) -> bytes:
    """Fetch a file that an editor sent. ArticleError when that fails."""
    try:
        return await bot.download(file.id)
    except telegram.error.TelegramError as error:
        raise ArticleError("error.not_fetched", file=file.name, reason=error.message) from error
