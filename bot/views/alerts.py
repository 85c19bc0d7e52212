"""What owners are told when something goes wrong, when it is over, and once a day."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.staff import AlertCause, MuteAlert
from bot.delivery.status import Fared
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import plain_message
from bot.message.model import Message
from bot.reader.model import Reader


def alert(cause: AlertCause, values: Mapping[str, object], tr: Translator) -> Message:
    """Tell of something that goes wrong, with a button that mutes it for a day."""
    return plain_message(
        tr(f"alerts.{cause}", **values), (button(tr("alerts.button_mute"), MuteAlert(cause)),)
    )


def over(cause: AlertCause, since: datetime, until: datetime, reader: Reader, tr: Translator) -> Message:
    """Tell that something is over, and how long it lasted, by the reader's clock."""
    zone = ZoneInfo(reader.subscription.zone or "UTC")
    times = {
        name: _moment(moment.astimezone(zone), tr) for name, moment in (("since", since), ("until", until))
    }
    return plain_message(tr("alerts.over", what=tr(f"alerts.name_{cause}"), **times))


def was_down(
    since: datetime, until: datetime, reader: Reader, tr: Translator, *, left_out: int, merged: int
) -> Message:
    """Tell that the bot did not run for a while, and how many digests came to nothing or came as one."""
    zone = ZoneInfo(reader.subscription.zone or "UTC")
    times = {
        name: _moment(moment.astimezone(zone), tr) for name, moment in (("since", since), ("until", until))
    }
    text = tr("alerts.down", count=left_out, **times) if left_out else tr("alerts.down_in_time", **times)
    return plain_message(text if not merged else f"{text} {tr('alerts.down_merged', count=merged)}")


def daily_line(fared: Fared, chats: int, tr: Translator) -> Message:
    """Tell how the last day went."""
    counts = {"due": fared.number, "sent": fared.sent, "uncertain": fared.uncertain}
    counts |= {"failed": fared.failed + fared.late, "waiting": fared.waiting}
    line = tr("alerts.daily", chats=chats, **counts)
    if fared.found or fared.again:
        line += " " + tr("alerts.daily_settled", found=fared.found, again=fared.again)
    return plain_message(line)


def _moment(local: datetime, tr: Translator) -> str:
    return tr("when.line", day=tr.short_day(local), time=tr.clock(local))
