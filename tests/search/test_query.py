"""What people type is read as words, phrases and conditions; everything else is plain words."""

from dataclasses import replace
from datetime import date

import pytest

from bot.search.query import MAX_TERMS, Phrase, Query, Term, parse_query
from tests.documents import card


def words(text: str) -> list[str]:
    return [" ".join(term.words) + ("!" if term.is_quoted else "") for term in parse_query(text).terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Attention model", ["attention", "model"]),
        ("什么是Transformer模型", ["什么是", "transformer", "模型"]),
        ("数据,分析", ["数据", "分析"]),
        ('"attention is" all', ["attention is!", "all"]),
        ("“注意力 机制”", ["注意力 机制!"]),
        ("「機器」『學習』 «a b» „c d“", ["机器!", "学习!", "a b!", "c d!"]),
        ("node.js 3.11 don't", ["node js", "3 11", "don t"]),
        ('" OR NEAR(x) * ^ {y}: -z %', ["or", "near x", "y", "z"]),
        ("b a b a c", ["b", "a", "c"]),
        ("after:tomorrow tag:", ["after tomorrow", "tag"]),
        ("tag:-- source:!! x", ["tag", "source", "x"]),
        ("… 👍", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert words(text) == terms


def test_condition_without_a_letter_is_none() -> None:
    query = parse_query("tag:-- source:!! x")
    assert (query.tags, query.sources) == ((), ())


def test_only_so_many_terms_are_looked_for() -> None:
    assert len(parse_query(" ".join("abcdefghijk")).terms) == MAX_TERMS


def test_conditions_narrow_down() -> None:
    query = parse_query('标签：AI tag:"Machine Learning" source:InfoQ after:2026-02 x')
    assert query.terms == (Term(("x",)),)
    assert (query.tags, query.sources, query.after) == (
        ("ai", "machinelearning"),
        ("infoq",),
        date(2026, 2, 1),
    )
    assert query.is_narrowed
    assert not parse_query("x").is_narrowed


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("after:2026", date(2026, 1, 1)),
        ("After:2026/3/9", date(2026, 3, 9)),
        ("之后:2026年3月9日", date(2026, 3, 9)),
        ("之後：2026年3月", date(2026, 3, 1)),
        ("after:2026-13", None),
    ],
)
def test_first_day(typed: str, day: date | None) -> None:
    assert parse_query(typed).after == day


def test_what_was_typed_gives_the_same_query_again() -> None:
    query = parse_query("  tag:ai  “a b”\n ｃ ")
    assert parse_query(query.text) == query


def test_conditions_admit_articles() -> None:
    one = replace(card(1), tags=("Machine Learning", "AI"), source="InfoQ 中文", published=date(2026, 2, 1))
    for text in (
        "tag:ai",
        "tag:machine_learning",
        "tag:ai tag:#machine-learning",
        "source:infoq",
        "after:2026-02-01",
    ):
        assert parse_query(text).admits(one), text
    for text in ("tag:learning", "tag:ai tag:b", "source:qq", "after:2026-02-02"):
        assert not parse_query(text).admits(one), text
    assert not parse_query("after:2020").admits(replace(one, published=None))


@pytest.mark.parametrize(
    ("term", "phrase"),
    [
        (Term(("model",)), Phrase(("model",), is_prefix=True)),
        (Term(("model",), is_quoted=True), Phrase(("model",))),
        (Term(("node", "js")), Phrase(("node", "js"), is_prefix=True)),
        (Term(("数据库",)), Phrase(("数据", "据库"))),
        (Term(("库",)), Phrase(("库",))),
        (Term(("数据库", "go"), is_quoted=True), Phrase(("数据", "据库", "库", "go"))),
        (Term(("go", "数据"), is_quoted=True), Phrase(("go", "数据"))),
        (Term(("库", "go"), is_quoted=True), Phrase(("库", "go"))),
    ],
)
def test_terms_are_phrases_of_tokens(term: Term, phrase: Phrase) -> None:
    assert term.phrase() == phrase


def test_whole_word_is_no_beginning() -> None:
    assert Term(("go",)).phrase(whole=True) == Phrase(("go",))


def test_nothing_is_false() -> None:
    assert not parse_query("…")
    assert not Query(text="")
    assert parse_query("tag:ai")
