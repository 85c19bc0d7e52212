"""Fold text and cut it into the tokens of the index; a query is cut by the same rules. Pure.

Chinese, Japanese, Korean and Thai have no spaces that a search could rely on: each run of such characters
becomes its overlapping pairs and its last character, so that any part of two characters or more is a phrase
of pairs, whatever a dictionary calls a word. Single characters stand once more at the end of the text.
Other words are tokens as they are, without case and accents.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final

VERSION: Final = 1
"""Counted up with every change of the tokens: an index of another version is made anew at the start."""

_DENSE: Final = (
    "\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u1049\u1780-\u17d3\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, Chinese characters, Hangul."""

_INDIC: Final = "\u0900-\u0963\u0966-\u0dff"
"""Signs for vowels are no letters for `re`, but parts of words."""

_LETTER: Final = re.compile(rf"[^\W_{_DENSE}]|[{_INDIC}]")
_TOKEN: Final = re.compile(rf"[{_DENSE}]+|(?:{_LETTER.pattern})+")
_DENSE_CHAR: Final = re.compile(f"[{_DENSE}]")
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)
"""Accents, and the points of Hebrew and Arabic. Those of kana stay: they make another sound."""

_MAY_HAVE_MARKS: Final = re.compile("[\u00c0-\u024f\u0300-\u06ff\u1e00-\u1fff]")
_WIDE_SIGNS: Final = tuple(zip("，：；！？（）", ",:;!?()", strict=True))

_WHOLE_LETTERS: Final = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
"""Letters that Unicode does not take apart, as people type them without their keyboard."""

_BREAK: Final = "\uf8ff"
"""A token that no text has: no phrase goes across it."""


def fold(text: str) -> str:
    """Return text without what a search ignores: case, width, accents, traditional or simplified."""
    if text.isascii():
        return text.lower()
    # The wide signs of Chinese texts are all that most have to be normalised for, which takes longest.
    for wide, narrow in _WIDE_SIGNS:
        text = text.replace(wide, narrow)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.casefold()
    if _MAY_HAVE_MARKS.search(text):
        text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    twins, pattern = _twins()
    return pattern.sub(lambda found: twins[found[0]], text)


def words_of(text: str) -> list[str]:
    """Return the words, numbers and dense runs of a text, folded."""
    return _TOKEN.findall(fold(text))


def is_dense(word: str) -> bool:
    """Return whether a word is a run of characters that are written without spaces."""
    return _DENSE_CHAR.match(word) is not None


def is_letter(char: str) -> bool:
    """Return whether a character is a letter or digit of a word that is no dense run; False for none."""
    return _LETTER.match(char) is not None


def pairs(run: str) -> Iterator[str]:
    """Yield the overlapping pairs of a dense run, or its only character."""
    return (run[at : at + 2] for at in range(max(len(run) - 1, 1)))


def indexed(texts: Iterable[str]) -> str:
    """Return the tokens of texts for a column of the index, with spaces between them."""
    tokens: list[str] = []
    chars: dict[str, None] = {}
    for text in texts:
        for word in words_of(text):
            if is_dense(word):
                tokens += [word[at : at + 2] for at in range(len(word))]
                chars.update(dict.fromkeys(word))
            else:
                tokens.append(word)
        tokens.append(_BREAK)
    return " ".join((*tokens, *chars))


@cache
def _twins() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return what characters are written as, and a pattern for any of them."""
    table = (files("bot.search") / "simplified.txt").read_text("utf-8")
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    twins = {pair[0]: pair[1] for line in lines for pair in line.split()} | _WHOLE_LETTERS
    return twins, re.compile(f"[{''.join(twins)}]")  # ten times as fast as `str.translate`
