"""Read what is at the address of a feed, and an entry of one as a document."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.article.metadata.writing import document_of
from bot.sources.feeds.channel import read_channel
from bot.sources.feeds.lists import feeds_listed_in, feeds_named_by
from bot.sources.feeds.model import Entry, Feed, FeedContent, FeedLinks
from bot.sources.feeds.syndication import read_syndication
from bot.sources.pages.encoding import page_text
from bot.sources.pages.markdown import markdown_of, tree_of

MAX_HTML_CHARS: Final = 1_500_000
"""Of all entries together that are handed on; older ones go without, and are read from their pages."""

_MIN_SUMMARY_CHARS: Final = 40
_CUT_OFF: Final = ("…", "...", "[…]", "[...]", "»", "more", "→")
_PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")


def read_feed(
    data: bytes,
    *,
    address: str,
    media_type: str,
    charset: str | None,
    today: date,
    known: Collection[str] = (),
) -> FeedContent:
    """Return the feed at an address, or those that a page or a list there names.

    Of entries whose keys are `known` no text is returned.
    """
    listed = feeds_listed_in(data)
    if listed is not None:
        return FeedLinks(listed, is_list=True)
    tree = tree_of(page_text(data, charset)) if media_type in _PAGE_TYPES or _is_page(data) else None
    if tree is not None:
        channel = read_channel(tree, address)
        return _bounded(channel, known) if channel else FeedLinks(feeds_named_by(tree, address))
    feed = read_syndication(data, address=address, media_type=media_type, charset=charset, today=today)
    return _bounded(feed, known) if feed is not None else FeedLinks()


def _is_page(data: bytes) -> bool:
    return data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def _bounded(feed: Feed, known: Collection[str]) -> Feed:
    """Return a feed without the texts that nobody needs."""
    room, entries = MAX_HTML_CHARS, list[Entry]()
    for entry in feed.entries:
        room -= 0 if entry.key in known else len(entry.html)
        kept = entry.key not in known and room >= 0
        entries.append(entry if kept else replace(entry, html="", is_whole=False))
    return replace(feed, entries=tuple(entries))


def document_of_entry(entry: Entry, *, source: str, language: str, tags: Sequence[str]) -> str:
    """Return an entry as a document."""
    fields = {
        "title": entry.title,
        "source": source,
        "author": entry.author,
        "date": entry.day,
        "url": entry.address,
        "lang": language,
        "tags": list(dict.fromkeys((*tags, *entry.tags))),
        "cover": entry.picture,
        "summary": entry.summary if entry.is_whole and _is_summary(entry.summary) else "",
    }
    tree = tree_of(f"<div>{entry.html}</div>")
    return document_of(fields, markdown_of(tree, base=entry.address) if tree is not None else "")


def _is_summary(text: str) -> bool:
    """Return whether a teaser says something by itself, and is no text that was cut off."""
    return len(text) >= _MIN_SUMMARY_CHARS and not text.endswith(_CUT_OFF)
