"""What an editor changes in a draft before it is published: title, summary, tags, source, picture."""

import re
from typing import Final

from bot.actions.awaited import AwaitedField
from bot.actions.staff import DraftFieldName, EditDraft, EditDraftField, KeepChannelTags
from bot.tg.convert import as_markdown
from bot.tg.drafts import draft_message
from bot.tg.request import Request
from bot.tg.routes import Route, answer, pressed
from bot.views import editing as views

_BETWEEN_TAGS: Final = re.compile(r"[,，、;；\n#＃]+")
_NOTHING: Final = frozenset({"-", "–", "—", "0"})
"""What somebody types to leave a thing empty."""
_MAX_TAGS: Final = 20


async def offer(request: Request, action: EditDraft) -> str | None:
    """Show what can be changed."""
    found = await request.services.editor.reopen(action.draft, editor=request.user)
    if found is None:
        return request.tr("editing.decided")
    await request.show(views.changes(found, request.tr))
    return None


async def ask(request: Request, action: EditDraftField) -> str | None:
    """Ask for a new value; a picture is taken away at once."""
    editor = request.services.editor
    if action.field == "cover":
        changed = await editor.change(action.draft, "cover", "", editor=request.user)
        if changed is None:
            return request.tr("editing.decided")
        await request.show(views.changes(changed, request.tr))
        return None
    found = await editor.reopen(action.draft, editor=request.user)
    if found is None:
        return request.tr("editing.decided")
    await request.await_words(AwaitedField(action.draft, action.field))
    await request.send(views.ask_for(action.field, found, request.tr))
    return None


async def take(request: Request, awaited: AwaitedField, words: str) -> bool:
    """Take the new value, and show the draft with it."""
    sent = request.message
    if sent is None:
        return False
    await request.await_words(None)
    typed = as_markdown(sent).strip() if awaited.field == "summary" else words
    value = _value(awaited.field, "" if words.strip() in _NOTHING else typed)
    changed = await request.services.editor.change(awaited.draft, awaited.field, value, editor=request.user)
    if changed is None:
        await request.tell(request.tr("editing.decided"))
    else:
        await request.send(await draft_message(request, changed))
    return True


def _value(field: DraftFieldName, words: str) -> str | list[str]:
    if field != "tags":
        return words
    tags = (tag.strip() for tag in _BETWEEN_TAGS.split(words))
    return list(dict.fromkeys(filter(None, tags)))[:_MAX_TAGS]


async def keep_tags(request: Request, action: KeepChannelTags) -> str | None:
    """Give every post of a channel the tags of this one."""
    found = await request.services.editor.reopen(action.draft, editor=request.user)
    if found is None or found.origin.channel is None:
        return request.tr("editing.decided")
    await request.services.gatherer.keep_tags(found.origin.channel, found.card.tags)
    tags = request.tr.list(found.card.tags)
    return request.tr("editing.kept_tags", channel=found.origin.name, tags=tags)


ROUTES: list[Route] = [
    pressed(EditDraft, offer, audience="editor"),
    pressed(EditDraftField, ask, audience="editor"),
    pressed(KeepChannelTags, keep_tags, audience="editor"),
    answer(AwaitedField, take, audience="editor"),
]
