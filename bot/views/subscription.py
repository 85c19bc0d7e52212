"""What is said when digests begin and end."""

from datetime import datetime

from bot.actions.readers import OpenSettings, ShowNextDigest, SubscribeAgain
from bot.i18n import Say
from bot.message.callback import button
from bot.message.model import Message
from bot.message.rich import Rich, plain_message, to_message
from bot.reader.model import ReaderId, Schedule
from bot.views.schedule import describe, upcoming_digests


def begun(reader: ReaderId, schedule: Schedule, now: datetime, say: Say) -> Message:
    """Confirm a subscription, with the next three times."""
    text = Rich.plain(say("subscribe.title")).bold()
    text += Rich.plain(f"\n{describe(schedule, say)}\n\n{upcoming_digests(schedule, now, say)}")
    preview = button(say("subscribe.button_preview"), ShowNextDigest())
    settings = button(say("subscribe.button_settings"), OpenSettings(reader, "all"))
    return to_message(text, ((preview, settings),))


def ended(say: Say, *, was_subscribed: bool) -> Message:
    """Confirm that no more digests come, with a way back."""
    again = button(say("subscribe.button_again"), SubscribeAgain())
    return plain_message(say("subscribe.stopped" if was_subscribed else "subscribe.was_not"), (again,))
