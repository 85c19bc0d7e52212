"""A document becomes an article: title, metadata, summary, sections."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article.markdown.sections import HeadingBlock, section_tree
from bot.article.model import Article, Text
from bot.article.parse import parse, parse_bytes
from bot.article.plain_text import plain, plain_blocks
from bot.errors import ArticleError


def read(text: str, file: str = "note.md") -> Article:
    return parse(text, file=file)


def titles(article: Article) -> list[tuple[int, str]]:
    return [(section.level, plain(section.title)) for section in article.walk()]


def summary(text: str) -> str:
    return plain_blocks(read(text).summary)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: 1.10\n---\n# Heading\n\ntext", "1.10"),
        ("# Heading\n\ntext", "Heading"),
        ("Before it.\n\n# Heading\n\ntext", "Heading"),
        ("## Second level\n\n# First level\n\ntext", "First level"),
        ("## Second level\n\n### Third\n\ntext", "Second level"),
        ("# One\n\na\n\n# Two\n\nb", "One"),
        ("# **Bold** and [link](http://a.example) `code`\n\ntext", "Bold and link code"),
        ("#\n\n## Named\n\ntext", "Named"),
        ("# \u200b\u200b\u200b\n\nOnly text.", "note"),
        ("Only text.", "note"),
        ("Setext\n======\n\ntext", "Setext"),
    ],
)
def test_article_always_has_a_title(text: str, title: str) -> None:
    assert read(text).title == title


def test_file_name_becomes_words_and_a_paste_is_named_by_its_first_line() -> None:
    assert read("text", "drafts/why_we-read.md").title == "why we read"
    assert read("text", "2026-01-23-notes.md").title == "2026-01-23 notes"
    assert read("First line.\nSecond line.\n", "").title == "First line."


def test_title_from_the_front_matter_keeps_another_heading_in_the_text() -> None:
    article = read("---\ntitle: Given\n---\n# Written\n\ntext")
    assert "Written" in plain_blocks(article.sections[0].body)


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n> 来源：InfoQ，作者：甲，2026-01-23\n> 原文链接：https://a.example/x\n\ntext",
        "# T\n\n> 来源: InfoQ | 编译 | 甲 | 2026年1月23日\n> 原文链接：<https://a.example/x>\n\ntext",
        "# T\n\n> Source: InfoQ\n> By 甲\n> Published: January 23, 2026\n> Link: https://a.example/x\n\ntext",
        "# T\n\n> **Source:** [InfoQ](https://a.example/x), By 甲, Published on 23 Jan 2026\n\ntext",
        "---\nsource: InfoQ\nauthor: 甲\ndate: 2026-01-23\nurl: https://a.example/x\n---\n# T\n\ntext",
        "# T\n\n> 作者：甲，发布：2026年01月23日 10:30\n> 来源：**[InfoQ](https://a.example/x)**\n\ntext",
        "Title: T\nSource: InfoQ\nAuthor: 甲\nDate: 2026-01-23\nURL: https://a.example/x\n\ntext",
    ],
)
def test_metadata_is_read_wherever_people_put_it(text: str) -> None:
    article = read(text)
    assert (article.title, article.source, article.author) == ("T", "InfoQ", "甲")
    assert (article.published, article.url) == (date(2026, 1, 23), "https://a.example/x")
    assert article.quotes == ()
    assert plain_blocks(article.sections[0].body) == "text"


def test_block_quote_under_the_title_that_says_something_else_is_a_quote() -> None:
    article = read("# T\n\n> The best way out is always through.\n\ntext")
    assert [quote.text for quote in article.quotes] == ["The best way out is always through."]
    assert article.source is None


def test_front_matter_is_never_reinterpreted() -> None:
    article = read('---\nlang: no\ntags: [1.10, yes, "#x"]\nslug: a_b-C\n---\n# T\n\ntext')
    assert (article.language, article.tags, article.slug) == ("no", ("1.10", "yes", "x"), "a_b-C")


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("", "error.empty", None),
        (" \n\n", "error.empty", None),
        ("***\n\n---\n", "error.no_text", None),
        ("# Only a title", "error.no_text", None),
        ("\u200b\u200b\u200b\n", "error.no_text", None),
    ],
)
def test_what_cannot_be_an_article_is_refused_with_its_reason_and_line(
    text: str, key: str, line: int | None
) -> None:
    with pytest.raises(ArticleError) as refused:
        parse_bytes(text.encode(), file="bad.md")
    assert (refused.value.key, refused.value.line, refused.value.file) == (key, line, "bad.md")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"x" * 2_000_001, "error.too_big"),
        (bytes(range(32)) * 20, "error.binary"),
        (b"\xff\xfea", "error.encoding"),
        (b"line\n\x81", "error.encoding"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, key: str) -> None:
    with pytest.raises(ArticleError) as refused:
        parse_bytes(data, file="bad.md")
    assert refused.value.key == key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_common_encodings_are_read(encoding: str) -> None:
    text = "# 標題與內容\r\n\r\n這是一個關於電腦的故事，我們在這裡說明它的歷史與現在。\r\nAnd English.\r\n"
    article = parse_bytes(text.encode(encoding), file="a.md")
    assert article.title == "標題與內容"
    assert "關於電腦的故事" in plain_blocks(article.summary)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nsummary: Given.\n---\n# T\n\nA paragraph that is long enough.", "Given."),
        ("# T\n\nA paragraph that is long enough.\n\n## TL;DR\n\nIn short.", "In short."),
        ("# T\n\n一个足够长的段落，可以代表这篇文章的内容。\n\n## 三、核心观点\n\n观点。", "观点。"),
        ("# T\n\nA paragraph that is long enough.\n\n## Key points\n\n- one\n- two", "one\ntwo"),
        ("# T\n\nShort.\n\nA paragraph that is long enough.", "A paragraph that is long enough."),
        ("# T\n\nhttps://a.example/that/is/long/enough\n\nA paragraph that is long enough.", "A paragraph that is long enough."),
        ("# T\n\n## A\n\n> 欢迎订阅我们的频道，每周更新，从不断更。\n\n- one\n- two", "one\ntwo"),
        ("# T\n\nThe only paragraph. [![badge](b.png)](https://a.example) ![](c.png)", "The only paragraph."),
        ("# T\n\nBy Somebody Quite Famous\n\nA paragraph that is long enough.", "A paragraph that is long enough."),
        ("# T\n\n—— 一位非常非常有名的作者，写于二〇二六年的冬天\n\n一个足够长的段落，可以代表这篇文章的内容。", "一个足够长的段落，可以代表这篇文章的内容。"),
        ("# T\n\n图：这是一张关于很多事情的图片，非常好看\n\n一个足够长的段落，可以代表这篇文章的内容。", "一个足够长的段落，可以代表这篇文章的内容。"),
        ("# T\n\n![A long caption of the picture here](a.png)\n\nA paragraph that is long enough.", "A paragraph that is long enough."),
        ("# T\n\n\u200b\u200b\u200b\n\nShort.", "Short."),
        ("# T\n\n- only\n- a list", "only\na list"),
    ],
)  # fmt: skip
def test_summary_is_what_stands_for_the_article(text: str, expected: str) -> None:
    assert summary(text) == expected


def test_sections_form_a_tree_with_distinct_ids() -> None:
    article = read("# T\n\nlead\n\n### A\n\na\n\n## B\n\nb\n\n### A\n\nc\n\n##### D\n\nd\n\n## B\n\ne")
    assert titles(article) == [(0, ""), (3, "A"), (2, "B"), (3, "A"), (5, "D"), (2, "B")]
    assert len({section.id for section in article.walk()}) == 6
    assert [len(section.children) for section in article.sections] == [0, 0, 1, 0]


def test_ids_are_distinct_among_more_sections_than_they_are_long_for() -> None:
    passages = [HeadingBlock(1, (Text(f"{number}"),), (), 1) for number in range(60_000)]
    sections = section_tree(passages)
    assert len({section.id for section in sections}) == len(passages)


def test_headings_in_html_are_sections_and_may_be_the_title() -> None:
    article = read(
        "<h1 align='center'><br>My\n<br>Project</h1>\n\nlead\n\n<h2>A</h2>\n\na\n\n<h3>B</h3>\n<p>b</p>\n\n## C\n\nc"
    )
    assert article.title == "My Project"
    assert titles(article) == [(0, ""), (2, "A"), (3, "B"), (2, "C")]
    assert [plain_blocks(section.body) for section in article.walk()] == ["lead", "a", "b", "c"]


def test_footnote_stands_in_the_section_that_points_to_it_first() -> None:
    text = "# T\n\n## A\n\na[^x] again[^x]\n\n## B\n\nb[^x][^y]\n\n[^x]: one[^z]\n[^y]: two\n[^z]: three\n[^n]: nobody"
    bodies = [plain_blocks(section.body) for section in read(text).walk()]
    assert bodies == ["a[x] again[x]\n\n[x] one[z]\n\n[z] three", "b[x][y]\n\n[n] nobody\n\n[y] two"]


def test_pasted_text_is_named_after_its_title() -> None:
    assert read("# A title, of 2 words/parts\n\ntext", "").slug == "a-title-of-2-words-parts"


def test_section_keeps_its_id_when_another_one_is_edited() -> None:
    before, after = read("# T\n\n## A\n\na\n\n## B\n\nb"), read("# T\n\n## A\n\nother\n\n## C\n\n## B\n\nb")
    assert before.sections[1].id == after.sections[2].id


def test_text_before_the_first_heading_is_a_section_of_its_own() -> None:
    article = read("Before.\n\n## A\n\na")
    assert titles(article) == [(0, ""), (2, "A")]


@pytest.mark.parametrize("text", ["#\n# 1", "#\n#\n# Words"])
def test_document_of_headings_alone_has_one_as_its_summary(text: str) -> None:
    assert plain_blocks(read(text).summary) in {"1", "Words"}


def test_document_without_headings_is_one_section() -> None:
    assert titles(read("One.\n\nTwo.")) == [(0, "")]


@pytest.mark.parametrize(
    ("text", "language", "minutes"),
    [
        ("字" * 1000, "zh", 3),
        ("word " * 1000, "en", 5),
        ("字" * 400 + " word" * 238, "zh", 2),
        ("字" * 400 + " word" * 240, "zh", 3),
        ("我们用 Python 写了一个服务，叫做 Article Digest Bot，跑在 Docker 里", "zh", 1),
        ("The Chinese word 引用 means a reference, and 金句 a golden sentence worth repeating.", "en", 1),
        ("用法如下\n\n```python\n" + "print value return word\n" * 40 + "```", "zh", 1),
        ("用法见 `the command that does all of it in one go`", "zh", 1),
        ("见 https://a.example/one/two/three/four/five/six/seven/eight", "zh", 1),
        ("```\ncode alone\n```", "en", 1),
        ("Река помнит всех, кто её торопил.", "ru", 1),
        ("הים הוא השכן היחיד שלא זז", "he", 1),
        ("البحر هو الجار الوحيد", "ar", 1),
        ("Η θάλασσα είναι ο γείτονας", "el", 1),
        ("One word in Russian: Река.", "en", 1),
        ("Versions v20.1, v18.2, v16.3, v14.4", "en", 1),
        ("河里的鱼少了 " + "Net " * 14, "zh", 1),
        ("河里的鱼少了 " + "Net " * 20, "en", 1),
        ("これはとても長い日本語の文章です。", "ja", 1),
        ("이것은 한국어 문장입니다", "ko", 1),
    ],
)
def test_language_and_reading_time_come_from_the_text(text: str, language: str, minutes: int) -> None:
    assert (read(text).language, read(text).minutes) == (language, minutes)


@pytest.mark.parametrize(
    ("file", "slug"),
    [
        ("2026-01-23-Jerry Tworek.md", "2026-01-23-jerry-tworek"),
        ("Café à la carte.md", "cafe-a-la-carte"),
        ("x" * 80 + ".md", "x" * 48),
    ],
)
def test_slug_comes_from_the_file_name(file: str, slug: str) -> None:
    assert read("text", file).slug == slug


def test_slug_without_latin_letters_is_made_of_date_and_hash() -> None:
    slug = read("# 题\n\n> 日期：2026-01-23\n\n正文", "文章.md").slug
    assert slug.startswith("2026-01-23-")
    assert (
        read("# 题\n\n> 日期：2026-01-23\n\n更正", "文章.md").slug == slug
    )  # so a correction knows its article
    assert read("other", "").slug != read("text", "").slug


@given(st.text(alphabet=st.sampled_from('ab真。*_`#>-|[]()!\\"“”「」\n \t<&;:：1.—')))
def test_no_document_crashes_the_parser(text: str) -> None:
    try:
        article = read(text)
    except ArticleError:
        return
    assert article.title.strip()
    assert plain_blocks(article.summary).strip()


@pytest.mark.parametrize("written", ["2026-02-31", "31 Foo 2026", "2026"])
def test_date_that_never_was_is_no_date(written: str) -> None:
    assert read(f"# T\n\n> 日期：{written}\n\ntext").published is None


def test_list_of_names_in_the_front_matter_reads_as_one_line() -> None:
    assert read("---\nauthors: [Ada, Bob]\n---\n# T\n\ntext").author == "Ada, Bob"


def test_rule_at_the_top_is_no_front_matter() -> None:
    assert read("---\n\ntext\n\n---\n\nmore").title == "note"
    assert read("---\njust: open\n\ntext").title == "note"
    assert read("---\n- a\n- b\n---\ntext").title == "note"


def test_other_line_of_the_metadata_quote_stays_in_the_text() -> None:
    article = read("# T\n\n> 来源：InfoQ\n> 这一行只是一句说明。\n\ntext")
    assert article.source == "InfoQ"
    assert "这一行只是一句说明" in plain_blocks(article.sections[0].body)


@pytest.mark.parametrize(
    ("text", "title", "summary"),
    [
        (
            "The mill stands still\n\nNobody has brought grain.",
            "The mill stands still",
            "Nobody has brought grain.",
        ),
        ("**磨坊停了**\n\n从星期二起就没有人送谷子来。", "磨坊停了", "从星期二起就没有人送谷子来。"),
        ("Only one line", "Only one line", "Only one line"),
        ("Of two\nlines\n\nand more", "Of two", "Of two\nlines"),
        ("The mill\n\n- a list\n- of things", "The mill", "a list"),
    ],
)
def test_first_line_of_a_post_is_its_title_and_no_summary(text: str, title: str, summary: str) -> None:
    article = parse(text, file="")
    assert article.title == title
    assert summary in plain_blocks(article.summary)
    assert title not in plain_blocks(article.summary) or title == summary or "\n" in summary


def test_first_line_stays_in_the_text_where_it_is_a_sentence() -> None:
    article = parse("It was late.\n\nNobody knew why.", file="")
    assert "It was late." in plain_blocks(article.sections[0].body)
