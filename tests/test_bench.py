"""A bound is a ceiling or a floor, and one that is broken is told."""

import json

import pytest

from tools.bench.documents import samples
from tools.bench.rows import Row, tell


@pytest.mark.parametrize(
    ("row", "ok"),
    [
        (Row("a", 1, "s"), True),
        (Row("a", 1, "s", 1), True),
        (Row("a", 1.1, "s", 1), False),
        (Row("a", 1, "/s", 1, least=True), True),
        (Row("a", 0.9, "/s", 1, least=True), False),
    ],
)
def test_bound_is_a_ceiling_or_a_floor(row: Row, ok: bool, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001  # a column of the table
    assert tell([row]) == int(not ok)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {
        "name": "a", "value": row.value, "unit": row.unit, "bound": row.bound, "baseline": None, "ok": ok,
    }  # fmt: skip
    assert ("NOT REACHED" in captured.err) is not ok


def test_documents_are_always_the_same_and_each_word_is_in_them_once() -> None:
    first, second = samples(2)
    assert samples(2) == [first, second]
    for sample in (first, second):
        assert 10_000 <= len(sample.text.encode()) <= 11_000
        assert all(sample.text.count(word) >= 1 for word in sample.words)
        assert len(set(sample.words)) == len(sample.words)
