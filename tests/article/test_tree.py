"""Markdown and HTML become the small tree that an article keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.article.markdown.parser import parser, tokens
from bot.article.markdown.tree import blocks_of
from bot.article.model import (
    Block,
    BlockQuote,
    Code,
    CodeBlock,
    Emphasis,
    Image,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    Paragraph,
    Table,
    Text,
    ThematicBreak,
)
from bot.article.plain_text import columns, plain, plain_blocks, visible, without_images


def blocks(text: str) -> tuple[Block, ...]:
    return blocks_of(tokens(text))


def inlines(text: str) -> tuple[Inline, ...]:
    [paragraph] = blocks(text)
    assert isinstance(paragraph, Paragraph)
    return paragraph.inlines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**真。**她", (Emphasis("strong", (Text("真。"),)), Text("她"))),
        ("他说**“好”**了", (Text("他说"), Emphasis("strong", (Text("“好”"),)), Text("了"))),
        ("2 * 3 * 4", (Text("2 * 3 * 4"),)),
        ("~~gone~~", (Emphasis("strike", (Text("gone"),)),)),
        (r"so \(a_1 * b_1 * c\) holds", (Text(r"so \(a_1 * b_1 * c\) holds"),)),
        (r"\[ x^2 \]", (Text(r"\[ x^2 \]"),)),
        (r"\(\) \(never \*closed\*", (Text("() (never *closed*"),)),
        (r"a \[link\](b)", (Text("a [link](b)"),)),
        (r"\[\alpha\] and \(see below\)", (Text(r"\[\alpha\] and (see below)"),)),
        ("`a  b`", (Code("a  b"),)),
        ("[w](http://a.example)", (Link("http://a.example", (Text("w"),)),)),
        ("![alt *text*](a.png)", (Image("a.png", "alt text"),)),
        ("see https://a.example/x_(y).", (Text("see "), Link("https://a.example/x_(y)", (Text("https://a.example/x_(y)"),)), Text("."))),
        ("见https://a.example。", (Text("见"), Link("https://a.example", (Text("https://a.example"),)), Text("。"))),
        ("a<br>b", (Text("a"), LineBreak(), Text("b"))),
        ('<b>w</b> <img src="a.png" alt="x"> <a href="http://a.example">l</a>',
         (Emphasis("strong", (Text("w"),)), Text(" "), Image("a.png", "x"), Text(" "), Link("http://a.example", (Text("l"),)))),
        ("a <!-- hidden --> b", (Text("a  b"),)),
        ("<b>open", (Emphasis("strong", (Text("open"),)),)),
        ("a</b>b", (Text("ab"),)),
    ],
)  # fmt: skip
def test_line_becomes_words_links_and_pictures(text: str, expected: tuple[Inline, ...]) -> None:
    assert inlines(text) == expected


@pytest.mark.parametrize("link", ['<a href="https://a.example">{}</a>', "[{}](https://a.example)"])
def test_address_inside_a_link_is_no_link_of_its_own(link: str) -> None:
    words = "see *https://b.example*"
    children = (Text("see "), Emphasis("emphasis", (Text("https://b.example"),)))
    assert inlines(link.format(words)) == (Link("https://a.example", children),)


def test_short_lines_stay_lines_and_wrapped_ones_flow() -> None:
    assert LineBreak() in inlines("a rose\nis a rose")
    wide = "This line is as long as an editor's wrapping makes it,"
    assert plain(inlines(f"{wide}\nand goes on.")) == f"{wide} and goes on."
    chinese = "这一行和编辑器自动换行一样长所以读者看到的时候不应该断开来"
    assert plain(inlines(f"{chinese}\n接着说。")) == f"{chinese}接着说。"
    assert plain(inlines(f"{chinese}\nPython")) == f"{chinese} Python"
    assert plain(inlines(f"**{chinese}**\n<b>接着说。</b>")) == f"{chinese}接着说。"


@pytest.mark.parametrize(
    ("text", "flows"),
    [
        (
            "A line that is as long as an editor's wrapping,\nand a\n[very-long-address-that-does-not-break](https://a.example/x)",
            True,
        ),
        (
            "importModuleDynamically\n{Function|vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER}\nUsed to say how.",
            True,
        ),
        ("**Default:**\nA line that is as long as an editor's wrapping makes it.", False),
        ("Roses are red\nviolets are blue", False),
        (
            "There are three ways to do that, and each has its own place:\n1、with an element of its own, as in the example;\n2、without.",
            False,
        ),
        (f"Added to\n[`B`](https://a.example/{'x' * 90}),\nand\n[`C`](https://a.example/{'x' * 80}).", True),
    ],
)
def test_short_line_is_wrapped_if_the_next_word_did_not_fit(text: str, flows: bool) -> None:  # noqa: FBT001  # a column of the table
    assert (LineBreak() not in inlines(text)) is flows


def test_lists_keep_their_numbers_tasks_and_nesting() -> None:
    [numbered] = blocks("3. a\n4. b\n   - c")
    assert isinstance(numbered, ListBlock)
    assert (numbered.start, len(numbered.items)) == (3, 2)
    assert isinstance(numbered.items[1].blocks[1], ListBlock)
    [tasks] = blocks("- [x] done\n- [ ] open\n- plain")
    assert isinstance(tasks, ListBlock)
    assert [item.done for item in tasks.items] == [True, False, None]
    assert plain_blocks((tasks,)) == "done\nopen\nplain"


def test_code_tables_rules_and_quotes_are_blocks() -> None:
    assert blocks("```py x\na\n```") == (CodeBlock("a", "py"),)
    assert blocks("    a\n") == (CodeBlock("a"),)
    assert blocks("***") == (ThematicBreak(),)
    [table] = blocks("|a|b|\n|-|-|\n|c|d|")
    assert isinstance(table, Table)
    assert plain_blocks((table,)) == "a · b\nc · d"
    [quote] = blocks("> a\n>\n> b")
    assert isinstance(quote, BlockQuote)
    assert len(quote.blocks) == 2


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>a <b>b</b></p>", "a b"),
        ("<div>a<p>b</div>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a · b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n\n• b"),
        ("<script>x()</script><style>y</style><p>a</p>", "a"),
        ("<!-- hidden -->", ""),
        ("<p>a<!-- hidden -->b</p>", "ab"),
        ("<p>a</p><!-- never closed <p>b", "a"),
        ("<p>a <!DOCTYPE x> b <?php x ?> c</p>", "a b c"),
        ("<p>a <!b", "a <!b"),
        ("<details><summary>s</summary>a</details>", "s\n\na"),
        ("<p>a&amp;b</p>", "a&b"),
        ('<p>a<br>b <i>c</i> <a href="http://a.example">d</a><img src="x" alt="e"></p>', "a\nb c de"),
        ("<h2>Heading</h2><p></b>text</i></p>", "Heading\n\ntext"),
        ("<pre><b>bold</b> code</pre>", "bold code"),
        ("<div><b>never closed <p>next</p></div>", "never closed\n\nnext"),
    ],
)
def test_block_of_html_keeps_its_words_and_hides_its_scripts(html: str, words: str) -> None:
    assert plain_blocks(blocks(html)) == words


def test_cell_may_hold_anything_and_headings_live_in_quotes() -> None:
    [quote] = blocks("> ## Inside\n>\n> text")
    assert isinstance(quote, BlockQuote)
    assert quote.blocks[0] == Paragraph((Text("Inside"),), heading=2)
    assert blocks(">") == ()


def test_footnote_is_read_and_a_link_definition_is_not() -> None:
    assert "the note" in plain_blocks(blocks("a[^1]\n\n[^1]: the note\n\n[x]: http://a.example"))
    assert plain_blocks(blocks("[x]\n\n[x]: http://a.example")) == "x"


@pytest.mark.parametrize("mark", [">", "-", "1.", "*"])
def test_absurd_nesting_loses_no_words(mark: str) -> None:
    assert "the end" in plain_blocks(blocks(f"{mark} " * 3000 + "the end"))


def test_thousands_of_open_marks_end_in_time_and_lose_no_words() -> None:
    for mark in ("[", "**a ", "<b>", "`", "![", "_a "):
        assert "the end" in plain_blocks(blocks("x " + mark * 1000 + "the end"))


@given(st.text(alphabet="ab *_~`真。，“”"))
def test_emphasis_marks_come_and_go_but_words_stay(text: str) -> None:
    letters = "ab真。，“”"
    # The letter in front keeps a line from becoming a list, a fence or a rule.
    assert [c for c in plain_blocks(blocks(f"x{text}")) if c in letters] == [c for c in text if c in letters]


def test_what_nobody_can_see_is_not_visible() -> None:
    assert visible("\u200b \u3164\ufeff") == ""
    assert visible("\u200ba  b\u200b") == "a b"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("> [!NOTE]\n> Read **this**.", "note", "Note\n\nRead this."),
        ("> [!tip]- Fold me\n> Bring gloves.", "tip", "Fold me\n\nBring gloves."),
        ("> [!todo]\n> - [ ] Order", "todo", "Todo\n\nOrder"),
        ("> [!info]", "info", "Info"),
        ("> [!x", "", "[!x"),
        ("> [!x](https://a.example)", "", "!x"),
    ],
)
def test_call_out_has_its_kind_or_its_title_above(text: str, kind: str, words: str) -> None:
    [quote] = blocks(text)
    assert isinstance(quote, BlockQuote)
    assert (quote.call_out, plain_blocks((quote,))) == (kind, words)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<blockquote>a</blockquote>b", (BlockQuote((Paragraph((Text("a"),)),)), Paragraph((Text("b"),)))),
        (
            "<blockquote><p>a<footer>Bo",
            (BlockQuote((Paragraph((Text("a"),)), Paragraph((Text("— "), Text("Bo"))))),),
        ),
        (
            "<blockquote><p>a</p><footer><p>Bo</p></footer><p>c</p></blockquote>",
            (
                BlockQuote(
                    (Paragraph((Text("a"),)), Paragraph((Text("— "), Text("Bo"))), Paragraph((Text("c"),)))
                ),
            ),
        ),
        (
            "<blockquote>a<footer></footer><p>b</p></blockquote>",
            (BlockQuote((Paragraph((Text("a"),)), Paragraph((Text("b"),)))),),
        ),
        ("<p>—</p><footer>b</footer>", (Paragraph((Text("—"),)), Paragraph((Text("b"),)))),
        ("<blockquote></blockquote>a</blockquote>", (Paragraph((Text("a"),)),)),
        (
            "<figure><blockquote>a</blockquote><figcaption>– Bo</figcaption></figure>",
            (BlockQuote((Paragraph((Text("a"),)),)), Paragraph((Text("– Bo"),))),
        ),
    ],
)
def test_block_quote_in_html(html: str, expected: tuple[Block, ...]) -> None:
    assert blocks(html) == expected


def test_block_quotes_in_html_by_the_thousand() -> None:
    assert plain_blocks(blocks("<blockquote>" * 5000 + "a")) == "a"


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("中文", 4), ("e\u0301", 1), ("a\u200bb", 2), ("ｆ", 2), ("", 0)]
)
def test_how_wide_a_text_stands(text: str, width: int) -> None:
    assert columns(text) == width


def test_line_without_pictures_loses_what_held_nothing_else() -> None:
    line = inlines("a [![badge](b.png)](https://a.example) **b ![](c.png)**")
    assert plain(without_images(line)) == "a  b "
    assert without_images(inlines("[![badge](b.png)](https://a.example)")) == ()


@given(st.text("abz09.-", min_size=1, max_size=8), st.text("abzAB09.-/?#@!$&'()*+,;=:~_%é ", max_size=12))
def test_address_is_as_the_standard_has_it_taken_apart_or_not(host: str, rest: str) -> None:
    address = f"https://{host}/{rest}"
    assert parser().normalizeLink(address) == MarkdownIt().normalizeLink(address)
