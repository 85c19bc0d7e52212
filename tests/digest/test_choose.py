"""Quotes do not repeat until the pool is used up."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.article.library import QuotePool
from bot.article.model import ArticleId
from bot.digest.choose import draw, next_key
from bot.i18n import Language
from bot.reader.model import Cursors, Place, Reader, ReaderId
from tests.clock import NOON

READER = Reader(id=ReaderId(1), place=Place(5), language=Language("en"), active_at=NOON)
KEYS = st.integers(0, 2**64 - 1)


def key(number: int) -> int:
    return (number + 1) * 0x9E3779B97F4A7C15 % 2**64


def pool(count: int) -> QuotePool:
    """Every second quote is in the reader's language."""
    keys = [key(number) for number in range(count)]
    articles = {key: ArticleId(number % 3) for number, key in enumerate(keys)}
    return QuotePool(sorted(keys[::2]), sorted(keys[1::2]), articles)


def drawn(reader: Reader, quotes: QuotePool, count: int) -> list[int]:
    shown: list[int] = []
    for _ in range(count):
        found = draw(quotes, reader)
        assert found is not None
        reader = replace(reader, cursors=Cursors(quote_round=found.round, quote_place=found.place))
        shown.append(int(found.quote, 16))
    return shown


@given(st.integers(1, 40), st.integers(1, 10**9))
def test_every_round_shows_every_quote_once(count: int, reader: int) -> None:
    shown = drawn(replace(READER, id=ReaderId(reader)), pool(count), 2 * count)
    assert set(shown[:count]) == set(shown[count:]) == set(pool(count).articles)


@given(st.sets(KEYS), KEYS, st.one_of(st.just(-1), KEYS))
def test_next_key_is_the_smallest_above_in_the_masked_order(keys: set[int], mask: int, after: int) -> None:
    above = [one for one in keys if one ^ mask > after]
    assert next_key(sorted(keys), mask, after) == min(above, key=lambda one: one ^ mask, default=None)


def test_readers_and_rounds_differ_in_their_order() -> None:
    first, second = drawn(READER, pool(20), 40)[:20], drawn(READER, pool(20), 40)[20:]
    other = drawn(replace(READER, id=ReaderId(2)), pool(20), 20)
    assert first != second
    assert first != other


def test_without_quotes_there_is_nothing_to_draw() -> None:
    assert draw(QuotePool([], [], {}), READER) is None


def test_quotes_in_the_readers_language_come_first() -> None:
    assert set(drawn(READER, pool(20), 20)[:10]) == set(pool(20).preferred)


def test_quote_that_is_added_meanwhile_comes_in_this_round() -> None:
    whole = pool(20)
    shown = drawn(READER, whole, 2)
    before = QuotePool([one for one in whole.preferred if one != shown[1]], whole.others, whole.articles)
    first = draw(before, READER)
    assert first is not None
    assert int(first.quote, 16) == shown[0]
    reader = replace(READER, cursors=Cursors(quote_round=first.round, quote_place=first.place))
    assert drawn(reader, whole, 1) == [shown[1]]


class Counted(list[int]):
    """Keys that count how often one is looked at."""

    looks = 0

    def __getitem__(self, index: object) -> int:  # type: ignore[override]  # only single keys are taken
        Counted.looks += 1
        return list.__getitem__(self, index)  # type: ignore[call-overload, no-any-return]  # the same


def test_draw_looks_at_few_of_many_quotes() -> None:
    keys = Counted(sorted(key(number) for number in range(10_000)))
    articles = dict.fromkeys(keys, ArticleId(1))
    Counted.looks = 0
    begun = Cursors(quote_place="a" + "8" * 16)
    for number in range(100):
        draw(QuotePool(keys, [], articles), replace(READER, id=ReaderId(number), cursors=begun))
    assert 0 < Counted.looks < 100 * 64 * 2 * 15


@given(st.integers(2, 12), st.integers(1, 10**9))
def test_no_quote_comes_twice_in_a_row(count: int, reader: int) -> None:
    shown = drawn(replace(READER, id=ReaderId(reader)), pool(count), 6 * count)
    assert all(first != second for first, second in pairwise(shown))


def only(wanted: set[int]) -> Callable[[ArticleId], bool]:
    return lambda article: article in wanted


def wanted_ones(reader: Reader, quotes: QuotePool, wanted: set[int], count: int) -> list[int]:
    shown: list[int] = []
    for _ in range(count):
        found = draw(quotes, reader, is_wanted=only(wanted))
        assert found is not None
        assert found.article in wanted
        reader = replace(reader, cursors=Cursors(quote_round=found.round, quote_place=found.place))
        shown.append(int(found.quote, 16))
    return shown


def test_few_wanted_quotes_come_round_as_all_do() -> None:
    """One article in five hundred is wanted: beyond what is looked at one by one."""
    keys = [key(number) for number in range(3_000)]
    quotes = QuotePool(
        sorted(keys[::2]), sorted(keys[1::2]), {k: ArticleId(n // 6) for n, k in enumerate(keys)}
    )
    shown = wanted_ones(READER, quotes, {7}, 18)
    assert len(set(shown[:6])) == len(set(shown[6:12])) == len(set(shown[12:])) == 6
    assert all(before != after for before, after in pairwise(shown))


def test_wanted_quotes_keep_the_order_of_all() -> None:
    quotes = pool(60)
    everything = drawn(READER, quotes, 60)
    wanted = [one for one in everything if quotes.articles[one] == 1]
    assert wanted_ones(READER, quotes, {1}, len(wanted)) == wanted


@given(st.integers(1, 10**9))
def test_of_two_wanted_quotes_far_apart_none_comes_twice_in_a_row(reader: int) -> None:
    keys = [key(number) for number in range(200)]
    quotes = QuotePool(sorted(keys), [], {each: ArticleId(n // 2) for n, each in enumerate(keys)})
    shown = wanted_ones(replace(READER, id=ReaderId(reader)), quotes, {7}, 8)
    assert all(before != after for before, after in pairwise(shown))


def test_only_wanted_quote_comes_again() -> None:
    keys = sorted(key(number) for number in range(500))
    quotes = QuotePool(keys, [], {k: ArticleId(n) for n, k in enumerate(keys)})
    assert wanted_ones(READER, quotes, {250}, 3) == [keys[250]] * 3


def test_nothing_wanted_is_nothing() -> None:
    assert draw(pool(60), READER, is_wanted=only(set())) is None
