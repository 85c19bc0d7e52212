"""/status tells owners how delivery stands; its buttons lift holds and let stopped delivery go on."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from telegram import Update

from bot.delivery.status import Status
from bot.i18n import Say, say_in
from bot.message.callback import action
from bot.message.header import named
from bot.message.model import Message, Row
from bot.message.rich import Rich, to_message
from bot.tg.context import Context, user_of
from bot.tg.routes import Handler, button, command

_MINUTE: Final = timedelta(minutes=1)
_LAST: Final = 20
"""Acts that are shown."""


async def status(update: Update, ctx: Context) -> None:
    """/status: whether Telegram answers, who is left alone, what was stopped."""
    await ctx.send(update, status_view(ctx.services.operations.status(), await ctx.say(update)))


def status_view(status: Status, say: Say) -> Message:
    """Show how delivery stands, with what can be done about it."""
    lines = [say("status.answers") if status.telegram == "up" else say("status.silent", reason=status.reason)]
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
        rows.append((action(say("status.button_lift"), "lift"),))
    rows.append((action(say("status.button_acts"), "+acts"),))
    return to_message(Rich.plain("\n".join(lines)), tuple(rows))


def decisions(say: Say) -> tuple[Row, ...]:
    """Return the two buttons by which an owner decides about stopped delivery."""
    undo = action(say("stopped.button_undo"), "stopped", "undo")
    return (undo,), (action(say("stopped.button_go_on"), "stopped", "on"),)


async def lift(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: leave no chat alone any more."""
    await ctx.services.operations.lift_holds()
    await ctx.did(update, "lifted")
    await ctx.show(update, status_view(ctx.services.operations.status(), await ctx.say(update)))
    return None


async def go_on(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: let delivery go on, with or without undoing what was refused."""
    say, undo = await ctx.say(update), {"undo": True, "on": False}[arguments[0]]
    if not await ctx.services.operations.go_on(undo=undo):
        return say("stopped.decided_already")
    await ctx.did(update, "undid" if undo else "went_on")
    await ctx.show(update, to_message(Rich.plain(say("stopped.undone" if undo else "stopped.goes_on"))))
    return None


async def acts(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: what people with rights did last."""
    reader = await ctx.reader(update)
    say, zone = say_in(reader.language), ZoneInfo(reader.zone or "UTC")
    people = await ctx.services.people.appointed()
    lines = []
    for done in await ctx.services.acts.last(_LAST):
        local = done.at.astimezone(zone)
        when = say("when.line", day=say.short_day(local), time=say.clock(local))
        who = str(done.user) if done.user else say("status.somebody")
        if done.user == user_of(update):
            who = say("status.you")
        elif name := people.get(done.user):
            who = named(name, done.user)
        lines.append(say("status.act", when=when, who=who, what=say(f"acts.{done.act}", about=done.about)))
    text = Rich.plain(say("status.acts")).bold()
    await ctx.show(update, to_message(text + Rich.plain("\n" + ("\n".join(lines) or say("status.no_acts")))))
    return None


def _minutes(time: timedelta) -> int:
    return max(1, -(-time // _MINUTE))


HANDLERS: list[Handler] = [
    command("status", status, audience="owner"),
    button("lift", lift, audience="owner"),
    button("stopped", go_on, audience="owner"),
    button("acts", acts, audience="owner"),
]
