"""/quote: words worth repeating, none twice before all were shown."""

from telegram import Update

from bot.article.model import ArticleId
from bot.article.query import index_text, parse_query
from bot.clock import below
from bot.digest.choose import draw
from bot.i18n import say_in
from bot.message import views
from bot.message.model import Message
from bot.tg.context import Context
from bot.tg.handlers.reading import choose, is_number
from bot.tg.routes import Handler, button, command


async def quote(update: Update, ctx: Context) -> None:
    """/quote [words]: a quote not seen in this round; one with these words, or of the article they mean."""
    if not ctx.words:
        await show_next(update, ctx)
    elif shown := await _meant(update, ctx, ctx.words):
        await ctx.send(update, shown)
    else:
        await ctx.tell(update, (await ctx.say(update))("chat.no_such_quote"))


async def show_next(update: Update, ctx: Context) -> None:
    """A quote not seen in this round."""
    shown = await _next(update, ctx)
    if shown is None:
        await ctx.tell(update, (await ctx.say(update))("chat.no_quotes"))
    else:
        await ctx.send(update, shown)


async def another(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: the next quote, of this article or (0) of all."""
    article = int(arguments[0])
    shown = await _of_article(update, ctx, ArticleId(article)) if article else await _next(update, ctx)
    if shown is None:
        return (await ctx.say(update))("chat.no_quotes")
    await ctx.send(update, shown)
    return None


async def _next(update: Update, ctx: Context) -> Message | None:
    services, reader = ctx.services, await ctx.reader(update)
    drawn = draw(services.library.quote_pool(reader.language), reader)
    card = services.library.get(drawn.article) if drawn else None
    if drawn is None or card is None:
        return None
    await ctx.remember(services.readers.draw_quote(reader, drawn.round, drawn.place))
    said = await services.editions.quote(card.id, drawn.quote)
    return views.quote(card, said, say_in(reader.language))


async def _of_article(update: Update, ctx: Context, article: ArticleId) -> Message | None:
    """Leaves the reader's place among all quotes alone."""
    card = ctx.services.library.get(article)
    if card is None or not card.quotes:
        return None
    said = await ctx.services.editions.quote(article, card.quotes[below(len(card.quotes))])
    return views.quote(card, said, await ctx.say(update), pool=article)


async def _meant(update: Update, ctx: Context, words: str) -> Message | None:
    """Words of a quote, else of an article that has some; a number is an article's."""
    if not is_number(words) and (shown := await _with_words(update, ctx, words)):
        return shown
    articles = choose(ctx, await ctx.reader(update), words)
    quoting = next((card for card in articles if card.quotes), None)
    return await _of_article(update, ctx, quoting.id) if quoting else None


async def _with_words(update: Update, ctx: Context, words: str) -> Message | None:
    """Leaves the reader's place among all quotes alone."""
    query = parse_query(words)
    found = [
        (card, said)
        for article, said in (await ctx.services.editions.quotes_with(query.terms) if query else ())
        if query.matches(index_text(f"{said.text}\n{said.by or ''}"))
        and (card := ctx.services.library.get(article))
    ]
    if not found:
        return None
    card, said = found[below(len(found))]
    return views.quote(card, said, await ctx.say(update))


HANDLERS: list[Handler] = [command("quote", quote), button("quo", another)]
