"""/search, and plain words in private: find articles by any of their words."""

import asyncio

from telegram import Message as TelegramMessage
from telegram.constants import MessageEntityType

from bot.actions.readers import SearchPage, SearchWord
from bot.article.library import Card
from bot.search.finder import Found
from bot.search.placing import place
from bot.search.query import Query, parse_query
from bot.search.snippets import Pattern
from bot.search.words import words_of
from bot.text import typed
from bot.tg.lookup import articles_meant, is_number, remember_list, summary_message
from bot.tg.request import Request
from bot.tg.routes import TEXT, Route, command, message, pressed
from bot.views import search as views


async def search(request: Request) -> None:
    """Handle /search <words>: show where they occur."""
    query = parse_query(request.words)
    if query:
        await _show(request, query, await _found(request, query))
    else:
        await request.tell(request.tr("search.ask"))


async def plain_words(request: Request) -> bool:
    """Search what somebody wrote; a number of the list or a whole title opens that article."""
    sent = request.message
    words = typed(sent.text or "") if sent else ""
    query = parse_query(words)
    if not query:
        return False
    if is_number(words) and (meant := await articles_meant(request, words)):
        await request.send(await summary_message(request, meant[0]))
        return True
    found = await _found(request, query)
    if card := _only_title(found, query):
        await request.send(await summary_message(request, card))
    else:
        await _show(request, query, found)
    return True


async def turn(request: Request, action: SearchPage) -> str | None:
    """Show another page of the search whose answer this is."""
    query = parse_query(_words_shown(request.message))
    if not query:  # the message is older than Telegram lets a bot read
        return request.tr("search.gone")
    await _show(request, query, await _found(request, query), action.page)
    return None


async def look_for(request: Request, action: SearchWord) -> None:
    """Search one of the nearest words."""
    query = parse_query(action.words)
    await _show(request, query, await _found(request, query))


async def _found(request: Request, query: Query) -> Found:
    found = await request.services.finder.find(query, language=request.reader.language)
    request.services.usage.count("search")
    if not found.hits:
        request.services.usage.count("nothing")
    return found


def _only_title(found: Found, query: Query) -> Card | None:
    """Return the article whose title was typed whole, or the only hit if its title has the words."""
    titled = [hit.card for hit in found.hits if hit.column == 0 and not hit.is_near]
    whole = [card for card in titled if words_of(card.title) == words_of(query.text)]
    if len(whole) == 1:
        return whole[0]
    return titled[0] if len(titled) == len(found.hits) == 1 else None


async def _show(request: Request, query: Query, found: Found, page: int = 0) -> None:
    if not found.hits:
        # An owner may have meant it for all readers.
        hint = request.tr("campaign.hint") if await request.belongs_to("owner") else ""
        await request.show(views.nothing(query.text, found.nearest, request.tr, hint=hint))
        return
    count = len(found.hits)
    # The articles may have become fewer since the buttons were shown.
    first = min(page, (count - 1) // views.HITS_PAGE) * views.HITS_PAGE
    shown = found.hits[first : first + views.HITS_PAGE]
    pattern = Pattern(found.terms)
    placed = await asyncio.gather(*(place(hit, pattern, request.services.editions) for hit in shown))
    await request.show(
        views.hits(query.text, placed, first=first, count=count, meant=found.meant, tr=request.tr)
    )
    await remember_list(request, [(number, hit.card) for number, hit in enumerate(shown, first + 1)])


def _words_shown(shown: TelegramMessage | None) -> str:
    """Return the words that an answer repeats: what somebody searched is kept nowhere else."""
    if shown is None or not shown.is_accessible:
        return ""
    return next(iter(shown.parse_entities([MessageEntityType.CODE]).values()), "")


ROUTES: list[Route] = [command("search", search), pressed(SearchPage, turn), pressed(SearchWord, look_for)]

PLAIN_WORDS: Route = message(TEXT, plain_words)
"""After all that waits for words of its own."""
