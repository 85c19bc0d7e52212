"""/status tells owners how delivery stands; its buttons end cooldowns and let stopped delivery go on."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.staff import LiftCooldowns, ResumeDelivery, ShowActs, UndoRefusals
from bot.delivery.status import Status
from bot.i18n import Say
from bot.message.callback import button
from bot.message.header import named
from bot.message.model import Message, Row
from bot.message.rich import Rich, to_message
from bot.safeguard import decisions
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed

_MINUTE: Final = timedelta(minutes=1)
_LAST: Final = 20
"""Acts that are shown."""


async def status(request: Request) -> None:
    """Handle /status: tell whether Telegram answers, who is left alone, what was stopped."""
    await request.send(status_view(request.services.operations.status(), request.say))


def status_view(status: Status, say: Say) -> Message:
    """Show how delivery stands, with what can be done about it."""
    lines = [
        say("status.answers")
        if status.telegram == "up"
        else say("status.silent", reason=say(f"status.reason_{status.reason}"))
    ]
    rows: list[Row] = []
    if status.stopped:
        lines.append(say("status.stopped"))
        rows += decisions(say)
    if status.digests_held:
        lines.append(say("status.digests_held", minutes=_minutes(status.digests_held)))
    if status.chats_held:
        minutes = _minutes(status.longest_hold)
        lines.append(say("status.held", count=status.chats_held, minutes=minutes))
    if status.digests_held or status.chats_held:
        rows.append((button(say("status.button_lift"), LiftCooldowns()),))
    rows.append((button(say("status.button_acts"), ShowActs(), in_new_message=True),))
    return to_message(Rich.plain("\n".join(lines)), tuple(rows))


async def lift(request: Request, _: LiftCooldowns) -> None:
    """Write to every chat again."""
    await request.services.operations.lift_cooldowns()
    await request.record("lifted")
    await request.show(status_view(request.services.operations.status(), request.say))


async def resume(request: Request, action: ResumeDelivery | UndoRefusals) -> str | None:
    """Let delivery go on, with or without undoing what was refused."""
    say, undo = request.say, isinstance(action, UndoRefusals)
    if not await request.services.operations.go_on(undo=undo):
        return say("stopped.decided_already")
    await request.record("undid" if undo else "went_on")
    await request.show(to_message(Rich.plain(say("stopped.undone" if undo else "stopped.goes_on"))))
    return None


async def show_acts(request: Request, _: ShowActs) -> None:
    """List what people with rights did last."""
    say, zone = request.say, ZoneInfo(request.reader.zone or "UTC")
    people = await request.services.people.appointed()
    lines = []
    for done in await request.services.acts.last(_LAST):
        local = done.at.astimezone(zone)
        when = say("when.line", day=say.short_day(local), time=say.clock(local))
        who = str(done.user) if done.user else say("status.somebody")
        if done.user == request.user:
            who = say("status.you")
        elif name := people.get(done.user):
            who = named(name, done.user)
        lines.append(say("status.act", when=when, who=who, what=say(f"acts.{done.act}", about=done.about)))
    text = Rich.plain(say("status.acts")).bold()
    await request.show(to_message(text + Rich.plain("\n" + ("\n".join(lines) or say("status.no_acts")))))


def _minutes(time: timedelta) -> int:
    return max(1, -(-time // _MINUTE))


ROUTES: list[Route] = [
    command("status", status, audience="owner"),
    pressed(LiftCooldowns, lift, audience="owner"),
    pressed(ResumeDelivery, resume, audience="owner"),
    pressed(UndoRefusals, resume, audience="owner"),
    pressed(ShowActs, show_acts, audience="owner"),
]
