"""/stats shows editors figures of the last month, of nobody in particular."""

from datetime import UTC, timedelta
from typing import Final

from bot.article.model import ArticleId
from bot.figures import Stats
from bot.tg.request import Request
from bot.tg.routes import Route, command
from bot.views import figures as views

_MOST: Final = 3
"""Articles that are named."""


async def stats(request: Request) -> None:
    """Handle /stats: send charts with figures below; the figures alone where no font can write them."""
    figures, today = await _gathered(request), request.now.astimezone(UTC).date()
    text, painter = views.words(figures, today, request.tr), request.services.painter
    png = None
    if await painter.can_write(request.tr("figures.title")):
        png = await painter.paint(views.picture(figures, today, request.tr))
    if png is None:
        await request.tell(text)
    else:
        await request.send_file("stats.png", png, text, as_picture=True)


async def _gathered(request: Request) -> Stats:
    store, library = request.services.figures, request.services.library
    since = request.now - timedelta(days=views.DAYS - 1)
    # What was used within this minute counts, too.
    await store.take_down(request.services.usage, request.now)
    # Of articles that were removed, the number alone would say nothing.
    most = [
        (card.title, number)
        for id_, number in await store.most_used(since, _MOST)
        if (card := library.get(ArticleId(id_)))
    ]
    return Stats(
        now=await store.counts(request.now),
        days=await store.days(since),
        used=await store.used(since),
        most=most,
        free=await request.services.free_bytes(),
    )


ROUTES: list[Route] = [command("stats", stats, audience="editor")]
