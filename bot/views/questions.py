"""What the bot asks when it has to know a reader's time or zone, and what it says when it misread them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.actions.model import Action
from bot.actions.readers import SubscribeInZone
from bot.errors import ScheduleError
from bot.i18n import Language, Say, say_in
from bot.message.callback import button, in_rows
from bot.message.labels import short
from bot.message.model import Message, Row
from bot.message.rich import Rich, plain_message, to_message
from bot.reader.model import Reader
from bot.reader.typed import Misread, Typed, offset_zone
from bot.reader.zones import near, zones_at
from bot.views.schedule import city_clock, days_in_words, zone_name

_SUGGESTED: Final = {
    "zh": "Asia/Shanghai Asia/Hong_Kong Asia/Taipei Asia/Singapore Asia/Tokyo Europe/London America/New_York "
    "America/Los_Angeles",
    "en": "Europe/London Europe/Berlin America/New_York America/Chicago America/Los_Angeles Asia/Kolkata "
    "Asia/Shanghai Australia/Sydney",
}
_IN_A_ROW: Final = 2
_WORD: Final = 60
_CITIES: Final = 8


def ask_zone(typed: Typed, reader: Reader, now: datetime) -> Message:
    """Ask where they are; offer common cities, or those whose clocks are as far ahead as they said."""
    say = say_in(reader.language)
    times = say.list(say.clock(time) for time in typed.times or reader.subscription.times)
    if typed.offset is None:
        return to_message(
            Rich.plain(say("subscribe.ask_zone", times=times)),
            tuple(zone_rows(suggested_zones(reader.language), now, say)),
        )
    cities = cities_at(typed.offset, now, say)
    hours, rest = divmod(typed.offset, timedelta(hours=1))
    fixed = [] if rest else [(button(_utc(hours), SubscribeInZone(offset_zone(hours))),)]
    text = say("subscribe.ask_city" if cities else "subscribe.no_city", offset=_offset(typed.offset))
    return plain_message(text, *zone_rows(cities, now, say), *fixed)


def suggested_zones(language: Language) -> list[str]:
    """Return where most who speak a language are."""
    return _SUGGESTED.get(language, _SUGGESTED["en"]).split()


def cities_at(offset: timedelta, now: datetime, say: Say) -> list[str]:
    """Return zones whose clocks are that far ahead of UTC now, each city once, the better known first."""
    fitting = zones_at(offset, now)
    fitting = [zone for zone in suggested_zones(say.language) if zone in fitting] + fitting
    named = {zone_name(zone, say): zone for zone in reversed(fitting)}
    return list(dict.fromkeys(named[zone_name(zone, say)] for zone in fitting))[:_CITIES]


def zone_rows(zones: Sequence[str], now: datetime, say: Say) -> list[Row]:
    """Return cities and what their clocks show, as buttons."""
    return in_rows([button(city_clock(zone, now, say), SubscribeInZone(zone)) for zone in zones], _IN_A_ROW)


def not_understood(
    error: ScheduleError, say: Say, *, choose: Callable[[str], Action] = SubscribeInZone
) -> Message:
    """Say what was not understood, what was, and what would be; `choose` makes an offered zone's action."""
    hours, word = error.values.get("hours"), short(str(error.values.get("word", "")), _WORD)
    found = error.understood if isinstance(error, Misread) else Typed()
    known = worded(found, say)
    lines = [say("subscribe.understood", what=known)] if known else []
    lines.append(say(error.key, **{**error.values, "word": word}))
    zones: list[tuple[str, str]] = []
    if isinstance(hours, int):
        zones = [(_utc(sign * hours), offset_zone(sign * hours)) for sign in (1, -1)]
    elif isinstance(error, Misread):
        lines.append("\n" + say("subscribe.examples"))
        zones = [(zone_name(zone, say), zone) for zone in near(word)]
        lines += ["\n" + say("subscribe.nearly")] if zones else []
    buttons = [button(name, choose(zone)) for name, zone in zones]
    return plain_message("\n".join(lines), *in_rows(buttons, _IN_A_ROW))


def worded(typed: Typed, say: Say) -> str:
    """Return what was understood, in words; empty for nothing."""
    parts = [days_in_words(typed.days, say)] if typed.days else []
    parts += [say.clock(time) for time in typed.times]
    parts += [zone_name(typed.zone, say)] if typed.zone else []
    return say.list(parts) if parts else ""


def _offset(ahead: timedelta) -> str:
    """Return an offset as UTC+5:30."""
    sign, minutes = "-" if ahead < timedelta() else "+", abs(ahead) // timedelta(minutes=1)
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def _utc(hours: int) -> str:
    return f"UTC{hours:+}"
