"""The words of feeds: a feed, and an entry of it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry; `key` tells it from the others of its feed, whatever else of it changes.

    `html` is all that the feed has of its text, `is_whole` whether that can be more than a teaser. `day` is
    None where none is given that could be.
    """

    key: str
    address: str
    title: str
    day: date | None = None
    author: str = ""
    summary: str = ""
    html: str = ""
    is_whole: bool = False
    tags: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: its title, its site, its language, its entries, the newest first as far as their days tell."""

    title: str
    site: str
    language: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """Where a feed is: named by a page, or in a list of feeds (OPML)."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """Feeds that a page names, perhaps none, or that a list (OPML) has."""

    links: tuple[FeedLink, ...] = ()
    is_list: bool = False


FeedContent = Feed | FeedLinks
"""What is at an address."""
