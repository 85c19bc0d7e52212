"""/why tells readers what became of their last digests; /trace tells editors that of any chat or article."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.staff import TraceArticle
from bot.article.model import ArticleId
from bot.i18n import translator
from bot.tg.lookup import articles_meant, live_card, offer
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed
from bot.views import ledger as views
from bot.views.status import act_lines

_MAX_DIGESTS: Final = 5
"""Digests that are told of."""

_MAX_ACTS: Final = 10
_MAX_TOPICS: Final = 3
"""Readers of one chat, its topics, that are told of."""

_MAX_CHAT_DIGITS: Final = 18
"""Digits up to which a number may be a chat's: Telegram's have 52 bits, the database's 64."""


async def why(request: Request) -> None:
    """Handle /why: tell of the last digests, what was in them or why none came, and of the next."""
    reader = request.reader
    accounts = await request.services.ledger.of_reader(reader.id, _MAX_DIGESTS)
    now, tr = request.now, translator(reader.language)
    await request.send(views.last_digests(reader, accounts, _titles(request), now, tr))


async def trace(request: Request) -> None:
    """Handle /trace <chat or article>: tell what the ledger knows of it."""
    tr = request.tr
    if not request.words:
        await request.tell(tr("trace.ask"))
        return
    await request.record("traced", request.words)
    if await _trace_chat(request):
        return
    found = await articles_meant(request, request.words, quarantined=True)
    if len(found) == 1:
        await _trace_article(request, found[0].id)
    elif found:
        await offer(request, found, key="trace.which", hint="trace.ask", choose=TraceArticle)
    else:
        await request.tell(tr("trace.nothing"))


async def trace_article(request: Request, action: TraceArticle) -> None:
    """Tell what the ledger knows of this article."""
    await _trace_article(request, action.article)


async def _trace_chat(request: Request) -> bool:
    """Return whether the words are the number of a chat that was met."""
    digits = request.words.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_CHAT_DIGITS and int(digits)):
        return False  # 0 stands for all who were forgotten
    tr, services = request.tr, request.services
    readers = await services.readers.of_chat(int(request.words))
    for reader in readers[:_MAX_TOPICS]:
        accounts = await services.ledger.of_reader(reader.id, _MAX_DIGESTS)
        message = views.traced_reader(reader, accounts, _titles(request), services.clock.now(), tr)
        await request.send(message)
    return bool(readers)


async def _trace_article(request: Request, article: ArticleId) -> None:
    services = request.services
    card = live_card(request, article)
    states = await services.ledger.of_article(article)
    unsent = [
        (account, await services.readers.get(account.reader))
        for account in await services.ledger.unsent_of_article(article, _MAX_DIGESTS)
    ]
    acts = await services.acts.of_article(card.slug, _MAX_ACTS)
    zone = ZoneInfo(request.reader.subscription.zone or "UTC")
    history = act_lines(acts, await services.people.names(), request.tr, viewer=request.user, zone=zone)
    await request.send(
        views.traced_article(card, states, unsent, _titles(request), request.tr, history=history)
    )


def _titles(request: Request) -> views.Title:
    def title(article: ArticleId) -> str | None:
        card = request.services.library.get(article)
        return card.title if card else None

    return title


ROUTES: list[Route] = [
    command("why", why),
    command("trace", trace, audience="editor"),
    pressed(TraceArticle, trace_article, audience="editor"),
]
