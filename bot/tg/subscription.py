"""What several features do with a subscription: begin it, show the settings."""

from collections.abc import Sequence

from bot.i18n import translator
from bot.message.model import Message
from bot.reader.model import Reader, Schedule
from bot.reader.schedule import next_slot
from bot.tg.request import NEW_READER_BACKLOG, Request
from bot.views import settings as settings_views


async def subscribe(request: Request, reader: Reader, schedule: Schedule) -> bool:
    """Send digests from now on; True for who begins with the newest articles.

    Whoever subscribes a group or channel hears when it gets no more.
    """
    readers = request.services.readers
    next_at = next_slot(schedule, request.now).at
    begins = await readers.subscribe(reader.id, schedule, next_at, back=NEW_READER_BACKLOG, now=request.now)
    user, chat = request.incoming.effective_user, request.incoming.effective_chat
    if user is None or user.is_bot or chat is None or reader.place.kind == "private":
        return begins  # an anonymous administrator is nobody in particular
    # Set up from the private chat, the title is the one that was seen last.
    title = chat.title if chat.id == reader.place.chat else reader.title
    await readers.set_up(reader.id, user.id, title or "")
    return begins


async def settings_overview(request: Request, reader: Reader, *, away: bool) -> Message:
    """Return what a reader has chosen, as it is now; `away` from the chat that it is about, with its name."""
    found = await request.services.readers.get(reader.id) or reader
    others: Sequence[Reader] = ()
    if found.place.kind == "private":
        others = await request.services.readers.set_up_by(found.place.chat)
    return settings_views.overview(found, request.now, translator(found.language), others=others, away=away)
