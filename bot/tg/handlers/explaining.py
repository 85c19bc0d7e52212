"""/why tells readers what became of their last digests; /trace tells editors that of any chat or article."""

from typing import Final

from telegram import Update

from bot.article.model import ArticleId
from bot.i18n import say_in
from bot.tg import ledger_views as views
from bot.tg.context import ArticleGone, Context
from bot.tg.handlers.reading import choose, offer
from bot.tg.routes import Handler, button, command

_LAST: Final = 5
"""Digests that are told of."""

_TOPICS: Final = 3
"""Readers of one chat, its topics, that are told of."""

_CHAT: Final = 18
"""Digits up to which a number may be a chat's: Telegram's have 52 bits, the database's 64."""


async def why(update: Update, ctx: Context) -> None:
    """/why: the last digests, what was in them or why none came, and the next."""
    reader = await ctx.reader(update)
    accounts = await ctx.services.ledger.of_reader(reader.id, _LAST)
    now, say = ctx.services.clock.now(), say_in(reader.language)
    await ctx.send(update, views.last_digests(reader, accounts, _titles(ctx), now, say))


async def trace(update: Update, ctx: Context) -> None:
    """/trace <chat or article>: what the ledger knows of it."""
    reader, say = await ctx.reader(update), await ctx.say(update)
    if not ctx.words:
        await ctx.tell(update, say("trace.ask"))
        return
    await ctx.did(update, "traced", ctx.words)
    if await _trace_chat(update, ctx):
        return
    found = choose(ctx, reader, ctx.words)
    if len(found) == 1:
        await _trace_article(update, ctx, found[0].id)
    elif found:
        await offer(update, ctx, found, key="trace.which", hint="trace.ask", verb="trace")
    else:
        await ctx.tell(update, say("trace.nothing"))


async def press(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: this article."""
    await _trace_article(update, ctx, ArticleId(int(arguments[0])))
    return None


async def _trace_chat(update: Update, ctx: Context) -> bool:
    """Whether the words are the number of a chat that was met."""
    digits = ctx.words.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _CHAT and int(digits)):
        return False  # 0 stands for all who were forgotten
    say, services = await ctx.say(update), ctx.services
    readers = await services.readers.of_chat(int(ctx.words))
    for reader in readers[:_TOPICS]:
        accounts = await services.ledger.of_reader(reader.id, _LAST)
        message = views.traced_reader(reader, accounts, _titles(ctx), services.clock.now(), say)
        await ctx.send(update, message)
    return bool(readers)


async def _trace_article(update: Update, ctx: Context, article: ArticleId) -> None:
    services = ctx.services
    card = services.library.get(article)
    if card is None:
        raise ArticleGone
    states = await services.ledger.of_article(article)
    unsent = [
        (account, await services.readers.get(account.reader))
        for account in await services.ledger.unsent_of_article(article, _LAST)
    ]
    await ctx.send(update, views.traced_article(card, states, unsent, _titles(ctx), await ctx.say(update)))


def _titles(ctx: Context) -> views.Title:
    def title(article: ArticleId) -> str | None:
        card = ctx.services.library.get(article)
        return card.title if card else None

    return title


HANDLERS: list[Handler] = [
    command("why", why),
    command("trace", trace, audience="editor"),
    button("trace", press, audience="editor"),
]
