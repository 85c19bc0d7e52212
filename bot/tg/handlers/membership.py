"""Chats that come and go: blocked, kicked, back again, upgraded. What they chose stays."""

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.reader.schedule import next_slot
from bot.tg.context import Context
from bot.tg.routes import Handler


async def membership(update: Update, ctx: Context) -> None:
    """The bot was blocked or removed: suspend; it is back: go on."""
    change = update.my_chat_member
    if change is None:
        return
    readers, now = ctx.services.readers, ctx.services.clock.now()
    gone = change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}
    for reader in await readers.of_chat(change.chat.id):
        if gone:
            reason = "blocked" if change.chat.type == change.chat.PRIVATE else "removed"
            await readers.suspend(reader.id, reason, now)
        elif reader.suspended:
            schedule = reader.schedule
            await readers.resume(reader.id, next_slot(schedule, now).at if schedule else None)


async def upgraded(update: Update, ctx: Context) -> None:
    """A group became a supergroup: its reader moves along."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id is not None:
        await ctx.services.readers.move(message.chat_id, message.migrate_to_chat_id)


HANDLERS: list[Handler] = [
    ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER),
    MessageHandler(filters.StatusUpdate.MIGRATE, upgraded),
]
