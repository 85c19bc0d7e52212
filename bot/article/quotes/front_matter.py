"""Quotes that an author lists in the metadata: texts, or tables of a text, who said it, and a link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.article.metadata.keys import folded

QUOTE_LISTS: Final = frozenset({"quotes", "quote", "pullquote", "pullquotes", "金句", "语录", "引用", "語錄"})
_TEXTS: Final = ("text", "quote", "words", "content", "body", "内容", "原文")
_SPEAKERS: Final = ("by", "speaker", "author", "who", "name", "said", "source", "说话人", "作者", "出处")
_MAX_DEPTH: Final = 3
"""Of tables such as Zola's `[extra]`; deeper ones configure a theme."""
_LINKS: Final = ("url", "link", "href", "链接")


@dataclass(frozen=True, slots=True)
class FrontMatterQuote:
    """Words, who said them, and where that stands."""

    text: str
    by: str | None = None
    url: str | None = None


def quotes_in_front_matter(loaded: Mapping[Any, Any]) -> tuple[FrontMatterQuote, ...]:
    """Return every quote under `quotes:`, however spelled, there or in a table; skip entries without text."""
    return tuple(said for value in _lists(loaded) for said in _each(value))


def _lists(table: Mapping[Any, Any], depth: int = 0) -> Iterator[object]:
    for name, value in table.items():
        if isinstance(name, str) and folded(name) in QUOTE_LISTS:
            yield value
        elif isinstance(value, dict) and depth < _MAX_DEPTH:
            yield from _lists(value, depth + 1)


def _each(value: object) -> Iterator[FrontMatterQuote]:
    match value:
        case list():
            for one in value:
                if not isinstance(one, list):
                    yield from _each(one)
        case dict():
            names = {folded(name): each for name, each in value.items() if isinstance(name, str)}
            if text := _first(names, _TEXTS):
                yield FrontMatterQuote(text, _first(names, _SPEAKERS), _first(names, _LINKS))
        case str() if text := value.strip():
            yield FrontMatterQuote(text)
        case _:
            return


def _first(names: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    found = (each.strip() for key in keys if isinstance(each := names.get(key), str))
    return next(filter(None, found), None)
