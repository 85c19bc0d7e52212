"""Paragraphs that every issue of a series has: what they say is not what this issue is about."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from bot.article.model import Block, BlockQuote, Fingerprint, Paragraph
from bot.article.plain_text import plain_blocks

Recurring = Mapping[Fingerprint, AbstractSet[str]]
"""Paragraphs that stand in two articles or more, and the slugs of some of those."""

NO_RECURRING: Final[Recurring] = {}

MIN_OTHERS: Final = 2
"""Other articles that must have a paragraph word for word."""
MAX_PARAGRAPHS: Final = 24
"""Of an article, from its beginning: what introduces a series stands there."""
_MIN_LETTERS: Final = 8
_NUMBERS: Final = re.compile(
    r"[\W\d_零〇一二三四五六七八九十百千两]+"
    r"|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tues(?:day)?|wednes(?:day)?|thurs(?:day)?|fri(?:day)?|satur(?:day)?"
    r"|sun(?:day)?)(?![^\W\d_])"
)


def fingerprint(text: str) -> Fingerprint | None:
    """Return what a paragraph is recognised by; None for one that is too short to be."""
    letters = _NUMBERS.sub("", unicodedata.normalize("NFKC", text).casefold())
    if len(letters) < _MIN_LETTERS:
        return None
    return Fingerprint(int.from_bytes(hashlib.sha256(letters.encode()).digest()[:8]) >> 1)


def fingerprints(blocks: Iterable[Block]) -> tuple[Fingerprint, ...]:
    """Return those of paragraphs and block quotes, each once."""
    texts = (plain_blocks((block,)) for block in blocks if isinstance(block, Paragraph | BlockQuote))
    return tuple(dict.fromkeys(filter(None, map(fingerprint, texts))))


def recurring_among(articles: Mapping[str, Sequence[Fingerprint]]) -> dict[Fingerprint, set[str]]:
    """Return the paragraphs that recur among articles, given the fingerprints of each by its slug."""
    places: dict[Fingerprint, set[str]] = {}
    for slug, paragraphs in articles.items():
        for one in paragraphs:
            places.setdefault(one, set()).add(slug)
    return {one: slugs for one, slugs in places.items() if len(slugs) >= MIN_OTHERS}


def is_recurring(block: Block, recurring: Recurring, *, slug: str) -> bool:
    """Return whether enough articles other than this one have a paragraph or block quote."""
    if not recurring or not isinstance(block, Paragraph | BlockQuote):
        return False
    found = fingerprint(plain_blocks((block,)))
    return found is not None and len(recurring.get(found, set()) - {slug}) >= MIN_OTHERS
