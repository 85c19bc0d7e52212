"""What an author says about an article, wherever they said it: the first who speaks counts."""

import unicodedata
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from bot.article.dates import find_date
from bot.article.front import Front, listed
from bot.article.language import language_named
from bot.article.metadata import Metadata
from bot.article.model import Caution
from bot.article.slug import is_slug, slug_for
from bot.errors import ArticleError

_SHOWN: Final = 80


class Given:
    """Front matter or a header first, then the block quote; `cautions` say where they differ."""

    def __init__(self, front: Front, metadata: Metadata, file: str) -> None:
        self._front = front
        self._metadata = metadata
        self._file = file
        self.cautions: list[Caution] = []

    def source(self) -> str | None:
        """Where the article appeared; an address stands for its host."""
        source = self._text("source")
        return _host(source) if source and _is_address(source) else source

    def author(self) -> str | None:
        """Who wrote it, else who edited or translated it."""
        return self._text("author") or self._text("editor")

    def published(self) -> date | None:
        """The day, in the zone in which it was written. ArticleError when it is none."""
        entry = self._front.entries.get("published")
        if entry is None:
            return find_date(self._metadata.values.get("published", ""))
        word = " ".join(entry.words)
        day = find_date(word)
        if day is None:
            values = {"name": entry.name, "word": word[:_SHOWN]}
            raise ArticleError("error.date", file=self._file, line=entry.line, **values)
        also = self._metadata.values.get("published")
        if also and find_date(also) != day:
            self._differ("published", day.isoformat(), also)
        return day

    def url(self) -> str | None:
        """The address of the original: of all that were given, the first that is one."""
        named = ((key, self._front.entries[key]) for key in ("url", "source") if key in self._front.entries)
        candidates = [word for _, entry in named for word in (*entry.words, entry.url or "")]
        also = self._metadata.values.get("url")
        address = next((word.strip("<> ") for word in candidates if _is_address(word)), None)
        if address and also and also.strip("<>/ ") != address.rstrip("/"):
            self._differ("url", address, also)
        address = address or (also or "").strip("<> ")
        return address if _is_address(address) else None

    def language(self) -> str | None:
        """A code such as `zh`; None when there is none, or none that is understood."""
        given = self._text("language")
        code = language_named(given) if given else None
        if given and code is None:
            line = self._front.line_of("language")
            self.cautions.append(Caution("caution.language", line, {"word": given[:_SHOWN]}))
        return code

    def tags(self) -> tuple[str, ...]:
        """Tags, then categories, each once, whatever its case, width or joints."""
        own = (*self._front.words("tags"), *self._front.words("categories"))
        found: dict[str, str] = {}
        for word in own or listed(self._metadata.values.get("tags", "")):
            found.setdefault(_folded(word), word)
        return tuple(found.values())

    def cover(self) -> str | None:
        """The address or path of a picture."""
        entry = self._front.entries.get("cover")
        return (entry.url or next(iter(entry.words), None)) if entry else None

    def slug(self, text: str, title: str, published: date | None) -> str:
        """A name for links: as given, else of the file, else of the title."""
        given = self._front.text("slug")
        if given and is_slug(given):
            return given
        slug = slug_for(given or self._file or f"{_one_line(title)}.md", text=text, published=published)
        if given:
            values = {"word": given[:_SHOWN], "slug": slug}
            self.cautions.append(Caution("caution.slug", self._front.line_of("slug"), values))
        return slug

    def title_differs(self, heading: str) -> None:
        """The first heading is not the title that was given."""
        line = self._front.line_of("title")
        title = self._front.text("title") or ""
        values = {"title": title[:_SHOWN], "heading": heading[:_SHOWN]}
        self.cautions.append(Caution("caution.title", line, values))

    def _text(self, key: str) -> str | None:
        own, also = self._front.text(key), self._metadata.values.get(key)
        if own and also and _folded(own) != _folded(also):
            self._differ(key, own, also)
        return own or also

    def _differ(self, key: str, own: str, also: str) -> None:
        values = {"name": key, "first": own[:_SHOWN], "second": also[:_SHOWN]}
        self.cautions.append(Caution("caution.differ", self._front.line_of(key), values))


def _host(address: str) -> str:
    """Return the host of an address; of one that is none, all of it."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


def _is_address(word: str) -> bool:
    return word.strip("<> ").startswith(("http://", "https://"))


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum() or char in "+#") or folded


def _one_line(title: str) -> str:
    return title.replace("/", " ").replace("\\", " ").replace(".", " ")
