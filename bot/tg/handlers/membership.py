"""Chats that come and go: blocked, kicked, back again, upgraded, topics closed. What they chose stays."""

import logging
from typing import Final

import telegram
from telegram import ChatMember, ChatMemberUpdated
from telegram.ext import filters

from bot.i18n import translator
from bot.message.formatted_text import plain_message
from bot.reader.model import Place, Reader, Suspension
from bot.reader.schedule import next_digest
from bot.tg.request import NEW_READER_BACKLOG, Request
from bot.tg.routes import Route, own_membership, service_message
from bot.tg.subscription import settings_overview

log = logging.getLogger(__name__)

_PRESENT: Final = frozenset(
    {ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.RESTRICTED}
)


async def membership(request: Request) -> None:
    """Suspend a chat in which the bot may not write any more, or resume it."""
    change = request.incoming.my_chat_member
    if change is None:
        return
    readers, reason = request.services.readers, _silenced(change)
    known = await readers.of_chat(change.chat.id)
    for reader in known:
        # Every topic of the group is a reader of its own.
        if reason is not None:
            await readers.suspend(reader.id, reason, request.now)
        elif reader.subscription.suspended:
            await _resume(request, reader)
    if request.is_over_limit:  # of somebody who adds the bot again and again, nothing is written down
        return
    if reason is None and change.chat.type == change.chat.CHANNEL and not _was_there(change):
        await _welcome_channel(request, change)


def _silenced(change: ChatMemberUpdated) -> Suspension | None:
    """Return why the bot may not write there any more; None when it may."""
    member, chat = change.new_chat_member, change.chat
    # In private, the only way out is to block the bot.
    if member.status not in _PRESENT:
        return "blocked" if chat.type == chat.PRIVATE else "removed"
    if isinstance(member, telegram.ChatMemberRestricted) and not (
        member.is_member and member.can_send_messages
    ):
        return "rights"
    if chat.type == chat.CHANNEL and not _may_post(member):
        return "rights"
    return None


def _may_post(member: ChatMember) -> bool:
    """In a channel, only administrators write, and only those with that right."""
    return isinstance(member, telegram.ChatMemberAdministrator) and member.can_post_messages is not False


def _was_there(change: ChatMemberUpdated) -> bool:
    return _may_post(change.old_chat_member)


async def _resume(request: Request, reader: Reader) -> None:
    due = next_digest(reader.subscription, request.now)
    await request.services.readers.resume(reader.id, due)


async def _welcome_channel(request: Request, change: ChatMemberUpdated) -> None:
    """Ask whoever added the bot when the channel's digest is to come; a channel itself cannot answer."""
    readers, user = request.services.readers, change.from_user
    own = await readers.find(Place(user.id))
    language = own.language if own else request.client_language
    place = Place(change.chat.id, None, "channel")
    met = await readers.meet(place, language=language, now=request.now, back=NEW_READER_BACKLOG)
    title = change.chat.title or ""
    await readers.set_up(met.id, user.id, title)
    # A channel has no clock of its own: it gets that of whoever set it up, until they choose.
    if met.subscription.zone is None and own and own.subscription.zone:
        await readers.change(met.subscribing(zone=own.subscription.zone), None, request.now)
    if own is None:
        log.info("Who added a channel has never written to the bot; /settings will show it.")
        return
    added = plain_message(translator(language)("chat.channel_added", title=title))
    # By the outbox: a reply would wait for a turn in another chat than the one that this update is about.
    await request.services.notify(
        own.id, f"channel {place.chat}", (added, await settings_overview(request, met, away=True))
    )


async def upgraded(request: Request) -> None:
    """Move the reader of a group that became a supergroup."""
    message = request.message
    if message is not None and message.migrate_to_chat_id is not None:
        await request.services.readers.move(message.chat_id, message.migrate_to_chat_id, request.now)


async def topic(request: Request) -> None:
    """Suspend the reader of a closed topic, unless the bot may write there; resume that of a reopened one."""
    message, place = request.message, request.place
    reader = await request.services.readers.find(place)
    if reader is None or message is None:
        return
    if message.forum_topic_reopened:
        if reader.subscription.suspended:
            await _resume(request, reader)
    # Administrators may write in a closed topic.
    elif not await request.is_admin_of(place.chat, request.bot.id):
        await request.services.readers.suspend(reader.id, "topic", request.now)


_TOPIC: Final = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED

ROUTES: list[Route] = [
    own_membership(membership),
    service_message(filters.StatusUpdate.MIGRATE, upgraded),
    service_message(_TOPIC, topic),
]
