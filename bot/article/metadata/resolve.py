"""Merge what an author says about an article in front matter, a header and the leading block quote. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from bot.article.language import language_named
from bot.article.metadata.dates import find_date
from bot.article.metadata.file_name import day_of, is_generic
from bot.article.metadata.front_matter import Entry, FrontMatter
from bot.article.metadata.lines import Metadata, is_address
from bot.article.metadata.names import words_in
from bot.article.metadata.slug import is_slug, slug_for
from bot.article.model import Diagnostic

_DATED_PATH: Final = re.compile(r"(?:^|/)(\d{4}/\d{1,2}/\d{1,2})(?:/|$)")
_MAX_WORD_CHARS: Final = 80
"""Characters of a value that a caution quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedMetadata:
    """What is known about an article, and what its author should look at again."""

    slug: str
    language: str | None
    source: str | None
    author: str | None
    published: date | None
    url: str | None
    tags: tuple[str, ...]
    cover: str | None
    summary: str | None
    diagnostics: tuple[Diagnostic, ...]


def resolve_metadata(
    front: FrontMatter, quoted: Metadata, *, file: str, text: str, title: str, heading: str
) -> ResolvedMetadata:
    """Return the metadata of a document; front matter wins over its leading block quote.

    `heading` is the first heading where that is not the title.
    """
    published = _published(front, quoted, file)
    source, author = _text(front, quoted, "source"), _text(front, quoted, "author")
    named_language = _text(front, quoted, "language")
    language = language_named(named_language) if named_language else None
    given_slug = front.text("slug")
    slug = _slug(given_slug, file=file, text=text, title=title, published=published)
    diagnostics = [
        *front.diagnostics,
        *_no_day(front.entries.get("published")),
        *_differing_day(front, quoted, published),
        *_differing_title(front, heading),
        *_unfit_slug(front, given_slug, slug),
        *_differing(front, quoted, "language"),
        *_differing(front, quoted, "source"),
        *_differing(front, quoted, "author" if author else "editor"),
        *_unknown_language(front, named_language, language),
        *_differing_address(front, quoted),
    ]
    return ResolvedMetadata(
        slug=slug,
        language=language,
        source=_host(source) if source and is_address(source) else source,
        author=author or _text(front, quoted, "editor"),
        published=published,
        url=_url(front, quoted),
        tags=_tags(front, quoted),
        cover=_cover(front),
        summary=_text(front, quoted, "summary"),
        diagnostics=tuple(diagnostics),
    )


def _text(front: FrontMatter, quoted: Metadata, key: str) -> str | None:
    return front.text(key) or quoted.values.get(key)


def _published(front: FrontMatter, quoted: Metadata, file: str) -> date | None:
    """Return the day, in the zone in which it was written: of metadata, text, path, name of the file."""
    entry = front.entries.get("published")
    words = (" ".join(entry.words) if entry else "", quoted.values.get("published", ""))
    return next(filter(None, map(find_date, words)), None) or _day_of_path(front) or day_of(file)


def _day_of_path(front: FrontMatter) -> date | None:
    """Return the day in the path of a page: `path = "2026/01/23/a-post"`."""
    paths = [word for key in ("path", "url") if key in front.entries for word in front.entries[key].words]
    match = next(filter(None, map(_DATED_PATH.search, paths)), None)
    return find_date(match[1]) if match else None


def _url(front: FrontMatter, quoted: Metadata) -> str | None:
    """Return the address of the original: of all that were given, the first that is one."""
    address = _own_address(front) or quoted.values.get("url", "").strip("<> ")
    return address if is_address(address) else None


def _own_address(front: FrontMatter) -> str | None:
    entries = [front.entries[key] for key in ("url", "source") if key in front.entries]
    candidates = [word for entry in entries for word in (*entry.words, entry.url or "")]
    return next((word.strip("<> ") for word in candidates if is_address(word)), None)


def _tags(front: FrontMatter, quoted: Metadata) -> tuple[str, ...]:
    """Return tags, then categories, each once, whatever its case, width or joints."""
    own = (*front.words("tags"), *front.words("categories"))
    said = [quoted.values[key] for key in ("tags", "categories") if key in quoted.values]
    found: dict[str, str] = {}
    for word in own or [word for text in said for word in words_in([text])]:
        found.setdefault(_folded(word), word)
    return tuple(found.values())


def _cover(front: FrontMatter) -> str | None:
    """Return the address or path of a picture."""
    entry = front.entries.get("cover")
    return (entry.url or next(iter(entry.words), None)) if entry else None


def _slug(given: str | None, *, file: str, text: str, title: str, published: date | None) -> str:
    """Return a name for links: as given, else of the file, else of the title."""
    if given and is_slug(given):
        return given
    return slug_for(given or file or f"{_one_line(title)}.md", text=text, published=published)


# Diagnostics


def _no_day(entry: Entry | None) -> Iterator[Diagnostic]:
    if entry and find_date(word := " ".join(entry.words)) is None:
        yield Diagnostic("diagnostic.date", entry.line, {"name": entry.name, "word": word[:_MAX_WORD_CHARS]})


def _differing_day(front: FrontMatter, quoted: Metadata, published: date | None) -> Iterator[Diagnostic]:
    also = quoted.values.get("published")
    if "published" in front.entries and published and also and find_date(also) != published:
        yield _difference(front, "published", published.isoformat(), also)


def _differing_title(front: FrontMatter, heading: str) -> Iterator[Diagnostic]:
    title = front.text("title")
    if title and heading and not is_generic(heading):
        values = {"title": title[:_MAX_WORD_CHARS], "heading": heading[:_MAX_WORD_CHARS]}
        yield Diagnostic("diagnostic.title", front.line_of("title"), values)


def _unfit_slug(front: FrontMatter, given: str | None, slug: str) -> Iterator[Diagnostic]:
    if given and given != slug:
        values = {"word": given[:_MAX_WORD_CHARS], "slug": slug}
        yield Diagnostic("diagnostic.slug", front.line_of("slug"), values)


def _unknown_language(front: FrontMatter, named: str | None, language: str | None) -> Iterator[Diagnostic]:
    if named and language is None:
        values = {"word": named[:_MAX_WORD_CHARS]}
        yield Diagnostic("diagnostic.language", front.line_of("language"), values)


def _differing(front: FrontMatter, quoted: Metadata, key: str) -> Iterator[Diagnostic]:
    own, also = front.text(key), quoted.values.get(key)
    if own and also and _folded(own) != _folded(also):
        yield _difference(front, key, own, also)


def _differing_address(front: FrontMatter, quoted: Metadata) -> Iterator[Diagnostic]:
    own, also = _own_address(front), quoted.values.get("url")
    if own and also and also.strip("<>/ ") != own.rstrip("/"):
        yield _difference(front, "url", own, also)


def _difference(front: FrontMatter, key: str, own: str, also: str) -> Diagnostic:
    values = {"name": key, "first": own[:_MAX_WORD_CHARS], "second": also[:_MAX_WORD_CHARS]}
    return Diagnostic("diagnostic.differ", front.line_of(key), values)


def _host(address: str) -> str:
    """Return the host of an address; of one that is none, all of it."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum() or char in "+#") or folded


def _one_line(title: str) -> str:
    return title.replace("/", " ").replace("\\", " ").replace(".", " ")
