"""Which quote comes next for a reader. Decides; touches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.article.model import ArticleId, QuoteId
from bot.reader.model import Reader, ReaderId


@dataclass(frozen=True, slots=True)
class Drawn:
    """The next quote of a reader, the article that has it, and how far the reader has come with it."""

    quote: QuoteId
    article: ArticleId
    round: int
    place: str


def draw(quotes: Sequence[tuple[QuoteId, ArticleId]], reader: Reader) -> Drawn | None:
    """The quote that comes next for a reader; None when there are no quotes.

    Each round goes through all quotes in an order of its own: by a hash of reader, round and quote. A quote
    that is added meanwhile has its place in that order like any other.
    """
    for number in (reader.quote_round, reader.quote_round + 1):
        begin = reader.quote_place if number == reader.quote_round else ""
        places = ((_place(reader.id, number, quote), quote, article) for quote, article in quotes)
        found = min((place for place in places if place[0] > begin), default=None)
        if found is not None:
            return Drawn(found[1], found[2], number, found[0])
    return None


def _place(reader: ReaderId, number: int, quote: QuoteId) -> str:
    """A quote's place in the order of a reader's round."""
    return blake2b(f"{reader}\n{number}\n{quote}".encode(), digest_size=16).hexdigest()
