"""A page becomes a document: its headline, who wrote it, when, and its text with everything that was in it."""

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article.model import Article
from bot.article.parse import parse
from bot.article.plain_text import plain_blocks
from bot.errors import ArticleError
from bot.sources.model import Page
from bot.sources.pages.encoding import page_text
from bot.sources.pages.page import read_page
from tests.hostile import PIECES, examples

PARAGRAPH = (
    "The river remembers everyone who hurried it, and it forgives none of them. In the villages along its banks "
    "people set their clocks by the ferry, which is late every morning by the same eleven minutes."
)
TEXT = f"<p>{PARAGRAPH}</p><p>{PARAGRAPH.replace('river', 'lake')}</p>"
CHINESE = (
    "河流记得每一个催促过它的人，却从不原谅任何一个。沿岸村子里的人都照着渡船对表，渡船每天早上都晚十一分钟。"
)


def document(body: str, head: str = "", address: str = "https://www.example.org/a/river?utm_source=x") -> str:
    page = f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    found = read_page(page.encode(), address=address, media_type="text/html")
    assert isinstance(found, Page), found
    return found.document


def article(body: str, head: str = "", **given: Any) -> Article:
    return parse(document(body, head, **given), file="")


def text_of(read: Article) -> str:
    return "\n".join(plain_blocks(section.body) for section in read.walk())


def test_structured_data_says_who_and_when() -> None:
    read = article(
        f"<article><h1>The late ferry</h1>{TEXT}</article>",
        """<title>The late ferry | The River Post</title><meta property="og:site_name" content="The River Post">
        <script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite"},
        {"@type": "NewsArticle", "headline": "The late ferry", "datePublished": "2026-11-01T22:30:00+08:00",
        "author": [{"@type": "Person", "name": "Jane Roe"}, {"name": "Sam Reed"}],
        "description": "Why the ferry is late every morning, and why nobody on the pier minds that any more."}]}</script>
        <link rel="canonical" href="https://www.example.org/a/river">""",
    )
    assert (read.title, read.author, read.source) == (
        "The late ferry",
        "Jane Roe, Sam Reed",
        "The River Post",
    )
    assert (read.published, read.url, read.language) == (
        date(2026, 11, 1),
        "https://www.example.org/a/river",
        "en",
    )
    assert plain_blocks(read.summary).startswith("Why the ferry is late")
    assert text_of(read).count("The river remembers") == 1


def test_head_of_a_page_says_who_and_when() -> None:
    read = article(
        f"<main><h1>The late ferry</h1>{TEXT}</main>",
        '<meta property="og:title" content="The late ferry"><meta name="author" content="By Jane Roe">'
        '<meta property="article:published_time" content="2026-11-01T08:00:00Z">'
        '<meta property="og:description" content="A description that was cut off in the middle of what it…">',
    )
    assert (read.title, read.author, read.source) == ("The late ferry", "Jane Roe", "example.org")
    assert read.published == date(2026, 11, 1)
    assert plain_blocks(read.summary).startswith("The river remembers")


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("The late ferry - The River Post", ""),
        ("The late ferry | The River Post", "The River Post"),
        ("River Post » The late ferry", "The late ferry"),
        ("The late ferry – example.org", ""),
        ("The late ferry", "The River Post"),
    ],
)
def test_headline_is_without_the_name_of_the_site(title: str, heading: str) -> None:
    head = f'<title>{title}</title><meta property="og:site_name" content="The River Post">'
    assert article(f"<h1>{heading}</h1><article>{TEXT}</article>", head).title == "The late ferry"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("晚点的渡船_河边网", "晚点的渡船"),
        ("晚点的渡船-某某日报", "晚点的渡船"),
        ("棱镜|晚点的渡船", "棱镜|晚点的渡船"),
        ("A ferry - late again", "A ferry - late again"),
    ],
)
def test_headline_keeps_what_is_no_name_of_a_site(title: str, expected: str) -> None:
    assert (
        article(f"<article><p>{CHINESE}</p><p>{CHINESE[::-1]}</p></article>", f"<title>{title}</title>").title
        == expected
    )


@pytest.mark.parametrize(
    "stated", ["admin", "admin@example.org", "https://example.org/jane", "12345", "佚名"]
)
def test_author_that_names_nobody_is_left_out(stated: str) -> None:
    assert article(f"<article>{TEXT}</article>", f'<meta name="author" content="{stated}">').author is None


def test_structure_of_the_text_is_kept() -> None:
    body = f"""<article><h1>The late ferry</h1>{TEXT}
        <h2>What <b>people</b> say</h2><blockquote><p>It keeps its own hours.</p></blockquote>
        <p>See <a href="/other#x">another page</a>, <a href="javascript:void(0)">a button</a> and <b>mind</b> the <i>gap</i>.</p>
        <ul><li>One boat</li><li>Two boats</li></ul><ol><li>First</li><li>Second</li></ol>
        <pre><code class="language-python">def late():
    return 11</code></pre>
        <table><tr><th>Day</th><th>Late</th></tr><tr><td>Monday</td><td>11</td></tr></table>
        <figure><img data-src="/ferry.jpg" src="data:image/gif;base64,R0" alt="The ferry"><figcaption>At the pier</figcaption></figure>
        {TEXT.replace("river", "sea")}</article>"""
    found = document(body)
    for expected in (
        "## What people say", "> It keeps its own hours.", "[another page](https://www.example.org/other#x)",
        "a button", "**mind**", "*gap*", "- One boat\n- Two boats", "1. First\n2. Second",
        "def late():\n    return 11", "| Day | Late |", "| Monday | 11 |", '(https://www.example.org/ferry.jpg "At the pier")',
    ):  # fmt: skip
        assert expected in found, expected
    for gone in ("javascript:", "base64", "[a button]"):
        assert gone not in found, gone


def test_what_stands_around_the_text_is_left_out() -> None:
    body = f"""<nav><a href="/">Home</a><a href="/news">News</a></nav><article><h1>The late ferry</h1>{TEXT}
        <p>Related articles</p><ul><li><a href="/1">The early ferry</a></li><li><a href="/2">The bridge</a></li></ul>
        <p>责任编辑：某甲</p></article><footer>© 2026 The River Post</footer>"""
    found = document(body, "<title>The late ferry</title>")
    for gone in ("Home", "The early ferry", "Related", "责任编辑", "© 2026", "# The late ferry"):
        assert gone not in found, gone


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("gb18030", "gb2312", None),
        ("gb18030", "", "GBK"),
        ("gb18030", "utf-8", None),
        ("utf-8", "gb2312", "iso-8859-1"),
        ("utf-8-sig", "", None),
        ("big5hkscs", "big5", None),
        ("utf-16", "", None),
    ],
)
def test_chinese_page_in_any_encoding(encoding: str, declared: str, charset: str | None) -> None:
    text = CHINESE.replace("记", "記") if encoding.startswith("big5") else CHINESE
    text = text if not encoding.startswith("big5") else "河流記得每一個催促過它的人，卻從不原諒任何一個。" * 3
    meta = f'<meta charset="{declared}">' if declared else ""
    assert text in page_text(f"<html><head>{meta}</head><body>{text}</body></html>".encode(encoding), charset)


@pytest.mark.parametrize(
    ("encoding", "declared", "text"),
    [
        ("cp932", "Shift_JIS", "川は急がせた人をみんな覚えていて、だれも許さない。①"),
        ("cp1251", "windows-1251", "Река помнит всех, кто её торопил, и никого не прощает."),
        ("cp1252", "iso-8859-1", "The river’s own hours — “late”, and nobody minds. Müller"),
        ("euc_jp", "euc-jp", "川は急がせた人をみんな覚えていて、だれも許さない。"),
        ("cp949", "euc-kr", "강은 재촉한 사람을 모두 기억하고 아무도 용서하지 않는다."),
    ],
)
def test_page_in_the_encoding_that_browsers_read_under_a_name(
    encoding: str, declared: str, text: str
) -> None:
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head>{text}'
    )
    assert text in page_text(page.encode(encoding))


def test_stray_byte_makes_no_other_encoding() -> None:
    page = f'<meta charset="gbk">{CHINESE * 20}'.encode("gb18030")
    assert CHINESE in page_text(page + b"\xff")


@pytest.mark.parametrize("broken", ["<a href='x'>](<a", "<a<p>", "<p<b x=1>words</p<b>", "<1></1><p"])
def test_tag_with_a_name_that_none_has_is_passed_over(broken: str) -> None:
    assert "The river remembers" in document(f"<article>{TEXT}{broken}{TEXT}</article>")


def test_text_behind_an_address_is_a_document_as_it_is() -> None:
    source = b"# The late ferry\n\nWords with <b>HTML</b> in them, and a [link](https://a.example).\n"
    found = read_page(source, address="https://raw.example.org/README.md", media_type="text/plain")
    assert found == Page(document=source.decode(), title="", address="https://raw.example.org/README.md")


@given(
    st.lists(
        st.sampled_from(
            [*PIECES, "<p>", "</div>", "<table>", "<a href='x'>", "&#0;", "<script>", "]]>", "<!--"]
        ),
        max_size=30,
    ).map("".join)
)
@examples(60)
def test_any_page_is_read_or_refused(source: str) -> None:
    for body in (source, f"<html><body><article>{TEXT}{source}{TEXT}</article></body></html>"):
        found = read_page(
            body.encode("utf-8", "surrogatepass"), address="https://example.org/", media_type="text/html"
        )
        if isinstance(found, Page):
            with contextlib.suppress(ArticleError):  # pages of no letters
                parse(found.document, file="")


@pytest.mark.parametrize("tag", ["http:", "o:p", "a:b:c", ":x"])
def test_tag_whose_name_is_none_in_xml_keeps_its_words(tag: str) -> None:
    assert "the words" in document(f"<article>{TEXT}<p><{tag}>the words</{tag}></p>{TEXT}</article>")
