"""Whether a text has a word or phrase that somebody chose: whole words, in other forms too. Pure."""

import re
from functools import lru_cache
from typing import Final

from bot.search.nearest import beginning_of_forms, is_form
from bot.search.words import fold, is_dense, is_letter, words_of

_COMPILED: Final = 4_096
"""Phrases that are kept ready; readers choose a few each, often the same ones."""


@lru_cache(maxsize=_COMPILED)
def folded(text: str) -> str:
    """Return a short text as `mentions` wants it; kept, since one article is asked about by many readers."""
    return fold(text)


def mentions(text: str, phrase: str) -> bool:
    """Return whether a folded text has a phrase.

    Chinese may stand anywhere in a run of characters; other words are whole, English ones in any form
    (`model` is in `models`, `ai` is not in `said`).
    """
    compiled = _pattern(phrase)
    if compiled is None:
        return False
    pattern, words = compiled
    return any(_is_meant(text, match, words) for match in pattern.finditer(text))


@lru_cache(maxsize=_COMPILED)
def _pattern(phrase: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    """Return what matches the words of a phrase, each in a group of its own; None where there are none."""
    words = tuple(words_of(phrase))
    if not words:
        return None
    # What stands between may be nothing: beside Chinese it often is, and other words are not whole then.
    return re.compile(r"[\W_]*".join(map(_group, words))), words


def _group(word: str) -> str:
    beginning = beginning_of_forms(word)
    return f"({re.escape(word)})" if beginning is None else f"({re.escape(beginning)}[a-z]*)"


def _is_meant(text: str, match: re.Match[str], words: tuple[str, ...]) -> bool:
    return all(_is_whole(text, match, number, word) for number, word in enumerate(words, 1)) and all(
        is_form(found, word) for found, word in zip(match.groups(), words, strict=True)
    )


def _is_whole(text: str, match: re.Match[str], number: int, word: str) -> bool:
    """Return whether no other letter touches a word; dense characters stand without spaces."""
    if is_dense(word):
        return True
    start, end = match.span(number)
    return not is_letter(text[max(start - 1, 0) : start]) and not is_letter(text[end : end + 1])
