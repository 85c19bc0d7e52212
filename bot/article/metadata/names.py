"""Names as tools write them: `[[Jane Roe]]`, `[Jane](https://…)`, `"Jane"`, `#tag`."""

import re
from collections.abc import Sequence
from typing import Final

from bot.article.plain_text import is_wide

_WIKI: Final = re.compile(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_BESIDE: Final = re.compile(r"\]\]\s*\[\[")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_MARKS: Final = {"“": "”", '"': '"', "'": "'", "‘": "’", "「": "」", "『": "』", "`": "`", "[": "]"}
_BETWEEN: Final = re.compile(r"[,，、;；]")
_MIN_WORDS: Final = 3


def bare_name(word: str) -> str:
    """Return a name or title without what a tool put around it."""
    word = _LINK.sub(r"\1", _WIKI.sub(r"\1", word)).strip()
    closing = _MARKS.get(word[:1])
    if closing and len(word) > 2 and word.endswith(closing) and closing not in word[1:-1]:  # noqa: PLR2004  # two marks
        word = word[1:-1]
    return word.strip()


def words_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a list; of one text, those between commas, or each behind its `#`."""
    parts = (part for text in texts for part in (_parts(text) if len(texts) == 1 else (text,)))
    words = (bare_name(" ".join(part.split()).lstrip("#").lstrip()) for part in parts)
    return tuple(filter(None, words))


def _parts(text: str) -> Sequence[str]:
    text = _LINK.sub(r"\1", _WIKI.sub(r"\1", _BESIDE.sub("]], [[", text))).strip()
    if text[:1] == "[" and text[-1:] == "]":
        text = text[1:-1]
    if _BETWEEN.search(text):
        return _BETWEEN.split(text)
    words = text.split()
    # `a b` may be one tag of two words; more, or words that need no space between them, are several.
    several = len(words) >= _MIN_WORDS and all(map(str.islower, words))
    return (
        words
        if several or any(word[0] == "#" for word in words[1:]) or all(map(_is_wide, words))
        else (text,)
    )


def _is_wide(word: str) -> bool:
    return all(map(is_wide, word))
