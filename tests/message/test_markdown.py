"""Texts that were formatted in Telegram, as the Markdown that an article is read from."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.article.parse import parse
from bot.message.edition import edition_of
from bot.message.limits import utf16
from bot.message.markdown import to_markdown
from bot.message.model import Entity, EntityKind


def covering(text: str, part: str, kind: EntityKind, **more: str) -> Entity:
    return Entity(kind=kind, offset=utf16(text[: text.index(part)]), length=utf16(part), **more)


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("bold", {}, "👍 他说<b>“好”</b>吗"),
        ("italic", {}, "👍 他说<i>“好”</i>吗"),
        ("strikethrough", {}, "👍 他说<s>“好”</s>吗"),
        ("code", {}, "👍 他说`“好”`吗"),
        (
            "text_link",
            {"url": 'https://a.example/?b="c&d'},
            '👍 他说<a href="https://a.example/?b=&quot;c&amp;d">“好”</a>吗',
        ),
    ],
)
def test_what_was_formatted_is_marked(kind: EntityKind, more: dict[str, str], expected: str) -> None:
    text = "👍 他说“好”吗"
    assert to_markdown(text, [covering(text, "“好”", kind, **more)]) == expected


def test_line_stays_what_it_is() -> None:
    text = "# Title\n\n- one\n2. two\nthree"
    bold = Entity(kind="bold", offset=0, length=len(text))
    assert to_markdown(text, [bold]) == "# <b>Title</b>\n\n- <b>one</b>\n2. <b>two</b>\n<b>three</b>"


def test_what_overlaps_keeps_both() -> None:
    bold, italic = Entity(kind="bold", offset=0, length=2), Entity(kind="italic", offset=1, length=2)
    assert to_markdown("abc", [bold, italic]) == "<b>a</b><i><b>b</b></i><i>c</i>"


def test_blocks_stand_on_lines_of_their_own() -> None:
    text = "before\nsaid so\nand so\nafter\nx = `1`\nend"
    blocks = [
        covering(text, "said so\nand so", "blockquote"),
        covering(text, "so", "bold"),
        covering(text, "x = `1`", "pre", language="py"),
    ]
    assert to_markdown(text, blocks) == (
        "before\n\n> said <b>so</b>\n> and so\n\nafter\n\n```py\nx = `1`\n```\n\nend"
    )


def test_ticks_within_code_do_not_end_it() -> None:
    assert to_markdown("a`b", [Entity(kind="code", offset=0, length=3)]) == "``a`b``"
    assert to_markdown("`", [Entity(kind="code", offset=0, length=1)]) == "`` ` ``"
    assert to_markdown("`a", [Entity(kind="code", offset=0, length=2)]) == "`` `a ``"
    assert to_markdown("a`", [Entity(kind="code", offset=0, length=2)]) == "`` a` ``"
    fenced = to_markdown("```\na", [Entity(kind="pre", offset=0, length=5)])
    assert fenced == "````\n```\na\n````"


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("    a", 0, "   <b>a</b>"),
        ("    a", 4, "   <b>a</b>"),
        ("x\n\n\ta b", 5, "x\n\n   a <b>b</b>"),
        ("- x\n    - b", 10, "- x\n    - <b>b</b>"),
        ("    a\nb", 6, "    a\n<b>b</b>"),
    ],
)
def test_line_far_to_the_right_is_no_code_where_it_is_formatted(text: str, at: int, expected: str) -> None:
    assert to_markdown(text, [Entity(kind="bold", offset=at, length=len(text) - at)]) == expected


LETTERS = st.text("ab 文👍\n", max_size=20)
KINDS: list[EntityKind] = ["bold", "italic", "code", "text_link", "pre", "blockquote"]


@example("    a", [("bold", 0, 5)])
@given(
    LETTERS, st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 25), st.integers(1, 25)), max_size=4)
)
def test_no_letter_is_lost_and_none_is_added(text: str, places: list[tuple[EntityKind, int, int]]) -> None:
    entities = [
        Entity(kind=kind, offset=utf16(text[:at]), length=utf16(text[at : at + size]), url="https://a.b")
        for kind, at, size in places
    ]
    article = parse(f"# T\n\nX.\n\n## S\n\n{to_markdown(text, entities)}", file="a.md")
    read = "".join(page.text for section in edition_of(article).sections for page in section.pages)
    for letter in "ab文👍":
        assert read.count(letter) == text.count(letter)
