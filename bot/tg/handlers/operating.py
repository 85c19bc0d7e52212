"""/status tells owners how delivery stands; its buttons end cooldowns and let stopped delivery go on."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.staff import LiftCooldowns, MuteAlert, ResumeDelivery, ShowActs, UndoRefusals, WantDailyLine
from bot.message.formatted_text import plain_message
from bot.message.model import Message
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed
from bot.views import status as views

_MAX_ACTS: Final = 20
"""Acts that are shown."""


async def status(request: Request) -> None:
    """Handle /status: tell whether Telegram answers, who is left alone, what was stopped."""
    await request.send(await _status(request))


async def _status(request: Request) -> Message:
    wants_line = await request.services.alerts.store.wants_line(request.reader.id)
    return views.delivery(request.services.operations.status(), request.tr, wants_line=wants_line)


async def want_line(request: Request, action: WantDailyLine) -> None:
    """Send figures each day, or no longer."""
    await request.services.alerts.store.want_line(request.reader.id, wanted=action.wanted == "on")
    await request.show(await _status(request))


async def mute(request: Request, action: MuteAlert) -> str:
    """Tell nothing of a cause for a day."""
    await request.services.alerts.mute(action.cause)
    return request.tr("alerts.muted")


async def lift(request: Request, _: LiftCooldowns) -> None:
    """Write to every chat again."""
    await request.services.operations.lift_cooldowns()
    await request.record("lifted")
    await request.show(await _status(request))


async def resume(request: Request, action: ResumeDelivery | UndoRefusals) -> str | None:
    """Let delivery go on, with or without undoing what was refused."""
    tr, undo = request.tr, isinstance(action, UndoRefusals)
    if not await request.services.operations.go_on(undo=undo):
        return tr("stopped.decided_already")
    await request.record("undid" if undo else "went_on")
    await request.show(plain_message(tr("stopped.undone" if undo else "stopped.goes_on")))
    return None


async def show_acts(request: Request, _: ShowActs) -> None:
    """List what people with rights did last."""
    zone, services = ZoneInfo(request.reader.subscription.zone or "UTC"), request.services
    people, done = await services.people.appointed(), await services.acts.last(_MAX_ACTS)
    await request.show(views.acts(done, people, request.tr, viewer=request.user, zone=zone))


ROUTES: list[Route] = [
    command("status", status, audience="owner"),
    pressed(LiftCooldowns, lift, audience="owner"),
    pressed(ResumeDelivery, resume, audience="owner"),
    pressed(UndoRefusals, resume, audience="owner"),
    pressed(WantDailyLine, want_line, audience="owner"),
    pressed(MuteAlert, mute, audience="owner"),
    pressed(ShowActs, show_acts, audience="owner"),
]
