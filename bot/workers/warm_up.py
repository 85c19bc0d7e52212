"""Load all that is loaded lazily, while a worker process can still open files."""

import codecs
import contextlib
import encodings.aliases
import importlib
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.workers.frames import FeedRequest, PageRequest, WorkFault
from bot.workers.prepare import prepare
from bot.workers.reading import read

_ENCODINGS: Final = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "idna")
_DOCUMENTS: Final = (
    "---\ntitle: T\ndate: 2026-01-23\n---\nAn *article* with a [link](https://a.example).\n\n> Words. — Ada",
    "+++\ntitle = 'T'\n+++\n## 标题\n\n正文，<b>和</b>更多。",
)
_PAGES: Final = tuple(
    f"<html lang='{language}'><head><title>T - Site</title><meta name='date' content='{day}'></head><body>"
    f"<article><h1>T</h1><p class='date'>{day}</p>"
    + f"<p>{words} <a href='/x'>x</a> <b>y</b></p>" * 12
    + "<table><tr><td>1</td></tr></table><pre><code>z</code></pre></article></body></html>"
    for language, day, words in (
        (
            "en",
            "January 23, 2026",
            "The river remembers everyone who hurried it, and it forgives none of them. ",
        ),
        ("zh", "2026年1月23日", "河流记得每一个催促过它的人，却从不原谅任何一个。"),
        ("de", "23. Januar 2026", "Der Fluss vergisst keinen, der ihn jemals zur Eile getrieben hat. "),
    )
)
_WORD: Final = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Words.</w:t></w:r></w:p></w:body></w:document>",
}
_BOOK: Final = {
    "META-INF/container.xml": '<container><rootfile full-path="book.opf"/></container>',
    "book.opf": "<package><date>2026-01-23</date><item id='a' href='a.html' media-type='text/html'/>"
    "<itemref idref='a'/></package>",
    "a.html": "<html><body><p>Words.</p></body></html>",
}
_RSS: Final = (
    "<rss version='2.0'><channel><title>T</title><item><title>A &amp; b</title><link>https://a.example/c</link>"
    "<pubDate>Fri, 23 Jan 2026 08:00:00 GMT</pubDate><description>&lt;p&gt;Words&lt;/p&gt;</description>"
    "</item></channel></rss>"
)
_ATOM: Final = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><title>T</title>"
    "<updated>2026-01-23T08:00:00Z</updated><content type='html'>&lt;p&gt;Words&lt;/p&gt;</content></entry>"
    "</feed>"
)
_OPML: Final = "<opml><body><outline xmlUrl='https://a.example/d'/></body></opml>"
_PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 47>>stream\nBT /F 12 Tf 20 200 Td (Words of a page.) Tj ET  \nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
)


def warm_up(*, pages: bool = False) -> None:
    """Load all that is loaded lazily, while files can still be opened."""
    for name in _ENCODINGS:
        codecs.lookup(name)
    if not pages:
        for text in _DOCUMENTS:
            prepare(text.encode(), "warm-up.md")
        return
    importlib.import_module("_strptime")  # loaded by the first `strptime`
    for name in ("punycode", *encodings.aliases.aliases.values()):
        with contextlib.suppress(LookupError):
            codecs.lookup(name)
    for text in (*_PAGES, "<p>A page that has hardly any text makes the library look for more.</p>"):
        _try(_page(text.encode(), "https://a.example/b", "text/html"))
    for data in (_archive(_WORD), _archive(_BOOK), _PDF):
        _try(_page(data, "", ""))
    for text in (_RSS, _ATOM, _OPML, "no feed & no <xml"):
        _try(
            FeedRequest(
                address="https://a.example/b",
                media_type="",
                charset=None,
                today=date(2026, 1, 23),
                known=frozenset(),
                cpu_s=0,
                data=text.encode(),
            )
        )


def _page(data: bytes, address: str, media_type: str) -> PageRequest:
    return PageRequest(address=address, media_type=media_type, charset=None, cpu_s=0, data=data)


def _try(request: PageRequest | FeedRequest) -> None:
    answer, _ = read(request)
    if isinstance(answer, WorkFault):
        raise RuntimeError(f"a worker cannot read what it is for: {answer.error} at {answer.trace}")  # noqa: TRY004  # a fault of ours


def _archive(members: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()
