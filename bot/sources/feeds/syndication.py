"""RSS, RDF, Atom and JSON Feed, as they are in the wild."""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import feedparser

from bot.article.metadata.dates import find_date
from bot.sources.addresses import web_address
from bot.sources.feeds.model import Entry, Feed
from bot.sources.pages.markdown import tree_of
from bot.sources.pages.metadata import person_in

MAX_ENTRIES: Final = 200
MAX_HTML_CHARS: Final = 400_000
"""Of an entry; the longest of 10,000 real ones had 210,000."""
_MIN_CHARS, _WHOLE_CHARS = 400, 1_500
"""Letters from which on what a feed calls its content, or a description, is the text itself."""
_MAX_TEASER_CHARS: Final = 1_000
_MAX_TAGS: Final = 8
_MAX_TAG_CHARS: Final = 40
_JSON_FEED: Final = "https://jsonfeed.org/version/"


def read_syndication(
    data: bytes, *, address: str, media_type: str, charset: str | None, today: date
) -> Feed | None:
    """Return the feed in some bytes; None when there is none. Days after `today` are none."""
    if (found := _json_feed(data, today)) is not None:
        return found
    kind = media_type or "application/xml"
    kind = f"{kind}; charset={charset}" if charset else kind
    headers = {"content-type": kind, "content-location": address}
    # Bytes as they are would be taken for a name of a file, if they look like one.
    parsed = feedparser.parse(io.BytesIO(data), response_headers=headers)
    if not parsed.get("version") and not parsed.entries:
        return None
    entries = [entry for each in parsed.entries[:MAX_ENTRIES] if (entry := _entry(each, today))]
    about = parsed.feed
    return Feed(
        title=_words(about.get("title", "")),
        site=web_address(about.get("link", "") or "") or "",
        language=str(about.get("language", "") or ""),
        entries=_newest_first(entries),
    )


def _newest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return entries by their days; those without one stay where the feed has them."""
    if all(entry.day for entry in entries):
        return tuple(sorted(entries, key=lambda entry: entry.day or date.min, reverse=True))
    return tuple(entries)


def _entry(given: Any, today: date) -> Entry | None:
    address = web_address(str(given.get("feedburner_origlink") or given.get("link") or "")) or ""
    title, content = _words(given.get("title", "")), _content(given)
    teaser = str(given.get("summary", "") or "")
    html = content or teaser
    key = str(given.get("id") or "") or address or title
    if not key or not (title or html):
        return None
    return Entry(
        key=key_of(key),
        address=address,
        title=title,
        day=_day(given, today),
        author=person_in(_words(given.get("author", ""))),
        summary=_words(teaser)[:_MAX_TEASER_CHARS],
        html=html[:MAX_HTML_CHARS],
        is_whole=len(_words(html)) >= (_MIN_CHARS if len(content) > len(teaser) else _WHOLE_CHARS),
        tags=tuple(_tags(given.get("tags") or ())),
        picture=next(_pictures(given), ""),
    )


def key_of(text: str) -> str:
    """Return the key of what a feed calls an entry."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()[:32]


def _content(given: Any) -> str:
    """Return the longest of the texts that an entry has."""
    texts = (str(each.get("value", "") or "") for each in given.get("content") or ())
    return max(texts, key=len, default="")


def _words(html: Any) -> str:
    """Return what people read of a title, which may be marked up."""
    text = str(html or "")
    if "<" in text or "&" in text:
        tree = tree_of(f"<div>{text}</div>")
        text = str(tree.text_content()) if tree is not None else ""
    return " ".join(text.split())


def _day(given: Any, today: date) -> date | None:
    """Return the day on which it was published, as the feed writes it; none that is still to come."""
    for name in ("published", "updated", "created"):
        # What the library makes of a Chinese day is the first of its month.
        # Its own `get` takes one day for another.
        found = find_date(str(dict.get(given, name) or ""))
        parsed = dict.get(given, f"{name}_parsed")
        day = found or (date(*parsed[:3]) if parsed else None)
        if day is not None:
            return day if day <= today else None
    return None


def _tags(given: Sequence[Any]) -> Iterator[str]:
    seen = set[str]()
    for each in given:
        term = _words(each.get("label") or each.get("term") or "")
        if 0 < len(term) <= _MAX_TAG_CHARS and "/" not in term and term.casefold() not in seen:
            seen.add(term.casefold())
            yield term
        if len(seen) == _MAX_TAGS:
            return


def _pictures(given: Any) -> Iterator[str]:
    media = (*(given.get("media_thumbnail") or ()), *(given.get("media_content") or ()))
    enclosed = given.get("enclosures") or ()
    images = (each for each in enclosed if str(each.get("type", "")).startswith("image/"))
    for each in (*media, *images):
        address = web_address(str(each.get("url") or each.get("href") or ""))
        if address and str(each.get("medium", "image")) == "image":
            yield address


def _json_feed(data: bytes, today: date) -> Feed | None:
    if data.lstrip()[:1] != b"{":
        return None
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not str(given.get("version", "")).startswith(_JSON_FEED):
        return None
    items = [each for each in given.get("items") or () if isinstance(each, dict)][:MAX_ENTRIES]
    entries = [entry for each in items if (entry := _json_entry(each, today))]
    return Feed(
        title=_words(given.get("title")),
        site=web_address(str(given.get("home_page_url") or "")) or "",
        language=str(given.get("language") or ""),
        entries=_newest_first(entries),
    )


def _json_entry(given: dict[str, Any], today: date) -> Entry | None:
    authors = [each for each in (given.get("authors") or [given.get("author")]) if isinstance(each, dict)]
    tags = [{"term": each} for each in given.get("tags") or () if isinstance(each, str)]
    html = str(given.get("content_html") or "") or _as_html(str(given.get("content_text") or ""))
    return _entry(
        {
            "id": given.get("id"),
            "link": given.get("url") or given.get("external_url"),
            "title": given.get("title"),
            "author": next((str(each.get("name") or "") for each in authors), ""),
            "summary": given.get("summary"),
            "content": [{"value": html}],
            "published": given.get("date_published"),
            "updated": given.get("date_modified"),
            "tags": tags,
            "media_thumbnail": [{"url": given.get("image") or given.get("banner_image")}],
        },
        today,
    )


def _as_html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<p>{part}</p>" for part in escaped.split("\n\n") if part.strip())
