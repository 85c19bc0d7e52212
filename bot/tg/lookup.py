"""Which articles somebody's words mean, and how several are offered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.actions.staff import ApproveArticle
from bot.article.library import Card
from bot.article.model import ArticleId
from bot.message.callback import button
from bot.message.labels import truncate
from bot.message.model import Message
from bot.reader.model import Reader
from bot.search.query import parse_query
from bot.search.snippets import Pattern
from bot.text import typed
from bot.tg.request import Request
from bot.tg.routes import ArticleGone
from bot.views import articles as views
from bot.views.versions import article_row

_MAX_WORDS_SHOWN: Final = 60
_MAX_DIGITS: Final = 6


def live_card(request: Request, article: ArticleId) -> Card:
    """Return the card of an article. ArticleGone when it was removed."""
    card = request.services.library.get(article)
    if card is None:
        raise ArticleGone(article)
    return card


def is_number(words: str) -> bool:
    """Return whether words are the number of an article in a list: `2` or `#2`."""
    number = words.strip().removeprefix("#")
    return number.isascii() and number.isdecimal() and len(number) <= _MAX_DIGITS


async def articles_meant(request: Request, words: str, *, quarantined: bool = False) -> Sequence[Card]:
    """Return the articles that words mean; a number is a place in the list last shown, else in all.

    The name of an article means it alone; words mean those that have them in their titles, else anywhere.
    Editors may mean one that is `quarantined`, by its title, which no search finds.
    """
    library, listed = request.services.library, request.reader.conversation.listed
    if not is_number(words):
        named = library.by_slug(typed(words).casefold())
        if named and "-" in named.slug:  # a single word means whatever has it
            return [named]
        query = parse_query(words)
        found = await request.services.finder.find(query, language=request.reader.language)
        titled = [hit.card for hit in found.hits if hit.column == 0 and not hit.is_near]
        if quarantined and (pattern := Pattern([(term,) for term in query.terms])).terms:
            hidden = [card for card in library.newest() if card.quarantined]
            titled += [card for card in hidden if pattern.count(card.title) == pattern.terms]
        return titled or [hit.card for hit in found.hits]
    number = int(words.strip().removeprefix("#"))
    # The list on the screen may be older than the library; its numbers keep their meaning.
    if number in listed:
        card = library.get(listed[number])
        return [card] if card else []
    return library.newest()[number - 1 : number] if number else []


def own_language_first(cards: Sequence[Card], reader: Reader) -> Sequence[Card]:
    """Return articles in the reader's language first, each kind in the order that it had."""
    return sorted(cards, key=lambda card: card.language != reader.language)


async def summary_message(request: Request, card: Card) -> Message:
    """Return an article in short."""
    body = await request.services.editions.summary(card.id)
    request.services.usage.count("summary", card.id)
    # Only what has an address of its own can have come from several feeds.
    also_in = await request.services.feed_store.also_in(card.id, source=card.source or "") if card.url else ()
    pictures = "pictures" in request.reader.subscription.parts
    shown = views.summary(card, body, request.tr, also_in=also_in, pictures=pictures)
    if not await request.belongs_to("editor"):
        return shown
    rows = [article_row(card, request.tr)]
    if not card.approved:
        rows.append((button(request.tr("feeds.button_approve"), ApproveArticle(card.id)),))
    return replace(shown, buttons=(*shown.buttons, *rows))


async def offer(
    request: Request,
    found: Sequence[Card],
    *,
    key: str = "chat.several_found",
    hint: str = "article.list_hint",
    choose: views.Choose | None = None,
) -> None:
    """Ask which of several articles is meant; a number then means this list."""
    numbered = list(enumerate(found[: views.LIST_PAGE], 1))
    title = request.tr(key, count=len(found), words=shortened(request.words))
    message = views.choices(numbered, request.tr, title=title, hint=request.tr(hint), choose=choose)
    await request.send(message)
    await remember_list(request, numbered)


async def remember_list(request: Request, numbered: Sequence[tuple[int, Card]]) -> None:
    """Remember what each number means in a list that was shown."""
    shown = {number: card.id for number, card in numbered}
    await request.try_to_write(request.services.readers.list_shown(request.reader.id, shown))


def shortened(words: str) -> str:
    """Return the beginning of what somebody typed."""
    return truncate(words, _MAX_WORDS_SHOWN)
