"""How /settings looks: one message whose buttons change it in place."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.actions.model import Action
from bot.actions.readers import (
    ChooseDays,
    ChooseLanguage,
    ChooseWeekly,
    ChooseZone,
    OpenSettings,
    PauseUntil,
    Screen,
    StartDigests,
    StartInZone,
    StopDigests,
    StopWeekly,
    SwitchDaily,
    SwitchOnlyNew,
    SwitchPart,
    SwitchTime,
)
from bot.actions.topics import OpenTopics
from bot.i18n import LANGUAGES, Translator, translator
from bot.message.callback import button, in_rows
from bot.message.formatted_text import FormattedText, to_message
from bot.message.labels import truncate
from bot.message.model import Button, ButtonRow, Message
from bot.reader.model import ALL_DAYS, PARTS, Part, Reader, Subscription
from bot.views.schedule import (
    WEEKEND,
    WORKDAYS,
    city_clock,
    days_in_words,
    describe,
    upcoming_digests,
    zone_name,
)

HOURS: Final = tuple(time(hour) for hour in range(5, 24))
"""The times that are offered as buttons; others are typed."""

_WEEKLY_HOURS: Final = tuple(time(hour) for hour in (7, 8, 9, 12, 17, 18, 20, 21))
_WEEKLY_DAY: Final = 7
_WEEKLY_HOUR: Final = time(18)
"""What is chosen of a digest of the week when only its day or only its hour was tapped."""

PAUSES: Final = (1, 2, 3, 7, 14, 28)
"""For how many days a pause is offered."""

_SCREENS: Final[tuple[tuple[Screen, ...], ...]] = (
    ("times", "days"),
    ("weekly", "pause"),
    ("zone", "lang"),
    ("parts",),
)
"""The screens that the overview leads to, row by row."""

_TITLE_CHARS: Final = 40
_ON: Final = "✓ "


def overview(
    reader: Reader, now: datetime, tr: Translator, *, others: Iterable[Reader] = (), away: bool = False
) -> Message:
    """Return everything at a glance, the next three digests, and a button for each choice.

    `others` are the groups and channels that the reader set up; `away` says that this is one of them.
    """
    chosen = reader.subscription
    lines = [_state(chosen, now, tr), tr("settings.holds", parts=tr.list(_parts(chosen.parts, tr)))]
    if chosen.only_new:
        lines.append(tr("settings.is_only_new"))
    lines.append(tr("settings.speaks", language=tr("language.own_name")))
    title = tr("settings.title_of", chat=name_of(reader)) if away else tr("settings.title")
    text = FormattedText.plain(title).bold() + FormattedText.plain("\n" + "\n".join(lines))
    text += _upcoming(reader, now, tr)
    if not chosen.active:
        text += FormattedText.plain("\n\n" + tr("settings.to_begin"))
    rows: list[ButtonRow] = []
    for screens in _SCREENS:
        # There is nothing to pause before digests have begun.
        shown = [screen for screen in screens if chosen.active or screen != "pause"]
        rows.append(tuple(_to(reader, screen, tr) for screen in shown))
    rows[-1] = (*rows[-1], button(tr("settings.to_topics"), OpenTopics(reader.id)))
    if chosen.active:
        rows.append((button(tr("settings.to_stop"), StopDigests(reader.id)),))
    else:
        rows.append((button(tr("settings.to_go"), StartDigests(reader.id)),))
    rows += [(button(f"👥 {name_of(other)}", OpenSettings(other.id, "all")),) for other in others]
    if away:
        rows.append((button(tr("settings.own"), OpenSettings(None, "all")),))
    return to_message(text, tuple(rows))


def name_of(reader: Reader) -> str:
    """Return a group or channel by its title, as it was last seen."""
    return truncate(reader.title, _TITLE_CHARS) or str(reader.place.chat)


def times(reader: Reader, now: datetime, tr: Translator, *, typed: bool) -> Message:
    """Return the hours of a day, each to be switched on or off; others can be typed."""
    chosen = set(reader.subscription.times)
    others = sorted(chosen - set(HOURS))
    buttons = [_switch(tr.clock(at), SwitchTime(reader.id, at), on=at in chosen) for at in (*HOURS, *others)]
    hint = tr("settings.times_typed" if typed else "settings.times_command")
    return _screen(reader, now, tr, tr("settings.times_title"), hint, in_rows(buttons, 4))


def days(reader: Reader, now: datetime, tr: Translator) -> Message:
    """Return the days of a week."""
    chosen = reader.subscription.days
    buttons = [
        _switch(tr.weekday(day), ChooseDays(reader.id, frozenset({day})), on=day in chosen)
        for day in sorted(ALL_DAYS)
    ]
    whole = [
        button(days_in_words(some, tr), ChooseDays(reader.id, some)) for some in (ALL_DAYS, WORKDAYS, WEEKEND)
    ]
    rows = [*in_rows(buttons, 4), *in_rows(whole, 3)]
    return _screen(reader, now, tr, tr("settings.days_title"), days_in_words(chosen, tr), rows)


def weekly(reader: Reader, now: datetime, tr: Translator, *, typed: bool) -> Message:
    """Return the days and some hours for a digest of the week; others can be typed."""
    chosen = reader.subscription.weekly
    day, at = (chosen.day, chosen.at) if chosen else (_WEEKLY_DAY, _WEEKLY_HOUR)
    days = [
        _switch(tr.weekday(each), ChooseWeekly(reader.id, each, at), on=chosen is not None and each == day)
        for each in sorted(ALL_DAYS)
    ]
    hours = [
        _switch(tr.clock(each), ChooseWeekly(reader.id, day, each), on=chosen is not None and each == at)
        for each in sorted({*_WEEKLY_HOURS, at})
    ]
    rows = [*in_rows(days, 4), *in_rows(hours, 4)]
    if chosen:
        only = _switch(tr("settings.weekly_only"), SwitchDaily(reader.id), on=not reader.subscription.times)
        rows += [(only,), (button(tr("settings.weekly_off"), StopWeekly(reader.id)),)]
    hint = tr("settings.weekly_typed" if typed else "settings.weekly_hint")
    return _screen(reader, now, tr, tr("settings.weekly_title"), hint, rows)


def zone(
    reader: Reader, suggested: Iterable[str], now: datetime, tr: Translator, *, typed: bool, starts: bool
) -> Message:
    """Offer cities; others can be typed. With `starts`, a choice sends digests from then on."""
    choose = StartInZone if starts else ChooseZone
    chosen = reader.subscription.zone
    buttons = [
        _switch(city_clock(each, now, tr), choose(reader.id, each), on=each == chosen) for each in suggested
    ]
    now_in = zone_name(chosen, tr) if chosen else tr("settings.no_zone")
    hint = tr("settings.zone_typed" if typed else "settings.zone_command")
    return _screen(reader, now, tr, tr("settings.zone_title", zone=now_in), hint, in_rows(buttons, 2))


def language(reader: Reader, now: datetime, tr: Translator) -> Message:
    """Return every language that the bot speaks, or whichever Telegram is set to."""
    chosen = reader.language if reader.language_chosen else None
    buttons = [
        _switch(translator(each)("language.own_name"), ChooseLanguage(reader.id, each), on=each == chosen)
        for each in LANGUAGES
    ]
    if reader.place.kind == "private":
        automatic = ChooseLanguage(reader.id, None)
        buttons.append(_switch(tr("settings.language_auto"), automatic, on=chosen is None))
    return _screen(reader, now, tr, tr("settings.language_title"), "", in_rows(buttons, 1))


def parts(reader: Reader, now: datetime, tr: Translator) -> Message:
    """Return what a digest holds, and whether one comes without anything new."""
    chosen = reader.subscription
    buttons = [
        _switch(tr(f"settings.button_{part}"), SwitchPart(reader.id, part), on=part in chosen.parts)
        for part in PARTS
    ]
    buttons.append(_switch(tr("settings.button_new"), SwitchOnlyNew(reader.id), on=chosen.only_new))
    rows = in_rows(buttons, 1)
    return _screen(reader, now, tr, tr("settings.parts_title"), tr("settings.parts_hint"), rows)


def pause(reader: Reader, now: datetime, tr: Translator, *, typed: bool) -> Message:
    """Return the days on which digests could begin again."""
    today = reader.subscription.today(now)
    buttons = [_until(reader, today + timedelta(days=count + 1), tr) for count in PAUSES]
    rows = in_rows(buttons, 2)
    if reader.subscription.is_paused(now):
        rows.append((button(tr("settings.button_resume"), PauseUntil(reader.id, None)),))
    hint = tr("settings.pause_typed" if typed else "settings.pause_hint")
    return _screen(reader, now, tr, tr("settings.pause_title"), hint, rows)


def _state(chosen: Subscription, now: datetime, tr: Translator) -> str:
    if not chosen.active or chosen.schedule is None:
        return tr("settings.not_subscribed")
    described = describe(chosen.schedule, tr)
    if chosen.paused_until and chosen.is_paused(now):
        described += "\n" + tr("settings.is_paused", day=tr.short_day(chosen.paused_until))
    return described


def _parts(chosen: frozenset[Part], tr: Translator) -> list[str]:
    """Name what a digest holds; first sentences and pictures of articles come only with their titles."""
    shown = chosen if "news" in chosen else chosen - {"leads", "pictures"}
    return [tr(f"settings.part_{part}") for part in PARTS if part in shown]


def _to(reader: Reader, screen: Screen, tr: Translator) -> Button:
    return button(tr(f"settings.to_{screen}"), OpenSettings(reader.id, screen))


def _until(reader: Reader, day: date, tr: Translator) -> Button:
    return button(tr.short_day(day), PauseUntil(reader.id, day))


def _switch(text: str, action: Action, *, on: bool) -> Button:
    return button(_ON + text if on else text, action)


def _upcoming(reader: Reader, now: datetime, tr: Translator) -> FormattedText:
    """Return what each change comes to: the next three digests, if any come."""
    schedule = reader.subscription.schedule
    if reader.subscription.next_at is None or schedule is None:
        return FormattedText()
    return FormattedText.plain("\n\n" + upcoming_digests(schedule, now, tr))


def _screen(  # noqa: PLR0917  # what a screen consists of
    reader: Reader, now: datetime, tr: Translator, title: str, hint: str, rows: Iterable[ButtonRow]
) -> Message:
    text = (
        FormattedText.plain(title).bold()
        + FormattedText.plain(f"\n{hint}" if hint else "")
        + _upcoming(reader, now, tr)
    )
    return to_message(text, (*rows, (button(tr("settings.back"), OpenSettings(reader.id, "all")),)))
