"""/addarticle: an editor hands in a document, sees what was found in it, and decides."""

from typing import Final

import telegram
from telegram import Document, Message, Update

from bot.article.model import ArticleId
from bot.article.read import MAX_BYTES
from bot.editing import views
from bot.errors import ArticleError
from bot.i18n import say_in
from bot.message.rich import Rich, to_message
from bot.reader.model import Reader
from bot.tg.context import Context, user_of
from bot.tg.convert import as_markdown
from bot.tg.routes import Handler, allowed, button, command

AWAITING: Final = "article"
"""What is awaited of an editor who was asked for a document."""

_CUT: Final = 4000
"""Characters from which on a text may be the first part of one that Telegram has cut in two."""


async def add_article(update: Update, ctx: Context) -> None:
    """/addarticle: the text behind it, the document or text that it replies to, or what comes next."""
    message = update.effective_message
    if message is None or update.effective_user is None:
        return
    replied = message.reply_to_message
    typed = message.text or ""
    behind = typed.split(maxsplit=1)[1:]
    if behind:
        await _propose_text(update, ctx, as_markdown(message, start=len(typed) - len(behind[0])))
    elif replied and replied.document:
        await _propose_document(update, ctx, replied.document)
    elif replied and replied.text:
        await _propose_text(update, ctx, as_markdown(replied))
    else:
        reader = await ctx.reader(update)
        await ctx.services.readers.await_words(reader.id, AWAITING)
        waiting = await ctx.services.editor.drafts(update.effective_user.id)
        await ctx.send(update, views.ask(waiting, say_in(reader.language)))


async def take_words(update: Update, ctx: Context, reader: Reader, message: Message) -> bool:
    """The text of an article that was asked for; False when none was."""
    if reader.awaiting != AWAITING or not message.text or not await allowed(update, ctx, "editor"):
        return False
    await ctx.remember(ctx.forget_awaited(update))
    await _propose_text(update, ctx, as_markdown(message))
    return True


async def take_document(update: Update, ctx: Context) -> bool:
    """A document, asked for or not; False when it is none, or comes from somebody who does not edit."""
    message = update.effective_message
    if message is None or message.document is None or not await allowed(update, ctx, "editor"):
        return False
    await ctx.remember(ctx.forget_awaited(update))
    await _propose_document(update, ctx, message.document)
    return True


async def _propose_document(update: Update, ctx: Context, document: Document) -> None:
    name, size = document.file_name or "", document.file_size or 0
    if size > MAX_BYTES:
        raise ArticleError("error.too_big", file=name, size=f"{size / 1_000_000:.1f}")
    try:
        data = await ctx.bot.download(document.file_id)
    except telegram.error.TelegramError as error:
        raise ArticleError("error.not_fetched", file=name) from error
    await _propose(update, ctx, data, name)


async def _propose_text(update: Update, ctx: Context, text: str) -> None:
    note = ""
    if len(text) >= _CUT:
        note = (await ctx.say(update))("editing.maybe_cut")
    await _propose(update, ctx, text.strip().encode(), "", note=note)


async def _propose(update: Update, ctx: Context, data: bytes, name: str, *, note: str = "") -> None:
    found = await ctx.services.editor.propose(data, name=name, editor=user_of(update))
    await ctx.send(update, views.proposal(found, await ctx.say(update), note=note))


async def look(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: a draft that waits."""
    say = await ctx.say(update)
    found = await ctx.services.editor.look(int(arguments[0]), editor=user_of(update))
    if found is None:
        return say("editing.decided")
    await ctx.show(update, views.proposal(found, say))
    return None


async def publish(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: make a draft an article."""
    return await _publish(update, ctx, int(arguments[0]), replacing=False)


async def replace(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: make a draft the new version of the article that has its name."""
    return await _publish(update, ctx, int(arguments[0]), replacing=True)


async def _publish(update: Update, ctx: Context, draft: int, *, replacing: bool) -> str | None:
    say = await ctx.say(update)
    made = await ctx.services.editor.publish(draft, editor=user_of(update), replacing=replacing)
    if made is None:
        return say("editing.decided")
    await ctx.show(update, views.published(made, say))
    return None


async def discard(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: throw a draft away."""
    say = await ctx.say(update)
    if not await ctx.services.editor.discard(int(arguments[0]), editor=user_of(update)):
        return say("editing.decided")
    await ctx.show(update, to_message(Rich.plain(say("editing.discarded"))))
    return None


async def revert(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: the version before a correction."""
    article, version, standing = map(int, arguments)
    say = await ctx.say(update)
    made = await ctx.services.editor.revert(
        ArticleId(article), version, standing=standing, editor=user_of(update)
    )
    if made is None:
        return say("editing.not_undone")
    await ctx.show(update, views.reverted(made, say))
    return None


HANDLERS: list[Handler] = [
    command("addarticle", add_article, audience="editor"),
    button("draft", look, audience="editor"),
    button("pub", publish, audience="editor"),
    button("rep", replace, audience="editor"),
    button("drop", discard, audience="editor"),
    button("rev", revert, audience="editor"),
]
