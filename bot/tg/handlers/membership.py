"""Chats that come and go: blocked, kicked, back again, upgraded, topics closed. What they chose stays."""

import logging
from dataclasses import replace
from typing import Final

import telegram
from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.i18n import say_in
from bot.message.rich import Rich, to_message
from bot.reader.model import Place, Reader, Suspension
from bot.reader.schedule import next_slot
from bot.tg.context import BACK, Context, client_language, place_of
from bot.tg.handlers.settings import overview
from bot.tg.routes import Handler

log = logging.getLogger(__name__)

_PRESENT: Final = frozenset(
    {ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.RESTRICTED}
)


async def membership(update: Update, ctx: Context) -> None:
    """The bot may write in a chat, or no longer: suspend, or go on."""
    change = update.my_chat_member
    if change is None:
        return
    readers, reason = ctx.services.readers, _silenced(change)
    known = await readers.of_chat(change.chat.id)
    for reader in known:
        if reason is not None:
            await readers.suspend(reader.id, reason, ctx.services.clock.now())
        elif reader.suspended:
            await _resume(ctx, reader)
    if ctx.over_limit:  # of somebody who adds the bot again and again, nothing is written down
        return
    if reason is None and change.chat.type == change.chat.CHANNEL and not _was_there(change):
        await _welcome_channel(update, ctx, change)


def _silenced(change: ChatMemberUpdated) -> Suspension | None:
    """Why the bot may not write there any more; None when it may."""
    member, chat = change.new_chat_member, change.chat
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


async def _resume(ctx: Context, reader: Reader) -> None:
    schedule = reader.schedule
    first = next_slot(schedule, ctx.services.clock.now()).at if schedule else None
    await ctx.services.readers.resume(reader.id, first)


async def _welcome_channel(update: Update, ctx: Context, change: ChatMemberUpdated) -> None:
    """Ask whoever added the bot when the channel's digest is to come; a channel itself cannot answer."""
    readers, user = ctx.services.readers, change.from_user
    own = await readers.find(Place(user.id))
    language = own.language if own else client_language(update)
    place = Place(change.chat.id, None, "channel")
    met = await readers.meet(place, language=language, now=ctx.services.clock.now(), back=BACK)
    title = change.chat.title or ""
    await readers.set_up(met.id, user.id, title)
    if met.zone is None and own and own.zone:
        await readers.change(replace(met, zone=own.zone), None, ctx.services.clock.now())
    if own is None:
        log.info("Who added a channel has never written to the bot; /settings will show it.")
        return
    added = to_message(Rich.plain(say_in(language)("chat.channel_added", title=title)))
    # By the outbox: a reply would wait for a turn in another chat than the one that this update is about.
    await ctx.services.notify(own.id, f"channel {place.chat}", (added, await overview(ctx, met, away=True)))


async def upgraded(update: Update, ctx: Context) -> None:
    """A group became a supergroup: its reader moves along."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id is not None:
        await ctx.services.readers.move(message.chat_id, message.migrate_to_chat_id)


async def topic(update: Update, ctx: Context) -> None:
    """A topic was closed: its reader waits, unless the bot may write there; or it was reopened."""
    message, place = update.effective_message, place_of(update)
    reader = await ctx.services.readers.find(place)
    if reader is None or message is None:
        return
    if message.forum_topic_reopened:
        if reader.suspended:
            await _resume(ctx, reader)
    elif not await ctx.decides_in(place.chat, ctx.bot.id):
        await ctx.services.readers.suspend(reader.id, "topic", ctx.services.clock.now())


_TOPIC: Final = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED

HANDLERS: list[Handler] = [
    ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER),
    MessageHandler(filters.StatusUpdate.MIGRATE, upgraded),
    MessageHandler(_TOPIC, topic),
]
