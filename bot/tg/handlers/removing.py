"""/removearticle: remove an article; a tap brings it back."""

from bot.actions.staff import RemoveArticle, RestoreArticle
from bot.tg.lookup import articles_meant, offer, own_language_first
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed
from bot.views import editing as views


async def remove_article(request: Request) -> None:
    """Handle /removearticle [number or words]: remove the one that is meant; ask when that may be several."""
    newest = own_language_first(request.services.library.newest(), request.reader)
    found = await articles_meant(request, request.words, quarantined=True) if request.words else newest
    hint = "editing.hint_remove"
    if not newest:
        await request.tell(request.tr("chat.no_articles"))
    elif not found:
        await offer(request, newest, key="editing.none_to_remove", hint=hint, choose=RemoveArticle)
    elif request.words and len(found) == 1:
        await request.services.editor.remove(found[0].id, editor=request.user)
        await request.send(views.removed(found[0], request.tr))
    else:
        await offer(request, found, key="editing.which_to_remove", hint=hint, choose=RemoveArticle)


async def remove(request: Request, action: RemoveArticle) -> str | None:
    """Remove this one."""
    card = request.services.library.get(action.article)
    if card is None or not await request.services.editor.remove(card.id, editor=request.user):
        return request.tr("editing.gone_already")
    await request.show(views.removed(card, request.tr))
    return None


async def restore(request: Request, action: RestoreArticle) -> str | None:
    """Bring it back."""
    card = await request.services.editor.restore(action.article, editor=request.user)
    if card is None:
        return request.tr("editing.back_already")
    await request.show(views.restored(card, request.tr))
    return None


ROUTES: list[Route] = [
    command("removearticle", remove_article, audience="editor"),
    pressed(RemoveArticle, remove, audience="editor"),
    pressed(RestoreArticle, restore, audience="editor"),
]
