"""What strangers send to see whether anything gives way: texts, values and pieces of documents."""

import os
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st

TEXTS: Final = (
    "/summary " + "🦄" * 2000,
    "/summary " + "a " * 2000,
    "/quote " + "的" * 4000,
    "/quote " + " ".join(f"word{number}" for number in range(600)),
    "/articles " + "%_" * 2000,
    "/summary \u202e\u0000\u200b" + "\u0301" * 3000,
    "/sections ﷺ" + "ﷺ" * 1500,
    "/subscribe " + "8:30 " * 800,
    "/subscribe " + "9" * 4000,
    "/subscribe 八点" + "半" * 2000,
    "(" * 4000,
    "a" * 4096,
    "/quote '\" OR 1=1 -- " + "NEAR(" * 700,
    "/summary 9223372036854775808",
)
"""Messages that were slow, or broke something, once."""

VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, -1.5, 2**31, 2**63 - 1, 2**63, -(2**63), 2**70, "", "\x00", "\ud800", "\u202eabc",
    "a" * 5000, "9" * 400, [], {}, [[]], [None], {"id": 2**63}, {"type": "private"}, {"a": {"a": {"a": {}}}},
)  # fmt: skip
"""What may stand where something else is expected."""

PIECES: Final = (
    *"[]()<>!*_`~#|$^:-=+\\&'\"“”@",
    *("\n", "\n\n", "  ", "\t", "\x00", "\u200b", "\u202e", "\u0301", "🇦", "👨‍👩‍👧", "a", "a ", "真", "1"),
    *("> ", "- ", "1. ", "- [ ] ", "# ", "## ", "---\n", "+++\n", "~~~\n", "```\n", "$$", "\\(", "\\["),
    *(
        "[^1]",
        "[^1]: ",
        "^[",
        "![](",
        "](x)",
        "](<",
        "[a]: <",
        "[a]: (",
        "[a]\n",
        "**a ",
        "_a*",
        "~~a",
        "$a ",
    ),
    *(
        "|a",
        "|-|-|\n",
        "|c|d|\n",
        "a\n: b\n",
        "a\n===\n",
        "  \n",
        "<b>",
        "<!--",
        "<![CDATA[",
        "<p a=b ",
        "<a x='",
    ),
    *(
        "&#",
        "&amp;",
        "http://",
        "http://a.example/b ",
        "a@b.c ",
        "tg://user?id=1",
        "a: b\n",
        "a.b.",
        "{a: [",
        "&a ",
    ),
    *("来源：a，", "“a”", "—— ", "by ", "title: ", "2026-01-", "> [!NOTE]\n", "\r", "\r\n", "\ufeff"),
)
"""What Markdown, HTML, YAML, TOML and our own reading of them give a meaning to."""

_MAX_TIMES: Final = 400

REPEATED: Final = st.lists(
    st.tuples(
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join), st.integers(1, _MAX_TIMES)
    ).map(lambda each: each[0] * each[1]),
    min_size=1,
    max_size=8,
).map("".join)
"""Documents of pieces that come again and again: what is quadratic shows in them."""

TYPED: Final = st.one_of(
    st.text(max_size=4096), st.sampled_from(TEXTS).map(lambda text: text.partition(" ")[2]), REPEATED
)
"""Words as somebody types them."""

JSON: Final = st.recursive(
    st.one_of(st.sampled_from(VALUES[:19]), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


def examples(count: int) -> settings:
    """So many examples; `FUZZ=20` asks for twenty times as many."""
    return settings(max_examples=count * int(os.environ.get("FUZZ", "1")), deadline=None)
