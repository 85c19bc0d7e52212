"""/settings: everything that a reader can choose, by buttons."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from telegram import Update

from bot.errors import ScheduleError
from bot.i18n import say_in
from bot.message.model import Message
from bot.reader.days import parse_day
from bot.reader.model import Reader, ReaderId, Schedule
from bot.reader.schedule import next_slot
from bot.reader.typed import parse_schedule
from bot.tg import settings_views as views
from bot.tg.choices import CHOICES, refusal, spoken_to
from bot.tg.context import Context, NotAllowed, client_language
from bot.tg.menus import set_menu_of
from bot.tg.questions import cities_at, not_understood, suggested_zones
from bot.tg.routes import Audience, Handler, button, command

AWAITING: Final = "settings"
"""How what is awaited begins while a screen is open in which something may be typed; the reader's number and
the screen stand behind it."""

_TYPED: Final = frozenset({"times", "zone", "gozone", "pause"})


async def settings(update: Update, ctx: Context) -> None:
    """/settings: what was chosen, and buttons to change it."""
    await ctx.send(update, await overview(ctx, await ctx.reader(update), away=False))


async def overview(ctx: Context, reader: Reader, *, away: bool) -> Message:
    """What was chosen, as it stands now; `away` from the chat that it is about, with its name."""
    found = await ctx.services.readers.get(reader.id) or reader
    others: Sequence[Reader] = ()
    if found.place.kind == "private":
        others = await ctx.services.readers.set_up_by(found.place.chat)
    now, say = ctx.services.clock.now(), say_in(found.language)
    return views.overview(found, now, say, others=others, away=away)


async def press(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: a screen, or a choice on it."""
    number, what, value = (*arguments, "", "")[:3]
    own = await ctx.reader(update)
    reader = await _target(update, ctx, own, int(number))
    if what in _SCREENS:
        await _open(update, ctx, own, reader, what)
        return None
    if what in {"stop", "go"}:
        await (_stop if what == "stop" else _go)(update, ctx, own, reader)
        return None
    screen, changed = _changed(update, ctx, reader, what, value)
    if refused := refusal(changed, say_in(reader.language)):
        return refused
    if what == "goin":
        await _subscribe(update, ctx, changed)
    else:
        await _keep(ctx, changed)
    if what == "say" and reader.place.kind == "private":
        await _menu_in_their_language(ctx, changed)
    reader = await ctx.services.readers.get(reader.id) or changed
    await _open(update, ctx, own, reader, screen)
    return None


async def _menu_in_their_language(ctx: Context, reader: Reader) -> None:
    """The commands that Telegram lists follow the language that somebody chose."""
    user, people = reader.place.chat, ctx.services.people
    audience: Audience = "reader"
    if await people.is_editor(user):
        audience = "owner" if await people.is_owner(user) else "editor"
    await set_menu_of(ctx.bot, user, audience, reader.language if reader.language_chosen else None)


async def take_words(update: Update, ctx: Context, reader: Reader, words: str) -> bool:
    """What was typed while a screen was open; False when none was."""
    awaiting, _, rest = (reader.awaiting or "").partition(" ")
    if awaiting != AWAITING:
        return False
    number, _, screen = rest.partition(" ")
    say = say_in(reader.language)
    try:
        target = await _target(update, ctx, reader, int(number))
        changed = _typed(ctx, target, screen, words)
    except (NotAllowed, KeyError):
        await ctx.services.readers.await_words(reader.id, None)
        return False
    except ScheduleError as error:
        choose = (views.VERB, int(number), _zone_verb(screen))
        await ctx.send(update, not_understood(error, say, choose=choose))
        return True
    if isinstance(changed, Message):
        await ctx.send(update, changed)
        return True
    if refused := refusal(changed, say):
        await ctx.tell(update, refused)
        return True
    await ctx.services.readers.await_words(reader.id, None)
    await (_subscribe(update, ctx, changed) if screen == "gozone" else _keep(ctx, changed))
    await ctx.send(update, await overview(ctx, changed, away=target.id != reader.id))
    return True


async def _target(update: Update, ctx: Context, own: Reader, number: int) -> Reader:
    """Whose settings: this chat's (0), or those of a group or channel that the speaker decides for."""
    if number in {0, own.id}:
        if not await ctx.may_decide(update):
            raise NotAllowed
        return own
    other = await ctx.services.readers.get(ReaderId(number))
    user = update.effective_user
    if other is None or user is None or other.place.kind == "private" or own.place.kind != "private":
        raise KeyError(number)
    if not await ctx.decides_in(other.place.chat, user.id):
        raise NotAllowed
    return other


async def _open(update: Update, ctx: Context, own: Reader, reader: Reader, screen: str) -> None:
    """Show a screen; where plain words reach us, some of them may be typed into."""
    private = own.place.kind == "private"
    awaiting = f"{AWAITING} {reader.id} {screen}" if private and screen in _TYPED else None
    if awaiting != own.awaiting:
        await ctx.remember(ctx.services.readers.await_words(own.id, awaiting))
    now, say = ctx.services.clock.now(), say_in(reader.language)
    match screen:
        case "times":
            message = views.times(reader, now, say, typed=private)
        case "days":
            message = views.days(reader, now, say)
        case "zone" | "gozone":
            message = _zones(ctx, reader, screen, suggested_zones(reader.language), typed=private)
        case "lang":
            message = views.language(reader, now, say)
        case "parts":
            message = views.parts(reader, now, say)
        case "pause":
            message = views.pause(reader, now, say, typed=private)
        case _:
            message = await overview(ctx, reader, away=reader.id != own.id)
    await ctx.show(update, message)


_SCREENS: Final = frozenset({"all", "times", "days", "zone", "lang", "parts", "pause"})


async def _stop(update: Update, ctx: Context, own: Reader, reader: Reader) -> None:
    await ctx.services.readers.unsubscribe(reader.id, ctx.services.clock.now())
    await _open(update, ctx, own, reader, "all")


async def _go(update: Update, ctx: Context, own: Reader, reader: Reader) -> None:
    if reader.zone is None:
        await _open(update, ctx, own, reader, "gozone")
        return
    await _subscribe(update, ctx, reader)
    await _open(update, ctx, own, reader, "all")


async def _subscribe(update: Update, ctx: Context, reader: Reader) -> None:
    schedule = replace(reader, paused_until=None).schedule
    if schedule is None:
        raise KeyError("no zone")
    await begin(update, ctx, reader, schedule)


async def begin(update: Update, ctx: Context, reader: Reader, schedule: Schedule) -> None:
    """Digests from now on; whoever subscribes a group or channel hears when it gets no more."""
    first = next_slot(schedule, ctx.services.clock.now()).at
    await ctx.services.readers.subscribe(reader.id, schedule, first)
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot or chat is None or reader.place.kind == "private":
        return  # an anonymous administrator is nobody in particular
    title = chat.title if chat.id == reader.place.chat else reader.title
    await ctx.services.readers.set_up(reader.id, user.id, title or "")


async def _keep(ctx: Context, reader: Reader) -> None:
    now = ctx.services.clock.now()
    schedule = reader.schedule
    await ctx.services.readers.change(reader, next_slot(schedule, now).at if schedule else None, now)


def _changed(update: Update, ctx: Context, reader: Reader, what: str, value: str) -> tuple[str, Reader]:
    """The screen of a choice, and the reader as they will be. KeyError for what is no choice."""
    if what == "say":
        return "lang", spoken_to(reader, value, client_language(update))
    if what == "until":
        return "all", _until(ctx, reader, value)
    screen, choose = CHOICES[what]
    return screen, choose(reader, value)


def _until(ctx: Context, reader: Reader, value: str) -> Reader:
    """The day on which digests begin again; 0 for today."""
    if value == "0":
        return replace(reader, paused_until=None)
    try:
        return _paused(ctx, reader, value)
    except ScheduleError:  # a day that has come meanwhile
        raise KeyError(value) from None


def _paused(ctx: Context, reader: Reader, words: str) -> Reader:
    zone = ZoneInfo(reader.zone or "UTC")
    today: date = ctx.services.clock.now().astimezone(zone).date()
    return replace(reader, paused_until=parse_day(words, today))


def _typed(ctx: Context, reader: Reader, screen: str, words: str) -> Reader | Message:
    """The reader as what was typed makes them, or what to ask. ScheduleError for what means nothing."""
    if screen == "pause":
        return _paused(ctx, reader, words)
    typed = parse_schedule(words)
    if typed.offset is not None and typed.zone is None:
        now = ctx.services.clock.now()
        return _zones(ctx, reader, screen, cities_at(typed.offset, now, say_in(reader.language)))
    return replace(
        reader,
        times=typed.times or reader.times,
        days=typed.days or reader.days,
        zone=typed.zone or reader.zone,
    )


def _zones(
    ctx: Context, reader: Reader, screen: str, cities: Sequence[str], *, typed: bool = True
) -> Message:
    now, say = ctx.services.clock.now(), say_in(reader.language)
    return views.zone(reader, cities, now, say, typed=typed, verb=_zone_verb(screen))


def _zone_verb(screen: str) -> str:
    """What a city's button does: choose it, or choose it and start the digest."""
    return "goin" if screen == "gozone" else "in"


HANDLERS: list[Handler] = [command("settings", settings, decides=True), button(views.VERB, press)]
