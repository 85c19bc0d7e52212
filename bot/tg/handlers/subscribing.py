"""/subscribe, /unsubscribe, /digest: the daily digest at the reader's own time."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from telegram import Update

from bot.errors import ScheduleError
from bot.i18n import Say, say_in
from bot.message.callback import action
from bot.message.model import Button, Message, Row
from bot.message.rich import Rich, to_message
from bot.reader.model import Reader, Schedule
from bot.reader.schedule import next_slot
from bot.reader.typed import Typed, offset_zone, parse_schedule
from bot.reader.zones import zones_by_name
from bot.tg.context import Context
from bot.tg.routes import Handler, button, command
from bot.tg.when import describe, next_times, zone_name

AWAITING: Final = "zone"
"""How what is awaited begins while a reader is asked where they are; what they typed stands behind it."""

_SUGGESTED: Final = {
    "zh": "Asia/Shanghai Asia/Hong_Kong Asia/Taipei Asia/Singapore Asia/Tokyo Europe/London America/New_York "
    "America/Los_Angeles",
    "en": "Europe/London Europe/Berlin America/New_York America/Chicago America/Los_Angeles Asia/Kolkata "
    "Asia/Shanghai Australia/Sydney",
}
_IN_A_ROW: Final = 2


async def subscribe(update: Update, ctx: Context) -> None:
    """/subscribe [time] [zone]: a digest from now on, at this time."""
    reader = await ctx.reader(update)
    say = say_in(reader.language)
    if not await ctx.may_decide(update):
        await ctx.tell(update, say("subscribe.admins_only"))
        return
    await _subscribe(update, ctx, reader, ctx.words)


async def take_words(update: Update, ctx: Context, reader: Reader, words: str) -> bool:
    """The answer to the question where the reader is; False when it was not asked."""
    awaiting, _, before = (reader.awaiting or "").partition(" ")
    if awaiting != AWAITING:
        return False
    await _subscribe(update, ctx, reader, f"{before} {words}".strip())
    return True


async def _subscribe(update: Update, ctx: Context, reader: Reader, words: str) -> None:
    say = say_in(reader.language)
    try:
        typed = parse_schedule(words)
    except ScheduleError as error:
        await ctx.send(update, _not_understood(error, say))
        return
    zone = typed.zone or reader.zone
    if zone is None:
        await ctx.remember(ctx.services.readers.await_words(reader.id, f"{AWAITING} {words}".strip()))
        await ctx.send(update, _ask_zone(typed, reader, ctx.services.clock.now()))
        return
    await ctx.send(update, await _start(ctx, reader, _schedule(typed, reader, zone)))


def _schedule(typed: Typed, reader: Reader, zone: str) -> Schedule:
    """What was typed, and for the rest what the reader had."""
    return Schedule(zone=zone, times=typed.times or reader.times, days=typed.days or reader.days)


async def _start(ctx: Context, reader: Reader, schedule: Schedule) -> Message:
    """Write the subscription down; the answer names the next three times."""
    now, say = ctx.services.clock.now(), say_in(reader.language)
    await ctx.services.readers.subscribe(reader.id, schedule, next_slot(schedule, now).at)
    if reader.awaiting:
        await ctx.services.readers.await_words(reader.id, None)
    times = "\n".join(f"· {line}" for line in next_times(schedule, now, say))
    text = Rich.plain(say("subscribe.title")).bold() + Rich.plain(f"\n{describe(schedule, say)}\n\n")
    text += Rich.plain(say("subscribe.next_times") + "\n" + times)
    preview = action(say("subscribe.button_preview"), "dig")
    return to_message(text, ((preview,),))


def _ask_zone(typed: Typed, reader: Reader, now: datetime) -> Message:
    say = say_in(reader.language)
    zones = _SUGGESTED.get(reader.language, _SUGGESTED["en"]).split()
    buttons = [_zone_button(zone, now, say) for zone in zones]
    rows = [tuple(buttons[first : first + _IN_A_ROW]) for first in range(0, len(buttons), _IN_A_ROW)]
    times = say.list(say.clock(time) for time in typed.times or reader.times)
    return to_message(Rich.plain(say("subscribe.ask_zone", times=times)), tuple(rows))


def _zone_button(zone: str, now: datetime, say: Say) -> Button:
    """A city and what its clocks show."""
    text = f"{zone_name(zone, say)} {say.clock(now.astimezone(ZoneInfo(zone)))}"
    return action(text, "zone", zone)


def _not_understood(error: ScheduleError, say: Say) -> Message:
    """What was not understood, and what would be."""
    text = say(error.key, **error.values)
    rows: tuple[Row, ...] = ()
    hours = error.values.get("hours")
    if isinstance(hours, int):
        rows = (tuple(_offset_button(sign * hours) for sign in (1, -1)),)
    else:
        text += "\n\n" + say("subscribe.examples")
    return to_message(Rich.plain(text), rows)


def _offset_button(hours: int) -> Button:
    return action(f"UTC{hours:+}", "zone", offset_zone(hours))


async def choose_zone(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: this is where the reader is; subscribe with what was typed before."""
    reader, zone = await ctx.reader(update), arguments[0]
    say = say_in(reader.language)
    if not await ctx.may_decide(update):
        return say("subscribe.admins_only")
    if zone not in zones_by_name().values() and not zone.startswith("Etc/GMT"):
        raise KeyError(zone)
    ZoneInfo(zone)  # KeyError for one that was made up
    awaiting, _, before = (reader.awaiting or "").partition(" ")
    try:
        typed = parse_schedule(before) if awaiting == AWAITING else Typed()
    except ScheduleError:
        typed = Typed()
    await ctx.show(update, await _start(ctx, reader, _schedule(typed, reader, zone)))
    return None


async def subscribe_again(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: a digest from now on, at the times that the reader had."""
    reader = await ctx.reader(update)
    if not await ctx.may_decide(update):
        return say_in(reader.language)("subscribe.admins_only")
    await _subscribe(update, ctx, reader, "")
    return None


async def unsubscribe(update: Update, ctx: Context) -> None:
    """/unsubscribe: no more digests; everything else stays as it is."""
    reader = await ctx.reader(update)
    say = say_in(reader.language)
    if not await ctx.may_decide(update):
        await ctx.tell(update, say("subscribe.admins_only"))
        return
    left = await ctx.services.readers.unsubscribe(reader.id, ctx.services.clock.now())
    again = action(say("subscribe.button_again"), "sub")
    text = Rich.plain(say("subscribe.stopped" if left else "subscribe.was_not"))
    await ctx.send(update, to_message(text, ((again,),)))


async def digest(update: Update, ctx: Context) -> None:
    """/digest: the next one, now; moves nothing."""
    reader = await ctx.reader(update)
    messages = await ctx.services.preview(reader)
    if messages:
        await ctx.send(update, *messages)
    else:
        say = say_in(reader.language)
        await ctx.tell(update, say("digest.none" if ctx.services.library.newest() else "chat.no_articles"))


async def press_digest(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: the next digest, now."""
    await digest(update, ctx)
    return None


HANDLERS: list[Handler] = [
    command("subscribe", subscribe),
    command("unsubscribe", unsubscribe),
    command("digest", digest),
    button("sub", subscribe_again),
    button("zone", choose_zone),
    button("dig", press_digest),
]
