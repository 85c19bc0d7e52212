"""What editors see of an article's versions: which there are, by whom, and what each changed."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from bot.actions.drafts import EditArticle, ListVersions, ShowVersion
from bot.actions.staff import RemoveArticle, RevertArticle
from bot.article.differences import Change
from bot.article.library import Card
from bot.editing.model import Version
from bot.i18n import Translator
from bot.message.callback import button, in_rows
from bot.message.formatted_text import FormattedText, to_message
from bot.message.labels import truncate
from bot.message.model import Button, ButtonRow, Message
from bot.views.drafts import Desk
from bot.views.people import who
from bot.views.schedule import moment_in_words

PAGE: Final = 8
_TITLE_CHARS: Final = 60
_AROUND: Final = 60
"""Characters that are shown before and behind a change."""
_MAX_CHANGES: Final = 40
_MAX_CHANGE_CHARS: Final = 400
_MAX_UNITS: Final = 3_000


def article_row(card: Card, tr: Translator) -> ButtonRow:
    """Return what an editor can do with an article, as buttons below it."""
    return (
        button(tr("versions.button_edit"), EditArticle(card.id), in_new_message=True),
        button(tr("versions.button_list"), ListVersions(card.id, 0), in_new_message=True),
    )


def listed(card: Card, versions: Sequence[Version], page: int, desk: Desk, tr: Translator) -> Message:
    """Return a page (from 0) of the versions, the newest first; a number shows what one changed."""
    pages = max(1, -(-len(versions) // PAGE))
    page = min(page, pages - 1)
    shown = versions[page * PAGE : (page + 1) * PAGE]
    lines = [_line(version, card, desk, tr) for version in shown]
    numbers = [
        button(str(version.number), ShowVersion(card.id, version.number), in_new_message=True)
        for version in shown
    ]
    rows = in_rows(numbers, 4)
    turns: list[Button] = []
    if page > 0:
        turns.append(button(f"‹ {page}/{pages}", ListVersions(card.id, page - 1)))
    if page < pages - 1:
        turns.append(button(f"{page + 2}/{pages} ›", ListVersions(card.id, page + 1)))
    if turns:
        rows.append(tuple(turns))
    edit = button(tr("versions.button_edit"), EditArticle(card.id), in_new_message=True)
    rows.append((edit, button(tr("versions.button_remove"), RemoveArticle(card.id))))
    title = FormattedText.plain(truncate(card.title, _TITLE_CHARS) or "–").bold()
    text = FormattedText.plain("\n".join((tr("versions.count", count=len(versions)), *lines)))
    return to_message(FormattedText.join("\n", (title, text)), tuple(rows))


def _line(version: Version, card: Card, desk: Desk, tr: Translator) -> str:
    name = who(version.editor, desk.people, desk.viewer, tr) if version.editor is not None else ""
    stands = tr("versions.stands") if version.number == card.version else ""
    when = moment_in_words(version.saved_at, desk.zone, desk.now, tr)
    return f"{version.number}. " + " · ".join(filter(None, (when, name, stands)))


def shown(card: Card, version: int, changes: Sequence[Change], tr: Translator) -> Message:
    """Return what a version changed: words that came are bold, those that went are struck through."""
    title = FormattedText.plain(truncate(card.title, _TITLE_CHARS) or "–").bold()
    heading = title + FormattedText.plain("\n" + tr("versions.shown", number=version))
    rows: list[ButtonRow] = []
    if version != card.version:
        back = RevertArticle(card.id, version, card.version)
        rows.append((button(tr("versions.button_back", number=version), back),))
    rows.append((button(tr("versions.button_all"), ListVersions(card.id, 0)),))
    body = _changed(changes) or FormattedText.plain(tr("versions.same"))
    return to_message(FormattedText.join("\n\n", (heading, body)), tuple(rows))


def _changed(changes: Sequence[Change]) -> FormattedText:
    """Return changes with a little of what stands around them, cut where it is too much for a message."""
    pieces: list[FormattedText] = []
    units = 0
    numbered = list(enumerate(changes))
    if all(change.kind == "same" for change in changes):
        return FormattedText()
    for number, change in islice(numbered, 3 * _MAX_CHANGES):
        if change.kind == "same":
            piece = FormattedText.plain(
                _context(change.text, first=number == 0, last=number == len(changes) - 1)
            )
        else:
            text = FormattedText.plain(_cut(change.text))
            piece = text.bold() if change.kind == "added" else text.strike()
        pieces.append(piece)
        units += len(piece.text)
        if units > _MAX_UNITS:
            break
    cut = len(pieces) < len(changes)
    return FormattedText.join("", pieces) + FormattedText.plain(" …" if cut else "")


def _context(text: str, *, first: bool, last: bool) -> str:
    """Return the ends of what is the same, next to changes."""
    if first:
        return text if len(text) <= _AROUND else "… " + text[-_AROUND:]
    if last:
        return text if len(text) <= _AROUND else text[:_AROUND] + " …"
    return text if len(text) <= 2 * _AROUND else f"{text[:_AROUND]} … {text[-_AROUND:]}"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_CHANGE_CHARS else text[:_MAX_CHANGE_CHARS] + " …"
