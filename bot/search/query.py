"""A search as a person types it: words, phrases in quotation marks, and what the articles must be. Pure."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from bot.article.library import Card
from bot.search.words import is_dense, pairs, words_of
from bot.text import typed

MAX_TERMS: Final = 8
"""Different words of a query that are looked for."""

WHOLE_CHARS: Final = 3
"""Other words of so few letters mean whole words before they mean beginnings, which are many."""

_QUOTED: Final = r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|『[^』]*』"
_KEYS: Final = {
    "tag": "tag", "标签": "tag", "標籤": "tag", "source": "source", "来源": "source", "來源": "source",
    "after": "after", "之后": "after", "之後": "after",
}  # fmt: skip
_PART: Final = re.compile(rf"(?:({'|'.join(_KEYS)}):\s*)?({_QUOTED}|\S+)", re.IGNORECASE)
_DAY: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens of the index that follow each other; of the last one perhaps only the beginning."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together, folded: one, or what stood in quotation marks."""

    words: tuple[str, ...]
    is_quoted: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is one word of letters, which may have other forms or be mistyped."""
        return len(self.words) == 1 and not self.is_quoted and not is_dense(self.words[0])

    def phrase(self, *, whole: bool = False) -> Phrase:
        """Return how the index has it; a word that is not quoted may be the beginning of a longer one."""
        tokens: list[str] = []
        for word in self.words:
            tokens += pairs(word) if is_dense(word) else [word]
            if is_dense(word) and len(word) > 1:
                tokens.append(word[-1])
        last = self.words[-1]
        if is_dense(last):
            # Its last character stands alone only where the run ends: the run may go on.
            return Phrase(tuple(tokens[:-1] if len(last) > 1 else tokens))
        return Phrase(tuple(tokens), is_prefix=not (whole or self.is_quoted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All terms must occur; tags, sources and the first day narrow the articles down.

    `text` is what was typed, as one line of bounded length: parsing it again gives the same query.
    """

    text: str
    terms: tuple[Term, ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    after: date | None = None

    def __bool__(self) -> bool:
        """Return whether there is anything to look for."""
        return bool(self.terms) or self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """Whether not every article may be found."""
        return bool(self.tags or self.sources or self.after)

    def admits(self, card: Card) -> bool:
        """Return whether an article has the tags, the source and a day late enough."""
        if self.after and (card.published is None or card.published < self.after):
            return False
        tags = {_joined(tag) for tag in card.tags}
        source = _joined(card.source or "")
        return all(tag in tags for tag in self.tags) and all(part in source for part in self.sources)


def parse_query(words: str) -> Query:
    """Read what was typed; whatever is no phrase and no condition is plain words."""
    text = typed(words)
    terms: dict[Term, None] = {}
    tags: list[str] = []
    sources: list[str] = []
    after: date | None = None
    for part in _PART.finditer(text):
        key, value = _KEYS.get((part[1] or "").lower()), part[2]
        day = _first_day(value) if key == "after" else None
        if key == "tag" and _joined(value):
            tags.append(_joined(value))
        elif key == "source" and _joined(value):
            sources.append(_joined(value))
        elif day:
            after = day
        else:
            terms.update(dict.fromkeys(_terms(part[0])))
    most = tuple(terms)[:MAX_TERMS]
    return Query(text=text, terms=most, tags=tuple(tags), sources=tuple(sources), after=after)


def _terms(part: str) -> Iterator[Term]:
    if re.fullmatch(_QUOTED, part):
        if words := tuple(words_of(part)):
            yield Term(words, is_quoted=True)
        return
    # `node.js` and `3.11` are phrases; dense runs are terms of their own, whatever they touch.
    for dense, group in groupby(words_of(part), is_dense):
        if dense:
            yield from (Term((word,)) for word in group)
        else:
            yield Term(tuple(group))


def _joined(text: str) -> str:
    """Return a name as one word: `#machine_learning` is `machine learning`."""
    return "".join(words_of(text))


def _first_day(text: str) -> date | None:
    if found := _DAY.fullmatch(text.strip('"“”')):
        with contextlib.suppress(ValueError):
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    return None
