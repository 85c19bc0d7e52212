"""What editors see: what was found in a document, and what became of it."""

from collections.abc import Sequence
from typing import Final

from bot.actions.model import Action
from bot.actions.readers import OpenSummary
from bot.actions.staff import (
    DiscardDraft,
    OpenDraft,
    PublishDraft,
    RemoveArticle,
    ReplaceByDraft,
    RestoreArticle,
    RevertArticle,
)
from bot.article.library import Card
from bot.editing.model import Draft, Proposal, Published
from bot.editing.prepared import FIRST
from bot.i18n import Say
from bot.message.callback import button
from bot.message.labels import indent, short
from bot.message.model import Button, Message, Row
from bot.message.rich import Rich, plain_message, to_message
from bot.message.split import split
from bot.views.header import head

_SUMMARY: Final = 1000
_ENTITIES: Final = 60
_TITLE: Final = 60
_QUOTE: Final = 100
_DRAFTS: Final = 5
_DOUBTS: Final = 3


def proposal(found: Proposal, say: Say, *, note: str = "") -> Message:
    """Return what was found in a document, what publishing it would do, and the choice."""
    card, lines = found.card, [say("editing.sections", count=found.card.sections)]
    lines += [
        indent(section.depth) + "· " + short(section.title or say("article.beginning"), _TITLE)
        for section in found.sections
    ]
    if card.sections > FIRST:
        lines.append("…")
    sections, quotes = Rich.plain("\n".join(lines)), Rich.plain(say("editing.quotes", count=len(card.quotes)))
    for quote in found.quotes[:2]:
        quotes += Rich("\n") + Rich.plain(short(quote.text, _QUOTE)).italic()
    before, *rest = split(found.summary, limit=_SUMMARY, entities=_ENTITIES) or (Rich("–"),)
    summary = (before + Rich(" …") if rest else before).quote(expandable=True)
    doubts = "\n".join(f"⚠️ {say(each.key, **each.values)}" for each in found.cautions[:_DOUBTS])
    ending = Rich.plain("\n\n".join(filter(None, (doubts, note, _what_would_happen(found, say)))))
    return to_message(
        Rich.join("\n\n", (head(card, say), summary, sections, quotes, ending)), _choices(found, say)
    )


def _what_would_happen(found: Proposal, say: Say) -> str:
    if found.replaces is not None:
        key = "editing.from_file" if found.from_folder else "editing.same_name"
        return say(key, title=short(found.replaces.title, _TITLE))
    return say("editing.from_file_removed" if found.from_folder else "editing.not_yet")


def _choices(found: Proposal, say: Say) -> tuple[Row, ...]:
    publish = button(say("editing.button_publish"), PublishDraft(found.draft))
    discard = button(say("editing.button_discard"), DiscardDraft(found.draft))
    if found.replaces is None:
        # A file whose article was removed comes back in its place.
        again = button(say("editing.button_publish"), ReplaceByDraft(found.draft))
        return ((again if found.from_folder else publish, discard),)
    title = short(found.replaces.title, _TITLE)
    replace = button(say("editing.button_replace", title=title), ReplaceByDraft(found.draft))
    if found.from_folder:
        return ((replace,), (discard,))
    anew = button(say("editing.button_publish_anew"), PublishDraft(found.draft))
    return ((replace,), (anew,), (discard,))


def published(made: Published, say: Say) -> Message:
    """Say that it is live, what happens now, and offer the way back."""
    card = made.card
    text = say("editing.published" if made.is_news else "editing.corrected", title=_name(card))
    undo: Action = RemoveArticle(card.id)
    if made.earlier is not None:
        undo = RevertArticle(card.id, made.earlier, card.version)
    return plain_message(text, (_read(card, say), button(say("editing.button_undo"), undo)))


def reverted(made: Published, say: Say) -> Message:
    """Return an earlier version stands again."""
    text = say("editing.reverted", title=_name(made.card))
    return plain_message(text, (_read(made.card, say),))


def removed(card: Card, say: Say) -> Message:
    """Say that it is gone, and offer the way back."""
    undo = button(say("editing.button_undo"), RestoreArticle(card.id))
    return plain_message(say("editing.removed", title=_name(card)), (undo,))


def restored(card: Card, say: Say) -> Message:
    """Say that it is back."""
    text = say("editing.restored", title=_name(card))
    return plain_message(text, (_read(card, say),))


def _read(card: Card, say: Say) -> Button:
    return button(say("editing.button_read"), OpenSummary(card.id), in_new_message=True)


def ask(waiting: Sequence[Draft], say: Say) -> Message:
    """Ask for a document; drafts that wait for a decision are a tap away."""
    text = say("editing.ask")
    if waiting:
        text += "\n\n" + say("editing.waiting")
    rows = [
        (button(draft.name or say("editing.unnamed"), OpenDraft(draft.id), in_new_message=True),)
        for draft in waiting[:_DRAFTS]
    ]
    return plain_message(text, *rows)


def changed_file(draft: Draft, say: Say) -> Message:
    """Tell an editor of a file that changed though its article was changed or removed in the chat."""
    look = button(say("editing.button_look"), OpenDraft(draft.id), in_new_message=True)
    return plain_message(say("editing.changed_file", file=short(draft.name, _TITLE)), (look,))


def _name(card: Card) -> str:
    return short(card.title, _TITLE)
