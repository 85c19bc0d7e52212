"""Metadata at the top of a document: YAML or TOML between fences, or a header of `Title: …` lines."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import yaml

from bot.article.metadata.keys import ADDRESSES, KEYS, NAMES, RANK, folded
from bot.article.quotes.front_matter import FrontMatterQuote, quotes_in_front_matter
from bot.errors import ArticleError
from bot.text import clean

_HEADER: Final = re.compile(r"([^\W\d_][\w \-]{0,30}?)\s*[:：](?:\s+|(?<=：)|$)(.*)")
_YAML: Final = "---"
_YAML_ENDS: Final = frozenset({"---", "..."})
_TOML: Final = "+++"
_AT_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")
_MAX_LINES: Final = 400
"""Lines of a header; a fence that does not close before is no fence."""
MAX_FRONT_BYTES: Final = 64_000
"""Bytes of front matter: more was not written by a person, and its parsers are slow."""
_DEEP_KEY: Final = re.compile(r"""(?:(?:[\w-]{1,64}|"[^"\n]{0,64}"|'[^'\n]{0,64}')[ \t]*\.[ \t]*){30}""")
"""A key of TOML with more parts than anybody means: the parser takes time and memory by their square."""


class _Strings(yaml.BaseLoader):
    """Leaves every value a string: `lang: no` stays "no", `!!python/…` stays inert.

    Aliases are refused: a few hundred bytes of them can stand for gigabytes.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node that is written out."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
            raise yaml.composer.ComposerError(None, None, "aliases are not read", event.start_mark)
        return super().compose_node(parent, index)


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

    `said` are the quotes listed there.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    body: str = ""
    line: int = 1
    said: tuple[FrontMatterQuote, ...] = ()

    def text(self, key: str) -> str | None:
        """Return one value; a list reads as its words in a row."""
        entry = self.entries.get(key)
        return (", ".join(entry.words) if entry else "").strip() or None

    def words(self, key: str) -> tuple[str, ...]:
        """Return several values, given as a list or separated by commas."""
        entry = self.entries.get(key)
        words = entry.words if entry else ()
        return listed(*words) if len(words) == 1 else tuple(filter(None, map(_tag, words)))

    def line_of(self, key: str) -> int:
        """Return where a value stands."""
        return self.entries[key].line if key in self.entries else 1


def listed(text: str) -> tuple[str, ...]:
    """Return words between commas."""
    return tuple(filter(None, map(_tag, re.split(r"[,，、;；]", text))))


def _tag(word: str) -> str:
    """Return a word without the sign that Obsidian puts in front of it."""
    return " ".join(word.split()).lstrip("#").lstrip()


def split_front_matter(text: str, *, file: str) -> FrontMatter:
    """Part a document's metadata from its text. ArticleError for YAML or TOML that cannot be read."""
    # Windows editors put a byte order mark in front, which is no space.
    lines = text.removeprefix("\ufeff").split("\n")
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    for read in (_yaml, _toml):
        if front := read(lines, blank, file):
            return front
    return _half_fenced(lines, blank) or _header(lines, blank) or FrontMatter(body="\n".join(lines))


def _fenced(lines: list[str], first: int, fence: str, ends: frozenset[str]) -> int | None:
    """Return the line of the closing fence; None where there are no two fences but a rule, or nothing."""
    # A thematic break is `---` too, and is followed by a blank line.
    if lines[first].rstrip() != fence or first + 1 >= len(lines) or not lines[first + 1].strip():
        return None
    within = range(first + 1, min(len(lines), first + _MAX_LINES))
    return next((number for number in within if lines[number].rstrip() in ends), None)


def _yaml(lines: list[str], first: int, file: str) -> FrontMatter | None:
    end = _fenced(lines, first, _YAML, _YAML_ENDS)
    if end is None:
        return None
    _must_be_small(lines, first, end, file)
    try:
        # All values stay strings: which of them is a date or a list is decided by their key.
        loaded = yaml.load("\n".join(lines[first + 1 : end]), Loader=_Strings)  # noqa: S506  # builds strings only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first + mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise ArticleError("error.yaml", file=file, line=line, problem=problem) from error
    except RecursionError as error:
        raise ArticleError("error.yaml_deep", file=file, line=1) from error
    return _front(loaded, lines, first, end) if isinstance(loaded, dict) else None


def _must_be_small(lines: list[str], first: int, end: int, file: str) -> None:
    """Raise ArticleError for front matter of more than MAX_FRONT_BYTES."""
    if sum(len(line.encode("utf-8", "replace")) for line in lines[first:end]) > MAX_FRONT_BYTES:
        raise ArticleError("error.front_size", file=file, line=first + 1, size=MAX_FRONT_BYTES // 1000)


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
    try:
        _must_be_small(lines, first, end, "")
        loaded = yaml.load("\n".join(lines[first:end]), Loader=_Strings)  # noqa: S506  # builds strings only
    except (yaml.YAMLError, RecursionError, ArticleError):
        return None
    front = _front(loaded, lines, first, end) if isinstance(loaded, dict) else None
    return front if front and "title" in front.entries else None


def _toml(lines: list[str], first: int, file: str) -> FrontMatter | None:
    end = _fenced(lines, first, _TOML, frozenset({_TOML}))
    if end is None:
        return None
    _must_be_small(lines, first, end, file)
    # tomllib recurses for each dot of a key, and its error would be one of the interpreter.
    if deep := next((number for number in range(first, end) if _DEEP_KEY.search(lines[number])), None):
        raise ArticleError("error.yaml_deep", file=file, line=deep + 1)
    try:
        # Numbers stay as they are written: 1.10 is a title.
        loaded = tomllib.loads("\n".join(lines[first + 1 : end]), parse_float=str)
    except tomllib.TOMLDecodeError as error:
        match = _AT_LINE.search(str(error))
        line = first + 1 + int(match[1]) if match and match[1] else end + 1
        problem = _AT_LINE.sub("", str(error))
        raise ArticleError("error.toml", file=file, line=line, problem=problem) from error
    except RecursionError as error:
        raise ArticleError("error.yaml_deep", file=file, line=1) from error
    return _front(loaded, lines, first, end)


def _front(loaded: Mapping[Any, Any], lines: list[str], first: int, end: int) -> FrontMatter:
    loaded = _cleaned(loaded)
    entries: dict[str, Entry] = {}
    # In order of rank, so that `title` wins over `name` where a document has both.
    for name, value in sorted(_named(loaded), key=lambda pair: RANK.get(folded(pair[0]), 0)):
        words, url = tuple(_words(value)), _address(value)
        if words or url:
            line = _line_of(name, lines, first, end)
            entries.setdefault(KEYS[folded(name)], Entry(words=words, url=url, name=name, line=line))
    return FrontMatter(entries, "\n".join(lines[end + 1 :]), end + 2, quotes_in_front_matter(loaded))


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
        if isinstance(name, str) and folded(name) in KEYS:
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
            for each in value:
                if not isinstance(each, list):
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


def _header(lines: list[str], first: int) -> FrontMatter | None:
    """Read `Title: …` lines up to the first blank one (Pelican), or up to a `---` (Hexo)."""
    found: list[tuple[str, str, int]] = []
    end = first
    for end in range(first, min(len(lines), first + _MAX_LINES)):
        line = lines[end].rstrip()
        if not line or (line == _YAML and len(found) > 1):
            break
        match = _HEADER.fullmatch(line)
        if match is None:
            return None
        found.append((match[1], match[2].strip(), end + 1))
    else:
        end += 1
    entries: dict[str, Entry] = {}
    for name, value, line_number in sorted(found, key=lambda each: RANK.get(folded(each[0]), 0)):
        if value and (key := KEYS.get(folded(name))):
            entries.setdefault(key, Entry(words=(value,), name=name, line=line_number))
    # Only a title tells a header from a first paragraph that happens to have a colon in each line.
    return FrontMatter(entries, "\n".join(lines[end + 1 :]), end + 2) if "title" in entries else None
