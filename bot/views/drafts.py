"""What editors see of drafts: which wait, whose they are, who has one open, when one is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.drafts import CancelTime, ListDraftQuotes, ListDrafts, PublishAtTime, SwitchDraftQuote
from bot.actions.staff import EditDraft, OpenDraft, OpenQueue
from bot.article.quotes.collect import quote_id
from bot.editing.model import Appointment, Draft, Opened, Proposal
from bot.editing.quotes import ChosenQuotes
from bot.errors import BotError
from bot.i18n import Translator
from bot.message.callback import button, in_rows
from bot.message.formatted_text import FormattedText, plain_message, to_message
from bot.message.labels import truncate
from bot.message.model import Button, ButtonRow, Message
from bot.views.editing import proposal
from bot.views.errors import worded
from bot.views.people import People, who
from bot.views.schedule import moment_in_words, zone_name

PAGE: Final = 6
OPEN_FOR: Final = timedelta(minutes=30)
"""How long a draft counts as open after an editor has opened it."""

_TITLE_CHARS: Final = 60
_SECONDS_IN_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """Through whose eyes drafts are seen: an editor, their zone (IANA), the time, the names of the others."""

    viewer: int
    zone: str
    now: datetime
    people: People


def listed(drafts: Sequence[Draft], queued: int, page: int, desk: Desk, tr: Translator) -> Message:
    """Return a page (from 0) of all editors' drafts; `queued` entries of feeds have a list of their own."""
    pages = max(1, -(-len(drafts) // PAGE))
    page = min(page, pages - 1)
    shown = list(enumerate(drafts, 1))[page * PAGE : (page + 1) * PAGE]
    numbers = [button(str(number), OpenDraft(draft.id), in_new_message=True) for number, draft in shown]
    rows = in_rows(numbers, PAGE)
    turns: list[Button] = []
    if page > 0:
        turns.append(button(f"‹ {page}/{pages}", ListDrafts(page - 1)))
    if page < pages - 1:
        turns.append(button(f"{page + 2}/{pages} ›", ListDrafts(page + 1)))
    if turns:
        rows.append(tuple(turns))
    if queued:
        rows.append((button(tr("feeds.button_queue", count=queued), OpenQueue(), in_new_message=True),))
    if not drafts:
        return plain_message(tr("drafts.none"), *rows)
    title = FormattedText.plain(tr("drafts.title", count=len(drafts))).bold()
    lines = [_line(number, draft, desk, tr) for number, draft in shown]
    return to_message(FormattedText.join("\n\n", (title, *lines)), tuple(rows))


def _line(number: int, draft: Draft, desk: Desk, tr: Translator) -> FormattedText:
    title = truncate(draft.title or draft.name or tr("editing.unnamed"), _TITLE_CHARS)
    facts = [
        who(draft.editor, desk.people, desk.viewer, tr) if draft.editor else tr("drafts.of_file"),
        moment_in_words(draft.saved_at, desk.zone, desk.now, tr),
    ]
    if draft.appointment:
        facts.append(f"📅 {moment_in_words(draft.appointment.at, desk.zone, desk.now, tr)}")
    if draft.opened and _is_open(draft.opened, desk):
        facts.append(tr("drafts.open_with", who=who(draft.opened.by, desk.people, desk.viewer, tr)))
    return FormattedText.plain(f"{number}. {title}").bold() + FormattedText.plain("\n" + " · ".join(facts))


def _is_open(opened: Opened, desk: Desk) -> bool:
    return opened.by != desk.viewer and desk.now - opened.at < OPEN_FOR


def opened(found: Proposal, desk: Desk, tr: Translator) -> Message:
    """Return a draft, with who else has it open, and when it is published."""
    lines = []
    if found.opened and _is_open(found.opened, desk):
        since = tr.clock(found.opened.at.astimezone(ZoneInfo(desk.zone)))
        name = who(found.opened.by, desk.people, desk.viewer, tr)
        lines.append(tr("drafts.is_open", who=name, since=since))
    if found.appointment:
        lines.append(_appointed(found.appointment, desk, tr))
    return proposal(found, tr, note="\n".join(lines))


def _appointed(appointment: Appointment, desk: Desk, tr: Translator) -> str:
    when = moment_in_words(appointment.at, desk.zone, desk.now, tr)
    name = who(appointment.by, desk.people, desk.viewer, tr)
    return tr(
        f"drafts.appointed_{appointment.publish_as}", when=when, zone=zone_name(desk.zone, tr), who=name
    )


def times(found: Proposal, offered: Sequence[datetime], desk: Desk, tr: Translator) -> Message:
    """Ask when a draft is to be published; other times are typed."""
    rows: list[ButtonRow] = [
        (button(moment_in_words(at, desk.zone, desk.now, tr), PublishAtTime(found.draft, in_minutes(at))),)
        for at in offered
    ]
    if found.appointment:
        rows.append((button(tr("drafts.button_no_time"), CancelTime(found.draft)),))
    rows.append((button(tr("editing.button_back"), OpenDraft(found.draft)),))
    title = truncate(found.card.title, _TITLE_CHARS)
    return plain_message(tr("drafts.ask_time", title=title, zone=zone_name(desk.zone, tr)), *rows)


def quotes(found: ChosenQuotes, page: int, tr: Translator) -> Message:
    """Return a page (from 0) of a draft's quotes, each to be left out by a tap, and of those left out."""
    every = [("✓", quote.id, quote.text) for quote in found.kept]
    every += [("✗", quote_id(words), words) for words in found.left_out]
    pages = max(1, -(-len(every) // PAGE))
    page, draft = min(page, pages - 1), found.proposal.draft
    rows: list[ButtonRow] = [
        (button(f"{sign} {truncate(words, _TITLE_CHARS)}", SwitchDraftQuote(draft, id_, page)),)
        for sign, id_, words in every[page * PAGE : (page + 1) * PAGE]
    ]
    turns: list[Button] = []
    if page > 0:
        turns.append(button(f"‹ {page}/{pages}", ListDraftQuotes(draft, page - 1)))
    if page < pages - 1:
        turns.append(button(f"{page + 2}/{pages} ›", ListDraftQuotes(draft, page + 1)))
    if turns:
        rows.append(tuple(turns))
    rows.append((button(tr("editing.button_back"), EditDraft(draft)),))
    return plain_message(tr("drafts.quotes", count=len(found.kept)), *rows)


def in_minutes(at: datetime) -> int:
    """Return an instant in whole minutes since 1970."""
    return int(at.timestamp()) // _SECONDS_IN_MINUTE


def not_published(draft: Draft, error: BotError, tr: Translator) -> Message:
    """Tell an editor that a draft could not be published at its time; it waits for a decision again."""
    title = truncate(draft.title or tr("editing.unnamed"), _TITLE_CHARS)
    text = tr("drafts.not_published", title=title, reason=worded(error, tr))
    return plain_message(text, (button(tr("editing.button_look"), OpenDraft(draft.id), in_new_message=True),))
