"""Choose the quote that comes next for a reader. Pure.

A quote's id is a hash of its words: 64 random bits. Each round of a reader has a random mask, and goes
through the quotes in ascending order of key XOR mask. Sorted keys are a binary tree whose branches the mask
swaps, so finding the next quote takes a look at each level of the tree, not at each quote.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final

from bot.article.library import QuotePool
from bot.article.model import ArticleId, QuoteId
from bot.reader.model import Reader, ReaderId

_KEY_BITS: Final = 64
_LOOKS: Final = 40
"""Quotes that are looked at one after another, for about a millisecond, before the pool is narrowed down."""

Wanted = Callable[[ArticleId], bool]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The next quote of a reader, the article that has it, and how far the reader has come with it.

    `place` is "a" (quotes in the reader's language) or "b" (the others), then the masked key in hexadecimal.
    """

    quote: QuoteId
    article: ArticleId
    round: int
    place: str


def draw(pool: QuotePool, reader: Reader, *, is_wanted: Wanted | None = None) -> Drawn | None:
    """Return the quote that comes next for a reader, of an article that is wanted; None when there is none.

    Each round goes through all quotes, those in the reader's language first. A quote that is added meanwhile
    has its place in that order like any other. No quote comes twice in a row, unless it is the only one.
    """
    last = _last(reader)
    if is_wanted is None:
        return _next(_following(pool, reader), last)
    near = (each for each in islice(_following(pool, reader), _LOOKS) if is_wanted(each.article))
    found = _next(near, last)
    if found is not None and found.quote != last:
        return found
    # Few are wanted: what is left of the pool is sorted as the pool is.
    return _next(_following(_only(pool, is_wanted), reader), last)


def _last(reader: Reader) -> str:
    """Return the id of the quote that a reader saw last; nothing before the first."""
    cursors = reader.cursors
    if not cursors.quote_place:
        return ""
    return f"{int(cursors.quote_place[1:], 16) ^ _mask(reader.id, cursors.quote_round):016x}"


def _next(following: Iterable[Drawn], last: str) -> Drawn | None:
    """Return the first that is not the last one; that one when there is no other."""
    first = None
    for drawn in following:
        if drawn.quote != last:
            return drawn
        # The end of a round and the beginning of the next may be the same quote.
        first = first or drawn
    return first


def _only(pool: QuotePool, is_wanted: Wanted) -> QuotePool:
    wanted = {article for article in set(pool.articles.values()) if is_wanted(article)}
    articles = {key: article for key, article in pool.articles.items() if article in wanted}
    preferred = [key for key in pool.preferred if key in articles]
    return QuotePool(preferred, [key for key in pool.others if key in articles], articles)


def _following(pool: QuotePool, reader: Reader) -> Iterator[Drawn]:
    """Yield what comes next in this round, then in the next one."""
    cursors = reader.cursors
    for number in (cursors.quote_round, cursors.quote_round + 1):
        place = cursors.quote_place if number == cursors.quote_round else ""
        mask = _mask(reader.id, number)
        for group, keys in (("a", pool.preferred), ("b", pool.others)):
            after = _after(place, group)
            while after is not None:
                key = next_key(keys, mask, after)
                if key is None:
                    break
                after = key ^ mask
                yield Drawn(QuoteId(f"{key:016x}"), pool.articles[key], number, f"{group}{after:016x}")


def next_key(keys: Sequence[int], mask: int, after: int) -> int | None:
    """Return the key whose key XOR mask is the smallest above `after` (-1 for all); None when there is none.

    `keys` ascend.
    """
    if after < 0:
        return _first_key(keys, mask, 0, _KEY_BITS)
    for level in range(_KEY_BITS):
        branch = after >> level
        # Whatever is above `after` leaves its path at some level, to the side of the 1: the lower the nearer.
        if not branch & 1:
            key = _first_key(keys, mask, branch | 1, level)
            if key is not None:
                return key
    return None


def _first_key(keys: Sequence[int], mask: int, branch: int, level: int) -> int | None:
    """Return the first key below a branch of the tree, whose keys have `level` bits left."""
    low, high = _span(keys, branch ^ mask >> level, level)
    if low == high:
        return None
    while high - low > 1:
        level -= 1
        branch <<= 1
        inner = _span(keys, branch ^ mask >> level, level)
        if inner[0] == inner[1]:
            branch |= 1
        else:
            low, high = inner
    return keys[low]


def _span(keys: Sequence[int], prefix: int, level: int) -> tuple[int, int]:
    """Return the first index of keys that begin with these bits, and the index behind the last."""
    return bisect_left(keys, prefix << level), bisect_left(keys, (prefix + 1) << level)


def _after(place: str, group: str) -> int | None:
    """Return how far a reader has come in a group of quotes: -1 at its beginning, None when it is over."""
    if place[:1] == group:
        return int(place[1:], 16)
    return -1 if place < group else None


def _mask(reader: ReaderId, number: int) -> int:
    """Return the mask of a reader's round."""
    return int.from_bytes(blake2b(f"{reader}\n{number}".encode(), digest_size=8).digest())
