"""Where feeds are: named by a page, or in a list of them (OPML)."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement

from bot.sources.addresses import web_address
from bot.sources.feeds.model import FeedLink

MAX_LINKS: Final = 200
_FEED_TYPES: Final = (
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
    "application/json",
)  # fmt: skip
_MARK: Final = b"<opml"
_HEAD_BYTES: Final = 1_000


def feeds_named_by(tree: HtmlElement, address: str) -> tuple[FeedLink, ...]:
    """Return the feeds that a page names in its head."""
    found: dict[str, FeedLink] = {}
    for link in tree.xpath("//link[@href]"):
        is_feed = "alternate" in link.get("rel", "").lower() and link.get("type", "").lower() in _FEED_TYPES
        url = web_address(urljoin(address, link.get("href", ""))) if is_feed else None
        # WordPress offers the comments of each post as a feed, too.
        if url and "comments" not in url:
            found.setdefault(url, FeedLink(title=" ".join(link.get("title", "").split()), address=url))
    return tuple(found.values())[:MAX_LINKS]


def feeds_listed_in(data: bytes) -> tuple[FeedLink, ...] | None:
    """Return the feeds of a list in OPML; None when it is none."""
    if _MARK not in data[:_HEAD_BYTES].lower():
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(data, parser=parser)
    except etree.XMLSyntaxError:
        return ()
    return tuple(dict.fromkeys(_outlines(tree)))[:MAX_LINKS] if tree is not None else ()


def _outlines(tree: etree._Element) -> Iterator[FeedLink]:
    for outline in tree.iter("{*}outline", "outline"):
        # Programs write `xmlUrl`, `xmlURL` and `xmlurl`.
        given = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        if address := web_address(given.get("xmlurl", "")):
            yield FeedLink(title=given.get("title") or given.get("text", ""), address=address)
