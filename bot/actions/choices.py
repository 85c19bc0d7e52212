"""What a choice in /settings makes of a reader. Pure."""

from dataclasses import replace
from datetime import date, datetime

from bot.actions.readers import (
    ChooseDays,
    ChooseLanguage,
    ChooseWeekly,
    ChooseZone,
    PauseUntil,
    Screen,
    StartInZone,
    StopWeekly,
    SwitchDaily,
    SwitchOnlyNew,
    SwitchPart,
    SwitchTime,
)
from bot.errors import NotFound, ScheduleError
from bot.i18n import Language, Translator
from bot.reader.days import parse_day
from bot.reader.model import ALL_DAYS, MORNING, Reader, Weekly
from bot.reader.typed import MAX_TIMES
from bot.reader.zones import is_zone

Choice = (
    SwitchTime
    | ChooseDays
    | ChooseWeekly
    | StopWeekly
    | SwitchDaily
    | ChooseZone
    | StartInZone
    | ChooseLanguage
    | SwitchPart
    | SwitchOnlyNew
    | PauseUntil
)


def refusal(reader: Reader, tr: Translator) -> str | None:
    """Return why a choice cannot be kept; None when it can."""
    chosen = reader.subscription
    if not ((chosen.times or chosen.weekly) and chosen.days and chosen.parts & {"news", "quote"}):
        return tr("settings.last_one")
    if len(chosen.times) > MAX_TIMES:
        return tr("settings.too_many", most=MAX_TIMES)
    return None


def choose(reader: Reader, choice: Choice, *, client: Language, now: datetime) -> Reader:  # noqa: PLR0911  # a table
    """Return the reader as a choice makes them. NotFound for a zone or a day that cannot be chosen now."""
    before = reader.subscription
    match choice:
        case SwitchTime(at=at):
            return reader.subscribing(times=tuple(sorted({at} ^ set(before.times))))
        case ChooseDays(days=days):
            # One day is switched, several are chosen.
            return reader.subscribing(days=days if len(days) > 1 else days ^ before.days)
        case ChooseWeekly() | StopWeekly() | SwitchDaily():
            return _with_weekly(reader, choice)
        case ChooseZone(zone=zone) | StartInZone(zone=zone):
            if not is_zone(zone):
                raise NotFound(zone)
            return reader.subscribing(zone=zone)
        case ChooseLanguage(language=language):
            return replace(reader, language=language or client, language_chosen=language is not None)
        case SwitchPart(part=part):
            return reader.subscribing(parts=before.parts ^ {part})
        case SwitchOnlyNew():
            return reader.subscribing(only_new=not before.only_new)
        case PauseUntil(day=day):
            return _paused(reader, day, now)


def screen_of(choice: Choice) -> Screen:
    """Return the screen that is shown after a choice."""
    match choice:
        case SwitchTime():
            return "times"
        case ChooseDays():
            return "days"
        case ChooseWeekly() | StopWeekly() | SwitchDaily():
            return "weekly"
        case ChooseLanguage():
            return "lang"
        case SwitchPart() | SwitchOnlyNew():
            return "parts"
        case ChooseZone() | StartInZone() | PauseUntil():
            return "all"


def paused(reader: Reader, words: str, now: datetime) -> Reader:
    """Return a reader paused until the local day that words mean. ScheduleError for words that mean none."""
    return reader.subscribing(paused_until=parse_day(words, reader.subscription.today(now)))


def _with_weekly(reader: Reader, choice: ChooseWeekly | StopWeekly | SwitchDaily) -> Reader:
    times = reader.subscription.times
    match choice:
        case ChooseWeekly(day=day, at=at):
            if day not in ALL_DAYS:
                raise NotFound(day)
            return reader.subscribing(weekly=Weekly(day, at))
        case StopWeekly():
            # Without it, something must still come.
            return reader.subscribing(weekly=None, times=times or (MORNING,))
        case SwitchDaily():
            return reader.subscribing(times=() if times else (MORNING,))


def _paused(reader: Reader, day: date | None, now: datetime) -> Reader:
    if day is None:
        return reader.subscribing(paused_until=None)
    try:
        return paused(reader, day.isoformat(), now)
    except ScheduleError:  # a day that has come meanwhile
        raise NotFound(day) from None
