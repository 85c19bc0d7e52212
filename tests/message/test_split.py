"""Splitting: nothing is lost, nothing is cut that belongs together, every part is within the limits."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.message.formatted_text import FormattedText, Span
from bot.message.limits import ENTITY_BYTES, entity_bytes, utf16
from bot.message.split import split
from tests.documents import WORDS

texts = st.lists(st.sampled_from([*WORDS, " ", "\n", "\n\n", "word. ", "3.14159"]), max_size=120).map("".join)


@st.composite
def riches(draw: st.DrawFn) -> FormattedText:
    parts = draw(st.lists(st.tuples(texts, st.sampled_from(["", "bold", "link", "quote"])), max_size=8))
    return FormattedText.join("", [_styled(text, kind) for text, kind in parts])


def _styled(text: str, kind: str) -> FormattedText:
    rich = FormattedText.plain(text)
    match kind:
        case "bold":
            return rich.bold()
        case "link":
            return rich.link("https://a.example/")
        case "quote":
            return rich.quote()
        case _:
            return rich


def without_space(text: str) -> str:
    return "".join(text.split())


@given(riches(), st.integers(8, 200), st.integers(1, 5))
def test_parts_hold_all_the_text_and_keep_the_limits(rich: FormattedText, limit: int, entities: int) -> None:
    parts = split(rich, limit=limit, entities=entities)
    assert without_space("".join(part.text for part in parts)) == without_space(rich.text)
    assert all(utf16(part.text) <= limit and len(part.spans) <= entities for part in parts)
    assert all(part.text == part.text.strip() for part in parts)


@given(riches(), st.integers(30, 200))
def test_what_was_bold_or_linked_still_is(rich: FormattedText, limit: int) -> None:
    def styled(made: FormattedText) -> str:
        return without_space("".join(made.text[span.start : span.end] for span in made.spans))

    assert styled(FormattedText.join("", split(rich, limit=limit))) == styled(rich)


@given(riches(), st.integers(40, 200))
def test_no_cut_goes_through_what_a_reader_sees_as_one_character(rich: FormattedText, limit: int) -> None:
    clusters = set(regex.findall(r"\X", rich.text))
    for part in split(rich, limit=limit):
        assert set(regex.findall(r"\X", part.text)) <= clusters | {"\n"}


def test_flags_in_a_row_are_cut_between_two_flags() -> None:
    parts = split(FormattedText("x" + "🇨🇳" * 200), limit=50)
    assert all(len(part.text.lstrip("x")) % 2 == 0 for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "first"),
    [
        ("one two\n\nthree four", 15, "one two"),
        ("one two\nthree four", 15, "one two"),
        ("One two. Three four", 15, "One two."),
        ("about 3.14159 or so", 10, "about"),
        ("他说：“真的。”然后走了很远", 9, "他说：“真的。”"),
        ("ask Mr.Smith about it", 9, "ask"),
        ("word " * 3 + "x" * 30, 16, "word word word"),
        ("x" * 30, 16, "x" * 16),
    ],
)
def test_cut_falls_where_a_reader_would_pause(text: str, limit: int, first: str) -> None:
    assert split(FormattedText.plain(text), limit=limit)[0].text == first


def test_link_that_crosses_a_cut_goes_on_in_the_next_part() -> None:
    parts = split(FormattedText.plain("one two three four").link("https://a.example/"), limit=10)
    assert [[span.url for span in part.spans] for part in parts] == [["https://a.example/"]] * len(parts)


def test_long_addresses_are_spread_over_parts() -> None:
    link = FormattedText.plain("w").link("https://a.example/" + "x" * 1900)
    parts = split(FormattedText.join(" ", [link] * 9))
    assert len(parts) > 1
    assert all(sum(entity_bytes(span.url) for span in part.spans) <= ENTITY_BYTES for part in parts)


def test_span_that_begins_at_a_cut_belongs_to_the_part_behind_it() -> None:
    rich = FormattedText("aaaa bbbb", (Span("bold", 5, 9),))
    assert split(rich, limit=5) == (FormattedText("aaaa"), FormattedText("bbbb", (Span("bold", 0, 4),)))


def test_there_are_no_more_parts_than_the_entities_ask_for() -> None:
    spans = tuple(Span("bold", 2 * at, 2 * at + 1) for at in range(150))
    parts = split(FormattedText("a " * 150, spans), limit=4096, entities=100)
    assert [len(part.spans) for part in parts] == [100, 50]


def test_nothing_has_no_parts() -> None:
    assert split(FormattedText(" \n ")) == ()


def test_cut_keeps_what_lies_within_it() -> None:
    spans = (Span("bold", 0, 3), Span("italic", 3, 9), Span("code", 5, 9))
    rich = FormattedText("aaaa bbbb", spans)
    assert rich.cut(0, 5) == FormattedText("aaaa ", (Span("bold", 0, 3), Span("italic", 3, 5)))
    assert rich.cut(3, 9) == FormattedText("a bbbb", (Span("italic", 0, 6), Span("code", 2, 6)))
