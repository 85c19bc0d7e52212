"""What editors see of feeds: which are followed, how each is, what came and waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.staff import (
    AskForFeed,
    ChangeFeed,
    DecideEntries,
    DecideEntry,
    FeedChange,
    OpenDraft,
    OpenFeed,
    OpenFeeds,
    OpenQueue,
)
from bot.editing.feeds_model import FollowedFeed, QueuedEntry
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import plain_message
from bot.message.labels import truncate
from bot.message.model import Button, ButtonRow, Message
from bot.sources.feeds.model import Entry, Feed, FeedLink
from bot.views.articles import also_told

PAGE: Final = 10
QUEUE: Final = 5
_TITLE_CHARS: Final = 60
_MAX_TESTED: Final = 5
_MAX_LINKS: Final = 8
_WORDS: Final[tuple[FeedChange, ...]] = ("tags", "include", "exclude", "limit")


def overview(feeds: Sequence[FollowedFeed], waiting: int, page: int, tr: Translator) -> Message:
    """Return a page of the feeds as buttons, and what waits."""
    shown = feeds[page * PAGE : (page + 1) * PAGE]
    rows: list[ButtonRow] = [(button(_label(feed, tr), OpenFeed(feed.id)),) for feed in shown]
    turns: list[Button] = []
    if page > 0:
        turns.append(button("◀️", OpenFeeds(page - 1)))
    if len(feeds) > (page + 1) * PAGE:
        turns.append(button("▶️", OpenFeeds(page + 1)))
    if turns:
        rows.append(tuple(turns))
    if waiting:
        rows.append((button(tr("feeds.button_queue", count=waiting), OpenQueue()),))
    rows.append((button(tr("feeds.button_add"), AskForFeed()),))
    return plain_message(tr("feeds.overview", count=len(feeds)) if feeds else tr("feeds.none"), *rows)


def _label(feed: FollowedFeed, tr: Translator) -> str:
    sign = "⏸" if feed.is_paused else "🔴" if feed.failures else "🟢"
    title = f"{sign} {truncate(feed.title, _TITLE_CHARS)}"
    waiting = tr("feeds.waiting", count=feed.waiting)
    return f"{title} · {waiting}" if feed.waiting else title


def screen(feed: FollowedFeed, zone: ZoneInfo, tr: Translator) -> Message:
    """Return a feed, and what can be chosen for it."""
    lines = [truncate(feed.title, _TITLE_CHARS), feed.address, "", _health(feed, zone, tr)]
    lines.append(tr("feeds.mode_straight" if feed.is_straight else "feeds.mode_queue"))
    for key, words in (("tags", feed.tags), ("include", feed.include), ("exclude", feed.exclude)):
        if words:
            lines.append(tr(f"feeds.has_{key}", words=tr.list(words)))
    if feed.per_day is not None:
        lines.append(tr("feeds.has_limit", count=feed.per_day))
    pause = tr("feeds.button_resume" if feed.is_paused else "feeds.button_pause")
    mode = tr("feeds.button_queue_mode" if feed.is_straight else "feeds.button_straight_mode")
    rows: list[ButtonRow] = [
        (button(pause, ChangeFeed(feed.id, "pause")), _change(feed, "test", tr)),
        (button(tr("feeds.button_minutes", every=_every(feed.minutes, tr)), ChangeFeed(feed.id, "minutes")),),
        (button(mode, ChangeFeed(feed.id, "mode")),),
        tuple(_change(feed, change, tr) for change in _WORDS[:2]),
        tuple(_change(feed, change, tr) for change in _WORDS[2:]),
        (_change(feed, "remove", tr), button(tr("feeds.button_back"), OpenFeeds(0))),
    ]
    return plain_message("\n".join(lines), *rows)


def _change(feed: FollowedFeed, change: FeedChange, tr: Translator) -> Button:
    return button(tr(f"feeds.button_{change}"), ChangeFeed(feed.id, change))


def _health(feed: FollowedFeed, zone: ZoneInfo, tr: Translator) -> str:
    if feed.error is not None:
        key, values = feed.error
        return tr("feeds.fails", reason=tr(key, **values))
    if feed.read_at is None:
        return tr("feeds.not_read")
    return tr("feeds.read", when=_moment(feed.read_at, zone, tr))


def _moment(at: datetime, zone: ZoneInfo, tr: Translator) -> str:
    local = at.astimezone(zone)
    return f"{tr.short_day(local.date())}, {tr.clock(local.time())}"


def _every(minutes: int, tr: Translator) -> str:
    if minutes < 60:  # noqa: PLR2004  # an hour
        return tr("feeds.minutes", count=minutes)
    return tr("feeds.hours", count=minutes // 60)


def removing(feed: FollowedFeed, tr: Translator) -> Message:
    """Ask whether a feed is to be followed no longer."""
    yes = button(tr("feeds.button_gone"), ChangeFeed(feed.id, "gone"))
    no = button(tr("feeds.button_back"), OpenFeed(feed.id))
    return plain_message(tr("feeds.ask_remove", title=truncate(feed.title, _TITLE_CHARS)), (yes, no))


def tested(feed: FollowedFeed, content: Feed, fresh: Sequence[Entry], tr: Translator) -> Message:
    """Return what would come of a feed now."""
    lines = [tr("feeds.tested", count=len(fresh), all=len(content.entries))]
    lines += [
        f"• {truncate(entry.title or entry.summary, _TITLE_CHARS) or '–'}"
        + (f" ({tr.short_day(entry.day)})" if entry.day else "")
        for entry in fresh[:_MAX_TESTED]
    ]
    return plain_message("\n".join(lines), (button(tr("feeds.button_back"), OpenFeed(feed.id)),))


def several(links: Sequence[FeedLink], tr: Translator) -> Message:
    """Name the feeds that a page has, to choose from."""
    lines = [f"{truncate(link.title, _TITLE_CHARS)}\n{link.address}".strip() for link in links[:_MAX_LINKS]]
    return plain_message("\n\n".join((tr("feeds.several"), *lines)))


def queue(entries: Sequence[QueuedEntry], count: int, tr: Translator) -> Message:
    """Return the newest drafts of feeds, each with its choice, and the choice for all that are shown."""
    if not entries:
        return plain_message(tr("feeds.queue_empty"), (button(tr("feeds.button_back"), OpenFeeds(0)),))
    blocks = [tr("feeds.queue", count=count)]
    rows: list[ButtonRow] = []
    for number, entry in enumerate(entries, 1):
        also = "\n" + also_told(entry.also_in, tr) if entry.also_in else ""
        blocks.append(
            f"{number}. {truncate(entry.title, _TITLE_CHARS)}\n{truncate(entry.feed, _TITLE_CHARS)}{also}"
        )
        rows.append(
            (
                button(f"👁 {number}", OpenDraft(entry.draft), in_new_message=True),
                button(f"✅ {number}", DecideEntry(entry.draft, "publish")),
                button(f"🗑 {number}", DecideEntry(entry.draft, "discard")),
            )
        )
    first, last = entries[-1].draft, entries[0].draft
    if len(entries) > 1:
        rows.append(
            (
                button(tr("feeds.button_publish_all"), DecideEntries(first, last, "publish")),
                button(tr("feeds.button_discard_all"), DecideEntries(first, last, "discard")),
            )
        )
    rows.append((button(tr("feeds.button_back"), OpenFeeds(0)),))
    return plain_message("\n\n".join(blocks), *rows)


def queued_entries(count: int, tr: Translator) -> Message:
    """Tell an editor that entries of feeds wait."""
    look = button(tr("editing.button_look"), OpenQueue(), in_new_message=True)
    return plain_message(tr("feeds.came", count=count), (look,))


def failing_feed(feed: FollowedFeed, tr: Translator) -> Message:
    """Tell an editor that a feed fails, and why."""
    key, values = feed.error or ("feeds.none_there", {"host": feed.address})
    text = tr("feeds.died", title=truncate(feed.title, _TITLE_CHARS), reason=tr(key, **values))
    return plain_message(text, (button(tr("editing.button_look"), OpenFeed(feed.id), in_new_message=True),))


def feed_is_back(feed: FollowedFeed, tr: Translator) -> Message:
    """Tell an editor that a feed can be read again."""
    return plain_message(tr("feeds.back", title=truncate(feed.title, _TITLE_CHARS)))
