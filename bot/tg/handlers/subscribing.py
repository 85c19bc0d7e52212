"""/subscribe, /unsubscribe, /digest: the daily digest at the reader's own time."""

from bot.actions.awaited import AwaitedZone
from bot.actions.readers import OpenSettings, ShowNextDigest, SubscribeAgain, SubscribeInZone
from bot.errors import NotFound
from bot.message.callback import button
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.reader.model import Schedule
from bot.reader.typed import Misread, Typed, parse_schedule
from bot.reader.zones import is_zone
from bot.tg import subscription
from bot.tg.questions import ask_zone, not_understood
from bot.tg.request import Request
from bot.tg.routes import ORIGINAL, Route, answer, command, pressed
from bot.tg.when import describe, upcoming_digests


async def subscribe(request: Request) -> None:
    """Handle /subscribe [time] [zone]: send digests from now on, at this time."""
    await _subscribe(request, request.words)


async def take_zone(request: Request, awaited: AwaitedZone, words: str) -> bool:
    """Take the answer to the question where the reader is; a forward answers nothing."""
    if not ORIGINAL.check_update(request.incoming):
        return False
    await _subscribe(request, f"{awaited.typed} {words}".strip())
    return True


async def _subscribe(request: Request, words: str) -> None:
    try:
        typed = parse_schedule(words)
    except Misread as error:
        await _ask(request, error.understood, not_understood(error, request.say))
        return
    zone = typed.zone
    if zone is None and typed.offset is None:
        zone = request.reader.zone
    if zone is None:
        await _ask(request, typed, ask_zone(typed, request.reader, request.now))
        return
    await request.send(await _start(request, _schedule(request, typed, zone)))


async def _ask(request: Request, typed: Typed, question: Message) -> None:
    """Ask, and keep what was understood until the answer comes."""
    await request.await_words(AwaitedZone(typed.words))
    await request.send(question)


def _schedule(request: Request, typed: Typed, zone: str) -> Schedule:
    """Return what was typed, and for the rest what the reader had."""
    reader = request.reader
    return Schedule(zone=zone, times=typed.times or reader.times, days=typed.days or reader.days)


async def _start(request: Request, schedule: Schedule) -> Message:
    """Write the subscription down; the answer names the next three times."""
    say = request.say
    await subscription.subscribe(request, request.reader, schedule)
    await request.await_words(None)
    text = Rich.plain(say("subscribe.title")).bold()
    text += Rich.plain(f"\n{describe(schedule, say)}\n\n{upcoming_digests(schedule, request.now, say)}")
    preview = button(say("subscribe.button_preview"), ShowNextDigest())
    settings = button(say("subscribe.button_settings"), OpenSettings(request.reader.id, "all"))
    return to_message(text, ((preview, settings),))


async def choose_zone(request: Request, action: SubscribeInZone) -> None:
    """Subscribe in this zone, with what was typed before."""
    if not is_zone(action.zone):
        raise NotFound(action.zone)
    awaited = request.awaited
    try:
        typed = parse_schedule(awaited.typed) if isinstance(awaited, AwaitedZone) else Typed()
    except Misread:
        typed = Typed()
    await request.show(await _start(request, _schedule(request, typed, action.zone)))


async def subscribe_again(request: Request, _: SubscribeAgain) -> None:
    """Send digests from now on, at the times that the reader had."""
    await _subscribe(request, "")


async def unsubscribe(request: Request) -> None:
    """Handle /unsubscribe: send no more digests; everything else stays as it is."""
    was_subscribed = await request.services.readers.unsubscribe(request.reader.id, request.now)
    again = button(request.say("subscribe.button_again"), SubscribeAgain())
    text = request.say("subscribe.stopped" if was_subscribed else "subscribe.was_not")
    await request.send(to_message(Rich.plain(text), ((again,),)))


async def digest(request: Request) -> None:
    """Handle /digest: show the next one now; nothing counts as told."""
    messages = await request.services.preview(request.reader)
    if messages:
        await request.send(*messages)
    else:
        has_articles = bool(request.services.library.newest())
        await request.tell(request.say("digest.none" if has_articles else "chat.no_articles"))


async def show_next_digest(request: Request, _: ShowNextDigest) -> None:
    """Show the next digest now."""
    await digest(request)


ROUTES: list[Route] = [
    command("subscribe", subscribe, admin_only=True),
    command("unsubscribe", unsubscribe, admin_only=True),
    command("digest", digest),
    pressed(SubscribeAgain, subscribe_again, admin_only=True),
    pressed(SubscribeInZone, choose_zone, admin_only=True),
    pressed(ShowNextDigest, show_next_digest),
    answer(AwaitedZone, take_zone),
]
