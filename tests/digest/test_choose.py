"""Quotes do not repeat until the pool is used up."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.article.library import Pooled
from bot.article.model import ArticleId, QuoteId
from bot.digest.choose import draw
from bot.i18n import Language
from bot.reader.model import Place, Reader, ReaderId

READER = Reader(id=ReaderId(1), place=Place(5), language=Language("en"), zone="UTC")


def pool(count: int) -> list[Pooled]:
    return [Pooled(QuoteId(f"q{number}"), ArticleId(number % 3), number % 2 == 0) for number in range(count)]


def drawn(reader: Reader, quotes: list[Pooled], count: int) -> list[str]:
    shown: list[str] = []
    for _ in range(count):
        found = draw(quotes, reader)
        assert found is not None
        reader = replace(reader, quote_round=found.round, quote_place=found.place)
        shown.append(found.quote)
    return shown


@given(st.integers(1, 40), st.integers(1, 10**9))
def test_every_round_shows_every_quote_once(count: int, reader: int) -> None:
    shown = drawn(replace(READER, id=ReaderId(reader)), pool(count), 2 * count)
    assert set(shown[:count]) == set(shown[count:]) == {pooled.quote for pooled in pool(count)}


def test_readers_and_rounds_differ_in_their_order() -> None:
    first, second = drawn(READER, pool(20), 40)[:20], drawn(READER, pool(20), 40)[20:]
    other = drawn(replace(READER, id=ReaderId(2)), pool(20), 20)
    assert first != second
    assert first != other


def test_without_quotes_there_is_nothing_to_draw() -> None:
    assert draw([], READER) is None


def test_quotes_in_the_readers_language_come_first() -> None:
    shown = drawn(READER, pool(20), 20)
    assert {int(quote[1:]) % 2 for quote in shown[:10]} == {0}


def test_a_quote_that_is_added_meanwhile_comes_in_this_round() -> None:
    places = [draw(pool(1), replace(READER, id=ReaderId(number))) for number in range(1, 40)]
    early = min(number for number, place in enumerate(places, 1) if place and place.place < "a8")
    reader = replace(READER, id=ReaderId(early))
    first = draw(pool(1), reader)
    assert first is not None
    reader = replace(reader, quote_round=first.round, quote_place=first.place)
    assert drawn(reader, pool(2), 1) == ["q1"]
