"""Metadata from everywhere people put it."""

from datetime import date

import pytest

from bot.article.metadata.dates import find_date
from bot.article.model import Article
from bot.article.parse import parse
from bot.article.plain_text import plain, plain_blocks


def read(text: str, file: str = "note.md") -> Article:
    return parse(text, file=file)


JEKYLL = """---
layout: post
title: "Facts: a story"
date: 2026-01-23 21:30:00 +0800
author: Ada Lovelace
categories: [math, Engines]
tags: [engines, 1.10]
excerpt: In short.
image: /assets/a.png
canonical_url: https://a.example/x
---
text
"""
HUGO = """+++
title = 'Facts: a story'
date = 2026-01-23T21:30:00+08:00
lastmod = 2026-02-01
tags = ["math", "Engines"]
summary = "In short."
canonicalURL = "https://a.example/x"
[params]
author = { name = "Ada Lovelace", email = "ada@a.example" }
[params.cover]
image = "/assets/a.png"
[cover]
image = "/assets/a.png"
alt = "A picture"
+++
text
"""
ZOLA = """+++
title = "Facts: a story"
date = 2026-01-23
description = "In short."
authors = ["Ada Lovelace"]
[taxonomies]
tags = ["math", "Engines"]
[extra]
cover = "/assets/a.png"
original_url = "https://a.example/x"
+++

text
"""
PELICAN = """Title: Facts: a story
Modified: 2026-02-01
Date: 2026-01-23 21:30
Authors: Ada Lovelace
Category: math
Tags: Engines
Summary: In short.
Cover: /assets/a.png
Link: https://a.example/x

text
"""
HEXO = """title: 'Facts: a story'
date: 2026/01/23 21:30:00
author: Ada Lovelace
categories: math
tags:
- Engines
excerpt: In short.
cover: /assets/a.png
link: https://a.example/x
---
text
"""
ASTRO = """---
title: 'Facts: a story'
publishedAt: 2026-01-23T21:30:00Z
updatedDate: Feb 1 2026
author: { name: Ada Lovelace, url: "https://ada.example" }
tags: ["math", "Engines"]
description: In short.
heroImage: { src: /assets/a.png, alt: A picture }
source: https://a.example/x
---
text
"""
OBSIDIAN = """---
title: "Facts: a story"
created: 2026-01-23
author:
  - Ada Lovelace
tags:
  - "#math"
  - Engines
  - engines
description: In short.
cover: /assets/a.png
source: "https://a.example/x"
aliases: []
---
text
"""


@pytest.mark.parametrize("text", [JEKYLL, HUGO, ZOLA, PELICAN, HEXO, ASTRO, OBSIDIAN])
def test_spellings_of_the_common_tools_are_read(text: str) -> None:
    article = read(text)
    assert (article.title, article.author) == ("Facts: a story", "Ada Lovelace")
    assert article.published == date(2026, 1, 23)
    assert {"math", "engines"} <= {tag.casefold() for tag in article.tags}
    assert len({tag.casefold() for tag in article.tags}) == len(article.tags)
    assert plain_blocks(article.summary) == "In short."
    assert (article.url, article.cover) == ("https://a.example/x", "/assets/a.png")
    assert plain_blocks(article.sections[0].body) == "text"
    assert article.diagnostics == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Title: X\n---\n\ntext", "text"),
        ("One: two\nThree: four\n\ntext", "One: two Three: four text"),
        ("---\n\ntext\n\n---\n\nmore", "text more"),
        ("+++\n\ntext", "+++ text"),
        ("title: X\nsomething else\n---\ntext", "text"),
        ("---\n- a\n- b\n---\ntext", "a b text"),
    ],
)
def test_what_looks_like_a_header_but_is_none_stays_in_the_text(text: str, shown: str) -> None:
    words = "\n".join(f"{plain(each.title)}\n{plain_blocks(each.body)}" for each in read(text).walk()).split()
    assert set(shown.split()) <= {word.strip("•–") for word in words}


def test_blank_line_before_the_fence_does_no_harm() -> None:
    assert read("\n\n---\ntitle: T\n---\ntext").title == "T"


def test_values_are_text_as_it_was_written() -> None:
    for text in (
        "---\ntitle: 1.10\nlang: no\nauthor: yes\n---\ntext",
        "+++\ntitle = 1.10\nlang = 'no'\nauthor = 'yes'\n+++\ntext",
    ):
        article = read(text)
        assert (article.title, article.language, article.author) == ("1.10", "no", "yes")


def test_table_where_a_text_is_expected_gives_its_name_and_its_address() -> None:
    article = read(
        "---\nsource: {name: The Paper, url: 'https://a.example/y'}\nauthors: [{name: A}, {name: B}]\n---\ntext"
    )
    assert (article.source, article.url, article.author) == ("The Paper", "https://a.example/y", "A, B")


def test_source_that_is_an_address_is_named_by_its_host() -> None:
    article = read("---\nsource: https://www.a.example/y\n---\ntext")
    assert (article.source, article.url) == ("www.a.example", "https://www.a.example/y")


def test_path_is_no_address() -> None:
    assert read("---\nurl: /posts/x\npermalink: https://a.example/x\n---\ntext").url is None
    assert read("---\npermalink: /posts/x\n---\ntext").url is None


@pytest.mark.parametrize(
    ("text", "key", "line", "values"),
    [
        ("---\ntitle: T\nsource: A\n---\n# T\n\n> Source: B\n\ntext", "diagnostic.differ", 3, {"name": "source", "first": "A", "second": "B"}),
        ("---\ndate: 2026-01-23\n---\n# T\n\n> 来源：甲，2026-01-24\n\ntext", "diagnostic.differ", 2, {"name": "published", "first": "2026-01-23", "second": "2026-01-24"}),
        ("---\nurl: https://a.example\n---\n# T\n\n> Link: https://b.example\n\ntext", "diagnostic.differ", 2, {"name": "url", "first": "https://a.example", "second": "https://b.example"}),
        ("---\ntitle: Given\n---\n# Heading\n\ntext", "diagnostic.title", 2, {"title": "Given", "heading": "Heading"}),
        ("---\na: b\nslug: My own/slug\n---\n# T\n\ntext", "diagnostic.slug", 3, {"word": "My own/slug", "slug": "slug"}),
        ("---\nlang: 中\n---\n# 题\n\n正文正文", "diagnostic.language", 2, {"word": "中"}),
    ],
)  # fmt: skip
def test_first_of_two_contradicting_sources_wins_with_a_diagnostic(
    text: str, key: str, line: int, values: dict[str, str]
) -> None:
    article = read(text)
    assert [(found.key, found.line, dict(found.values)) for found in article.diagnostics] == [
        (key, line, values)
    ]


def test_where_two_say_the_same_in_other_words_there_is_nothing_to_say() -> None:
    text = "---\ntitle: The Title\nsource: The Paper\ndate: 2026-01-23\nurl: https://a.example/\n---\n# The Title\n\n> Source: the paper, Jan 23, 2026\n> Link: <https://a.example>\n\ntext"
    assert read(text).diagnostics == ()


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-23", "2026/1/23", "2026.01.23", "2026-01-23T23:59:00-11:00", "2026-01-23 23:59 +0800", "20260123",
        "20260123T235900Z", "Jan 23, 2026", "January 23rd 2026", "23 January 2026", "23rd of January, 2026",
        "23-Jan-2026", "Fri, 23 Jan 2026 23:59:00 GMT", "2026年1月23日", "2026年01月23号 周五", "二〇二六年一月二十三日",
        "23.01.2026", "23/01/2026", "01/23/2026",
    ],
)  # fmt: skip
def test_dates_are_read_in_all_common_forms_in_their_own_zone(written: str) -> None:
    assert find_date(written) == date(2026, 1, 23)


@pytest.mark.parametrize(
    "written", ["someday", "03/04/2026", "2026-13-01", "2026-02-30", "99 Foo 2026", "二〇二六年十三月一日"]
)
def test_what_is_no_date_or_may_be_two_is_none(written: str) -> None:
    assert find_date(written) is None


@pytest.mark.parametrize(
    ("given", "code"), [("zh-Hans", "zh"), ("zh_CN", "zh"), ("中文", "zh"), ("English", "en"), ("no", "no")]
)
def test_language_is_a_code_or_a_name(given: str, code: str) -> None:
    assert read(f"---\nlang: {given}\n---\ntext").language == code


@pytest.mark.parametrize(
    ("given", "tags"),
    [
        ("[Machine Learning, machine-learning, machine_learning, ＭachineLearning]", ("Machine Learning",)),
        ("[C, C++, C#, c]", ("C", "C++", "C#")),
        ("'#写作， #阅读;写作'", ("写作", "阅读")),
        ("[area/garden, '  two   words ']", ("area/garden", "two words")),
    ],
)
def test_tag_counts_once_however_it_is_written(given: str, tags: tuple[str, ...]) -> None:
    assert read(f"---\ntags: {given}\n---\ntext").tags == tags
