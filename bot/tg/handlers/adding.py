"""/addarticle: an editor hands in a document, sees what was found in it, and decides."""

from typing import Final

import telegram
from telegram import Document
from telegram.ext import filters

from bot.actions.awaited import AwaitedArticle
from bot.actions.staff import (
    AnnounceArticles,
    DiscardDraft,
    OpenDraft,
    PublishDraft,
    PublishQuietly,
    ReplaceByDraft,
    RevertArticle,
)
from bot.article.encoding import MAX_BYTES
from bot.errors import ArticleError
from bot.message.formatted_text import plain_message
from bot.tg.convert import as_markdown
from bot.tg.links import links_in, read_links
from bot.tg.request import Request
from bot.tg.routes import Route, answer, command, message, pressed
from bot.views import editing as views

_MAYBE_CUT_CHARS: Final = 4000
"""Length from which on a text may be the first part of one that Telegram has cut in two."""


async def add_article(request: Request) -> None:
    """Handle /addarticle: take the text behind it, what it replies to, or what comes next."""
    sent = request.message
    if sent is None or request.incoming.effective_user is None:
        return
    replied, typed = sent.reply_to_message, sent.text or ""
    behind = typed.split(maxsplit=1)[1:]
    if behind:
        await _take_words(request, sent, start=len(typed) - len(behind[0]))
    elif replied and replied.document:
        await _propose_document(request, replied.document)
    elif replied and replied.text:
        await _take_words(request, replied)
    else:
        await request.await_words(AwaitedArticle())
        waiting = await request.services.editor.drafts(request.user)
        await request.send(views.ask(waiting, request.tr))


async def take_text(request: Request, _: AwaitedArticle, __: str) -> bool:
    """Take the text of an article that was asked for."""
    sent = request.message
    if sent is None:
        return False
    await request.await_words(None)
    await _take_words(request, sent)
    return True


async def _take_words(request: Request, sent: telegram.Message, *, start: int = 0) -> None:
    """Take what somebody wrote from a character on: links to read, or the text of an article."""
    if addresses := links_in(sent, start=start):
        await read_links(request, addresses)
    else:
        await _propose_text(request, as_markdown(sent, start=start))


async def take_document(request: Request) -> bool:
    """Take a document, asked for or not, from somebody who edits."""
    sent = request.message
    if sent is None or sent.document is None or not await request.belongs_to("editor"):
        return False
    await request.await_words(None)
    await _propose_document(request, sent.document)
    return True


async def _propose_document(request: Request, document: Document) -> None:
    name, size = document.file_name or "", document.file_size or 0
    # Telegram tells the size, so that nothing is fetched in vain.
    if size > MAX_BYTES:
        raise ArticleError("error.too_big", file=name, size=f"{size / 1_000_000:.1f}")
    try:
        data = await request.bot.download(document.file_id)
    except telegram.error.TelegramError as error:
        raise ArticleError("error.not_fetched", file=name, reason=error.message) from error
    await _propose(request, data, name)


async def _propose_text(request: Request, text: str) -> None:
    note = request.tr("editing.maybe_cut") if len(text) >= _MAYBE_CUT_CHARS else ""
    await _propose(request, text.strip().encode(), "", note=note)


async def _propose(request: Request, data: bytes, name: str, *, note: str = "") -> None:
    found = await request.services.editor.propose(data, name=name, editor=request.user)
    await request.send(views.proposal(found, request.tr, note=note))


async def open_draft(request: Request, action: OpenDraft) -> str | None:
    """Show a draft that waits."""
    found = await request.services.editor.reopen(action.draft, editor=request.user)
    if found is None:
        return request.tr("editing.decided")
    await request.show(views.proposal(found, request.tr))
    return None


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
    if not await request.services.editor.discard(action.draft, editor=request.user):
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
    pressed(OpenDraft, open_draft, audience="editor"),
    pressed(PublishDraft, publish, audience="editor"),
    pressed(PublishQuietly, publish_quietly, audience="editor"),
    pressed(AnnounceArticles, announce, audience="editor"),
    pressed(ReplaceByDraft, replace, audience="editor"),
    pressed(DiscardDraft, discard, audience="editor"),
    pressed(RevertArticle, revert, audience="editor"),
    answer(AwaitedArticle, take_text, audience="editor"),
    message(filters.Document.ALL, take_document),
]
