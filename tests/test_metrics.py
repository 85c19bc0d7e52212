"""Histograms count as Prometheus does."""

import pytest

from bot.metrics import Histogram, by, timed
from bot.usage import Usage


def test_value_counts_in_each_bucket_that_reaches_it() -> None:
    histogram = Histogram((1.0, 2.5))
    for value in (0.5, 1.0, 2.0, 7.0):
        histogram.observe(value)
    assert histogram.buckets() == [("1.0", 2), ("2.5", 3), ("+Inf", 4)]
    assert (histogram.count, histogram.sum) == (4, 10.5)


def test_what_fails_is_timed_too() -> None:
    histogram, moments = Histogram((1.0, 5.0)), iter((10.0, 13.0))
    with pytest.raises(ZeroDivisionError), timed(histogram, lambda: next(moments)):
        raise ZeroDivisionError
    assert (histogram.count, histogram.sum) == (1, 3.0)


def test_each_label_has_its_sample() -> None:
    assert by("lane", {"a": 1.0, "b": 2.0}) == [({"lane": "a"}, 1.0), ({"lane": "b"}, 2.0)]


def test_what_could_not_be_written_down_is_counted_again() -> None:
    usage = Usage()
    usage.count("summary", 4)
    usage.count("quote")
    taken = usage.take()
    assert taken == {("summary", 4): 1, ("quote", 0): 1}
    usage.count("summary", 4)
    usage.put_back(taken)
    assert usage.take() == {("summary", 4): 2, ("quote", 0): 1}
    assert usage.take() == {}
    assert usage.totals["summary"] == 2
