"""What /status shows owners: how delivery stands, and what people with rights did last."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Final

from bot.actions.staff import LiftCooldowns, ShowActs, WantDailyLine
from bot.acts import RecordedAct
from bot.delivery.status import Status
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import FormattedText, plain_message, to_message
from bot.message.model import ButtonRow, Message
from bot.views.notices import stopped_choices
from bot.views.people import People, who

_MINUTE: Final = timedelta(minutes=1)


def delivery(status: Status, tr: Translator, *, wants_line: bool = False) -> Message:
    """Show how delivery stands, with what can be done about it."""
    if status.telegram == "up":
        lines = [tr("status.answers")]
    else:
        lines = [tr("status.silent", reason=tr(f"status.reason_{status.reason}"))]
    rows: list[ButtonRow] = []
    if status.stopped:
        lines.append(tr("status.stopped"))
        rows += stopped_choices(tr)
    if status.digests_held:
        lines.append(tr("status.digests_held", minutes=_minutes(status.digests_held)))
    if status.chats_held:
        minutes = _minutes(status.longest_hold)
        lines.append(tr("status.held", count=status.chats_held, minutes=minutes))
    if status.digests_held or status.chats_held:
        rows.append((button(tr("status.button_lift"), LiftCooldowns()),))
    line = (
        ("status.button_no_daily", WantDailyLine("off"))
        if wants_line
        else ("status.button_daily", WantDailyLine("on"))
    )
    rows.append((button(tr(line[0]), line[1]),))
    rows.append((button(tr("status.button_acts"), ShowActs(), in_new_message=True),))
    return plain_message("\n".join(lines), *rows)


def acts(
    done: Sequence[RecordedAct], people: People, tr: Translator, *, viewer: int, zone: tzinfo
) -> Message:
    """List what people with rights did, as the clocks of a zone show it; `viewer` is who looks at it."""
    lines = act_lines(done, people, tr, viewer=viewer, zone=zone)
    text = "\n".join(lines) or tr("status.no_acts")
    return to_message(FormattedText.plain(tr("status.acts")).bold() + FormattedText.plain("\n" + text))


def act_lines(
    done: Sequence[RecordedAct], people: People, tr: Translator, *, viewer: int, zone: tzinfo
) -> list[str]:
    """Return a line for each act: when, who, what."""
    lines = []
    for act in done:
        local = act.at.astimezone(zone)
        when = tr("when.line", day=tr.short_day(local), time=tr.clock(local))
        name = who(act.user, people, viewer, tr)
        lines.append(tr("status.act", when=when, who=name, what=tr(f"acts.{act.act}", about=act.about)))
    return lines


def _minutes(time: timedelta) -> int:
    return max(1, -(-time // _MINUTE))
