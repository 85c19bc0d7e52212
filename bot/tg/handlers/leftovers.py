"""What is left over: plain words, unknown commands, pictures, buttons of the past."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.text import typed
from bot.tg.context import Context
from bot.tg.handlers import adding, settings, subscribing
from bot.tg.handlers.reading import open_best
from bot.tg.routes import FRESH, OWN, Act, Handler, allowed, in_channel


async def words(update: Update, ctx: Context) -> None:
    """Plain words in private: the answer to what was asked, else a look in the library."""
    message = update.effective_message
    if message and message.text:
        reader, said = await ctx.reader(update), typed(message.text)
        if OWN.check_update(update):  # what is passed on can be an article, but chooses nothing
            if await subscribing.take_words(update, ctx, reader, said):
                return
            if await settings.take_words(update, ctx, reader, said):
                return
        if await adding.take_words(update, ctx, reader, message):
            return
        if await open_best(update, ctx, said):
            return
    await _puzzled(update, ctx)


async def unknown_command(update: Update, ctx: Context) -> None:
    """A command that nobody registered."""
    await ctx.unknown_command(update)


async def unknown_thing(update: Update, ctx: Context) -> None:
    """A document from an editor, who means an article; a sticker, a picture, somebody else's document."""
    if await adding.take_document(update, ctx):
        return
    message = update.effective_message
    if message is not None and message.media_group_id is not None and ctx.chat_data is not None:
        # An album arrives as one message a picture: one answer is enough.
        if ctx.chat_data.get("album") == message.media_group_id:
            return
        ctx.chat_data["album"] = message.media_group_id
    await _puzzled(update, ctx)


async def _puzzled(update: Update, ctx: Context) -> None:
    """An owner may have meant it for the readers."""
    if await allowed(update, ctx, "owner"):
        await ctx.tell(update, (await ctx.say(update))("campaign.hint"))
    else:
        await ctx.unknown_thing(update)


def _typing(act: Act) -> Act:
    async def with_typing(update: Update, ctx: Context) -> None:
        with ctx.typing(update):
            await act(update, ctx)

    return with_typing


async def stale(update: Update, ctx: Context) -> None:
    """A button that no feature knows (any more)."""
    if in_channel(update):
        await ctx.lead_here(update, ())
        return
    await ctx.answer(update, (await ctx.say(update))("chat.stale"))


_PRIVATE = filters.ChatType.PRIVATE

HANDLERS: list[Handler] = [
    MessageHandler(OWN & filters.COMMAND, unknown_command),
    MessageHandler(FRESH & _PRIVATE & filters.TEXT, _typing(words)),
    MessageHandler(FRESH & _PRIVATE & ~filters.StatusUpdate.ALL, _typing(unknown_thing)),
    CallbackQueryHandler(stale),
]
