"""Where the words of a query stand in a text, and the few words around them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from bot.article.plain_text import columns
from bot.message.graphemes import boundary_before
from bot.search.query import Term
from bot.search.words import fold, is_dense, is_letter

SNIPPET_COLUMNS: Final = 60
"""What two lines of a phone hold; a Chinese character takes two columns."""

_BEFORE_COLUMNS: Final = 20
"""Columns before the first hit, if the text does not begin there."""

_SENTENCE_ENDS: Final = re.compile(r"(?<=[。！？!?…])|(?<=[.;:；]) ")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text as one line, and the places of the hits in it, as (start, end)."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()


class Pattern:
    """Finds the terms of a query in texts."""

    def __init__(self, terms: Sequence[tuple[Term, ...]]) -> None:
        """`terms` are alternatives for each term: what was typed, other forms of it."""
        self._ways = [[(re.compile(_pattern(term)), term) for term in ways] for ways in terms]

    def count(self, text: str) -> int:
        """Return how many of the terms occur in a text."""
        folded = fold(text)
        return sum(1 for ways in self._ways if any(True for _ in _matches(ways, folded)))

    @property
    def terms(self) -> int:
        """How many terms there are."""
        return len(self._ways)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where terms stand in a text, in order; spans that overlap are one."""
        folded, origins = _folded_with_origins(text)
        found = sorted(
            (origins[start], origins[end - 1] + 1)
            for ways in self._ways
            for start, end in _matches(ways, folded)
        )
        spans: list[tuple[int, int]] = []
        for start, end in found:
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def snippet(self, text: str) -> Snippet:
        """Return the two lines of a text around most of the terms; its beginning where none occurs."""
        line = " ".join(text.split())
        spans = self.spans(line)
        start = _start(line, *_densest(spans)) if spans else 0
        end = _end(line, start)
        before, after = "… " if start else "", " …" if end < len(line) else ""
        by = len(before) - start
        hits = tuple((first + by, min(last, end) + by) for first, last in spans if start <= first < end)
        return Snippet(f"{before}{line[start:end]}{after}", hits)


def _pattern(term: Term) -> str:
    """Return what a term looks like in folded text, wherever it begins and ends."""
    parts = [re.escape(term.words[0])]
    for before, after in pairwise(term.words):
        # Chinese may touch what stands before or after it.
        least = "*" if is_dense(before) or is_dense(after) else "+"
        parts.append(f"[\\W_]{least}{re.escape(after)}")
    return "".join(parts)


def _matches(ways: Sequence[tuple[re.Pattern[str], Term]], folded: str) -> Iterator[tuple[int, int]]:
    """Yield where one of several terms stands: from the beginning of a word, a quoted one up to an end."""
    for pattern, term in ways:
        begins, ends = not is_dense(term.words[0]), term.is_quoted and not is_dense(term.words[-1])
        for match in pattern.finditer(folded):
            start, end = match.span()
            # Not by the pattern itself: so large a class of letters takes milliseconds to compile.
            within = begins and start > 0 and is_letter(folded[start - 1])
            if not within and not (ends and is_letter(folded[end : end + 1])):
                yield start, end


def _densest(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the span from which on a snippet has room for most others; the first of several."""
    room = SNIPPET_COLUMNS - _BEFORE_COLUMNS
    return max(spans, key=lambda span: sum(1 for other in spans if 0 <= other[0] - span[0] < room))


def _start(line: str, start: int, end: int) -> int:
    """Return where a snippet begins: with the sentence if that is near, else with a word before the hit."""
    if end <= SNIPPET_COLUMNS and columns(line[:end]) <= SNIPPET_COLUMNS - _BEFORE_COLUMNS:
        return 0
    first, room = start, _BEFORE_COLUMNS
    while first and room > 0:
        first -= 1
        room -= columns(line[first])
    sentences = [found.end() for found in _SENTENCE_ENDS.finditer(line, first, start)]
    if sentences:
        return sentences[-1]
    space = line.find(" ", first, start)
    return space + 1 if space >= 0 else boundary_before(line, first, above=0)


def _end(line: str, start: int) -> int:
    """Return where a snippet ends: with the last word for which there is room."""
    end, room = start, SNIPPET_COLUMNS
    while end < len(line) and (room := room - columns(line[end])) >= 0:
        end += 1
    if end == len(line):
        return end
    space = line.rfind(" ", start + (end - start) * 3 // 4, end)
    return space if space >= 0 else boundary_before(line, end, above=start)


@lru_cache(maxsize=8192)
def _folded_char(char: str) -> str:
    return fold(char)


def _folded_with_origins(text: str) -> tuple[str, Sequence[int]]:
    """Return a text folded, and from which of its characters each of the result came."""
    if set(map(len, map(_folded_char, set(text)))) <= {1}:  # as in most texts
        return fold(text), range(len(text))
    parts = list(map(_folded_char, text))
    return "".join(parts), [at for at, part in enumerate(parts) for _ in part]
