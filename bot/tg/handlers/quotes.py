"""/quote: words worth repeating, none twice before all were shown."""

from typing import Final

from bot.actions import deep_links
from bot.actions.readers import ShowQuote
from bot.article.model import ArticleId
from bot.clock import randbelow
from bot.digest.choose import draw
from bot.digest.interests import wanted_by
from bot.message.model import Message
from bot.search.columns import COLUMNS
from bot.search.query import parse_query
from bot.search.snippets import Pattern
from bot.tg.lookup import articles_meant, is_number
from bot.tg.request import Request
from bot.tg.routes import Route, command, deep_link, pressed
from bot.views import articles as views

_QUOTES: Final = COLUMNS.index("quotes")
_MAX_LOOKED_THROUGH: Final = 20
"""Articles whose quotes are looked through for words."""


async def quote(request: Request) -> None:
    """Handle /quote [words]: show one not seen in this round, or one that the words mean."""
    if not request.words:
        await show_next(request)
    elif shown := await _meant(request, request.words):
        await _send(request, shown)
    else:
        await request.tell(request.tr("chat.no_such_quote"))


async def show_next(request: Request) -> None:
    """Show a quote not seen in this round."""
    shown = await _next(request)
    if shown is None:
        await request.tell(request.tr("chat.no_quotes"))
    else:
        await _send(request, shown)


async def _send(request: Request, shown: Message) -> None:
    request.services.usage.count("quote")
    await request.send(shown)


async def show_another(request: Request, action: ShowQuote) -> str | None:
    """Show one more quote, of an article or of all."""
    shown = await _next(request) if action.article is None else await _of_article(request, action.article)
    if shown is None:
        return request.tr("chat.no_quotes")
    await _send(request, shown)
    return None


async def _next(request: Request) -> Message | None:
    services, reader = request.services, request.reader
    pool, is_wanted = (
        services.library.quote_pool(reader.language),
        wanted_by(reader.interests, services.library),
    )
    # Who asks for a quote gets one, if need be of what they do not follow.
    drawn = draw(pool, reader, is_wanted=is_wanted) or draw(pool, reader)
    card = services.library.get(drawn.article) if drawn else None
    if drawn is None or card is None:
        return None
    await request.try_to_write(services.readers.draw_quote(reader, drawn.round, drawn.place))
    said = await services.editions.quote(card.id, drawn.quote)
    return views.quote(card, said, request.tr)


async def _of_article(request: Request, article: ArticleId) -> Message | None:
    """Leave the reader's place among all quotes alone."""
    card = request.services.library.get(article)
    if card is None or not card.quotable:
        return None
    shown = request.message.text if request.incoming.callback_query and request.message else None
    first = randbelow(len(card.quotable))
    said = await request.services.editions.quote(article, card.quotable[first])
    if len(card.quotable) > 1 and said.body.text in (shown or ""):
        said = await request.services.editions.quote(article, card.quotable[first - 1])
    return views.quote(card, said, request.tr, pool=article)


async def _meant(request: Request, words: str) -> Message | None:
    """Look for words of a quote, then of an article that has some; a number is an article's."""
    if not is_number(words) and (shown := await _with_words(request, words)):
        return shown
    quoting = next((card for card in await articles_meant(request, words) if card.quotable), None)
    return await _of_article(request, quoting.id) if quoting else None


async def _with_words(request: Request, words: str) -> Message | None:
    """Leave the reader's place among all quotes alone."""
    found = await request.services.finder.find(parse_query(words), language=request.reader.language)
    pattern = Pattern(found.terms)
    quoting = [
        hit.card
        for hit in found.hits
        if hit.column is not None and hit.column <= _QUOTES and hit.card.quotable
    ]
    for card in quoting[:_MAX_LOOKED_THROUGH]:
        quotes = await request.services.editions.quotes(card.id)
        having = [said for said in quotes if pattern.count(said.searched) == pattern.terms]
        if having:
            return views.quote(card, having[randbelow(len(having))], request.tr)
    return None


ROUTES: list[Route] = [
    command("quote", quote),
    pressed(ShowQuote, show_another),
    deep_link(deep_links.QUOTE, show_next, private_only=False),
]
