"""Feeds of our own making, a web that serves them, and a reader in this process."""

import asyncio
from dataclasses import dataclass, field
from datetime import date

from bot.sources.feeds.model import Entry, FeedContent
from bot.sources.feeds.reading import document_of_entry, read_feed
from bot.sources.fetch import Fetched, FetchError, Unchanged, Version
from bot.sources.model import Page


def words_about(name: str) -> str:
    """A text long enough to be an article, unlike that of any other name."""
    return " ".join(
        f"<p>{name} number {each} is {name[::-1]} of {each * 7}, as {name} {each + 3} was before it.</p>"
        for each in range(20)
    )


def item(
    name: str,
    *,
    guid: str = "",
    link: str = "",
    title: str = "",
    text: str = "",
    day: str = "Mon, 23 Nov 2026 08:00:00 GMT",
) -> str:
    content = f"<content:encoded><![CDATA[{text or words_about(name)}]]></content:encoded>"
    return (
        f"<item><title>{title or f'About {name}'}</title><link>{link or f'https://site.example/{name}'}</link>"
        f"<guid>{guid or name}</guid><pubDate>{day}</pubDate><description>Short.</description>{content}</item>"
    )


def rss(*items: str, title: str = "The Mill") -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>https://site.example/</link><language>en</language>{''.join(items)}"
        "</channel></rss>"
    ).encode()


@dataclass
class Web:
    """Pages by their addresses; what is asked of it is remembered."""

    pages: dict[str, bytes | FetchError] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    by_people: list[str] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)

    async def fetch(self, address: str, *, since: Version | None = None) -> Fetched:
        self.asked.append(address)
        if since is None:
            self.by_people.append(address)
        if address in self.held:
            await self.held[address].wait()
        found = self.pages.get(address)
        if isinstance(found, FetchError):
            raise found
        if found is None:
            raise FetchError("fetch.status", host="site.example", status=404)
        version = self.versions.get(address, Version())
        if since is not None and since.etag and since.etag == version.etag:
            raise Unchanged
        return Fetched(
            address=address,
            media_type=self.types.get(address, "application/rss+xml"),
            charset=None,
            data=found,
            version=version,
            moved_to=self.moved.get(address, ""),
        )


class FeedReaderHere:
    """Reads feeds in this process, as the pool's processes do."""

    async def read_feed(
        self, fetched: Fetched, *, today: date, known: frozenset[str] = frozenset(), owner: object
    ) -> FeedContent:
        del owner
        return await asyncio.to_thread(
            read_feed,
            fetched.data,
            address=fetched.address,
            media_type=fetched.media_type,
            charset=fetched.charset,
            today=today,
            known=known,
        )

    async def document_of_entry(
        self, entry: Entry, *, source: str, language: str, tags: tuple[str, ...], owner: object
    ) -> Page:
        del owner
        text = document_of_entry(entry, source=source, language=language, tags=tags)
        return Page(document=text, title=entry.title, address=entry.address)
