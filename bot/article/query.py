"""A search as a person types it, and whether a text has its words. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.text import typed

MAX_TERMS: Final = 8
"""Different words of a query that are looked for."""

_WIDE: Final = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_CJK: Final = re.compile(f"[{_WIDE}]")
_TOKEN: Final = re.compile(rf"[{_WIDE}]+|[^\W\d_{_WIDE}]+|\d+")


@dataclass(frozen=True, slots=True)
class Query:
    """Words and numbers to look for, folded; a run of Chinese is one term."""

    terms: tuple[str, ...]

    def __bool__(self) -> bool:
        """Return whether there is anything to look for."""
        return bool(self.terms)

    def matches(self, indexed: str) -> bool:
        """Return whether each term occurs: Chinese anywhere, other words from a word's beginning.

        `indexed` is a text as `index_text` makes it, so that this is one plain substring search a term.
        """
        return all(needle in indexed for needle in self._needles())

    def _needles(self) -> Iterator[str]:
        return (term if _CJK.match(term) else f" {term}" for term in self.terms)


def parse_query(words: str) -> Query:
    """Return the first MAX_TERMS different words of what was typed."""
    return Query(tuple(dict.fromkeys(_TOKEN.findall(typed(words).casefold())))[:MAX_TERMS])


def index_text(text: str) -> str:
    """Return a text for `Query.matches`: its words and numbers, folded, each with a space before it."""
    return "".join(f" {word}" for word in _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()))
