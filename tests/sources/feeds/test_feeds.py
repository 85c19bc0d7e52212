"""Feeds as they are in the wild: what is read of each kind, and what is left of those that lie."""

import json
from datetime import date

import pytest

from bot.sources.feeds.addresses import channel_page, feed_address
from bot.sources.feeds.model import Feed, FeedLink, FeedLinks
from bot.sources.feeds.reading import document_of_entry, read_feed
from tests.feeds import item, rss, words_about

TODAY = date(2026, 11, 29)
ADDRESS = "https://site.example/feed"


def read(
    data: bytes, *, media_type: str = "", known: frozenset[str] = frozenset(), address: str = ADDRESS
) -> Feed:
    found = read_feed(data, address=address, media_type=media_type, charset=None, today=TODAY, known=known)
    assert isinstance(found, Feed)
    return found


def links(data: bytes, *, media_type: str = "text/html", address: str = ADDRESS) -> FeedLinks:
    found = read_feed(data, address=address, media_type=media_type, charset=None, today=TODAY)
    assert isinstance(found, FeedLinks)
    return found


def test_rss() -> None:
    [entry] = read(rss(item("mill"))).entries
    assert (entry.title, entry.address, entry.day) == (
        "About mill",
        "https://site.example/mill",
        date(2026, 11, 23),
    )
    assert entry.is_whole
    assert (read(rss()).title, read(rss()).language) == ("The Mill", "en")


def test_atom() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>urn:1</id>
    <title type="html">A &amp;amp; &lt;b&gt;b&lt;/b&gt;</title><link rel="alternate" href="https://site.example/a"/>
    <author><name>Jane Roe</name></author><published>2026-01-23T23:30:00+08:00</published>
    <category term="mills"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Words</p></div></content>
    </entry></feed>"""
    [entry] = read(atom.encode()).entries
    assert (entry.title, entry.author, entry.tags) == ("A & b", "Jane Roe", ("mills",))
    assert entry.day == date(2026, 1, 23)
    assert "<p>Words</p>" in entry.html


def test_rdf() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title></channel><item rdf:about="https://site.example/a">
    <title>A</title><link>https://site.example/a</link><dc:date>2026-01-23</dc:date><description>Words</description></item></rdf:RDF>"""
    [entry] = read(rdf.encode()).entries
    assert (entry.title, entry.day) == ("A", date(2026, 1, 23))


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "T", "home_page_url": "https://site.example/",
        "items": [
            {"id": 7, "url": "https://site.example/a", "title": "A", "content_text": "One & <two>\n\nThree",
             "date_published": "2026-01-23T08:00:00Z", "authors": [{"name": "Jane Roe"}], "tags": ["mills", 5],
             "image": "https://site.example/a.jpg"},
            "no item", {"id": "8"},
        ],
    }  # fmt: skip
    [entry] = read(json.dumps(feed).encode()).entries
    assert (entry.title, entry.author, entry.tags, entry.day) == (
        "A",
        "Jane Roe",
        ("mills",),
        date(2026, 1, 23),
    )
    assert entry.html == "<p>One &amp; &lt;two></p><p>Three</p>"
    assert entry.picture == "https://site.example/a.jpg"
    assert links(b'{"version": "2"}', media_type="application/json") == FeedLinks()


def test_channel_of_telegram() -> None:
    page = """<html><body><div class="tgme_channel_info_header_title">The Mill</div>
    <div class="tgme_widget_message" data-post="mill/7"><div class="tgme_widget_message_text js-message_text">Old</div>
    <time datetime="2026-01-22T08:00:00+00:00"></time></div>
    <div class="tgme_widget_message" data-post="mill/8"><div class="tgme_widget_message_text js-message_text"
    >A title<br/><br/>And a <b>text</b></div><time datetime="2026-01-23T08:00:00+00:00"></time></div>
    <div class="tgme_widget_message" data-post="mill/9"><i>a picture</i></div></body></html>"""
    feed = read(page.encode(), media_type="text/html", address="https://t.me/s/mill")
    assert feed.title == "The Mill"
    assert [(entry.address, entry.title) for entry in feed.entries] == [
        ("https://t.me/mill/8", "A title"),
        ("https://t.me/mill/7", ""),
    ]
    assert feed.entries[0].day == date(2026, 1, 23)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://t.me/mill_post", "https://t.me/s/mill_post"),
        ("https://t.me/s/mill_post/", "https://t.me/s/mill_post"),
        ("https://telegram.me/mill_post", "https://t.me/s/mill_post"),
        ("https://t.me/mill_post/7", None),
        ("https://site.example/mill_post", None),
    ],
)
def test_address_of_a_channel(address: str, page: str | None) -> None:
    assert channel_page(address) == page
    assert feed_address(address) == (page or address)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026年11月24日 08:00", date(2026, 11, 24)),
        ("Tue, 24 Nov 2026 08:00:00 +0800", date(2026, 11, 24)),
        ("24 Nov 2030", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_that_lie_are_none(written: str, day: date | None) -> None:
    [entry] = read(rss(item("a", day=written))).entries
    assert entry.day == day


def test_newest_come_first_where_all_have_days() -> None:
    days = {"old": "Mon, 05 Jan 2026 08:00:00 GMT", "new": "Mon, 12 Jan 2026 08:00:00 GMT"}
    names = [entry.title for entry in read(rss(*(item(name, day=day) for name, day in days.items()))).entries]
    assert names == ["About new", "About old"]


def test_key_is_what_the_feed_calls_it() -> None:
    first, second, third = (
        read(rss(item("a", guid=guid, link=link))).entries[0].key
        for guid, link in (
            ("1", "https://x.example/a"),
            ("1", "https://x.example/b"),
            ("2", "https://x.example/a"),
        )
    )
    assert first == second != third


def test_broken_feed_is_read_as_far_as_it_goes() -> None:
    data = rss(item("one"), item("two")).replace(b"About one", b"One & only \xff")
    first, second = read(data[: data.index(b"</channel>")]).entries
    assert first.title.startswith("One & only")
    assert second.title == "About two"


@pytest.mark.parametrize("data", [b"", b"no feed", b"<html><p>x", b"\x00\xff", b"{", b"[]", b"<opml"])
def test_what_is_no_feed_names_none(data: bytes) -> None:
    assert not links(data, media_type="").links


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "river"><!ENTITY b "&a;&a;">]>'
    text = rss(item("a", text="x &b; y")).decode().replace("<rss", bomb + "<rss", 1)
    assert "riverriver" not in str(read(text.encode()))


def test_page_names_its_feeds() -> None:
    page = b"""<head><link rel="alternate" type="application/rss+xml" title="All  posts" href="/rss">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed"><link rel="stylesheet" href="/x">
    <link rel="alternate" hreflang="zh" href="/zh"></head>"""
    assert links(page) == FeedLinks((FeedLink(title="All posts", address="https://site.example/rss"),))


def test_list_of_feeds_is_read_leniently() -> None:
    opml = b"""<?xml version="1.0"?><opml><body><outline text="A & B"><outline title="T" xmlURL="site.example/a"/>
    <outline text="U" xmlurl="https://site.example/b"/><outline text="none" xmlUrl=""/></outline></body>"""
    assert links(opml, media_type="text/xml") == FeedLinks(
        (
            FeedLink(title="T", address="https://site.example/a"),
            FeedLink(title="U", address="https://site.example/b"),
        ),
        is_list=True,
    )


def test_texts_of_known_entries_are_left_out() -> None:
    data = rss(item("a"), item("b"))
    first = read(data).entries[0]
    again = read(data, known=frozenset({first.key})).entries
    assert [bool(entry.html) for entry in again] == [False, True]


def test_entry_as_a_document() -> None:
    [entry] = read(rss(item("mill", text=f"<h2>One</h2>{words_about('mill')}<a href='/x'>x</a>"))).entries
    text = document_of_entry(entry, source="The Mill", language="en", tags=["water"])
    assert text.startswith(
        "---\ntitle: About mill\nsource: The Mill\ndate: 2026-11-23\nurl: https://site.example/mill\nlang: en\n"
        "tags:\n- water\n---\n\n## One\n\n"
    )
    assert "[x](https://site.example/x)" in text
