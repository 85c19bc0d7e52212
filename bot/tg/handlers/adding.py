"""/addarticle: an editor hands in a document, sees what was found in it, and decides."""

import telegram

from bot.actions.awaited import AwaitedArticle
from bot.actions.staff import (
    AnnounceArticles,
    DiscardDraft,
    PublishDraft,
    PublishQuietly,
    ReplaceByDraft,
    RevertArticle,
)
from bot.message.formatted_text import plain_message
from bot.tg.drafts import draft_message
from bot.tg.gathering import gather
from bot.tg.links import links_in, read_links
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed
from bot.views import editing as views


async def add_article(request: Request) -> None:
    """Handle /addarticle: take the text behind it, what it replies to, or what comes next."""
    sent = request.message
    if sent is None or request.incoming.effective_user is None:
        return
    replied, typed = sent.reply_to_message, sent.text or ""
    behind = typed.split(maxsplit=1)[1:]
    if behind and (addresses := links_in(sent, start=len(typed) - len(behind[0]))):
        await read_links(request, addresses)
    elif behind:
        await gather(request, sent, is_meant=True)
    elif replied and (addresses := links_in(replied)):
        await read_links(request, addresses)
    elif replied and await _take_replied(request, replied):
        return
    else:
        await request.await_words(AwaitedArticle())
        waiting = await request.services.editor.drafts()
        await request.send(views.ask(len(waiting), request.tr))


async def _take_replied(request: Request, replied: telegram.Message) -> bool:
    """Take the message that a command replies to, or show the draft that it belongs to already."""
    services, editor = request.services, request.user
    draft = await services.gatherer.draft_of(replied.message_id, editor=editor)
    found = await services.editor.reopen(draft, editor=editor) if draft is not None else None
    if found is None:
        return await gather(request, replied, is_meant=True)
    await request.send(await draft_message(request, found))
    return True


async def publish(request: Request, action: PublishDraft) -> str | None:
    """Make a draft an article."""
    return await _publish(request, action.draft, replacing=False)


async def publish_quietly(request: Request, action: PublishQuietly) -> str | None:
    """Make a draft an article that no digest tells of."""
    return await _publish(request, action.draft, replacing=False, quiet=True)


async def announce(request: Request, action: AnnounceArticles) -> str | None:
    """Let digests tell of articles that came in quietly."""
    editor = request.services.editor
    if not (count := await editor.announce(action.first, action.last, editor=request.user)):
        return request.tr("editing.decided")
    await request.show(views.announced(count, request.tr))
    return None


async def replace(request: Request, action: ReplaceByDraft) -> str | None:
    """Make a draft the new version of the article that has its name."""
    return await _publish(request, action.draft, replacing=True)


async def _publish(request: Request, draft: int, *, replacing: bool, quiet: bool = False) -> str | None:
    editor = request.services.editor
    made = await editor.publish(draft, editor=request.user, replacing=replacing, quiet=quiet)
    if made is None:
        return request.tr("editing.decided")
    await request.show(views.published(made, request.tr))
    return None


async def discard(request: Request, action: DiscardDraft) -> str | None:
    """Throw a draft away."""
    if not await request.services.editor.discard(action.draft):
        return request.tr("editing.decided")
    await request.show(plain_message(request.tr("editing.discarded")))
    return None


async def revert(request: Request, action: RevertArticle) -> str | None:
    """Bring the version before a correction back."""
    made = await request.services.editor.revert(
        action.article, action.version, standing=action.standing, editor=request.user
    )
    if made is None:
        return request.tr("editing.not_undone")
    await request.show(views.reverted(made, request.tr))
    return None


ROUTES: list[Route] = [
    command("addarticle", add_article, audience="editor"),
    pressed(PublishDraft, publish, audience="editor"),
    pressed(PublishQuietly, publish_quietly, audience="editor"),
    pressed(AnnounceArticles, announce, audience="editor"),
    pressed(ReplaceByDraft, replace, audience="editor"),
    pressed(DiscardDraft, discard, audience="editor"),
    pressed(RevertArticle, revert, audience="editor"),
]
