"""The ledger in words: what became of each digest, and why none came."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.readers import OpenSettings
from bot.article.library import Card
from bot.article.model import ArticleId
from bot.delivery.model import Account, State
from bot.i18n import Say
from bot.message.callback import button
from bot.message.edition import PATH_TITLE
from bot.message.labels import short
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.reader.model import Reader, Subscription
from bot.views.schedule import describe, next_times

Title = Callable[[ArticleId], str | None]

_LOCAL: Final = len("2026-11-24T08:00")
"""Characters of an occasion's name that are its time in the reader's own clock."""

_TITLES: Final = 3
"""Articles of a digest that are named: after a long silence there may be dozens."""

_MAX_WORDS_CHARS: Final = 100
"""Characters of what Telegram said."""


def last_digests(
    reader: Reader, accounts: Sequence[Account], title: Title, now: datetime, say: Say
) -> Message:
    """Show a reader's last digests and the next, for /why."""
    choices = button(say("subscribe.button_settings"), OpenSettings(reader.id, "all"))
    history = _history(accounts, reader.subscription.zone, title, say)
    text = Rich.plain(say("why.title")).bold()
    text += Rich.plain(f"\n{history}\n\n{_next(reader.subscription, now, say)}")
    return to_message(text, ((choices,),))


def traced_reader(
    reader: Reader, accounts: Sequence[Account], title: Title, now: datetime, say: Say
) -> Message:
    """Show the same to an editor, for /trace with a chat's number."""
    chosen = reader.subscription
    settings = describe(chosen.schedule, say) if chosen.schedule else say("trace.never_set_up")
    history = _history(accounts, chosen.zone, title, say)
    text = Rich.plain(say("trace.chat", number=reader.place.chat)).bold()
    text += Rich.plain(f"\n{settings}\n\n{history}\n\n{_next(chosen, now, say)}")
    return to_message(text)


def traced_article(
    card: Card,
    states: Mapping[State, int],
    unsent: Sequence[tuple[Account, Reader | None]],
    title: Title,
    say: Say,
) -> Message:
    """Show how many digests told of an article, and which did not arrive."""
    text = Rich.plain(short(card.title, PATH_TITLE)).bold()
    count = sum(states.values())
    lines = [say("trace.told", count=count) if count else say("trace.untold")]
    lines += [
        say(f"trace.{state}", count=number)
        for state, number in states.items()
        if number and state not in {"planned", "sending"}
    ]
    if waiting := states.get("planned", 0) + states.get("sending", 0):
        lines.append(say("trace.waiting", count=waiting))
    text += Rich.plain("\n" + "\n".join(lines))
    if unsent:
        text += Rich.plain(f"\n\n{say('trace.unsent')}")
    for account, reader in unsent:
        where = say("trace.chat", number=reader.place.chat) if reader else say("trace.nobody")
        zone = reader.subscription.zone if reader else None
        text += Rich.plain(f"\n· {where}: {_line(account, zone, title, say)}")
    return to_message(text)


def _history(accounts: Sequence[Account], zone: str | None, title: Title, say: Say) -> str:
    return "\n".join(f"· {_line(account, zone, title, say)}" for account in accounts) or say("why.none_yet")


def _line(account: Account, zone: str | None, title: Title, say: Say) -> str:
    when = _when(account, zone, say)
    match account.state:
        case "sent":
            told = [_named(title(article), say) for article in account.articles[:_TITLES]]
            if more := len(account.articles) - len(told):
                told.append(say("why.more", count=more))
            told += [say("why.a_quote")] * account.quoted
            return say("why.sent", when=when, told=say.list(told) if told else say("why.leads_only"))
        case "uncertain":
            return say("why.uncertain", when=when)
        case "failed":
            words = short(account.detail, _MAX_WORDS_CHARS) or say("why.keeps_moving")
            return say("why.failed", when=when, reason=words)
        case "planned" | "sending":
            return say("why.waiting", when=when)
        case _:
            words = short(account.detail, _MAX_WORDS_CHARS)
            reason = say(f"why.reason_{account.reason}", words=words)
            return say("why.excluded", when=when, reason=reason)


def _named(title: str | None, say: Say) -> str:
    return say("why.article", title=short(title, PATH_TITLE)) if title else say("why.removed")


def _when(account: Account, zone: str | None, say: Say) -> str:
    """As the reader's own clock showed it: by the name of the occasion, which holds that."""
    try:
        local = datetime.fromisoformat(account.occasion[:_LOCAL])
    except ValueError:
        local = account.planned_at.astimezone(ZoneInfo(zone or "UTC"))
    return say("when.line", day=say.short_day(local), time=say.clock(local))


def _next(chosen: Subscription, now: datetime, say: Say) -> str:
    """Return when the next one comes, or why none will."""
    if chosen.suspended:
        return say("why.suspended")
    if not chosen.active or chosen.schedule is None:
        return say("why.not_subscribed")
    [time] = next_times(chosen.schedule, now, say, count=1)
    return say("why.next", time=time)
