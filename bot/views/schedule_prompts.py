"""What the bot asks when it has to know a reader's time or zone, and what it says when it misread them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.actions.model import Action
from bot.actions.readers import SubscribeInZone
from bot.errors import ScheduleError
from bot.i18n import Language, Translator, translator
from bot.message.callback import button, in_rows
from bot.message.formatted_text import FormattedText, plain_message, to_message
from bot.message.labels import truncate
from bot.message.model import ButtonRow, Message
from bot.reader.model import Reader
from bot.reader.typed import ParsedSchedule, ScheduleParseError, offset_zone
from bot.reader.zones import near, zones_at
from bot.views.schedule import city_clock, days_in_words, zone_name

_SUGGESTED: Final = {
    "zh": "Asia/Shanghai Asia/Hong_Kong Asia/Taipei Asia/Singapore Asia/Tokyo Europe/London America/New_York "
    "America/Los_Angeles",
    "en": "Europe/London Europe/Berlin America/New_York America/Chicago America/Los_Angeles Asia/Kolkata "
    "Asia/Shanghai Australia/Sydney",
}
_CITIES_IN_ROW: Final = 2
_WORD_CHARS: Final = 60
_MAX_CITIES: Final = 8


def ask_zone(typed: ParsedSchedule, reader: Reader, now: datetime) -> Message:
    """Ask where they are; offer common cities, or those whose clocks are as far ahead as they said."""
    tr = translator(reader.language)
    times = tr.list(tr.clock(time) for time in typed.times or reader.subscription.times)
    if typed.offset is None:
        return to_message(
            FormattedText.plain(tr("subscribe.ask_zone", times=times)),
            tuple(zone_rows(suggested_zones(reader.language), now, tr)),
        )
    cities = cities_at(typed.offset, now, tr)
    hours, rest = divmod(typed.offset, timedelta(hours=1))
    fixed = [] if rest else [(button(_utc(hours), SubscribeInZone(offset_zone(hours))),)]
    text = tr("subscribe.ask_city" if cities else "subscribe.no_city", offset=_offset(typed.offset))
    return plain_message(text, *zone_rows(cities, now, tr), *fixed)


def suggested_zones(language: Language) -> list[str]:
    """Return where most who speak a language are."""
    return _SUGGESTED.get(language, _SUGGESTED["en"]).split()


def cities_at(offset: timedelta, now: datetime, tr: Translator) -> list[str]:
    """Return zones whose clocks are that far ahead of UTC now, each city once, the better known first."""
    fitting = zones_at(offset, now)
    fitting = [zone for zone in suggested_zones(tr.language) if zone in fitting] + fitting
    named = {zone_name(zone, tr): zone for zone in reversed(fitting)}
    return list(dict.fromkeys(named[zone_name(zone, tr)] for zone in fitting))[:_MAX_CITIES]


def zone_rows(zones: Sequence[str], now: datetime, tr: Translator) -> list[ButtonRow]:
    """Return cities and what their clocks show, as buttons."""
    buttons = [button(city_clock(zone, now, tr), SubscribeInZone(zone)) for zone in zones]
    return in_rows(buttons, _CITIES_IN_ROW)


def not_understood(
    error: ScheduleError, tr: Translator, *, choose: Callable[[str], Action] = SubscribeInZone
) -> Message:
    """Say what was not understood, what was, and what would be; `choose` makes an offered zone's action."""
    hours, word = error.values.get("hours"), truncate(str(error.values.get("word", "")), _WORD_CHARS)
    found = error.understood if isinstance(error, ScheduleParseError) else ParsedSchedule()
    known = worded(found, tr)
    lines = [tr("subscribe.understood", what=known)] if known else []
    lines.append(tr(error.key, **{**error.values, "word": word}))
    zones: list[tuple[str, str]] = []
    if isinstance(hours, int):
        zones = [(_utc(sign * hours), offset_zone(sign * hours)) for sign in (1, -1)]
    elif isinstance(error, ScheduleParseError):
        lines.append("\n" + tr("subscribe.examples"))
        zones = [(zone_name(zone, tr), zone) for zone in near(word)]
        lines += ["\n" + tr("subscribe.nearly")] if zones else []
    buttons = [button(name, choose(zone)) for name, zone in zones]
    return plain_message("\n".join(lines), *in_rows(buttons, _CITIES_IN_ROW))


def unknown_city(error: ScheduleParseError, tr: Translator) -> Message:
    """Say that an answer named no city, with those that are spelled alike."""
    word = truncate(str(error.values.get("word", "")), _WORD_CHARS)
    zones = near(word)
    lines = [tr("subscribe.unknown_city", word=word)]
    lines += ["\n" + tr("subscribe.nearly")] if zones else []
    buttons = [button(zone_name(zone, tr), SubscribeInZone(zone)) for zone in zones]
    return plain_message("\n".join(lines), *in_rows(buttons, _CITIES_IN_ROW))


def worded(typed: ParsedSchedule, tr: Translator) -> str:
    """Return what was understood, in words; empty for nothing."""
    parts = [days_in_words(typed.days, tr)] if typed.days else []
    parts += [tr.clock(time) for time in typed.times]
    parts += [zone_name(typed.zone, tr)] if typed.zone else []
    return tr.list(parts) if parts else ""


def _offset(ahead: timedelta) -> str:
    """Return an offset as UTC+5:30."""
    sign, minutes = "-" if ahead < timedelta() else "+", abs(ahead) // timedelta(minutes=1)
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def _utc(hours: int) -> str:
    return f"UTC{hours:+}"
