"""Metadata at the top of a document: YAML or TOML between fences, or a header of `Title: …` lines."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from bot.article.metadata.dates import find_date
from bot.article.metadata.keys import ADDRESSES, DRAFTS, FLAGS, KEYS, NAMES, NO_WORDS, PROGRAMS, RANK, folded
from bot.article.metadata.loading import Loaded, load_toml, load_yaml
from bot.article.metadata.names import bare_name, words_in
from bot.article.model import Diagnostic
from bot.article.quotes.front_matter import FrontMatterQuote, quotes_in_front_matter
from bot.text import clean

_HEADER: Final = re.compile(r"([^\W\d_][\w \-]{0,30}?)\s*[:：](?:\s+|(?<=：)|$)(.*)")
_PAGE: Final = re.compile(r"Markdown Content:\s*(.*)")
"""Ends the header of a page that a fetcher turned into Markdown."""
_CONTINUATION: Final = re.compile(r"(?: {2,}|\t)\S")
"""One more line of the value above it, in the header of Pelican and MultiMarkdown."""
_YAML: Final = "---"
_YAML_ENDS: Final = frozenset({"---", "..."})
_TOML: Final = "+++"
_MAX_LINES: Final = 400
"""Lines of a header; a fence that does not close before is no fence."""
_MAX_PAGE_LINES: Final = 40
_MAX_WORD_CHARS: Final = 80
"""Characters of a line that a caution quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value, or several; the address that belongs to it; what the author called it, and on which line."""

    words: tuple[str, ...]
    url: str | None = None
    name: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stood at the top, under our own keys, the rest of the document, and the line where that begins.

    `said` are the quotes listed there, `diagnostics` what could not be read or says that it is a draft.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    body: str = ""
    line: int = 1
    said: tuple[FrontMatterQuote, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    """All that stood in YAML or TOML, as it was read; empty for a header of lines."""

    def text(self, key: str) -> str | None:
        """Return one value; a list reads as its words in a row."""
        entry = self.entries.get(key)
        return (", ".join(map(bare_name, entry.words)) if entry else "").strip() or None

    def words(self, key: str) -> tuple[str, ...]:
        """Return several values, given as a list or separated by commas."""
        entry = self.entries.get(key)
        return words_in(entry.words) if entry else ()

    @property
    def unwanted(self) -> tuple[str, ...]:
        """Return the words that are no quotes of this article, though they look like some."""
        entry = self.entries.get("not_quotes")
        return tuple(entry.words) if entry else ()

    def line_of(self, key: str) -> int:
        """Return where a value stands."""
        return self.entries[key].line if key in self.entries else 1


def split_front_matter(text: str) -> FrontMatter:
    """Part a document's metadata from its text."""
    # Windows editors put a byte order mark in front, which is no space.
    lines = text.removeprefix("\ufeff").split("\n")
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    for read in (_yaml, _toml, _half_fenced, _page, _header):
        if front := read(lines, blank):
            return front
    return FrontMatter(body="\n".join(lines))


def _fenced(lines: list[str], first: int, fence: str, ends: frozenset[str]) -> int | None:
    """Return the line of the closing fence; None where there are no two fences but a rule, or nothing."""
    # A thematic break is `---` too, and is followed by a blank line.
    if lines[first].rstrip() != fence or first + 1 >= len(lines) or not lines[first + 1].strip():
        return None
    within = range(first + 1, min(len(lines), first + _MAX_LINES))
    return next((number for number in within if lines[number].rstrip() in ends), None)


def _yaml(lines: list[str], first: int) -> FrontMatter | None:
    end = _fenced(lines, first, _YAML, _YAML_ENDS)
    loaded = load_yaml(lines[first + 1 : end]) if end is not None else None
    return _front(loaded, lines, first + 1, end) if loaded and end is not None else None


def _toml(lines: list[str], first: int) -> FrontMatter | None:
    end = _fenced(lines, first, _TOML, frozenset({_TOML}))
    return _front(load_toml(lines[first + 1 : end]), lines, first + 1, end) if end is not None else None


def _half_fenced(lines: list[str], first: int) -> FrontMatter | None:
    """Return YAML with a title and more, and only the closing fence (Hexo); whatever else it is, is text."""
    if not _HEADER.fullmatch(lines[first].rstrip()):
        return None
    within = range(first, min(len(lines), first + _MAX_LINES))
    # Hexo leaves the opening fence out. A text may begin with `Title: …` as well, so a closing fence is
    # needed.
    end = next((number for number in within if lines[number].rstrip() in {"", _YAML}), first)
    if end - first < 2 or lines[end].rstrip() != _YAML:  # noqa: PLR2004  # a title alone is a heading
        return None
    loaded = load_yaml(lines[first:end])
    front = _front(loaded, lines, first, end) if loaded else None
    return front if front and "title" in front.entries else None


def _front(loaded: Loaded, lines: list[str], first: int, end: int) -> FrontMatter:
    """Return metadata that stood in the lines from `first` up to the fence at `end`."""
    values = _cleaned(loaded.values)
    entries: dict[str, Entry] = {}
    diagnostics = [_odd(first + number, lines) for number in loaded.odd]
    # In order of rank, so that `title` wins over `name` where a document has both.
    for name, value in sorted(_named(values), key=lambda pair: RANK.get(folded(pair[0]), 0)):
        line = _line_of(name, lines, first, end)
        entry = Entry(words=tuple(_words(value)), url=_address(value), name=name, line=line)
        _keep(entries, entry)
        if _is_draft(entry):
            diagnostics.append(Diagnostic("diagnostic.draft", line, {"name": name}))
    said = quotes_in_front_matter(values)
    return FrontMatter(entries, "\n".join(lines[end + 1 :]), end + 2, said, tuple(diagnostics), values)


def _keep(entries: dict[str, Entry], entry: Entry) -> None:
    """Keep the first value of a key that says something; of days, the first that is one."""
    key = KEYS.get(folded(entry.name), "")
    empty = NO_WORDS | {"published": FLAGS, "editor": PROGRAMS}.get(key, frozenset())
    words = [word for word in entry.words if word.strip().casefold() not in empty]
    if not key or not (words or entry.url):
        return
    before = entries.get(key)
    better = key == "published" and before and not _is_day(before) and _is_day(entry)
    if before is None or better:
        entries[key] = entry


def _is_day(entry: Entry) -> bool:
    return find_date(" ".join(entry.words)) is not None


def _is_draft(entry: Entry) -> bool:
    """Return whether a flag says that the document is unfinished: `draft: true`, `published: false`."""
    word = " ".join(entry.words).casefold()
    return (
        word == "true"
        if folded(entry.name) in DRAFTS
        else (folded(entry.name), word) == ("published", "false")
    )


def _odd(number: int, lines: list[str]) -> Diagnostic:
    line = lines[number] if number < len(lines) else ""
    return Diagnostic("diagnostic.front", number + 1, {"words": line.strip()[:_MAX_WORD_CHARS]})


def _cleaned(value: Any) -> Any:
    """Return metadata in clean text: of an emoji that JSON escaped, YAML makes two halves of a character."""
    match value:
        case str():
            return clean(value)
        case list():
            return [_cleaned(each) for each in value]
        case dict():
            return {_cleaned(name): _cleaned(each) for name, each in value.items()}
        case _:
            return value


def _named(loaded: Mapping[Any, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield values under names that we know; behind them those in tables, such as `[taxonomies] tags`."""
    tables = []
    for name, value in loaded.items():
        if isinstance(name, str) and (folded(name) in KEYS or folded(name) in DRAFTS):
            yield name, value
        elif isinstance(value, dict):
            tables.append(value)
    # Below that, themes keep their own settings, whose `title` is not the article’s.
    if depth < 3:  # noqa: PLR2004  # see above
        for table in tables:
            yield from _named(table, depth + 1)


def _words(value: object) -> Iterator[str]:
    """Yield what a value says: a text, each text of a list, the name in a table."""
    match value:
        case dict():
            named = {folded(name): each for name, each in value.items() if isinstance(name, str)}
            if name := next((name for name in NAMES if name in named), None):
                yield from _words(named[name])
        case list():
            # `[[Jane Roe]]` without quotation marks is a list in a list.
            for each in value:
                yield from _words(each)
        case datetime() | date():
            yield value.isoformat()
        case bool():
            yield str(value).lower()
        case None:
            return
        case _:
            if text := str(value).strip():
                yield text


def _address(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        return None
    found = (each for name, each in value.items() if folded(str(name)) in ADDRESSES and isinstance(each, str))
    return next(found, None)


def _line_of(name: str, lines: list[str], first: int, end: int) -> int:
    start = re.compile(rf"""[\s\-]*["']?{re.escape(name)}["']?\s*[:=]""")
    return next((number + 1 for number in range(first, end) if start.match(lines[number])), first + 1)


def _page(lines: list[str], first: int) -> FrontMatter | None:
    """Read `Title: …`, `URL Source: …` and what more a fetcher notes, up to its `Markdown Content:`."""
    if not lines[first].startswith("Title:"):
        return None
    within = range(first, min(len(lines), first + _MAX_PAGE_LINES))
    end = next((number for number in within if _PAGE.fullmatch(lines[number])), None)
    if end is None:
        return None
    match = _PAGE.fullmatch(lines[end])
    rest = [match[1] if match else "", *lines[end + 1 :]]
    entries: dict[str, Entry] = {}
    for number in range(first, end):
        if entry := _entry(lines[number], number):
            _keep(entries, entry)
    return FrontMatter(entries, "\n".join(rest), end + 1)


def _header(lines: list[str], first: int) -> FrontMatter | None:
    """Read `Title: …` lines up to the first blank one (Pelican), or up to a `---` (Hexo)."""
    found: list[Entry] = []
    end = first
    for end in range(first, min(len(lines), first + _MAX_LINES)):
        line = lines[end].rstrip()
        if not line or (line == _YAML and len(found) > 1):
            break
        entry = _entry(line, end)
        if entry is None and found and _CONTINUATION.match(line):
            before = found.pop()
            entry = replace(before, words=(" ".join((*before.words, line.strip())),))
        if entry is None:
            return None
        found.append(entry)
    else:
        end += 1
    entries: dict[str, Entry] = {}
    for entry in sorted(found, key=lambda each: RANK.get(folded(each.name), 0)):
        _keep(entries, entry)
    # Only a title tells a header from a first paragraph that happens to have a colon in each line.
    return FrontMatter(entries, "\n".join(lines[end + 1 :]), end + 2) if "title" in entries else None


def _entry(line: str, number: int) -> Entry | None:
    match = _HEADER.fullmatch(line.rstrip())
    words = (match[2].strip(),) if match and match[2].strip() else ()
    return Entry(words=words, name=match[1], line=number + 1) if match else None
