"""/subscribe, /unsubscribe, /digest: the daily digest at the reader's own time."""

from typing import Final

from telegram import Update

from bot.i18n import say_in
from bot.message.callback import action
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.reader.model import Reader, Schedule
from bot.reader.typed import Misread, Typed, parse_schedule
from bot.reader.zones import is_zone
from bot.tg.context import Context
from bot.tg.handlers.settings import begin
from bot.tg.questions import ask_zone, not_understood
from bot.tg.routes import Handler, button, command
from bot.tg.when import describe, upcoming_digests

AWAITING: Final = "zone"
"""How what is awaited begins while a reader is asked where they are; what they typed stands behind it."""


async def subscribe(update: Update, ctx: Context) -> None:
    """/subscribe [time] [zone]: a digest from now on, at this time."""
    await _subscribe(update, ctx, await ctx.reader(update), ctx.words)


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
    except Misread as error:
        await _ask(update, ctx, reader, error.understood, not_understood(error, say))
        return
    zone = typed.zone or (None if typed.offset is not None else reader.zone)
    if zone is None:
        await _ask(update, ctx, reader, typed, ask_zone(typed, reader, ctx.services.clock.now()))
        return
    await ctx.send(update, await _start(update, ctx, reader, _schedule(typed, reader, zone)))


async def _ask(update: Update, ctx: Context, reader: Reader, typed: Typed, question: Message) -> None:
    """Ask, and keep what was understood until the answer comes."""
    await ctx.remember(ctx.services.readers.await_words(reader.id, f"{AWAITING} {typed.words}".strip()))
    await ctx.send(update, question)


def _schedule(typed: Typed, reader: Reader, zone: str) -> Schedule:
    """What was typed, and for the rest what the reader had."""
    return Schedule(zone=zone, times=typed.times or reader.times, days=typed.days or reader.days)


async def _start(update: Update, ctx: Context, reader: Reader, schedule: Schedule) -> Message:
    """Write the subscription down; the answer names the next three times."""
    now, say = ctx.services.clock.now(), say_in(reader.language)
    await begin(update, ctx, reader, schedule)
    if reader.awaiting:
        await ctx.services.readers.await_words(reader.id, None)
    text = Rich.plain(say("subscribe.title")).bold()
    text += Rich.plain(f"\n{describe(schedule, say)}\n\n{upcoming_digests(schedule, now, say)}")
    preview = action(say("subscribe.button_preview"), "dig")
    choices = action(say("subscribe.button_settings"), "set", reader.id, "all")
    return to_message(text, ((preview, choices),))


async def choose_zone(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: this is where the reader is; subscribe with what was typed before."""
    reader, zone = await ctx.reader(update), arguments[0]
    if not is_zone(zone):
        raise KeyError(zone)
    awaiting, _, before = (reader.awaiting or "").partition(" ")
    try:
        typed = parse_schedule(before) if awaiting == AWAITING else Typed()
    except Misread:
        typed = Typed()
    await ctx.show(update, await _start(update, ctx, reader, _schedule(typed, reader, zone)))
    return None


async def subscribe_again(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: a digest from now on, at the times that the reader had."""
    await _subscribe(update, ctx, await ctx.reader(update), "")
    return None


async def unsubscribe(update: Update, ctx: Context) -> None:
    """/unsubscribe: no more digests; everything else stays as it is."""
    reader = await ctx.reader(update)
    say = say_in(reader.language)
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
    command("subscribe", subscribe, decides=True),
    command("unsubscribe", unsubscribe, decides=True),
    command("digest", digest),
    button("sub", subscribe_again, decides=True),
    button("zone", choose_zone, decides=True),
    button("dig", press_digest),
]
