"""Every kind of block in the form in which a chat shows it."""

import pytest

from bot.article.markdown.parser import tokens
from bot.article.markdown.tree import blocks_of
from bot.article.model import CodeBlock
from bot.message.blocks import format_blocks
from bot.message.formatted_text import FormattedText, Span, normalize, to_message
from bot.message.model import Message


def shown(text: str) -> Message:
    return to_message(format_blocks(blocks_of(tokens(text))))


def marked(message: Message) -> str:
    """The text with its entities as brackets, for people to compare."""
    marks: list[tuple[int, int, str]] = []
    for entity in message.entities:
        marks.append((entity.offset, 1, f"‹{entity.kind} "))
        marks.append((entity.offset + entity.length, 0, "›"))
    units = message.text.encode("utf-16-le")
    text, last = "", 0
    for offset, _, mark in sorted(marks, key=lambda mark: mark[:2]):
        text += units[2 * last : 2 * offset].decode("utf-16-le") + mark
        last = offset
    return text + units[2 * last :].decode("utf-16-le")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\nb", "a\n\nb"),
        ("**a** *b* ~~c~~ `d`", "‹bold a› ‹italic b› ‹strikethrough c› ‹code d›"),
        ("[a](https://a.example) [b](http://localhost) [c](#d)", "‹text_link a› b c"),
        ("- a\n- b", "• a\n• b"),
        ("- a\n  - b\n    - c", "• a\n\u2003◦ b\n\u2003\u2003▪ c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n  second\n- b", "• a\n\u2003second\n• b"),
        ("- [x] a\n- [ ] b", "☑ a\n☐ b"),
        ("- ```\n  code\n  ```", "•\n‹pre code›"),
        ("```py\na\n\n  b\n```", "‹pre a\n\n  b›"),
        ("> a\n>\n> b", "‹blockquote a\n\nb›"),
        ("> a\n> > b", "‹blockquote a\n\nb›"),
        ("> ## a\n> b", "‹blockquote ‹bold a›\n\nb›"),
        ("| a | b |\n|---|---|\n| 真 | d |", "‹pre a   b\n真  d›"),
        ("| a | b |\n|---|---|\n| [c](https://a.example) | d |", "‹bold a · b›\n‹text_link c› · d"),
        (
            "| a | b | c |\n|---|---|---|\n| " + "long " * 9 + "| *d* | |\n| e | f | g |",
            "a: ‹bold " + "long " * 8 + "long›\nb: ‹italic d›\nc: –\n\na: ‹bold e›\nb: f\nc: g",
        ),
        ("| " + "long " * 9 + "|\n|---|", "‹bold " + "long " * 8 + "long›"),
        ("Term\n: one\n: two\n\nOther\n: three", "‹bold Term›\n\n• one\n• two\n\n‹bold Other›\n\n• three"),
        ("$a_1*b_2*c$ costs $5 or $6 now", "$a_1*b_2*c$ costs $5 or $6 now"),
        ("$$\nx*y*z\n$$", "‹pre x*y*z›"),
        (
            "a[^1] b^[said *aside*]\n\n[^2]: nobody points here",
            "a[1] b (said ‹italic aside›)\n\n[2] nobody points here",
        ),
        ('![](x.png "caption") ![alt](x.png "alt")', "🖼 caption 🖼 alt"),
        ("<img src='https://a.example/x.png' alt='alt' title='more'>", "‹text_link 🖼 alt · more›"),
        ("a <br> b", "a\nb"),
        ("a\n\n> b\n\nc", "a\n‹blockquote b›\nc"),
        ("> a\n\n```\nb\n```\n\nc", "‹blockquote a›\n\n‹pre b›\nc"),
        ("a\n\n---\n\nb", "a\n\n＊　＊　＊\n\nb"),
        ("![alt](https://a.example/x.png) ![](x.png)", "‹text_link 🖼 alt› 🖼"),
        ("👍 **b** 👍", "👍 ‹bold b› 👍"),
        ("**a `b` c**", "‹bold a b c›"),
        ("<b>a</b><br>b", "‹bold a›\nb"),
        ("a\u202eb\u2028c", "ab c"),
    ],
)
def test_markdown_reads_well_in_a_chat(text: str, expected: str) -> None:
    assert marked(shown(text)) == expected


def test_code_block_tells_its_language() -> None:
    assert shown("```py\nx\n```").entities[0].language == "py"


def test_offsets_are_utf16_units() -> None:
    entity = shown("👍 **b**").entities[0]
    assert (entity.offset, entity.length) == (3, 1)


def test_spans_are_kept_as_telegram_keeps_them() -> None:
    text = "  bold  code  "
    rich = FormattedText(
        text, (Span("bold", 0, 14), Span("bold", 2, 6), Span("code", 8, 12), Span("italic", 6, 8))
    )
    [entity] = to_message(rich).entities
    assert (entity.kind, entity.offset, entity.length) == ("bold", 0, 10)


def test_span_ends_with_its_words() -> None:
    rich = FormattedText(" one two  three ", (Span("bold", 0, 5), Span("italic", 8, 16), Span("code", 8, 10)))
    assert to_message(rich).text == "one two  three"
    kept = {entity.kind: (entity.offset, entity.length) for entity in to_message(rich).entities}
    assert kept == {"bold": (0, 3), "italic": (9, 5)}
    assert normalize(rich).spans == (Span("bold", 0, 3), Span("italic", 9, 14))


def test_of_two_spans_that_cross_the_first_stays() -> None:
    rich = FormattedText("abcdef", (Span("bold", 0, 4), Span("italic", 2, 6)))
    assert [entity.kind for entity in to_message(rich).entities] == ["bold"]


def test_code_keeps_its_indentation_by_tabs() -> None:
    assert format_blocks((CodeBlock("if x:\n\ty()"),)).text == "if x:\n    y()"
