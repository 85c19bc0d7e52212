"""/articles, /summary, /sections: find an article, read it section by section."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot.actions.model import Action
from bot.actions.readers import ListArticles, ListNews, OpenOutline, OpenSection, OpenSummary
from bot.actions.topics import OpenNews
from bot.article.library import Card
from bot.message.model import Message
from bot.tg.lookup import (
    articles_meant,
    live_card,
    offer,
    own_language_first,
    remember_list,
    shortened,
    summary_message,
)
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed
from bot.views import articles as views


async def articles(request: Request) -> None:
    """Handle /articles: list them all, newest first."""
    await list_articles(request, ListArticles(0))


async def list_articles(request: Request, action: ListArticles) -> None:
    """Show a page of the list of all articles."""
    newest = request.services.library.newest()
    await _show_list(request, newest, action.page, "article.list_title", ListArticles)


async def list_news(request: Request, action: ListNews) -> None:
    """Show a page of the articles that a digest announced."""
    news = request.services.library.after(action.since)
    turn = partial(ListNews, action.since)
    await _show_list(request, news, action.page, "article.new_title", turn, open_=OpenNews)


async def _show_list(
    request: Request,
    cards: Sequence[Card],
    page: int,
    key: str,
    turn: Callable[[int], Action],
    *,
    open_: views.Choose = OpenSummary,
) -> None:
    if not cards:
        await request.tell(request.tr("chat.no_articles"))
        return
    title = request.tr(key, count=len(cards))
    await request.show(views.articles(cards, page, request.tr, title=title, turn=turn, open_=open_))
    first = page * views.LIST_PAGE
    await remember_list(request, list(enumerate(cards, 1))[first : first + views.LIST_PAGE])


async def summary(request: Request) -> None:
    """Handle /summary [number or words]: show an article in short."""
    await _look_up(request, summary_message)


async def sections(request: Request) -> None:
    """Handle /sections [number or words]: show an article's outline."""
    await _look_up(request, _outline)


async def _look_up(request: Request, view: Callable[[Request, Card], Awaitable[Message]]) -> None:
    newest, words = request.services.library.newest(), request.words
    found = await articles_meant(request, words) if words else own_language_first(newest, request.reader)[:1]
    if not newest:
        await request.tell(request.tr("chat.no_articles"))
    elif len(found) == 1:
        await request.send(await view(request, found[0]))
    elif found:
        await offer(request, found)
    else:
        await request.tell(request.tr("chat.nothing_found", words=shortened(words)))
        await list_articles(request, ListArticles(0))


async def _outline(request: Request, card: Card, page: int = 0) -> Message:
    heads, count, page = await request.services.editions.outline(card.id, page, views.OUTLINE_PAGE)
    return views.outline(card, heads, count, page, request.tr)


async def open_summary(request: Request, action: OpenSummary) -> None:
    """Show an article in short."""
    await request.show(await summary_message(request, live_card(request, action.article)))


async def open_outline(request: Request, action: OpenOutline) -> None:
    """Show a page of an article's outline."""
    await request.show(await _outline(request, live_card(request, action.article), action.page))


async def open_section(request: Request, action: OpenSection) -> None:
    """Show a page of a section."""
    card = live_card(request, action.article)
    place = await request.services.editions.section_page(card.id, action.section, action.page)
    request.services.usage.count("section", card.id)
    await request.show(views.section(card, place, request.tr))


ROUTES: list[Route] = [
    command("articles", articles),
    command("summary", summary),
    command("sections", sections),
    pressed(OpenSummary, open_summary),
    pressed(OpenOutline, open_outline),
    pressed(OpenSection, open_section),
    pressed(ListArticles, list_articles),
    pressed(ListNews, list_news),
]
