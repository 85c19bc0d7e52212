"""Words that are near another one: its other forms, and what it may have been meant to be. Pure."""

from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, Final

from bot.search.words import pairs

MIN_TYPO_CHARS: Final = 5
"""Letters from which on a word may be mistyped: shorter ones have too many neighbours."""

_MIN_FORM_CHARS: Final = 4
_MAX_FORMS: Final = 20
_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзиклмнопрстуфхцчшщъыьэюя",
    "αβγδεζηθικλμνοπρστυφχψω",
)


def beginning_of_forms(word: str) -> str | None:
    """Return how all forms of an English word begin; None for words that have no other ones."""
    if len(word) < _MIN_FORM_CHARS or not (word.isascii() and word.isalpha()):
        return None
    # `studies` and `study` have the stem `studi`, but only `stud` in common.
    return _stem(word).rstrip("iey") or None


def forms_among(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return those words that are another form of this one; not those that begin with it."""
    stem = _stem(word)
    forms = (each for each in known if not each.startswith(word) and _stem(each) == stem)
    return tuple(forms)[:_MAX_FORMS]


def neighbours(word: str) -> set[str]:
    """Return what a word of five letters or more was with one letter more, less, other, or two changed over.

    The letters are those of its own alphabet.
    """
    if len(word) < MIN_TYPO_CHARS:
        return set()
    letters = next((each for each in _ALPHABETS if any(char in each for char in word)), "")
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts}
    found |= {left + right[1::-1] + right[2:] for left, right in cuts if len(right) > 1}
    found |= {left + letter + right[skip:] for left, right in cuts for letter in letters for skip in (0, 1)}
    return found - {word}


def known_parts(run: str, known: set[str]) -> list[str]:
    """Return the longest parts of a dense run whose pairs all exist, the longest first."""
    parts: list[str] = []
    at = 0
    for exists, group in groupby(pairs(run), known.__contains__):
        count = len(list(group))
        if exists:
            parts.append(run[at : at + count + 1])
        at += count
    return sorted(parts, key=len, reverse=True)


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@cache
def _stemmer() -> Any:
    # Importing all its languages takes as long as two hundred searches, and the start shall not wait for it.
    from snowballstemmer.english_stemmer import EnglishStemmer  # noqa: PLC0415  # see above

    return EnglishStemmer()
