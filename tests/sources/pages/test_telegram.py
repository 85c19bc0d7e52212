"""Posts of public channels and pages of Telegra.ph are read as what they are."""

from datetime import date

from bot.article.parse import parse
from bot.article.plain_text import plain_blocks
from bot.sources.model import Page
from bot.sources.pages.page import read_page

WORDS = (
    "The river remembers everyone who hurried it, and it forgives none of them. In the villages along its banks "
    "people set their clocks by the ferry, which is late every morning by the same eleven minutes."
)
POST = f"""<html><head><title>Telegram Widget</title></head><body class="widget_frame_base"><div class="tgme_widget_message">
<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="https://t.me/rivers"><span dir="auto">Rivers</span></a></div>
<div class="tgme_widget_message_text js-message_text" dir="auto"><b>The late ferry</b><br/><br/>{WORDS}<br/>
<a href="https://example.org/ferry">More</a> <a href="?q=%23river">#river</a></div>
<div class="tgme_widget_message_footer"><time datetime="2026-11-01T08:00:00+00:00" class="datetime">Nov 1, 2026</time></div></div></body></html>"""
TELEGRAPH = f"""<html><head><meta property="og:title" content="The late ferry"><meta property="og:site_name" content="Telegraph">
<meta property="article:published_time" content="2026-11-01T08:00:00+0000"><meta property="article:author" content="Jane Roe"></head>
<body><div class="tl_page"><main class="tl_article"><header class="tl_article_header"><h1>The late ferry</h1><address><a rel="author">Jane Roe</a>
<time datetime="2026-11-01T08:00:00+0000">November 01, 2026</time></address></header><article id="_tl_editor" class="tl_article_content ql-container">
<h1>The late ferry</h1><p>{WORDS}</p><h3>What people say</h3><p>{WORDS[::-1]}</p><blockquote>It keeps its own hours.</blockquote></article></main></div></body></html>"""


def read(page: str, address: str) -> Page:
    found = read_page(page.encode(), address=address, media_type="text/html")
    assert isinstance(found, Page), found
    return found


def test_post_of_a_channel_is_read_from_the_page_that_sites_embed() -> None:
    found = read(POST, "https://t.me/rivers/123?embed=1&mode=tme")
    article = parse(found.document, file="")
    assert (article.title, article.source, article.published) == (
        "The late ferry",
        "Rivers",
        date(2026, 11, 1),
    )
    assert article.url == found.address == "https://t.me/rivers/123"
    text = "\n".join(plain_blocks(section.body) for section in article.walk())
    assert WORDS in text
    assert "[More](https://example.org/ferry)" in found.document


def test_post_without_words_is_no_article() -> None:
    page = POST.replace("js-message_text", "").replace(
        "tgme_widget_message_text", "tgme_widget_message_photo"
    )
    page = page.replace(WORDS, "").replace("The late ferry", "")
    assert (
        read_page(page.encode(), address="https://t.me/rivers/123?embed=1", media_type="text/html") == "empty"
    )


def test_page_of_telegraph() -> None:
    article = parse(read(TELEGRAPH, "https://telegra.ph/The-late-ferry-11-01").document, file="")
    assert (article.title, article.author, article.source) == ("The late ferry", "Jane Roe", "Telegraph")
    assert article.published == date(2026, 11, 1)
    assert [plain_blocks(quote.body) for quote in article.quotes] == ["It keeps its own hours."]
