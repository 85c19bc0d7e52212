"""The ledger in words: what became of each digest, and why none came."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.readers import OpenSettings
from bot.article.library import Card
from bot.article.model import ArticleId
from bot.delivery.model import DeliveryState, DigestRecord
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.edition import PATH_TITLE_CHARS
from bot.message.formatted_text import FormattedText, to_message
from bot.message.labels import truncate
from bot.message.model import Message
from bot.reader.model import Reader, Subscription
from bot.views.schedule import describe, next_time

Title = Callable[[ArticleId], str | None]

_LOCAL: Final = len("2026-11-24T08:00")
"""Characters of an occasion's name that are its time in the reader's own clock."""

_MAX_TITLES: Final = 3
"""Articles of a digest that are named: after a long silence there may be dozens."""

_MAX_WORDS_CHARS: Final = 100
"""Characters of what Telegram said."""


def last_digests(
    reader: Reader, accounts: Sequence[DigestRecord], title: Title, now: datetime, tr: Translator
) -> Message:
    """Show a reader's last digests and the next, for /why."""
    choices = button(tr("subscribe.button_settings"), OpenSettings(reader.id, "all"))
    history = _history(accounts, reader.subscription.zone, title, tr)
    text = FormattedText.plain(tr("why.title")).bold()
    text += FormattedText.plain(f"\n{history}\n\n{_next(reader.subscription, now, tr, to_reader=True)}")
    return to_message(text, ((choices,),))


def traced_reader(
    reader: Reader, accounts: Sequence[DigestRecord], title: Title, now: datetime, tr: Translator
) -> Message:
    """Show the same to an editor, for /trace with a chat's number."""
    chosen = reader.subscription
    settings = describe(chosen.schedule, tr) if chosen.schedule else tr("trace.never_set_up")
    history = _history(accounts, chosen.zone, title, tr)
    text = FormattedText.plain(tr("trace.chat", number=reader.place.chat)).bold()
    text += FormattedText.plain(f"\n{settings}\n\n{history}\n\n{_next(chosen, now, tr, to_reader=False)}")
    return to_message(text)


def traced_article(
    card: Card,
    states: Mapping[DeliveryState, int],
    unsent: Sequence[tuple[DigestRecord, Reader | None]],
    title: Title,
    tr: Translator,
    *,
    history: Sequence[str] = (),
) -> Message:
    """Show how many digests told of an article, which did not arrive, and who did what to it."""
    text = FormattedText.plain(truncate(card.title, PATH_TITLE_CHARS)).bold()
    count = sum(states.values())
    lines = [tr("trace.told", count=count) if count else tr("trace.untold")]
    lines += [
        tr(f"trace.{state}", count=number)
        for state, number in states.items()
        if number and state not in {"planned", "sending"}
    ]
    if waiting := states.get("planned", 0) + states.get("sending", 0):
        lines.append(tr("trace.waiting", count=waiting))
    text += FormattedText.plain("\n" + "\n".join(lines))
    if unsent:
        text += FormattedText.plain(f"\n\n{tr('trace.unsent')}")
    for account, reader in unsent:
        where = tr("trace.chat", number=reader.place.chat) if reader else tr("trace.nobody")
        zone = reader.subscription.zone if reader else None
        text += FormattedText.plain(f"\n· {where}: {outcome_line(account, zone, title, tr)}")
    if history:
        text += FormattedText.plain("\n\n" + "\n".join(f"· {line}" for line in history))
    return to_message(text)


def _history(accounts: Sequence[DigestRecord], zone: str | None, title: Title, tr: Translator) -> str:
    return "\n".join(f"· {outcome_line(account, zone, title, tr)}" for account in accounts) or tr(
        "why.none_yet"
    )


def outcome_line(account: DigestRecord, zone: str | None, title: Title, tr: Translator) -> str:
    """Return when a digest was due, and what became of it."""
    when = _when(account, zone, tr)
    match account.state:
        case "sent":
            told = [_named(title(article), tr) for article in account.articles[:_MAX_TITLES]]
            if more := len(account.articles) - len(told):
                told.append(tr("why.more", count=more))
            told += [tr("why.a_quote")] * account.quoted
            line = tr("why.sent", when=when, told=tr.list(told) if told else tr("why.leads_only"))
            if account.settled in {"found", "again"}:
                line = tr(f"why.{account.settled}", line=line, time=_finished(account, zone, tr))
            return line
        case "uncertain" if account.settled == "checking":
            return tr("why.checking", when=when, time=_finished(account, zone, tr))
        case "uncertain":
            return tr("why.unknown" if account.settled == "unknown" else "why.uncertain", when=when)
        case "failed":
            words = truncate(account.detail, _MAX_WORDS_CHARS) or tr("why.keeps_moving")
            return tr("why.failed", when=when, reason=words)
        case "planned" | "sending":
            return tr("why.waiting", when=when)
        case _:
            words = truncate(account.detail, _MAX_WORDS_CHARS)
            reason = tr(f"why.reason_{account.reason}", words=words)
            return tr("why.excluded", when=when, reason=reason)


def _named(title: str | None, tr: Translator) -> str:
    return tr("why.article", title=truncate(title, PATH_TITLE_CHARS)) if title else tr("why.removed")


def _when(account: DigestRecord, zone: str | None, tr: Translator) -> str:
    """As the reader's own clock showed it: by the name of the occasion, which holds that."""
    try:
        local = datetime.fromisoformat(account.occasion[:_LOCAL])
    except ValueError:
        local = account.planned_at.astimezone(ZoneInfo(zone or "UTC"))
    return tr("when.line", day=tr.short_day(local), time=tr.clock(local))


def _finished(account: DigestRecord, zone: str | None, tr: Translator) -> str:
    """When the last part of it ended, by the reader's clock."""
    return tr.clock((account.finished_at or account.planned_at).astimezone(ZoneInfo(zone or "UTC")))


def _next(chosen: Subscription, now: datetime, tr: Translator, *, to_reader: bool) -> str:
    """Return when the next one comes, or why none will; in words to the reader, or to an editor."""
    if chosen.suspended:
        return tr("why.suspended" if to_reader else "trace.suspended")
    if not chosen.active or chosen.schedule is None:
        return tr("why.not_subscribed" if to_reader else "trace.not_subscribed")
    time = next_time(chosen.schedule, now, tr)
    return tr("why.next", time=time)
