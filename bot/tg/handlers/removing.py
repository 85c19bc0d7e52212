"""/removearticle: take an article away; a tap brings it back."""

from telegram import Update

from bot.article.model import ArticleId
from bot.editing import views
from bot.tg.context import Context, user_of
from bot.tg.handlers.reading import choose, favourite, offer
from bot.tg.routes import Handler, button, command


async def remove_article(update: Update, ctx: Context) -> None:
    """/removearticle [number or words]: remove the one that they mean; ask when that may be several."""
    reader, say = await ctx.reader(update), await ctx.say(update)
    newest = favourite(ctx.services.library.newest(), reader)
    found = choose(ctx, reader, ctx.words) if ctx.words else newest
    if not newest:
        await ctx.tell(update, say("chat.no_articles"))
    elif not found:
        await offer(update, ctx, newest, key="editing.none_to_remove", hint="editing.hint_remove", verb="rem")
    elif ctx.words and len(found) == 1:
        await ctx.services.editor.remove(found[0].id, editor=user_of(update))
        await ctx.send(update, views.removed(found[0], say))
    else:
        await offer(update, ctx, found, key="editing.which_to_remove", hint="editing.hint_remove", verb="rem")


async def remove(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: remove this one."""
    say = await ctx.say(update)
    card = ctx.services.library.get(ArticleId(int(arguments[0])))
    if card is None or not await ctx.services.editor.remove(card.id, editor=user_of(update)):
        return say("editing.gone_already")
    await ctx.show(update, views.removed(card, say))
    return None


async def restore(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: bring it back."""
    say = await ctx.say(update)
    card = await ctx.services.editor.restore(ArticleId(int(arguments[0])), editor=user_of(update))
    if card is None:
        return say("editing.back_already")
    await ctx.show(update, views.restored(card, say))
    return None


HANDLERS: list[Handler] = [
    command("removearticle", remove_article, audience="editor"),
    button("rem", remove, audience="editor"),
    button("rest", restore, audience="editor"),
]
