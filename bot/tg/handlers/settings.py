"""/settings: everything that a reader can choose, by buttons."""

import typing
from dataclasses import replace
from functools import partial

from bot.actions import choices
from bot.actions.awaited import AwaitedSetting
from bot.actions.readers import (
    ChooseLanguage,
    ChooseZone,
    OpenSettings,
    Screen,
    StartDigests,
    StartInZone,
    StopDigests,
    TypedScreen,
)
from bot.errors import NotFound, ScheduleError
from bot.i18n import translator
from bot.message.formatted_text import plain_message
from bot.message.model import Message
from bot.reader.model import Reader, Weekly
from bot.reader.schedule import next_digest
from bot.reader.typed import parse_schedule
from bot.tg.menus import set_menu_of
from bot.tg.request import Audience, Request
from bot.tg.routes import ORIGINAL, NotAllowed, Route, answer, command, pressed
from bot.tg.subscription import settings_overview, settings_target, subscribe
from bot.views import settings as views
from bot.views.schedule_prompts import cities_at, not_understood, suggested_zones


async def settings(request: Request) -> None:
    """Handle /settings: show what was chosen, and buttons to change it."""
    await request.send(await settings_overview(request, request.reader, away=False))


async def open_settings(request: Request, action: OpenSettings) -> None:
    """Show a screen."""
    await _open(request, await settings_target(request, action.reader), action.screen)


async def stop(request: Request, action: StopDigests) -> None:
    """Send no more digests."""
    reader = await settings_target(request, action.reader)
    await request.services.readers.unsubscribe(reader.id, request.now)
    await _open(request, reader, "all")


async def start(request: Request, action: StartDigests) -> None:
    """Send digests; ask for a zone first where none was chosen."""
    reader = await settings_target(request, action.reader)
    if reader.subscription.zone is None:
        await _open(request, reader, "gozone")
        return
    await _subscribe(request, reader)
    await _open(request, reader, "all")


async def choose(request: Request, action: choices.Choice) -> str | None:
    """Keep a choice, and show its screen as it is then."""
    reader = await settings_target(request, action.reader)
    changed = choices.choose(reader, action, client=request.client_language, now=request.now)
    if refused := choices.refusal(changed, translator(reader.language)):
        return refused
    if isinstance(action, StartInZone):
        await _subscribe(request, changed)
    else:
        await _keep(request, changed)
    if isinstance(action, ChooseLanguage) and reader.place.kind == "private":
        await _translate_menu(request, changed)
    if changed.id == request.reader.id:
        request.reader = changed
    await _open(request, changed, choices.screen_of(action))
    return None


async def _translate_menu(request: Request, reader: Reader) -> None:
    """Let the commands that Telegram lists follow the language that somebody chose."""
    user, people = reader.place.chat, request.services.people
    audience: Audience = "reader"
    if await people.is_editor(user):
        audience = "owner" if await people.is_owner(user) else "editor"
    await set_menu_of(request.bot, user, audience, reader.language if reader.language_chosen else None)


async def take_words(request: Request, awaited: AwaitedSetting, words: str) -> bool:
    """Take what was typed while a screen was open; a forward chooses nothing."""
    if not ORIGINAL.check_update(request.incoming):
        return False
    try:
        target = await settings_target(request, awaited.reader)
        changed = _typed(request, target, awaited.screen, words)
    except (NotAllowed, NotFound):
        await request.await_words(None)
        return False
    except ScheduleError as error:
        choose_zone = partial(_zone_choice(awaited.screen), awaited.reader)
        await request.send(not_understood(error, request.tr, choose=choose_zone))
        return True
    if isinstance(changed, Message):
        await request.send(changed)
        return True
    if refused := choices.refusal(changed, request.tr):
        await request.tell(refused)
        return True
    await request.await_words(None)
    await (_subscribe if awaited.screen == "gozone" else _keep)(request, changed)
    away = target.id != request.reader.id
    await request.send(await settings_overview(request, changed, away=away))
    return True


async def _open(request: Request, reader: Reader, screen: Screen | TypedScreen) -> None:
    """Show a screen; in private, where plain words reach us, words may be typed into some of them."""
    in_private = request.reader.place.kind == "private"
    awaited: AwaitedSetting | None = None
    match screen:
        case "times" | "weekly" | "zone" | "gozone" | "pause" if in_private:
            awaited = AwaitedSetting(reader.id, screen)
    # Every screen ends the question of the one before.
    await request.await_words(awaited)
    await request.show(await _screen(request, reader, screen, typed=in_private))


async def _screen(  # noqa: PLR0911  # a table
    request: Request, reader: Reader, screen: Screen | TypedScreen, *, typed: bool
) -> Message:
    now, tr = request.now, translator(reader.language)
    match screen:
        case "times":
            return views.times(reader, now, tr, typed=typed)
        case "days":
            return views.days(reader, now, tr)
        case "weekly":
            return views.weekly(reader, now, tr, typed=typed)
        case "zone" | "gozone":
            cities = suggested_zones(reader.language)
            return views.zone(reader, cities, now, tr, typed=typed, starts=screen == "gozone")
        case "lang":
            return views.language(reader, now, tr)
        case "parts":
            return views.parts(reader, now, tr)
        case "pause":
            return views.pause(reader, now, tr, typed=typed)
        case "all":
            return await settings_overview(request, reader, away=reader.id != request.reader.id)


async def _subscribe(request: Request, reader: Reader) -> None:
    schedule = replace(reader.subscription, paused_until=None).schedule
    if schedule is None:
        raise NotFound("zone")
    await subscribe(request, reader, schedule)


async def _keep(request: Request, reader: Reader) -> None:
    next_at = next_digest(reader.subscription, request.now)
    await request.services.readers.change(reader, next_at, request.now)


def _typed(request: Request, reader: Reader, screen: TypedScreen, words: str) -> Reader | Message:
    """Return the reader as what was typed makes them, or a question. ScheduleError for what means nothing."""
    if screen == "pause":
        return choices.paused(reader, words, request.now)
    typed = parse_schedule(words)
    if screen == "weekly":
        if len(typed.times) != 1 or not typed.days or len(typed.days) != 1:
            return plain_message(request.tr("settings.weekly_unclear"))
        return reader.subscribing(weekly=Weekly(min(typed.days), typed.times[0]))
    if typed.offset is not None and typed.zone is None:
        now, tr = request.now, translator(reader.language)
        cities = cities_at(typed.offset, now, tr)
        return views.zone(reader, cities, now, tr, typed=True, starts=screen == "gozone")
    return reader.subscribing(
        times=typed.times or reader.subscription.times,
        days=typed.days or reader.subscription.days,
        zone=typed.zone or reader.subscription.zone,
    )


def _zone_choice(screen: TypedScreen) -> type[ChooseZone | StartInZone]:
    return StartInZone if screen == "gozone" else ChooseZone


ROUTES: list[Route] = [
    command("settings", settings, admin_only=True),
    pressed(OpenSettings, open_settings),
    pressed(StopDigests, stop),
    pressed(StartDigests, start),
    *(pressed(choice, choose) for choice in typing.get_args(choices.Choice)),
    answer(AwaitedSetting, take_words),
]
