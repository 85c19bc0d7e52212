"""Words that are near another one: its other forms, what may have been meant, what there is instead."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from bot.search.index import Index
from bot.search.query import Term
from bot.search.words import is_dense, pairs

MIN_TYPO_CHARS: Final = 5
"""Letters from which on a word may be mistyped: shorter ones have too many neighbours."""

_MIN_FORM_CHARS: Final = 4
_MAX_FORMS: Final = 20
_PARTICLES: Final = "的了是在和与也就都把被吗呢吧"
"""Characters that join words: nobody means those with which a part begins or ends."""

_MAX_NEAREST: Final = 6
_MAX_ALIKE: Final = 2
_MAX_LONGER: Final = 3
"""Letters by which a word may be longer than one that it resembles."""

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


def is_form(word: str, other: str) -> bool:
    """Return whether two words are forms of one English word."""
    return _stem(word) == _stem(other)


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


async def nearest_words(index: Index, terms: Sequence[tuple[Term, ...]]) -> tuple[str, ...]:
    """Return words that find something, for terms that do not find anything together.

    They are terms by themselves, parts of runs that are too long, and words that begin as an unknown one.
    """
    candidates = dict.fromkeys(term for ways in terms for term in ways)
    for word in dict.fromkeys(word for term in candidates for word in term.words):
        others = await (_parts(index, word) if is_dense(word) else _with_its_beginning(index, word))
        candidates |= dict.fromkeys(Term((other,)) for other in others)
    found: list[str] = []
    for term in candidates:
        if len(found) < _MAX_NEAREST and await index.has(term.phrase()):
            found.append(" ".join(term.words))
    return tuple(found)


async def _parts(index: Index, run: str) -> Sequence[str]:
    """Return the longest parts of a dense run that exist, else pairs with its first character."""
    known = set(await index.known(list(pairs(run))))
    parts: list[str] = []
    end = 0
    for at in range(len(run) - 1):
        longest = at
        # A part that ends where an earlier one does lies within that.
        while run[longest : longest + 2] in known and await index.has(
            Term((run[at : longest + 2],)).phrase()
        ):
            longest += 1
        if longest > at and longest + 1 > end:
            end = longest + 1
            parts.append(run[at:end])
    telling = [bare for part in parts if len(bare := part.strip(_PARTICLES)) > 1]
    if parts:
        return sorted(telling or parts, key=len, reverse=True)
    alike = await index.beginning_with(run[0], longest=2, most=_MAX_ALIKE + 1)
    return [pair for pair in alike if len(pair) > 1][:_MAX_ALIKE]


async def _with_its_beginning(index: Index, word: str) -> Sequence[str]:
    """Return words with which this one shares the most letters, two of three at least."""
    if await index.beginnings_known([word]):
        return ()
    for length in range(len(word) - 1, max(3, -(-len(word) * 2 // 3)) - 1, -1):
        longest = len(word) + _MAX_LONGER
        if found := await index.beginning_with(word[:length], longest=longest, most=_MAX_ALIKE):
            return found
    return ()


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@cache
def _stemmer() -> Any:
    # Importing all its languages takes as long as two hundred searches, and the start shall not wait for it.
    from snowballstemmer.english_stemmer import EnglishStemmer  # noqa: PLC0415  # see above

    return EnglishStemmer()
