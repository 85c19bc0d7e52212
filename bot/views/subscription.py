"""What is said when digests begin and end."""

from datetime import datetime

from bot.actions.readers import OpenSettings, ShowNextDigest, Subscribe
from bot.actions.topics import OpenTopics
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import FormattedText, plain_message, to_message
from bot.message.model import Message
from bot.reader.model import Reader, ReaderId, Schedule
from bot.views.schedule import describe, upcoming_digests


def begun(reader: ReaderId, schedule: Schedule, now: datetime, tr: Translator, *, others: int = 0) -> Message:
    """Confirm a subscription, with the next three times; `others` articles are more than the first brings."""
    text = FormattedText.plain(tr("subscribe.title")).bold()
    text += FormattedText.plain(f"\n{describe(schedule, tr)}\n\n{upcoming_digests(schedule, now, tr)}")
    if others:
        text += FormattedText.plain("\n\n" + tr("subscribe.begins", count=others))
    times = button(tr("subscribe.button_time"), OpenSettings(reader, "times"))
    preview = button(tr("subscribe.button_preview"), ShowNextDigest())
    settings = button(tr("subscribe.button_settings"), OpenSettings(reader, "all"))
    return to_message(text, ((times, preview), (settings,)))


def none_followed(reader: Reader, tr: Translator) -> Message:
    """Say that a digest would be empty, since nothing new is among the reader's topics."""
    return plain_message(
        tr("digest.none_followed"), (button(tr("settings.to_topics"), OpenTopics(reader.id)),)
    )


def ended(tr: Translator, *, was_subscribed: bool) -> Message:
    """Confirm that no more digests come, with a way back."""
    text, label = "subscribe.stopped", "subscribe.button_again"
    if not was_subscribed:
        text, label = "subscribe.was_not", "chat.button_subscribe"
    return plain_message(tr(text), (button(tr(label), Subscribe()),))
