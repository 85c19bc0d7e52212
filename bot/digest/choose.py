"""Which quote comes next for a reader. Decides; touches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from operator import itemgetter

from bot.article.library import Pooled
from bot.article.model import ArticleId, QuoteId
from bot.reader.model import Reader, ReaderId


@dataclass(frozen=True, slots=True)
class Drawn:
    """The next quote of a reader, the article that has it, and how far the reader has come with it."""

    quote: QuoteId
    article: ArticleId
    round: int
    place: str


def draw(quotes: Sequence[Pooled], reader: Reader) -> Drawn | None:
    """The quote that comes next for a reader; None when there are no quotes.

    Each round goes through all quotes in an order of its own, those in the reader's language first: by a hash
    of reader, round and quote. A quote that is added meanwhile has its place in that order like any other.
    """
    for number in (reader.quote_round, reader.quote_round + 1):
        begin = reader.quote_place if number == reader.quote_round else ""
        places = ((_place(reader.id, number, pooled), pooled) for pooled in quotes)
        found = min((place for place in places if place[0] > begin), key=itemgetter(0), default=None)
        if found is not None:
            return Drawn(found[1].quote, found[1].article, number, found[0])
    return None


def _place(reader: ReaderId, number: int, pooled: Pooled) -> str:
    """A quote's place in the order of a reader's round."""
    chance = blake2b(f"{reader}\n{number}\n{pooled.quote}".encode(), digest_size=16).hexdigest()
    return f"{'a' if pooled.preferred else 'b'}{chance}"
