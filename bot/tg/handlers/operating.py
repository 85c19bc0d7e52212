"""/status tells owners how delivery stands; its buttons lift holds and let stopped delivery go on."""

from datetime import timedelta

from telegram import Update

from bot.delivery.status import Status
from bot.i18n import Say
from bot.message.callback import action
from bot.message.model import Message, Row
from bot.message.rich import Rich, to_message
from bot.tg.context import Context
from bot.tg.routes import Handler, button, command

_MINUTE = timedelta(minutes=1)


async def status(update: Update, ctx: Context) -> None:
    """/status: whether Telegram answers, who is left alone, what was stopped."""
    await ctx.send(update, status_view(ctx.services.operations.status(), await ctx.say(update)))


def status_view(status: Status, say: Say) -> Message:
    """Show how delivery stands, with what can be done about it."""
    lines = [say("status.answers") if status.telegram == "up" else say("status.silent", reason=status.reason)]
    rows: list[Row] = []
    if status.stopped:
        lines.append(say("status.stopped"))
        undo = action(say("stopped.button_undo"), "stopped", "undo")
        rows += [(undo,), (action(say("stopped.button_go_on"), "stopped", "on"),)]
    if status.digests_held:
        lines.append(say("status.digests_held", minutes=_minutes(status.digests_held)))
    if status.chats_held:
        minutes = _minutes(status.longest_hold)
        lines.append(say("status.held", count=status.chats_held, minutes=minutes))
    if status.digests_held or status.chats_held:
        rows.append((action(say("status.button_lift"), "lift"),))
    return to_message(Rich.plain("\n".join(lines)), tuple(rows))


async def lift(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: leave no chat alone any more."""
    await ctx.services.operations.lift_holds()
    await ctx.show(update, status_view(ctx.services.operations.status(), await ctx.say(update)))
    return None


async def go_on(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: let delivery go on, with or without undoing what was refused."""
    say, undo = await ctx.say(update), {"undo": True, "on": False}[arguments[0]]
    if not await ctx.services.operations.go_on(undo=undo):
        return say("stopped.decided_already")
    await ctx.show(update, to_message(Rich.plain(say("stopped.undone" if undo else "stopped.goes_on"))))
    return None


def _minutes(time: timedelta) -> int:
    return max(1, -(-time // _MINUTE))


HANDLERS: list[Handler] = [
    command("status", status, audience="owner"),
    button("lift", lift, audience="owner"),
    button("stopped", go_on, audience="owner"),
]
