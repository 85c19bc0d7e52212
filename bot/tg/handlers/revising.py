"""What editors change in a draft before it is published: title, summary, tags, source, picture, quotes."""

import re
from typing import Final

from bot.actions.awaited import AwaitedField, AwaitedQuote
from bot.actions.drafts import ListDraftQuotes, SwitchDraftQuote, TakeChosenSummary
from bot.actions.staff import DraftFieldName, EditDraft, EditDraftField, KeepChannelTags
from bot.article.chosen import BY_THE_BOT, in_markdown
from bot.editing.model import Fields
from bot.text import as_name, clean
from bot.tg.convert import as_markdown
from bot.tg.drafts import draft_message
from bot.tg.request import Request
from bot.tg.routes import ORIGINAL, Route, answer, pressed
from bot.views import drafts as draft_views
from bot.views import editing as views

_BETWEEN_TAGS: Final = re.compile(r"[,，、;；\n#＃]+")
_NOTHING: Final = frozenset({"-", "–", "—", "0"})
"""What somebody types to leave a thing empty."""
_MAX_TAGS: Final = 20
_SIGNED: Final = re.compile(r"(?:—{1,2}|–|-{1,2})\s*(\S.{0,79})")


async def offer(request: Request, action: EditDraft) -> str | None:
    """Show what can be changed."""
    await request.await_words(None)
    found = await request.services.editor.reopen(action.draft, editor=request.user)
    if found is None:
        return request.tr("editing.decided")
    await request.show(views.changes(found, request.tr))
    return None


async def ask(request: Request, action: EditDraftField) -> str | None:
    """Ask for a new value; a picture is taken away at once."""
    editor = request.services.editor
    if action.field == "cover":
        changed = await editor.change(action.draft, {"cover": ""}, editor=request.user)
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
    fields: Fields = {awaited.field: value}
    if awaited.field == "summary":
        fields = {**fields, "summary_by": ""}
    changed = await request.services.editor.change(awaited.draft, fields, editor=request.user)
    if changed is None:
        await request.tell(request.tr("editing.decided"))
    else:
        await request.send(await draft_message(request, changed))
    return True


async def take_chosen(request: Request, action: TakeChosenSummary) -> str | None:
    """Let sentences of the text be the summary, as the bot has chosen them, and say so to readers."""
    editor = request.services.editor
    found = await editor.reopen(action.draft, editor=request.user)
    if found is None or not found.chosen:
        return request.tr("editing.decided")
    await request.await_words(None)
    fields = {"summary": in_markdown(found.chosen), "summary_by": BY_THE_BOT}
    changed = await editor.change(action.draft, fields, editor=request.user)
    if changed is None:
        return request.tr("editing.decided")
    await request.show(await draft_message(request, changed))
    return None


def _value(field: DraftFieldName, words: str) -> str | list[str]:
    if field != "tags":
        return words
    tags = (tag.strip() for tag in _BETWEEN_TAGS.split(words))
    return list(dict.fromkeys(filter(None, tags)))[:_MAX_TAGS]


async def list_quotes(request: Request, action: ListDraftQuotes) -> str | None:
    """List the quotes of a draft; words of its text are added while they are listed."""
    found = await request.services.quotes.of(action.draft, editor=request.user)
    if found is None:
        return request.tr("editing.decided")
    await request.await_words(AwaitedQuote(action.draft))
    await request.show(draft_views.quotes(found, action.page, request.tr))
    return None


async def switch_quote(request: Request, action: SwitchDraftQuote) -> str | None:
    """Leave a quote out, or bring it back."""
    switched = await request.services.quotes.switch(action.draft, action.quote, editor=request.user)
    if switched is None:
        return request.tr("editing.decided")
    return await list_quotes(request, ListDraftQuotes(action.draft, action.page))


async def take_quote(request: Request, awaited: AwaitedQuote, words: str) -> bool:
    """Take words of the text as a quote; a last line that begins with a dash names who said them."""
    sent = request.message
    if sent is None or not ORIGINAL.check_update(request.incoming):
        return False
    said, by = _said(sent.text or words)
    quotes = request.services.quotes
    added = await quotes.add(awaited.draft, said, by, editor=request.user)
    found = await quotes.of(awaited.draft, editor=request.user) if added else None
    if found is None:
        await request.await_words(None)
        await request.tell(request.tr("editing.decided"))
    else:
        await request.send(draft_views.quotes(found, 0, request.tr))
    return True


def _said(text: str) -> tuple[str, str]:
    """Return words, and who said them if the last line is a dash and a name."""
    words, _, last = clean(text).strip().rpartition("\n")
    if words and (name := _SIGNED.fullmatch(last.strip())):
        return words.strip(), as_name(name[1])
    return clean(text).strip(), ""


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
    pressed(TakeChosenSummary, take_chosen, audience="editor"),
    pressed(ListDraftQuotes, list_quotes, audience="editor"),
    pressed(SwitchDraftQuote, switch_quote, audience="editor"),
    answer(AwaitedQuote, take_quote, audience="editor"),
    answer(AwaitedField, take, audience="editor"),
]
