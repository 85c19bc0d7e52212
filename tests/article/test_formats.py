"""Documents as other tools write them: what is read of each, and never a refusal for metadata."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article.model import Article
from bot.article.parse import parse, parse_bytes
from bot.article.plain_text import plain, plain_blocks
from bot.errors import ArticleError
from tests.hostile import examples

LEAD = "A lead that is long enough to stand for the whole article, as it says what it is about."
IN_CHINESE = "这一段导语写得足够长，能够代表整篇文章的内容，读者一看就明白。"
DAY = date(2026, 11, 1)


def shown(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "summary": plain_blocks(article.summary),
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "url": article.url,
        "tags": article.tags,
        "quotes": [(quote.text, quote.by) for quote in article.quotes],
        "sections": [plain(section.title) for section in article.walk()],
        "diagnostics": [(each.key, each.line) for each in article.diagnostics],
    }


def check(text: str, file: str = "given-by-hand.md", **expected: object) -> None:
    found = shown(parse(text, file=file))
    assert {key: found[key] for key in expected} == expected


def front(lines: str) -> str:
    return f"---\n{lines}\n---\n\n{LEAD}\n"


# What is no day


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ("title: T\npublished: true\ndate: 2026-11-01", DAY),
        ("title: T\ndate: TBD\nupdated: 2026-11-01", DAY),
        ("date: null\ncreated: 2026-11-01", DAY),
        ("date: {{date}}\npubDatetime: 2026-11-01T08:00:00Z", DAY),
        ("date: 1793529600", DAY),
        ("date: 1793529600000", DAY),
        ("date: 1. November 2026", DAY),
        ("date: 1 de noviembre de 2026", DAY),
        ("date: 1er novembre 2026", DAY),
        ("date: 2026년 11월 1일", DAY),
        ("date: 1 tháng 11 năm 2026", DAY),
        ("date: 1 listopada 2026 r.", DAY),
        ("publish_time: 2026/11/1", DAY),
        ("posted_at: Nov 1, 2026", DAY),
        ("date_saved: 2026-11-01", DAY),
        ("published: false", None),
        ("date: 2026-11", None),
        ("date: 2024", None),
        ("date: 0000-00-00", None),
        ("date: yesterday", None),
        ("date: <% tp.date.now() %>", None),
        ("date: 03/04/2026", None),
        ("date: ", None),
    ],
)
def test_day_is_the_first_value_that_is_one(lines: str, day: date | None) -> None:
    check(front(lines), published=day)


@pytest.mark.parametrize(
    ("lines", "cautions"),
    [
        ("title: T\ndate: 2026-11", [("diagnostic.date", 3)]),
        ("published: true", []),
        ("published: false", [("diagnostic.draft", 2)]),
        ("title: T\ndraft: true", [("diagnostic.draft", 3)]),
        ("draft: false\ndate: TBD\nupdated: 2026-11-01", []),
    ],
)
def test_flags_and_doubtful_days_are_cautions(lines: str, cautions: list[tuple[str, int]]) -> None:
    check(front(lines), diagnostics=cautions)


# YAML and TOML that are none


@pytest.mark.parametrize(
    ("lines", "title", "author"),
    [
        ("title: Views: how to use them\nauthor: J", "Views: how to use them", "J"),
        ("title: T\nauthor: @jane", "T", "@jane"),
        ("title: `code` first\nauthor: J", "`code` first", "J"),
        ('title: "He said "hi" to me"\nauthor: J', 'He said "hi" to me', "J"),
        ("title: 'Don't'\nauthor: J", "Don't", "J"),
        ('title: "A" and B\nauthor: J', '"A" and B', "J"),
        ('title: "not closed\nauthor: J', "not closed", "J"),
        ("title: [Draft] A post\nauthor: J", "[Draft] A post", "J"),
        ("title: *stars*\nauthor: J", "*stars*", "J"),
        ("title: > five\nauthor: J", "> five", "J"),
        ("title: !important news\nauthor: J", "!important news", "J"),
        ("title: 100%: a story\nauthor: J", "100%: a story", "J"),
        ("title:\tT\n\tsub: x\nauthor: J", "T", "J"),
        ("title: T\nno key at all\nauthor: J", "T", "J"),
        ("a: &a [x]\nb: [*a, *a]\ntitle: T\nauthor: J", "T", "J"),
        ("a: " + "[" * 1200 + "\ntitle: T\nauthor: J", "T", "J"),
        ("a: " + "x" * 70_000 + "\ntitle: T\nauthor: J", "T", "J"),
    ],
)
def test_line_that_is_no_yaml_is_the_words_it_was_meant_to_be(lines: str, title: str, author: str) -> None:
    check(front(lines), title=title, author=author, summary=LEAD)


def test_caution_names_the_line_that_is_no_yaml() -> None:
    check(front("author: J\ntitle: Views: how"), diagnostics=[("diagnostic.front", 3)])
    check(f'+++\ntitle = "T"\nb = [\n+++\n\n{LEAD}', title="T", diagnostics=[("diagnostic.front", 3)])


VALUES = st.text(st.sampled_from("abc 01-:/[]{}\"'#&*!|>%@`,.~=<\t日期年"), max_size=30)
KEYS = st.sampled_from(
    ["title", "date", "published", "tags", "author", "lang", "slug", "draft", "url", "x y", "- a"]
)


@examples(100)
@given(st.lists(st.tuples(KEYS, VALUES), max_size=6), st.sampled_from(["---", "+++"]))
def test_text_is_never_refused_for_its_metadata(entries: list[tuple[str, str]], fence: str) -> None:
    sign = ":" if fence == "---" else " ="
    lines = "\n".join(f"{key}{sign} {value}" for key, value in entries)
    article = parse(f"{fence}\n{lines}\n{fence}\n\n{LEAD}\n", file="a.md")
    assert LEAD in plain_blocks(tuple(block for section in article.walk() for block in section.body))


# Metadata in the text


@pytest.mark.parametrize(
    "text",
    [
        (f"> * 原文地址：[T](https://example.org/a)\n> * 原文作者：[Jane Roe](https://example.org/jane)\n"
        f"> * 来源：某报\n> * 发布于：2026-11-01\n\n# T\n\n{IN_CHINESE}"),
        f"# T\n\n来源：某报\n作者：Jane Roe\n日期：2026-11-01\n原文链接：https://example.org/a\n\n{IN_CHINESE}",
        f"# T\n\n**来源**：某报\n**作者**：Jane Roe\n**发表于**：2026-11-01\n**原文**：https://example.org/a\n\n{IN_CHINESE}",
        (f"# T\n\n- **公众号**: 某报\n- **Author:** Jane Roe\n- **Published:** 2026-11-01\n"
        f"- **Link:** https://example.org/a\n\n{IN_CHINESE}"),
        f"# T\n\n> 📰 来源：某报\n> ✍️ 作者：Jane Roe\n> 📅 日期：2026-11-01\n> 🔗 原文：https://example.org/a\n\n{IN_CHINESE}",
        (f"# T\n\n| 项目 | 内容 |\n|---|---|\n| 来源 | 某报 |\n| 作者 | Jane Roe |\n| 日期 | 2026-11-01 |\n"
        f"| 链接 | https://example.org/a |\n\n{IN_CHINESE}"),
        (f"# T\n\n| source | author | date | url |\n|---|---|---|---|\n"
        f"| 某报 | Jane Roe | 2026-11-01 | https://example.org/a |\n\n{IN_CHINESE}"),
        f"# T\n\nsource:: 某报\nauthor:: [[Jane Roe]]\ndate:: 2026-11-01\nurl:: https://example.org/a\n\n{IN_CHINESE}",
        (f"# T\n\n## Metadata\n- Author: [[Jane Roe]]\n- Source: 某报\n- Published: 2026-11-01\n"
        f"- URL: https://example.org/a\n\n## Text\n\n{IN_CHINESE}"),
        f"# T\n\n来源：某报　　作者：Jane Roe　　发布时间：2026-11-01 10:35\n原文链接：https://example.org/a\n\n{IN_CHINESE}",
        f"# T\n\n출처: 某报\n저자: Jane Roe\n게시일: 2026년 11월 1일\n링크: https://example.org/a\n\n{IN_CHINESE}",
        (f"---\nsource_name: 某报\nauthor:\n  - '[[Jane Roe]]'\npubDatetime: 2026-11-01\noriginal_url: https://example.org/a\n"
        f"---\n# T\n\n{IN_CHINESE}"),
    ],
)  # fmt: skip
def test_metadata_wherever_a_tool_puts_it(text: str) -> None:
    check(
        text, title="T", source="某报", author="Jane Roe", published=DAY, url="https://example.org/a",
        summary=IN_CHINESE, quotes=[],
    )  # fmt: skip


@pytest.mark.parametrize("indent", ["    ", "  ", "\t"])
def test_header_whose_values_have_several_lines(indent: str) -> None:
    header = "Title: A net\nDate: 2026-11-01\nSummary:\nTags: river,\nNote: none".split("\n")
    header[3:3] = [f"{indent}Nets are made of thread,", f"{indent}so: mind the knots."]
    header[6:6] = [f"{indent}sea"]
    check("\n".join([*header, "", LEAD]), title="A net", published=date(2026, 11, 1), tags=("river", "sea"),
          summary="Nets are made of thread, so: mind the knots.")  # fmt: skip


def test_header_of_a_page_that_was_fetched() -> None:
    check(
        "Title: A talk\n\nURL Source: https://example.org/a\n\nPublished Time: Sun, 01 Nov 2026 10:34:10 GMT\n\n"
        f"Markdown Content:\n# A talk\n\n{LEAD}",
        title="A talk", url="https://example.org/a", published=DAY, summary=LEAD, sections=[""],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ending", "found"),
    [
        ("原文链接：https://example.org/a", {"url": "https://example.org/a"}),
        ("---\n\n[Read Original](https://example.org/a)", {"url": "https://example.org/a"}),
        ("[阅读原文](https://example.org/a)", {"url": "https://example.org/a"}),
        ("> 来源：某报，作者：某甲", {"source": "某报", "author": "某甲"}),
        ("Source: [Example](https://example.org/a)", {"source": "Example", "url": "https://example.org/a"}),
    ],
)
def test_last_lines_name_the_original(ending: str, found: dict[str, Any]) -> None:
    text = f"# T\n\n{LEAD}\n\nMore of it.\n\n{ending}"
    check(text, summary=LEAD, **found)
    assert plain_blocks(parse(text, file="a.md").sections[0].body).count("\n\n") > 1


@pytest.mark.parametrize(
    "text",
    [
        "One thing: this is prose, and it goes on after its colon for a while longer.",
        "Source: the river rises in the Alps and flows down to the sea.",
        "结论：我们认为这件事还远没有结束，接下来的几年会很有意思。",
        "By the time we got there, the lake had frozen over from shore to shore.",
        "Link: a chain is as strong as its weakest one, and so are we all, in the end.",
        "作者：他到底想说什么？我们不妨从头读起，看看这本书的结构。",
    ],
)
def test_prose_with_a_colon_stays_prose(text: str) -> None:
    check(f"# T\n\n{text}\n\nMore.", summary=text, source=None, author=None, published=None, url=None)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Jane Roe · November 1, 2026 · 5 min read", {"author": "Jane Roe", "published": DAY}),
        ("By Jane Roe, Nov 1, 2026", {"author": "Jane Roe", "published": DAY}),
        ("By Jane Roe on November 1, 2026", {"author": "Jane Roe", "published": DAY}),
        (
            "Jane Roe | The Paper | 2026-11-01",
            {"author": "Jane Roe", "source": "The Paper", "published": DAY},
        ),
        ("*Published on 1 Nov 2026*", {"author": None, "published": DAY}),
        ("2026年11月1日 · 阅读约 8 分钟", {"author": None, "published": DAY}),
        ("文 / 某甲", {"author": "某甲"}),
        (
            "原创 某甲 [某号](javascript:void(0);) *2026年11月1日 10:35* *北京*",
            {"author": "某甲", "source": "某号", "published": DAY},
        ),
        (
            "[某号](javascript:void(0);) *2026年11月1日 10:35*",
            {"author": None, "source": "某号", "published": DAY},
        ),
        ("Paris, 1 November 2026", {"author": None, "source": None, "published": DAY}),
    ],
)
def test_byline_says_who_where_and_when(line: str, found: dict[str, Any]) -> None:
    check(f"# T\n\n{line}\n\n{LEAD}", summary=LEAD, **found)


@pytest.mark.parametrize(
    ("file", "text", "title"),
    [
        ("The name.md", f"{LEAD}\n\n## First part\n\nWords.", "The name"),
        ("2026-11-01-a-post.md", LEAD, "a post"),
        ("An issue.md", f"# SUMMARY\n\n{LEAD}", "An issue"),
        ("一本书.md", f"# 1 引言\n\n{IN_CHINESE}", "一本书"),
        ("A list.md", f"# Featured\n\n{LEAD}\n\n# Others\n\nWords.", "A list"),
        ("README.md", f"{LEAD}\n\n## First part\n\nWords.", "README"),
        ("README.md", f"{LEAD}\n\n## Usage\n\nWords.", "README"),
        ("README.md", f"## A tool for nets\n\n{LEAD}\n\n## Usage\n\nWords.", "A tool for nets"),
        ("README.md", f"![](a.png)\n\n### A net\n\n{LEAD}\n\n## Usage\n\nWords.", "A net"),
        ("README.md", f"## Usage\n\n{LEAD}", "README"),
        ("README.md", f"{LEAD}\n\n# First part\n\nWords.", "README"),
        ("A net.md", f"{LEAD}\n\n# First part\n\nWords.\n\n# Second part\n\nWords.", "A net"),
        ("A net.md", f"{LEAD}\n\n# A true title\n\nWords.", "A true title"),
        ("", f"{LEAD}\n\n# A true title\n\nWords.", "A true title"),
        ("", f"{LEAD}\n\n## First part\n\nWords.", "First part"),
        ("a.md", f"# A net [![tests](https://a.example/b.svg)](https://a.example)\n\n{LEAD}", "A net"),
        ("a.md", f"# ![A net](https://a.example/b.svg)\n\n{LEAD}", "A net"),
        ("README.md", f"# Overview\n\n{LEAD}", "Overview"),
        ("", f"# Overview\n\n{LEAD}", "Overview"),
        ("a.md", f"# A true title\n\n{LEAD}", "A true title"),
        ("a.md", f"---\ntitle: '[[A title]]'\n---\n{LEAD}", "A title"),
    ],
)
def test_title_of_a_document_that_has_none(file: str, text: str, title: str) -> None:
    check(text, file=file, title=title)


def test_day_of_a_path() -> None:
    check(f'+++\npath = "2026/11/01/a-post"\ntitle = "T"\n+++\n{LEAD}', published=DAY)
    check(front("permalink: /blog/2026/11/1/a-post/"), published=DAY)
    check(front("path: 2026/13/01/a"), published=None)


def test_day_of_a_file_name() -> None:
    check(f"---\ntitle: A post\n---\n{LEAD}", file="2026-11-01-a-post.md", published=DAY, title="A post")
    check(LEAD, file="posts/2026-11-01 A post.md", published=DAY, title="A post")
    check(front("date: 2026-01-23"), file="2026-11-01-a-post.md", published=date(2026, 1, 23))
    check(LEAD, file="2026-13-01-a.md", published=None)


@pytest.mark.parametrize(
    ("lines", "tags"),
    [
        ("tags:\n  - '[[Clippings]]'\n  - '#b'", ("Clippings", "b")),
        ("tags: #a #b", ("a", "b")),
        ("tags: python web asyncio", ("python", "web", "asyncio")),
        ("tags: 人工智能 编程", ("人工智能", "编程")),
        ("tags: machine learning", ("machine learning",)),
        ("tags: [a, @b]", ("a", "@b")),
        ("hashtags: '#a, #b'", ("a", "b")),
        ("分类: 随笔", ("随笔",)),
    ],
)
def test_tags_of_one_text(lines: str, tags: tuple[str, ...]) -> None:
    check(front(lines), tags=tags)


# The summary


@pytest.mark.parametrize(
    "line",
    [
        "点击上方蓝字关注我们",
        "欢迎关注我们的公众号，每天一篇好文章。",
        "**温馨提示** 本文约三千字，预计阅读十一分钟，读者可以先收藏起来再慢慢地看。",
        "Follow us on the usual channels to hear about what we write next.",
        "Subscribe to the letter to get one of these each week, for free.",
        "https://example.org/a-long-address-that-says-nothing-at-all",
        "Hello everyone, and thank you for being here again today!",
        "大家好，我是某甲，很高兴又见面了，感谢各位一直以来的支持。",
        "Photo by Jane Roe on a site of pictures, 2026, with kind permission",
        "*封面图：某甲摄于某地，二〇二六年秋天的一个早晨，天气晴朗*",
        "1. The first part of it\n2. The second part of it\n3. The third part of it",
        "目录\n一、开头\n二、结尾",
        "Click on a title to jump to what it is about, and back again.",
        "> Fonte: Il Giornale di ieri\n> Lingua originale: italiano",
        "> **論文**：一篇写得比较长一些的题目，超过二十个字符\n> **著者**：某甲",
        "📅 日期：2026-11-01",
        "https://example.org/a-first-address\\\nhttps://example.org/a-second-one (slides)",
        "https://example.org/a-first-address （幻灯片）<br>\nhttps://example.org/a-second-one",
        ("推荐下某甲的频道《夜读》，每天都有新的内容，写得用心，读起来也轻松，是本文许多素材的来源之一，值得一看。"
        "也可订阅我的频道《晨读》作为补充，那里有更多的随笔、书摘和照片，每个周末更新一次，从不间断，已经三年了。"),
        "> 推荐关注某甲的频道《夜读》，每天都有新的内容。",
        "本期随笔由某甲与她在南方的两位老朋友主笔。",
        "This issue was written by a friend of ours from the north",
        "Copyright 1991, 1996, 1999, 2026 The Society for Rivers and Nets, Inc.",
        "© 2026 The Society for Rivers and Nets. All rights reserved.",
        "The text of this book is released under a licence that lets you share it.",
        "Inherits: RiverWithManyNets",
        "Release date: 01-Oct-2026",
        "Latest: v0.9.5 (14 Oct 2026), and all releases before it",
        "QQ 交流群：276000000，验证码在群公告里，请先看一遍说明",
        "<table><tr><th>Nets of the river</th><th>Nets of the sea</th></tr></table>",
    ],
)  # fmt: skip
def test_what_is_never_the_summary(line: str) -> None:
    check(f"# T\n\n{line}\n\n{LEAD}\n\nMore.", summary=LEAD)


@pytest.mark.parametrize(
    "line",
    [
        "Copyright is a strange right, and few who write know how far it goes.",
        "Written by hand in a cold winter, the book found its readers late.",
        "这份书目由三位馆员花了两年时间整理，收录了一千多种旧书。",
        (
            "关注河流的人都知道，水位在十月里总是最低的，今年也不例外，渔民因此提早收网。年轻人则去了城里，他们中的大多数人再也没有"
            "回来，只在过年的时候寄一封信，信里写着城里的河没有鱼，也没有人撒网，河边只有灯。"
        ),
        "Water: the one thing that a town by a river never thinks about.",
    ],
)
def test_sentence_of_the_subject_stays_the_summary(line: str) -> None:
    check(f"# T\n\n{line}\n\n{LEAD}\n\nMore.", summary=line)


@pytest.mark.parametrize(
    "heading", ["广告", "赞助商", "Sponsors", "A word from our sponsor", "Advertisement"]
)
def test_summary_is_not_under_a_heading_that_others_paid_for(heading: str) -> None:
    paid = "Nets of the finest thread, sent to your house within a day or two."
    check(f"# T\n\n## {heading}\n\n{paid}\n\n## The river\n\n{LEAD}", summary=LEAD)


def test_advertisement_alone_is_its_own_summary() -> None:
    paid = "Nets of the finest thread, sent to your house within a day or two."
    check(f"# T\n\n## Sponsors\n\n{paid}", summary=paid)


@pytest.mark.parametrize("heading", ["Sponsoring a river", "广告的历史", "Ad astra"])
def test_heading_about_advertising_is_no_advertisement(heading: str) -> None:
    check(f"# T\n\n## {heading}\n\n{LEAD}\n\n## The river\n\nMore.", summary=LEAD)


def test_top_heading_below_the_text_of_a_readme_is_a_section() -> None:
    check(f"{LEAD}\n\n# Building\n\nWords.", "README.md", title="README", sections=["", "Building"])


@pytest.mark.parametrize("code", ["`net [options] <river>`", "```\nnet [options] <river>\n```"])
def test_synopsis_of_a_command_is_not_the_summary(code: str) -> None:
    check(f"# net\n\n## Synopsis\n\n{code}\n\nMore words.\n\n## Description\n\n{LEAD}", summary=LEAD)


def test_html_paragraph_with_dots_is_no_row_of_a_table() -> None:
    html = f"<p>{LEAD}<br><a href='https://a.example'>Docs</a>\n · \n<a href='https://b.example'>Blog</a></p>"
    assert str(shown(parse(f"# T\n\n{html}\n\nMore.", file="a.md"))["summary"]).startswith(LEAD)


def test_lead_that_announces_takes_what_follows() -> None:
    check("# T\n\nThis tool gets a schema, and that looks like this:\n\n    tool get\n\nMore.",
          summary="This tool gets a schema, and that looks like this:\n\ntool get")  # fmt: skip
    check("# T\n\n这个工具一共做三件事情，每一件都很简单明了，分别是下面这些：\n\n- 甲\n- 乙\n\n完。",
          summary="这个工具一共做三件事情，每一件都很简单明了，分别是下面这些：\n\n甲\n乙")  # fmt: skip
    check("# T\n\n河流在十月里的水位总是最低的，今年又有这些变化，\n\n- 甲\n- 乙",
          summary="河流在十月里的水位总是最低的，今年又有这些变化，\n\n甲\n乙")  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    [
        "核心观点提炼", "一句话总结", "核心摘要", "关键要点", "文章摘要", "AI 摘要", "主要观点", "内容概要", "本期看点",
        "全文概述", "📌 本文要点", "三、核心结论", "内容提要", "Key insights", "Main takeaways", "Article summary",
        "Quick summary", "In a nutshell", "One-sentence takeaway", "The key ideas", "TL;DR", "3. Executive Summary",
        "Key findings", "Summary of the article", "Zusammenfassung", "Résumé",
    ],
)  # fmt: skip
def test_heading_that_means_summary(heading: str) -> None:
    check(f"# T\n\n{LEAD}\n\n## {heading}\n\n- One\n- Two\n\n## Rest\n\nMore.", summary="One\nTwo")


@pytest.mark.parametrize(
    "heading",
    [
        "In brief",
        "News in brief",
        "总结",
        "结论",
        "系统架构概述与设计",
        "Points of view",
        "Ideas",
        "Executive news",
    ],
)
def test_heading_that_does_not_mean_summary(heading: str) -> None:
    check(f"# T\n\n{LEAD}\n\n## {heading}\n\n- One\n- Two", summary=LEAD)


# Quotes


@pytest.mark.parametrize(
    "heading",
    [
        "2.2 调度",
        "参数之争",
        "An example of courage",
        "5.3 来了",
        "The rules we broke",
        "Why I love APIs",
        "版本之外",
    ],
)
def test_word_or_number_in_a_heading_makes_no_manual(heading: str) -> None:
    check(f"# T\n\n{LEAD}\n\n## {heading}\n\n> 我们当时谁也没有想到会走到这一步。",
          quotes=[("我们当时谁也没有想到会走到这一步。", None)])  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    [
        "v1.2.3",
        "2.0.1 (2026-11-01)",
        "[3.2] - 2026-11-01",
        "1.4",
        "Installation",
        "API reference",
        "安装说明",
        "参数",
    ],
)
def test_heading_of_a_manual(heading: str) -> None:
    check(f"# T\n\n{LEAD}\n\n## {heading}\n\n> 升级之前请先备份数据库，然后再继续。", quotes=[])


@pytest.mark.parametrize(
    ("entry", "words", "by"),
    [
        ("- Words worth keeping are here. ([View Highlight](https://read.readwise.io/read/01a))", "Words worth keeping are here.", None),
        ("> Words worth keeping are here. [⤴️](https://omnivore.app/me/a#b) ^ab12", "Words worth keeping are here.", None),
        ("- Words worth keeping are here. (Page 12)", "Words worth keeping are here.", None),
        ("- Words worth keeping are here. (Location 1,234)", "Words worth keeping are here. (Location 1,234)", None),
        ("- 📌 每个组件都专注做好一件事。", "每个组件都专注做好一件事。", None),
        ("> 编码几乎已经解决了，这一点可以确定。（18:19）", "编码几乎已经解决了，这一点可以确定。", None),
        ("> 编码几乎已经解决了，这一点可以确定。\n> —— 某甲 · [18:19] ^q3", "编码几乎已经解决了，这一点可以确定。", "某甲"),
        ("> 编码几乎已经解决了，这一点可以确定。\n> —— 某甲，约 01:34", "编码几乎已经解决了，这一点可以确定。", "某甲"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("heading", ["高亮划线", "金句收藏", "Memorable lines", "Highlights"])
def test_highlights_are_quotes_without_what_a_tool_adds(
    heading: str, entry: str, words: str, by: str | None
) -> None:
    marked = heading != "Highlights" or "1,234" not in entry
    check(f"# T\n\n{LEAD}\n\n## {heading}\n\n{entry}", quotes=[(words, by)] if marked else [])


@pytest.mark.parametrize(
    "block",
    [
        "Some words before it.\n\n> ROI = (effect − cost) / cost × 100%",
        "Some words before it.\n\n> E = m × c²",
        "Bad:\n\n> Our product leverages synergies to delight.",
        "❌ 不好的写法：\n\n> 本产品赋能全行业的数字化转型之路。",
        "For example:\n\n> Write me a poem about a tree, please.",
        "Some words before it.\n\n> 译者注：这里原文用的是一个双关语，难以直译。",
        "Some words before it.\n\n> Translator's note: the original puns here.",
        "Some words before it.\n\n> [A page](https://example.org/a) that tells of it",
    ],
)
def test_block_quote_that_nobody_said(block: str) -> None:
    check(f"# T\n\n{LEAD}\n\n{block}\n\nMore.", quotes=[])


@pytest.mark.parametrize("slogan", ["> A fast, simple tool for everyone", "> 让写作更简单"])
def test_slogan_under_a_title_is_no_quote(slogan: str) -> None:
    check(f"# T\n\n{slogan}\n\n{LEAD}", quotes=[])


# Languages


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Plan ist gut, und wir haben ihn nicht nur für die Stadt gemacht."),
        ("fr", "Le plan est bon, et nous ne l'avons pas fait pour la ville seulement."),
        ("es", "El plan es bueno y no lo hemos hecho solo para la ciudad."),
        ("pt", "O plano é bom e não foi feito só para a cidade, mas também para os outros."),
        ("it", "Il piano è buono e non lo abbiamo fatto solo per la città, ma anche per gli altri."),
        ("nl", "Het plan is goed en wij hebben het niet alleen voor de stad gemaakt."),
        ("pl", "Plan jest dobry i nie zrobiliśmy go tylko dla miasta, ale także dla innych."),
        ("tr", "Bu plan çok iyi ve onu sadece şehir için değil, herkes için yaptık."),
        ("vi", "Kế hoạch này rất tốt và chúng tôi không chỉ làm cho thành phố."),
        ("id", "Rencana ini baik dan kami tidak membuatnya hanya untuk kota."),
        ("fa", "این برنامه خوب است و ما آن را فقط برای شهر نساختیم، بلکه برای همه."),
        ("ar", "هذه الخطة جيدة ولم نضعها من أجل المدينة فقط بل من أجل الجميع."),
        ("ru", "Этот план хорош, и мы сделали его не только для города."),
        ("uk", "Цей план добрий, і ми зробили його не лише для міста."),
        ("en", "The plan is good, and we have not made it for the city only."),
        ("en", "Lorem ipsum dolor"),
        ("zh", "这个计划很好，we have not made it for the city only, 不只是为了城市。"),
    ],
)
def test_language_is_told_by_its_small_words_and_letters(language: str, text: str) -> None:
    assert parse(f"# T\n\n{text}", file="a.md").language == language


# Small


def test_heading_that_is_repeated_is_one() -> None:
    check(f"# T\n\n# T\n\n{LEAD}", title="T", sections=[""])
    check(f"---\ntitle: T\n---\n## T\n\n{LEAD}\n\n## U\n\nMore.", title="T", sections=["", "U"])
    check(f"---\ntitle: T\n---\n# T\n\n{LEAD}\n\n# U\n\nMore.", title="T", sections=["", "U"])
    check(f"# T\n\n## U\n\n## U\n\n{LEAD}", title="T", sections=["U"])
    check(f"# T\n\n## U\n\n{LEAD}\n\n## U\n\nMore.", title="T", sections=["U", "U"])


def test_fence_within_a_fence_of_the_same_length_is_a_caution() -> None:
    nested = "```markdown\n# Guide\n\n```python\nprint(1)\n```\n\nThen.\n```\n"
    check(f"# T\n\n{LEAD}\n\n{nested}", diagnostics=[("diagnostic.fence", 8)])
    check(f"# T\n\n{LEAD}\n\n`{nested[:-1]}`\n", diagnostics=[])


def test_what_is_left_out_is_a_caution_with_its_first_line() -> None:
    text = f"# T\n\n{LEAD}\n\n{{{{< a >}}}}\n\n{{{{< b >}}}}\n\n![[note]]\n"
    [first, second] = parse(text, file="a.md").diagnostics
    assert (first.key, first.line, first.values) == (
        "diagnostic.left_out",
        5,
        {"words": "{{< a >}}", "count": "2"},
    )
    assert (second.line, second.values["words"]) == (9, "![[note]]")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"{\\rtf1\\ansi Words}", "RTF"),
        (b"PK\x03\x04....[Content_Types].xml...word/document.xml", "Word (.docx)"),
        (b"PK\x03\x04....mimetypeapplication/epub+zip", "EPUB"),
        (b"PK\x03\x04....a.txt", "ZIP"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 3_000_000, "PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Word, Excel"),
    ],
)
def test_file_of_another_kind_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(ArticleError) as refused:
        parse_bytes(data, file="a")
    assert (refused.value.key, refused.value.values) == ("error.kind", {"kind": kind})


# Whole documents, as these tools export them


def test_post_copied_from_a_site_with_its_byline_in_pieces() -> None:
    check(
        f"# T\n\n[Jo March](https://a.example/@jo)\n\n·\n\n[Follow](https://a.example/x)\n\n6 min read\n\n·\n\nNov 1, 2026"
        f"\n\n--\n\n1\n\nShare\n\n{LEAD}",
        author="Jo March", source=None, published=DAY, summary=LEAD,
    )  # fmt: skip
    check(f"# T\n\n### What it says\n\n[Sam Reed](https://a.example)\n\nNov 01, 2026\n\n∙ Paid\n\n{LEAD}",
          author="Sam Reed", published=DAY, summary=LEAD)  # fmt: skip
    check(f"# T\n\n[Skip to content](https://a.example)\n\nBy Una Field | November 1, 2026 | 6 min read\n\n{LEAD}",
          author="Una Field", source=None, published=DAY, summary=LEAD)  # fmt: skip


def test_post_of_wechat_with_its_head_in_two_lines() -> None:
    check(
        "# T\n\n原创 林间 [慢读会](javascript:void(0);)\n\n_2026年11月1日 08:30_ _上海_\n\n![cover](https://a.example/c.jpg)\n\n"
        f"点击蓝字 关注我们\n\n本文约2800字，阅读需要7分钟\n\n{IN_CHINESE}",
        author="林间", source="慢读会", published=DAY, summary=IN_CHINESE,
    )  # fmt: skip


def test_highlights_exported_by_readwise() -> None:
    check(
        "# T\n\n![rw-book-cover](https://a.example/c.jpg)\n\n## Metadata\n- Author: [[Ann Brook]]\n- Full Title: T\n"
        "- Category: #articles\n- Summary: Rivers bend.\n- URL: https://a.example/r\n\n## Highlights\n"
        "- First words that were marked. ([View Highlight](https://read.readwise.io/read/01))\n    - Note: nice\n"
        "- Other words that were marked. ([View Highlight](https://read.readwise.io/read/02))\n    - Tags: [[a]]\n",
        title="T", author="Ann Brook", summary="Rivers bend.", url="https://a.example/r", tags=("articles",),
        quotes=[("First words that were marked.", None), ("Other words that were marked.", None)],
        sections=["", "Highlights"],
    )  # fmt: skip


def test_article_saved_by_omnivore() -> None:
    check(
        "---\ntitle: T\nauthor: "
        "|\n  Tom Baker\ndate_saved: 2026-11-02 10:11:12\ndate_published: 2026-11-01 00:00:00\n---\n"
        "# T\n#Omnivore\n\n[Read on Omnivore](https://a.example/me)\n[Read Original](https://b.example/o)\n\n## Highlights\n\n"
        "> First words that were marked. [⤴️](https://a.example/1)  ^1f2\n\n"
        "> Other words that were marked. [⤴️](https://a.example/2) #favourite ^3b4\n",
        title="T", author="Tom Baker", published=DAY, url="https://b.example/o",
        quotes=[("First words that were marked.", None), ("Other words that were marked.", None)],
    )  # fmt: skip


def test_notes_of_a_book_from_a_reading_app() -> None:
    check(
        "# 微信读书笔记\n\n## 第一章\n\n📌 山里的雨不是下来的，是长出来的。\n⏱ 2026-10-01 10:00:00\n\n📌 人一安静，远处就近了。\n",
        quotes=[("山里的雨不是下来的，是长出来的。", None), ("人一安静，远处就近了。", None)],
    )  # fmt: skip


def test_page_of_logseq() -> None:
    check(
        "title:: Notes on glass\ntype:: [[article]]\nauthor:: [[Ida Venn]]\ntags:: material, history\n"
        f"published:: [[2026-11-01]]\n\n- {LEAD}\n  id:: 6421-aa\n",
        title="Notes on glass", author="Ida Venn", published=DAY, tags=("material", "history"),
    )  # fmt: skip


def test_transcript_with_stamps_and_names() -> None:
    check(
        f"# T\n\n播客：夜读\n嘉宾：方远\n时长：56 分钟\n日期：2026.11.1\n\n{IN_CHINESE}\n\n## 金句\n\n"
        "[12:05] 方远：“难书的难，一半在作者，一半在没睡够。”\n\n“读不懂的时候，先假设是自己累了。”（18:40）\n",
        source="夜读", published=DAY, summary=IN_CHINESE,
        quotes=[("难书的难，一半在作者，一半在没睡够。", "方远"), ("读不懂的时候，先假设是自己累了。", None)],
    )  # fmt: skip


def test_report_written_by_a_model() -> None:
    check(
        "# T\n\n**Date:** November 1, 2026\n**Prepared by:** An assistant\n**Sources:** 14\n\n## Executive Summary\n\n"
        f"{LEAD}\n\n## 1. Background\n\nText.",
        author="An assistant", published=DAY, summary=LEAD,
    )  # fmt: skip
    check(
        f"# 📊 研究：蜜蜂\n\n> **生成时间**：2026年11月1日\n> **作者**：研究助手\n> **关键词**：蜜蜂、城市\n\n## 📌 核心结论\n\n- 甲\n- 乙\n\n## 一、背景\n\n{IN_CHINESE}",
        author="研究助手", tags=("蜜蜂", "城市"), summary="甲\n乙",
    )  # fmt: skip


def test_pages_of_generators() -> None:
    check(
        "---\nlayout: post\ntitle:  T\ncategories:\n- [随笔, 自然]\n---\n{% include toc.html %}\n* TOC\n{:toc}\n\n"
        f'{LEAD}\n{{: .lead}}\n\n![Path]({{{{ site.baseurl }}}}/p.jpg){{:width="300px"}}\n',
        title="T", tags=("随笔", "自然"), summary=LEAD,
    )  # fmt: skip
    check(
        f"---\ntitle: 手册\npublished: true\ndate: 2026-11-01T01:02:03.000Z\neditor: markdown\n---\n\n# 概述 {{.tabset}}\n\n{IN_CHINESE}",
        title="手册", author=None, published=DAY, diagnostics=[],
    )  # fmt: skip


def test_value_in_quotation_marks_is_nobodys_words() -> None:
    check(f'# T\n\n{LEAD}\n\n* Default: "public"\n* Type: "a string of words"\n', quotes=[])
    check(
        f"# T\n\n{LEAD}\n\n方远：“难书的难，一半在没睡够。”\n", quotes=[("难书的难，一半在没睡够。", "方远")]
    )
