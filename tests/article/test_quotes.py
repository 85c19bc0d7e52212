"""Quotes: what counts as somebody's words, who said them, and where they stand."""

import pytest

from bot.article.model import Quote
from bot.article.parse import parse
from bot.article.plain_text import plain
from bot.article.quotes.collect import quote_id, stands_in


def quotes(text: str) -> tuple[Quote, ...]:
    return parse(f"# T\n\nLead.\n\n## S\n\n{text}", file="a.md").quotes


def said(text: str) -> list[tuple[str, str | None]]:
    return [(quote.text, quote.by) for quote in quotes(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("> Words worth it.", [("Words worth it.", None)]),
        ('> "Words worth it."', [("Words worth it.", None)]),
        ("> Words worth it.\n>\n> — Ada", [("Words worth it.", "Ada")]),
        ("> Words worth it.\n\n— [Ada](https://a.example)", [("Words worth it.", "Ada")]),
        ("“一段值得记住的话。”", [("一段值得记住的话。", None)]),
        ("「一段值得记住的话。」", [("一段值得记住的话。", None)]),
        ('"Words **worth** it."', [("Words worth it.", None)]),
        ("“一段值得记住的话。” —— 名字", [("一段值得记住的话。", "名字")]),
        ('**有人评价**："在这里工作，比创业还累。"', [("在这里工作，比创业还累。", "有人评价")]),
        ("> > Nested words, once.", [("Nested words, once.", None)]),
        ("**某人**：“在这里工作，**比创业**还累。”", [("在这里工作，比创业还累。", "某人")]),
        ("> **Ada:** “Words worth it.”", [("Words worth it.", "Ada")]),
        ("> First line.\n> — Ada", [("First line.", "Ada")]),
        ("- “Words in a list.”", [("Words in a list.", None)]),
        ("“A “nested” quotation here.”", [("A “nested” quotation here.", None)]),
        ("> text\n>\n> > inner words\n> >\n> > — Ada", [("text\n\ninner words", "Ada")]),
        ("> One here.\n\n> Two here.\n\n— Ada", [("One here.", None), ("Two here.", "Ada")]),
        ("> Same words.\n\ntext\n\n> same WORDS!", [("Same words.", None)]),
    ],
)
def test_somebodys_words_are_found(text: str, found: list[tuple[str, str | None]]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Plain prose.",
        'He said "yes" and then "no".',
        '"One," he said, "and two."',
        "> [!NOTE]\n> Read this.",
        "> 提示：记得保存。",
        "> Note: remember to save.",
        "> ```\n> code\n> ```",
        "> ![picture](a.png)",
        "> ？！",
    ],
)
def test_what_nobody_said_is_no_quote(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("words", ["扫码改变了买菜。", "Note: nobody reads notes.", "Example: be one."])
@pytest.mark.parametrize("heading", ["## S", "## Quotes"])
def test_what_reads_like_a_remark_is_a_quote_only_if_somebody_said_it(words: str, heading: str) -> None:
    assert said(f"x\n\n{heading}\n\n> {words}\n\ntext") == []
    assert said(f"x\n\n{heading}\n\n> “{words}”\n\ntext") == [(words, None)]
    assert said(f"x\n\n{heading}\n\n> {words}\n>\n> —— Ada\n\ntext") == [(words, "Ada")]
    assert said(f"x\n\n{heading}\n\n> {words}\n\n—— Ada\n\ntext") == [(words, "Ada")]


def test_advertisement_is_no_quote() -> None:
    assert said("> 扫码进群，领取路线图。") == []
    assert said("> Sponsored by a mill: 20% off.\n\n> Words worth it.") == [("Words worth it.", None)]


@pytest.mark.parametrize("title", ["金句", "本周言论", "语录", "Quotes", "Quote of the Week"])
def test_entries_of_a_quote_section_are_quotes(title: str) -> None:
    text = f"text\n\n## {title}\n\n1、第一句话，很好。\n\n-- [甲](https://a.example)\n\n2、第二句话，也好。\n\n—— 乙\n"
    assert said(text) == [("第一句话，很好。", "甲"), ("第二句话，也好。", "乙")]
    bulleted = f"text\n\n## {title}\n\n- First words here.\n- Second words here.\n"
    assert said(bulleted) == [("First words here.", None), ("Second words here.", None)]


def test_entries_that_nobody_numbered_are_told_apart_by_who_signs_them() -> None:
    text = "x\n\n## 金句\n\n第一段话，很长。\n\n第二段话，也长。\n—— 甲\n\n“还有一句话。”\n\n只是一句说明。\n"
    assert said(text) == [("第一段话，很长。\n\n第二段话，也长。", "甲"), ("还有一句话。", None)]


def test_code_tables_and_pictures_in_a_quote_section_are_no_quotes() -> None:
    text = "x\n\n## 金句\n\n1. 编号列表里的话。\n\n```\ncode\n```\n\n![p](a.png)\n\n（2）第二句话在这里。\n\n> 引用的话。\n"
    assert [words for words, _ in said(text)] == ["编号列表里的话。", "第二句话在这里。", "引用的话。"]


def test_one_who_signs_the_same_words_later_said_them() -> None:
    assert said("> Same words.\n\ntext\n\n> Same words.\n>\n> — Ada") == [("Same words.", "Ada")]


def test_several_paragraphs_may_be_one_entry() -> None:
    text = "x\n\n## Quotes\n\n> First paragraph.\n>\n> Second paragraph.\n\n– Ada\n"
    assert said(text) == [("First paragraph.\n\nSecond paragraph.", "Ada")]


def test_what_the_author_says_below_a_block_quote_is_no_part_of_it() -> None:
    assert said("x\n\n## Quotes\n\n> Words worth it.\n\nI agree with that.\n") == [("Words worth it.", None)]


def test_quote_knows_its_section_and_link() -> None:
    article = parse("# T\n\n## A\n\ntext\n\n## B\n\n> Words here.\n\n— [Ada](https://a.example)", file="a.md")
    [quote] = article.quotes
    assert quote.url == "https://a.example"
    assert [plain(s.title) for s in article.walk() if s.id == quote.section] == ["B"]


def test_speaker_named_at_the_top_said_what_nobody_else_signed() -> None:
    article = parse(
        "---\nspeaker: Ada\n---\n# T\n\n> Mine, these words.\n\n> Yours.\n>\n> — Bob", file="a.md"
    )
    assert [quote.by for quote in article.quotes] == ["Ada", "Bob"]


def test_id_of_a_quote_survives_marks_spaces_and_case() -> None:
    assert quote_id("“Words, worth it.”") == quote_id("words worth   IT")
    assert quote_id("words") != quote_id("word")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("‘It’s not the cold.’", [("It’s not the cold.", None)]),
        ("'We don't count.'", [("We don't count.", None)]),
        ("»Ein Wort hat Zeit.«", [("Ein Wort hat Zeit.", None)]),
        ("”Vi kör när isen vill.”", [("Vi kör när isen vill.", None)]),
        ("“One opens.\n\n“Two closes.”", [("One opens.\n\nTwo closes.", None)]),
        ("“One opens.\n\nTwo never does.", []),
        ("“One.”\n\n“Two words.”", [("Two words.", None)]),
        ("> Words worth it. — Ada", [("Words worth it.", "Ada")]),
        ("> Words worth it. — and then we left.", [("Words worth it. — and then we left.", None)]),
        ("> *Words worth it. — Ada*", [("Words worth it.", "Ada")]),
        ("> Words worth it.\n- Mrs. Okafor, Leeds", [("Words worth it.", "Mrs. Okafor, Leeds")]),
        ("> Words worth it.\n\n- Send it to the office today", []),
        ("> Words worth it.\n\n> — Ada", [("Words worth it.", "Ada")]),
        ("> “Words worth it.”\n>\n> *Ada, on call*", [("Words worth it.", "Ada, on call")]),
        ("> “Words worth it.”\n>\n> ★★★ — Ada", [("Words worth it.", "Ada")]),
        ("> [!quote] Ada\n> Words worth it.", [("Words worth it.", "Ada")]),
        ("> [!cite]\n> Words worth it.", [("Words worth it.", None)]),
        ("> [!tip]- Fold\n> Words worth it.", []),
        ("<blockquote><p>Words worth it.</p><footer>Ada</footer></blockquote>", [("Words worth it.", "Ada")]),
        ("<blockquote>Words worth it.</blockquote>", [("Words worth it.", None)]),
        (">>> from a.b import c\n>>> c()", []),
        ('- `"silent"`\n- "error"', []),
        ("> Bring it [here](https://a.example).", []),
        ("They said:\n\n> Bring it [here](https://a.example).", [("Bring it here.", None)]),
        ("> Read the list below.\n\n- one\n- two", []),
        ("> Telephone: 555\n> Hours: 9-5", []),
        ("> [One](/1) | [Two](/2)", []),
        ("> Use `git` for it.", []),
        ("> Contents\n>\n> - One\n> - Two", []),
    ],
)
def test_how_words_are_marked_and_signed(text: str, found: list[tuple[str, str | None]]) -> None:
    assert said(text) == found


@pytest.mark.parametrize("title", ["FAQ", "v2.1.0", "安装", "House rules"])
def test_reference_section_has_quotes_only_if_attributed_or_introduced(title: str) -> None:
    assert said(f"x\n\n## {title}\n\n> Gates are locked at ten.") == []
    assert len(said(f"x\n\n## {title}\n\n> Gates are locked at ten.\n> — Ada")) == 1
    assert len(said(f"x\n\n## {title}\n\n> “Gates are locked at ten.”")) == 1
    assert len(said(f"x\n\n## {title}\n\nShe said:\n\n> Gates are locked at ten.")) == 1
    assert said(f"x\n\n## {title}\n\n### Below\n\n> Gates are locked at ten.") == []


def test_document_full_of_code_has_notes_rather_than_quotes() -> None:
    code = "```\nx\n```\n\n"
    assert said(f"{code * 3}> Gates are locked at ten.") == []
    assert len(said(f"{code}> Gates are locked at ten.")) == 1


def test_metadata_may_list_quotes() -> None:
    front = "speaker: Ada\nquotes:\n- Alone it stands.\n- {text: It stands below., by: Bo, url: https://b.example}"
    article = parse(
        f"---\ntitle: T\n{front}\n- [1]\n- \n---\nLead.\n\n## S\n\nNow **it** stands below.", file="a.md"
    )
    first, last = article.sections
    assert [(quote.text, quote.by, quote.url, quote.section) for quote in article.quotes] == [
        ("Alone it stands.", "Ada", None, first.id),
        ("It stands below.", "Bo", "https://b.example", last.id),
    ]


def test_quote_of_the_metadata_that_stands_in_the_text_counts_once() -> None:
    article = parse(
        "---\ntitle: T\nquotes: Words worth it.\n---\n## A\n\nx\n\n## B\n\n> Words worth it.\n> — Bo",
        file="a.md",
    )
    [quote] = article.quotes
    assert (quote.by, quote.section) == ("Bo", article.sections[1].id)


@pytest.mark.parametrize("heading", ["## 引用", "## Quotes"])
def test_section_that_explains_the_word_collects_no_quotes(heading: str) -> None:
    word = heading.removeprefix("## ")
    assert said(f"x\n\n{heading}\n\n- {word} are one thing.\n- {word} are another thing.") == []
    assert len(said(f"x\n\n{heading}\n\n- It is one thing.\n- It is another thing.")) == 2


def test_option_of_a_program_signs_nothing() -> None:
    assert said("> It is discouraged, use another.\n> --import works.") == [
        ("It is discouraged, use another.\n--import works.", None)
    ]


def test_metadata_may_list_quotes_in_a_table_of_its_own() -> None:
    text = '+++\ntitle = "T"\n[extra]\nquotes = ["Words worth it.", 1979]\n[extra.theme]\ncolour = "red"\n+++\nLead.'
    assert [quote.text for quote in parse(text, file="a.md").quotes] == ["Words worth it."]


@pytest.mark.parametrize("second", ["2、Second words here.——Bo", "“Second words here.” — Bo"])
def test_entry_ends_where_it_is_signed(second: str) -> None:
    text = f"## 金句\n\n1、First words here.\n\n-- Ada\n\n{second}\n\n**Cy**：“Third words here.”\n\nA remark of the editor."
    assert said(text) == [
        ("First words here.", "Ada"),
        ("Second words here.", "Bo"),
        ("Third words here.", "Cy"),
    ]


@pytest.mark.parametrize(
    ("words", "document"),
    [
        ("never gone", "It was *never* [gone](https://example.org/gone)."),
        ("Never, gone!", "it was never\ngone"),
        ("從未離開", "牠**從未**離開"),
        ("one two", "one<br/>two"),
    ],
)
def test_words_stand_in_a_document_whatever_its_marks(words: str, document: str) -> None:
    assert stands_in(words, document)


@pytest.mark.parametrize(
    ("words", "document"),
    [("never here", "It was never"), ("a b", "a b"), ("", "x"), ("example", "[x](https://example.org)")],
)
def test_words_that_readers_do_not_see_stand_nowhere(words: str, document: str) -> None:
    assert not stands_in(words, document)
