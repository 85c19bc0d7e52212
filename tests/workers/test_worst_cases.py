"""What was made to be slow: thousands of nested or unclosed marks are read, or refused, and nothing hangs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ArticleError
from bot.workers.prepare import prepare

N = 3000

SHAPES = {
    "quotes in quotes": ">" * N + " a",
    "lists in lists": "".join("  " * level + "- a\n" for level in range(300)),
    "a list": "- a\n" * N,
    "open brackets": "[" * N + "a",
    "open pictures": "![" * N + "a",
    "open links": "[a](b" * N,
    "links in links": "[" * N + "a" + "](b)" * N,
    "open notes": "^[" * N + "a",
    "marks of notes": "[^1] " * N + "\n\n[^1]: a",
    "notes": "".join(f"[^{n}] " for n in range(500)) + "".join(f"\n\n[^{n}]: a" for n in range(500)),
    "stars": "*" * N + "a",
    "open emphasis": "**a " * N,
    "emphasis in emphasis": "*a **b " * N + "c** d*" * N,
    "back-ticks": "".join("`" * n + " " for n in range(1, 200)),
    "dollars": "$a " * N,
    "formulas": "$a$ " * N,
    "a table": "|a|b|\n|-|-|\n" + "|c|d|\n" * N,
    "a wide table": "|" + "a|" * N + "\n|" + "-|" * N + "\n|" + "b|" * N,
    "definitions": "a\n: b\n\n" * 1000,
    "headings": "# a\n" * N,
    "headings in html": "<h1>a</h1>\n\n" * N,
    "open tags": "<b>" * N + "a",
    "open blocks": "<div>\n" * N + "a",
    "open comments": "<!--" * N,
    "open declarations": "a\n\n<p><!A" + "<!A " * N,
    "entities": "&#" * N + "a",
    "escapes": "\\" * N + "a",
    "addresses": "http://a.example/b " * N,
    "one long address": "http://a.example/" + "b" * 20_000,
    "quotations": "“words here”\n\n" * 500,
    "families": "👨‍👩‍👧‍👦" * 500,
    "accents": "a" + "\u0301" * N,
    "nothing to see": "\u200b" * N + "a",
    "hard breaks": "a  \n" * N,
    "a header of many lines": "---\n" + "a: b\n" * N + "---\ntext",
    "colons": "a: b\n" * N,
    "one remark for ever": "# T\n\n> " + "来源：a，" * N + "\n\ntext",
}


def outcome(text: str) -> str:
    """Why a document is refused; empty if it is not."""
    try:
        prepare(text.encode(), "made.md")
    except ArticleError as refused:
        return refused.key
    return ""


@pytest.mark.timeout(20)
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_read_or_refused_and_nothing_hangs(shape: str) -> None:
    assert outcome(SHAPES[shape]) in {"", "error.no_text"}


MARKS = st.sampled_from(
    [
        *"[]()<>!*_`~#|$^:-=+\\&'\"“”",
        "\n",
        "\n\n",
        "  ",
        "> ",
        "- ",
        "1. ",
        "a",
        "真",
        "[^1]",
        "](x)",
        "**",
        "|-|",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(MARKS, min_size=1, max_size=80).map("".join))
def test_whatever_stands_in_a_document_it_is_read_or_refused_with_a_reason(text: str) -> None:
    assert outcome(text) != "error.limit"
