"""What editors see: what was found in a document, and what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.actions.drafts import ListDraftQuotes, ListDrafts, OfferTimes, TakeChosenSummary
from bot.actions.model import Action
from bot.actions.readers import OpenSummary
from bot.actions.staff import (
    AddToDraft,
    AnnounceArticles,
    DiscardDraft,
    DraftFieldName,
    EditDraft,
    EditDraftField,
    KeepChannelTags,
    OpenDraft,
    PublishDraft,
    PublishQuietly,
    RemoveArticle,
    ReplaceByDraft,
    RestoreArticle,
    RevertArticle,
)
from bot.article.library import Card
from bot.article.model import ArticleId, Diagnostic
from bot.editing.model import Draft, Proposal, Published
from bot.editing.prepared import MAX_PREVIEWED
from bot.i18n import Translator
from bot.message.callback import button, in_rows
from bot.message.formatted_text import FormattedText, plain_message, to_message
from bot.message.labels import indent, truncate
from bot.message.model import Button, ButtonRow, Message
from bot.message.split import split
from bot.views.articles import hashtags
from bot.views.header import head

_GATHERED: Final = frozenset({"chat", "forward", "file"})
"""Kinds of origin whose drafts are made of messages: more of them can be added."""

_SUMMARY_UNITS: Final = 1000
_MAX_ENTITIES: Final = 60
_TITLE_CHARS: Final = 60
_QUOTE_CHARS: Final = 100
_ASKED_CHARS: Final = 300
_MAX_DIAGNOSTICS: Final = 3


def proposal(found: Proposal, tr: Translator, *, note: str = "") -> Message:
    """Return what was found in a document, what publishing it would do, and the choice."""
    card, lines = found.card, [tr("editing.sections", count=found.card.sections)]
    lines += [
        indent(section.depth) + "· " + truncate(section.title or tr("article.beginning"), _TITLE_CHARS)
        for section in found.sections
    ]
    if card.sections > MAX_PREVIEWED:
        lines.append("…")
    sections, quotes = (
        FormattedText.plain("\n".join(lines)),
        FormattedText.plain(tr("editing.quotes", count=len(card.quotes))),
    )
    for quote in found.quotes[:2]:
        quotes += FormattedText("\n") + FormattedText.plain(truncate(quote.text, _QUOTE_CHARS)).italic()
    before, *rest = split(found.summary, limit=_SUMMARY_UNITS, entities=_MAX_ENTITIES) or (
        FormattedText("–"),
    )
    summary = (before + FormattedText(" …") if rest else before).quote(expandable=True)
    doubts = "\n".join(_doubt(each, tr) for each in found.diagnostics[:_MAX_DIAGNOSTICS])
    ending = FormattedText.plain("\n\n".join(filter(None, (doubts, note, _what_would_happen(found, tr)))))
    more = "\n".join(filter(None, (hashtags(card), tr("editing.with_picture") if card.picture else "")))
    blocks = (head(card, tr), summary, FormattedText.plain(more), sections, quotes, ending)
    return to_message(
        FormattedText.join("\n\n", filter(None, blocks)), (*_choices(found, tr), *_ways_to_change(found, tr))
    )


def _ways_to_change(found: Proposal, tr: Translator) -> tuple[ButtonRow, ...]:
    """Return the buttons by which a draft is changed; a file of the content folder is changed there."""
    if _is_file(found):
        return ()
    edit = button(tr("editing.button_edit"), EditDraft(found.draft))
    more = button(tr("gathering.button_add"), AddToDraft(found.draft))
    key = "drafts.button_other_time" if found.appointment else "drafts.button_time"
    rows: list[ButtonRow] = [
        (edit, more) if found.origin.kind in _GATHERED and found.match != "edited" else (edit,),
        (button(tr(key), OfferTimes(found.draft)),),
    ]
    if found.origin.channel is not None and found.card.tags:
        always = tr("editing.button_always", channel=truncate(found.origin.name, _TITLE_CHARS))
        rows.append((button(always, KeepChannelTags(found.draft)),))
    return tuple(rows)


def changes(found: Proposal, tr: Translator) -> Message:
    """Return a draft with a button for each thing that can be changed in it."""
    shown = proposal(found, tr)
    names: list[DraftFieldName] = ["title", "summary", "tags", "source"]
    if found.card.picture:
        names.append("cover")
    buttons = [button(tr(f"editing.field_{name}"), EditDraftField(found.draft, name)) for name in names]
    buttons.append(button(tr("editing.field_quotes"), ListDraftQuotes(found.draft, 0)))
    back = button(tr("editing.button_back"), OpenDraft(found.draft))
    return replace(shown, buttons=(*in_rows(buttons, 2), (back,)))


def ask_for(field: DraftFieldName, found: Proposal, tr: Translator) -> Message:
    """Ask for a new value, and say which one stands."""
    card = found.card
    now = {"title": card.title, "summary": card.lead, "tags": tr.list(card.tags) if card.tags else "",
           "source": card.source or ""}  # fmt: skip
    text = tr(f"editing.ask_{field}", now=truncate(now.get(field, ""), _ASKED_CHARS) or "–")
    if field != "summary" or not found.chosen:
        return plain_message(text)
    sentences = " ".join(each.text for each in found.chosen)
    text += "\n\n" + tr("editing.chosen", sentences=sentences)
    return plain_message(text, (button(tr("editing.button_chosen"), TakeChosenSummary(found.draft)),))


def _doubt(found: Diagnostic, tr: Translator) -> str:
    words = tr(found.key, **found.values)
    return "⚠️ " + (tr("editing.line", line=found.line, words=words) if found.line else words)


def _what_would_happen(found: Proposal, tr: Translator) -> str:
    if found.replaces is not None:
        key = "editing.from_file" if _is_file(found) else f"editing.same_{found.match or 'name'}"
        if found.is_outdated:
            key = "editing.outdated"
        return tr(key, title=truncate(found.replaces.title, _TITLE_CHARS))
    if _is_file(found):
        return tr("editing.from_file_removed")
    return tr("editing.old" if found.is_old else "editing.not_yet")


def _is_file(found: Proposal) -> bool:
    """Return whether a draft is a file of the content folder: a new version of its article, nothing else."""
    return found.origin.kind == "folder"


def _choices(found: Proposal, tr: Translator) -> tuple[ButtonRow, ...]:
    publish = button(tr("editing.button_publish"), PublishDraft(found.draft))
    discard = button(tr("editing.button_discard"), DiscardDraft(found.draft))
    if found.replaces is None:
        # A file whose article was removed comes back in its place.
        if _is_file(found):
            return ((button(tr("editing.button_publish"), ReplaceByDraft(found.draft)), discard),)
        if found.is_old:
            quietly = button(tr("editing.button_only_publish"), PublishQuietly(found.draft))
            announced = button(tr("editing.button_announce"), PublishDraft(found.draft))
            return ((quietly,), (announced,), (discard,))
        quietly = button(tr("editing.button_quietly"), PublishQuietly(found.draft))
        return ((publish, discard), (quietly,))
    title = truncate(found.replaces.title, _TITLE_CHARS)
    replace = button(tr("editing.button_replace", title=title), ReplaceByDraft(found.draft))
    if _is_file(found):
        return ((replace,), (discard,))
    if found.match == "edited":
        return ((replace, discard),)
    anew = button(tr("editing.button_publish_anew"), PublishDraft(found.draft))
    return ((replace,), (anew,), (discard,))


def published(made: Published, tr: Translator) -> Message:
    """Say that it is live, what happens now, and offer the way back."""
    card = made.card
    if made.earlier is None and not made.is_news:
        return _published_quietly(card, tr)
    text = tr("editing.published" if made.is_news else "editing.corrected", title=_name(card))
    undo: Action = RemoveArticle(card.id)
    if made.earlier is not None:
        undo = RevertArticle(card.id, made.earlier, card.version)
    return plain_message(text, (_read(card, tr), button(tr("editing.button_undo"), undo)))


def _published_quietly(card: Card, tr: Translator) -> Message:
    announce = button(tr("editing.button_announce"), AnnounceArticles(card.id, card.id))
    undo = button(tr("editing.button_undo"), RemoveArticle(card.id))
    return plain_message(
        tr("editing.published_quietly", title=_name(card)), (_read(card, tr), announce), (undo,)
    )


def quiet_files(articles: Sequence[ArticleId], tr: Translator) -> Message:
    """Tell an editor of old articles that came in from files, and ask whether digests shall tell of them."""
    announce = button(tr("editing.button_announce_all"), AnnounceArticles(articles[0], articles[-1]))
    return plain_message(tr("editing.quiet_files", count=len(articles)), (announce,))


def announced(count: int, tr: Translator) -> Message:
    """Say that digests will tell of articles that came in quietly."""
    return plain_message(tr("editing.announced", count=count))


def reverted(made: Published, tr: Translator) -> Message:
    """Confirm that an earlier version stands again."""
    text = tr("editing.reverted", title=_name(made.card))
    return plain_message(text, (_read(made.card, tr),))


def removed(card: Card, tr: Translator) -> Message:
    """Say that it is gone, and offer the way back."""
    undo = button(tr("editing.button_undo"), RestoreArticle(card.id))
    return plain_message(tr("editing.removed", title=_name(card)), (undo,))


def restored(card: Card, tr: Translator) -> Message:
    """Say that it is back."""
    text = tr("editing.restored", title=_name(card))
    return plain_message(text, (_read(card, tr),))


def _read(card: Card, tr: Translator) -> Button:
    return button(tr("editing.button_read"), OpenSummary(card.id), in_new_message=True)


def ask(waiting: int, tr: Translator) -> Message:
    """Ask for a document; drafts that wait for a decision are a tap away."""
    drafts = button(tr("drafts.button_list", count=waiting), ListDrafts(0), in_new_message=True)
    return plain_message(tr("editing.ask"), *([(drafts,)] if waiting else []))


def changed_file(draft: Draft, tr: Translator) -> Message:
    """Tell an editor of a file that changed though its article was changed or removed in the chat."""
    look = button(tr("editing.button_look"), OpenDraft(draft.id), in_new_message=True)
    return plain_message(tr("editing.changed_file", file=truncate(draft.name, _TITLE_CHARS)), (look,))


def _name(card: Card) -> str:
    return truncate(card.title, _TITLE_CHARS)
