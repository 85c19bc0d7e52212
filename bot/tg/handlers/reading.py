"""/articles, /summary, /sections: find an article, read it section by section."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from telegram import Update

from bot.article.library import Card
from bot.article.model import ArticleId, SectionId
from bot.article.query import Query, index_text, parse_query
from bot.i18n import Say, say_in
from bot.message import views
from bot.message.edition import SectionHead
from bot.message.header import short
from bot.message.model import Message
from bot.reader.model import Reader
from bot.tg.context import ArticleGone, Context
from bot.tg.routes import Handler, button, command

View = Callable[[Context, Card, Say], Awaitable[Message]]

_WORDS_SHOWN: Final = 60
_MAX_DIGITS: Final = 6


async def articles(update: Update, ctx: Context) -> None:
    """/articles: what there is, newest first."""
    await show_articles(update, ctx, 0)


async def show_articles(update: Update, ctx: Context, page: int, *, since: int | None = None) -> None:
    """A page of the list; with `since`, of those announced after a watermark."""
    reader = await ctx.reader(update)
    say, library = say_in(reader.language), ctx.services.library
    cards = library.newest() if since is None else library.after(since)
    if not cards:
        await ctx.tell(update, say("chat.no_articles"))
        return
    title = say("article.list_title" if since is None else "article.new_title", count=len(cards))
    verb, more = ("arts", []) if since is None else ("new", [since])
    await ctx.show(update, views.articles(cards, page, say, title=title, verb=verb, more=more))
    await _remember_list(ctx, reader, list(enumerate(cards, 1)), page)


async def summary(update: Update, ctx: Context) -> None:
    """/summary [number or words]: an article in short."""
    await _look_up(update, ctx, summary_of)


async def sections(update: Update, ctx: Context) -> None:
    """/sections [number or words]: an article's outline."""
    await _look_up(update, ctx, outline_of)


async def summary_of(ctx: Context, card: Card, say: Say) -> Message:
    """An article in short."""
    return views.summary(card, await ctx.services.editions.summary(card.id), say)


async def outline_of(ctx: Context, card: Card, say: Say, page: int = 0) -> Message:
    """A page of an article's outline."""
    heads, count, page = await ctx.services.editions.outline(card.id, page)
    return views.outline(card, heads, count, page, say)


async def _look_up(update: Update, ctx: Context, view: View) -> None:
    reader = await ctx.reader(update)
    say, newest = say_in(reader.language), ctx.services.library.newest()
    found = choose(ctx, reader, ctx.words) if ctx.words else favourite(newest, reader)[:1]
    if not newest:
        await ctx.tell(update, say("chat.no_articles"))
    elif len(found) == 1:
        await ctx.send(update, await view(ctx, found[0], say))
    elif found:
        await offer(update, ctx, found)
    else:
        await ctx.tell(update, say("chat.nothing_found", words=short(ctx.words, _WORDS_SHOWN)))
        await show_articles(update, ctx, 0)


def is_number(words: str) -> bool:
    """Whether words are the number of an article: `2` or `#2`."""
    number = words.strip().removeprefix("#")
    return number.isascii() and number.isdecimal() and len(number) <= _MAX_DIGITS


def choose(ctx: Context, reader: Reader, words: str) -> Sequence[Card]:
    """The articles that words mean: a number its place in the list last shown, else in the whole list."""
    library = ctx.services.library
    if not is_number(words):
        return library.find(words)
    number = words.strip().removeprefix("#")
    if int(number) in reader.listed:
        card = library.get(reader.listed[int(number)])
        return [card] if card else []
    newest = library.newest()
    return newest[int(number) - 1 : int(number)] if int(number) else []


def favourite(cards: Sequence[Card], reader: Reader) -> Sequence[Card]:
    """Articles in the reader's language first, each kind in the order that it had."""
    return sorted(cards, key=lambda card: card.language != reader.language)


async def open_best(update: Update, ctx: Context, words: str) -> bool:
    """The article or section that plain words mean; several are offered. False when nothing has them.

    A title is better than a heading, and a heading better than what is told about an article.
    """
    query = parse_query(words)
    if not query:
        return False
    say = await ctx.say(update)
    titled, others = ctx.services.library.search(query)
    articles_ = titled or others
    sections_ = [] if titled else await _sections_with(ctx, query)
    if len(articles_) == 1 and not sections_:
        await ctx.send(update, await summary_of(ctx, articles_[0], say))
    elif len(sections_) == 1:
        card, head = sections_[0]
        await ctx.send(
            update, views.section(card, await ctx.services.editions.place(card.id, head.id, 0), say)
        )
    elif sections_:
        title = say("chat.sections_found", count=len(sections_), words=short(words, _WORDS_SHOWN))
        await ctx.send(update, views.section_choices(sections_, title=title))
    elif articles_:
        await offer(update, ctx, articles_, words=words)
    return bool(articles_ or sections_)


async def _sections_with(ctx: Context, query: Query) -> list[tuple[Card, SectionHead]]:
    return [
        (card, head)
        for article, head in await ctx.services.editions.sections_with(query.terms)
        if query.matches(index_text(head.title)) and (card := ctx.services.library.get(article))
    ]


async def offer(
    update: Update,
    ctx: Context,
    found: Sequence[Card],
    *,
    key: str = "chat.several_found",
    hint: str = "article.list_hint",
    verb: str = "+sum",
    words: str = "",
) -> None:
    """Several articles fit: ask which; a number then means this list."""
    reader = await ctx.reader(update)
    say = say_in(reader.language)
    numbered = list(enumerate(found[: views.LIST_PAGE], 1))
    title = say(key, count=len(found), words=short(words or ctx.words, _WORDS_SHOWN))
    await ctx.send(update, views.choices(numbered, say, title=title, hint=say(hint), verb=verb))
    await _remember_list(ctx, reader, numbered, 0)


async def _remember_list(
    ctx: Context, reader: Reader, numbered: Sequence[tuple[int, Card]], page: int
) -> None:
    first = page * views.LIST_PAGE
    shown = {number: card.id for number, card in numbered[first : first + views.LIST_PAGE]}
    await ctx.remember(ctx.services.readers.list_shown(reader.id, shown))


async def open_summary(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: an article in short."""
    await ctx.show(update, await summary_of(ctx, _card(ctx, arguments), await ctx.say(update)))
    return None


async def open_outline(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: an article's outline, or another page of it."""
    card, page = _card(ctx, arguments), int(arguments[1])
    await ctx.show(update, await outline_of(ctx, card, await ctx.say(update), page))
    return None


async def open_section(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: one section, or another page of it."""
    card = _card(ctx, arguments)
    place = await ctx.services.editions.place(card.id, SectionId(arguments[1]), int(arguments[2]))
    await ctx.show(update, views.section(card, place, await ctx.say(update)))
    return None


async def open_articles(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: another page of the list."""
    await show_articles(update, ctx, int(arguments[0]))
    return None


async def open_news(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: every article that a digest announced, in pages."""
    await show_articles(update, ctx, int(arguments[1]), since=int(arguments[0]))
    return None


def _card(ctx: Context, arguments: list[str]) -> Card:
    card = ctx.services.library.get(ArticleId(int(arguments[0])))
    if card is None:
        raise ArticleGone(arguments[0])
    return card


HANDLERS: list[Handler] = [
    command("articles", articles),
    command("summary", summary),
    command("sections", sections),
    button("sum", open_summary),
    button("out", open_outline),
    button("sec", open_section),
    button("arts", open_articles),
    button("new", open_news),
]
