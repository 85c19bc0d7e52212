"""/subscribe, /unsubscribe, /digest: the daily digest at the reader's own time."""

from typing import Final

from bot.actions.awaited import AwaitedZone, AwaitedZoneAgain
from bot.actions.readers import ShowNextDigest, Subscribe, SubscribeInZone
from bot.errors import NotFound
from bot.message.model import Message
from bot.reader.model import Schedule
from bot.reader.typed import ParsedSchedule, ScheduleParseError, parse_schedule
from bot.reader.zones import is_zone
from bot.tg import subscription
from bot.tg.request import NEW_READER_BACKLOG, Request
from bot.tg.routes import ORIGINAL, Route, answer, command, pressed
from bot.views import subscription as views
from bot.views.schedule_prompts import ask_zone, not_understood, unknown_city

_NO_CITY: Final = ("subscribe.unknown_word", "subscribe.unknown_zone")
"""What an answer that names no city is found to be."""


async def subscribe(request: Request) -> None:
    """Handle /subscribe [time] [zone]: send digests from now on, at this time."""
    await _subscribe(request, request.words)


async def take_zone(request: Request, awaited: AwaitedZone | AwaitedZoneAgain, words: str) -> bool:
    """Take the answer to the question where the reader is; a forward answers nothing.

    After two answers that name no city, the question is dropped, and the words mean what they always mean.
    """
    if not ORIGINAL.check_update(request.incoming):
        return False
    answered = f"{awaited.typed} {words}".strip()
    try:
        parse_schedule(answered)
    except ScheduleParseError as error:
        if error.key not in _NO_CITY:
            await _subscribe(request, answered)
        elif isinstance(awaited, AwaitedZoneAgain):
            await request.await_words(None)
            return False
        else:
            await request.await_words(AwaitedZoneAgain(error.understood.words))
            await request.send(unknown_city(error, request.tr))
    else:
        await _subscribe(request, answered)
    return True


async def _subscribe(request: Request, words: str) -> None:
    try:
        typed = parse_schedule(words)
    except ScheduleParseError as error:
        await _ask(request, error.understood, not_understood(error, request.tr))
        return
    zone = typed.zone
    # An offset such as +8 asks for another zone, so it does not fall back on the one that was chosen.
    if zone is None and typed.offset is None:
        zone = request.reader.subscription.zone
    if zone is None:
        await _ask(request, typed, ask_zone(typed, request.reader, request.now))
        return
    await request.send(await _start(request, _schedule(request, typed, zone)))


async def _ask(request: Request, typed: ParsedSchedule, question: Message) -> None:
    """Ask, and keep what was understood until the answer comes."""
    await request.await_words(AwaitedZone(typed.words))
    await request.send(question)


def _schedule(request: Request, typed: ParsedSchedule, zone: str) -> Schedule:
    """Return what was typed, and for the rest what the reader had."""
    had = request.reader.subscription
    times, days = typed.times or had.times, typed.days or had.days
    return Schedule(zone=zone, times=times, days=days, weekly=had.weekly)


async def _start(request: Request, schedule: Schedule) -> Message:
    """Write the subscription down; the answer names the next three times."""
    begins = await subscription.subscribe(request, request.reader, schedule)
    await request.await_words(None)
    articles = len(request.services.library.newest())
    others = articles if begins and articles > NEW_READER_BACKLOG else 0
    return views.begun(request.reader.id, schedule, request.now, request.tr, others=others)


async def choose_zone(request: Request, action: SubscribeInZone) -> None:
    """Subscribe in this zone, with what was typed before."""
    if not is_zone(action.zone):
        raise NotFound(action.zone)
    awaited = request.awaited
    try:
        typed = ParsedSchedule()
        if isinstance(awaited, AwaitedZone | AwaitedZoneAgain):
            typed = parse_schedule(awaited.typed)
    except ScheduleParseError:
        typed = ParsedSchedule()
    await request.show(await _start(request, _schedule(request, typed, action.zone)))


async def subscribe_by_button(request: Request, _: Subscribe) -> None:
    """Send digests from now on, at the times that the chat had; ask for a city where it never had any."""
    await _subscribe(request, "")


async def unsubscribe(request: Request) -> None:
    """Handle /unsubscribe: send no more digests; everything else stays as it is."""
    was_subscribed = await request.services.readers.unsubscribe(request.reader.id, request.now)
    await request.send(views.ended(request.tr, was_subscribed=was_subscribed))


async def digest(request: Request) -> None:
    """Handle /digest: show the next one now; nothing counts as told."""
    messages = await request.services.preview(request.reader)
    if messages:
        await request.send(*messages)
    elif request.reader.interests and request.services.library.newest():
        await request.send(views.none_followed(request.reader, request.tr))
    else:
        has_articles = bool(request.services.library.newest())
        await request.tell(request.tr("digest.none" if has_articles else "chat.no_articles"))


async def show_next_digest(request: Request, _: ShowNextDigest) -> None:
    """Show the next digest now."""
    await digest(request)


ROUTES: list[Route] = [
    command("subscribe", subscribe, admin_only=True),
    command("unsubscribe", unsubscribe, admin_only=True),
    command("digest", digest),
    pressed(Subscribe, subscribe_by_button, admin_only=True),
    pressed(SubscribeInZone, choose_zone, admin_only=True),
    pressed(ShowNextDigest, show_next_digest),
    answer(AwaitedZone, take_zone),
    answer(AwaitedZoneAgain, take_zone),
]
