"""What several features do with a subscription: begin it, show the settings, ask whose they are."""

from collections.abc import Sequence

from bot.errors import NotFound
from bot.i18n import translator
from bot.message.model import Message
from bot.reader.model import Reader, ReaderId, Schedule
from bot.reader.schedule import next_slot
from bot.tg.request import NEW_READER_BACKLOG, Request
from bot.tg.routes import NotAllowed
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


async def settings_target(request: Request, reader: ReaderId | None) -> Reader:
    """Return whose settings are meant: this chat's, or a group's or channel's that the sender decides for.

    NotAllowed for who does not decide, NotFound for a chat that is not theirs to see.
    """
    own = request.reader
    # A button in a group names no reader, or this one: its administrators decide.
    if reader in {None, own.id}:
        if not await request.is_admin():
            raise NotAllowed
        return own
    other = await request.services.readers.get(reader) if reader else None
    if other is None or other.place.kind == "private" or own.place.kind != "private":
        raise NotFound(reader)
    if not await request.is_admin_of(other.place.chat, request.user):
        raise NotAllowed
    return other


async def settings_overview(request: Request, reader: Reader, *, away: bool) -> Message:
    """Return what a reader has chosen, as it is now; `away` from the chat that it is about, with its name."""
    found = await request.services.readers.get(reader.id) or reader
    others: Sequence[Reader] = ()
    if found.place.kind == "private":
        others = await request.services.readers.set_up_by(found.place.chat)
    return settings_views.overview(found, request.now, translator(found.language), others=others, away=away)
