"""The versions of an article, for editors: which there are, and what each changed."""

import asyncio

from bot.actions.drafts import ListVersions, ShowVersion
from bot.article.differences import differences
from bot.tg.drafts import desk_of
from bot.tg.lookup import live_card
from bot.tg.request import Request
from bot.tg.routes import Route, pressed
from bot.views import versions as views


async def list_versions(request: Request, action: ListVersions) -> None:
    """Show a page of an article's versions."""
    card = live_card(request, action.article)
    versions = await request.services.editor.versions(card.id)
    await request.show(views.listed(card, versions, action.page, await desk_of(request), request.tr))


async def show_version(request: Request, action: ShowVersion) -> None:
    """Show what a version changed."""
    card, editor = live_card(request, action.article), request.services.editor
    after = await editor.text(card.id, action.version)
    before = await editor.text(card.id, action.version - 1) if action.version > 1 else ""
    # A long document takes a tenth of a second, in which others are answered.
    changes = await asyncio.to_thread(differences, before, after)
    await request.show(views.shown(card, action.version, changes, request.tr))


ROUTES: list[Route] = [
    pressed(ListVersions, list_versions, audience="editor"),
    pressed(ShowVersion, show_version, audience="editor"),
]
