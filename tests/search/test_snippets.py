"""A snippet is two lines around the words, as the text has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article.plain_text import columns
from bot.search.query import parse_query
from bot.search.snippets import SNIPPET_COLUMNS, Pattern
from tests.documents import lines

TEXT = (
    "Self-attention lets each word look at all the others. In the original paper, Vaswani et al. describe "
    "scaled dot-product attention; it divides by the root of the dimension.\n注意力機制让模型在处理每个词的时候"
    "都能关注到所有其他的词，因此机器翻译的质量大为提高，训练也可以并行，机器学习的许多任务都受益。"
)


def pattern(words: str) -> Pattern:
    return Pattern([(term,) for term in parse_query(words).terms])


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("attention", ["attention"]),
        ("SCALED dot", ["scaled", "dot"]),
        ('"dot product"', ["dot-product"]),
        ('"dot produc"', []),
        ("机器", ["机器"]),
        ("機制", ["機制"]),
        ("dimens", ["dimens"]),
        ("tention", []),
        ("注", ["注", "注"]),
    ],
)
def test_hits_are_shown_as_they_stand(words: str, hits: list[str]) -> None:
    snippet = pattern(words).snippet(TEXT)
    assert [snippet.text[start:end] for start, end in snippet.hits] == hits


def test_words_of_a_phrase_are_apart_and_a_text_may_begin_with_one() -> None:
    assert pattern('"dot product"').count("dotproduct") == 0
    assert pattern('"go 数据"').count("go数据") == 1
    assert pattern("self").count("self, at the beginning of it") == 1


def test_text_that_is_cut_says_so() -> None:
    assert pattern("self").snippet(TEXT).text == (
        "Self-attention lets each word look at all the others. In …"
    )
    assert pattern("divides").snippet(TEXT).text.startswith("… it divides by the root")
    assert pattern("受益").snippet(TEXT).text.endswith("受益。")
    assert pattern("a").snippet("a b").text == "a b"
    line = "One two three four five six seven."
    assert pattern("seven").snippet(line).text == line


def test_room_before_a_hit_is_counted_in_columns() -> None:
    line = "天" * (SNIPPET_COLUMNS // 2 + 10) + "机器" + "地" * 40
    snippet = pattern("机器").snippet(line)
    assert snippet.text.startswith("…")
    assert "机器" in snippet.text


def test_snippet_within_a_long_sentence_begins_and_ends_with_whole_words() -> None:
    line = "waterwheels and millstones " * 6 + "turned " + "slowly beside rivers " * 9
    snippet = pattern("turned").snippet(line)
    words = snippet.text.removeprefix("… ").removesuffix(" …").split()
    assert set(words) <= {"waterwheels", "and", "millstones", "turned", "slowly", "beside", "rivers"}
    assert "millstones" in words


def test_hits_that_overlap_are_one() -> None:
    assert pattern("注意力 意力機").spans("的注意力機制") == [(1, 5)]


def test_accents_and_wide_letters_keep_their_places() -> None:
    snippet = pattern("cafe abc").snippet("Le cafe\u0301, et ＡＢＣ.")
    assert [snippet.text[start:end] for start, end in snippet.hits] == ["cafe", "ＡＢＣ"]


def test_terms_are_counted() -> None:
    assert pattern("attention 机器 nowhere").count(TEXT) == 2
    assert pattern("attention 机器").terms == 2


@given(st.lists(lines, max_size=40).map("\n".join), lines)
def test_snippet_of_any_text_fits_and_holds_its_hits(text: str, words: str) -> None:
    snippet = pattern(words).snippet(text)
    assert columns(snippet.text) <= SNIPPET_COLUMNS + len("…  …")
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.hits)
    if pattern(words).spans(" ".join(text.split())):
        assert snippet.hits
