"""Messages of editors that become a draft: what is forwarded, pasted, or sent as a file."""

from functools import partial

from telegram.ext import filters

from bot.actions.staff import AddToDraft, DropGathering, FinishGathering, HoldGathering
from bot.message.formatted_text import plain_message
from bot.tg.gathering import gather, piece_in
from bot.tg.request import Request
from bot.tg.routes import ORIGINAL, Route, edited, message, pressed
from bot.views import gathering as views


async def take_message(request: Request) -> bool:
    """Take what an editor sends as a part of a draft, if it is meant so."""
    sent = request.message
    return sent is not None and await request.belongs_to("editor") and await gather(request, sent)


async def correct(request: Request) -> None:
    """Bring a draft up to date whose message its editor has changed."""
    sent = request.message
    if sent is not None and await request.belongs_to("editor"):
        await request.load()
        if piece := piece_in(request, sent):
            await request.services.gatherer.correct(piece, editor=request.user)


async def hold(request: Request, _: HoldGathering) -> str | None:
    """Wait for more messages."""
    if not await request.services.gatherer.hold(request.user):
        return request.tr("editing.decided")
    await request.show(views.held(request.tr))
    return None


async def add(request: Request, action: AddToDraft) -> str | None:
    """Wait for more messages of a draft that is shown already."""
    sent = request.message
    message_id = sent.message_id if sent is not None else 0
    reopen = partial(request.services.gatherer.reopen, editor=request.user, message=message_id)
    if not await reopen(action.draft):
        waits = any(draft.id == action.draft for draft in await request.services.editor.drafts())
        return request.tr("drafts.only_sender" if waits else "editing.decided")
    await request.show(views.held(request.tr))
    return None


async def finish(request: Request, _: FinishGathering) -> str | None:
    """Make a draft of what has come."""
    return None if await request.services.gatherer.finish(request.user) else request.tr("editing.decided")


async def drop(request: Request, _: DropGathering) -> str | None:
    """Forget what has come; what was to be added to a draft is a part of it."""
    gatherer, editor = request.services.gatherer, request.user
    if await gatherer.cancel(editor):
        await request.show(plain_message(request.tr("links.cancelled")))
        return None
    return None if await gatherer.finish(editor) else request.tr("editing.decided")


ROUTES: list[Route] = [
    message(~filters.StatusUpdate.ALL & ~(ORIGINAL & filters.COMMAND), take_message),
    edited(correct),
    pressed(HoldGathering, hold, audience="editor"),
    pressed(AddToDraft, add, audience="editor"),
    pressed(FinishGathering, finish, audience="editor"),
    pressed(DropGathering, drop, audience="editor"),
]
