"""/drafts: what waits for a decision, of all editors; when a draft is to be published."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.awaited import AwaitedTime
from bot.actions.drafts import CancelTime, EditArticle, ListDrafts, OfferTimes, PublishAtTime
from bot.actions.staff import OpenDraft
from bot.errors import NotFound, ScheduleError
from bot.message.model import Message
from bot.reader.days import MAX_AHEAD
from bot.reader.moments import parse_moment
from bot.reader.schedule import instant
from bot.tg.drafts import desk_of, draft_message
from bot.tg.request import Request
from bot.tg.routes import ORIGINAL, Route, answer, command, pressed
from bot.views import drafts as views

_HOURS: Final = (time(8), time(12), time(18))
"""The times of a day that are offered."""
_OFFERED: Final = 6
_MAX_MINUTE: Final = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp()) // 60


async def drafts(request: Request) -> None:
    """Handle /drafts: list what waits for a decision."""
    await request.send(await _listed(request, 0))


async def list_drafts(request: Request, action: ListDrafts) -> None:
    """Show a page of what waits."""
    await request.show(await _listed(request, action.page))


async def _listed(request: Request, page: int) -> Message:
    waiting = await request.services.editor.drafts()
    _, queued = await request.services.feed_store.queue(0)
    return views.listed(waiting, queued, page, await desk_of(request), request.tr)


async def open_draft(request: Request, action: OpenDraft) -> str | None:
    """Show a draft that waits."""
    await request.await_words(None)
    found = await request.services.editor.reopen(action.draft, editor=request.user)
    if found is None:
        return request.tr("editing.decided")
    await request.show(await draft_message(request, found))
    return None


async def edit_article(request: Request, action: EditArticle) -> str | None:
    """Make a draft of an article, or open the one that somebody has made."""
    found = await request.services.editor.edit(action.article, editor=request.user)
    if found is None:
        raise NotFound(action.article)
    await request.send(await draft_message(request, found))
    return None


async def offer_times(request: Request, action: OfferTimes) -> str | None:
    """Ask when a draft is to be published."""
    found = await request.services.editor.reopen(action.draft, editor=request.user)
    if found is None:
        return request.tr("editing.decided")
    await request.await_words(AwaitedTime(action.draft))
    desk = await desk_of(request)
    await request.show(views.times(found, _offered(desk), desk, request.tr))
    return None


def _offered(desk: views.Desk) -> Sequence[datetime]:
    """Return the next of the usual times, at least ten minutes away."""
    zone = ZoneInfo(desk.zone)
    today = desk.now.astimezone(zone).date()
    moments = (instant(today + timedelta(days=ahead), at, zone) for ahead in range(4) for at in _HOURS)
    return [at for at in moments if at - desk.now > timedelta(minutes=10)][:_OFFERED]


async def publish_at(request: Request, action: PublishAtTime) -> str | None:
    """Have a draft published at a time."""
    # A number that somebody made up may be no time at all.
    minutes = min(action.minute, _MAX_MINUTE)
    at = datetime.fromtimestamp(minutes * 60, UTC)
    if not request.now < at <= request.now + MAX_AHEAD:
        return request.tr("drafts.time_over")
    return await _appoint(request, action.draft, at)


async def _appoint(request: Request, draft: int, at: datetime) -> str | None:
    services = request.services
    found = await services.editor.reopen(draft, editor=request.user)
    made = await services.appointments.make(found, at, by=request.user) if found is not None else None
    if found is None or made is None:
        return request.tr("editing.decided")
    await request.await_words(None)
    await request.show(await draft_message(request, replace(found, appointment=made)))
    return None


async def cancel_time(request: Request, action: CancelTime) -> str | None:
    """Let a draft wait for a decision again."""
    if not await request.services.appointments.cancel(action.draft):
        return request.tr("editing.decided")
    return await open_draft(request, OpenDraft(action.draft))


async def take_time(request: Request, awaited: AwaitedTime, words: str) -> bool:
    """Take a time that was typed; a forward is none."""
    if not ORIGINAL.check_update(request.incoming):
        return False
    try:
        at = parse_moment(words, now=request.now, zone=request.reader.subscription.zone)
    except ScheduleError as error:
        await request.tell(request.tr(error.key, **error.values))
        return True
    if refused := await _appoint(request, awaited.draft, at):
        await request.await_words(None)
        await request.tell(refused)
    return True


ROUTES: list[Route] = [
    command("drafts", drafts, audience="editor"),
    pressed(ListDrafts, list_drafts, audience="editor"),
    pressed(OpenDraft, open_draft, audience="editor"),
    pressed(EditArticle, edit_article, audience="editor"),
    pressed(OfferTimes, offer_times, audience="editor"),
    pressed(PublishAtTime, publish_at, audience="editor"),
    pressed(CancelTime, cancel_time, audience="editor"),
    answer(AwaitedTime, take_time, audience="editor"),
]
