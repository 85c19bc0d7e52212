"""Posts of WeChat are read in both of their layouts."""

import json
from datetime import date

import pytest

from bot.article.model import Article
from bot.article.parse import parse
from bot.article.plain_text import plain, plain_blocks
from bot.sources.model import Page
from bot.sources.pages.page import read_page

ADDRESS = "https://mp.weixin.qq.com/s?__biz=MzI=&mid=1&idx=1&sn=ab"
WORDS = (
    "河流记得每一个催促过它的人，却从不原谅任何一个。沿岸村子里的人都照着渡船对表，渡船每天早上都晚十一分钟。"
)
BODY = f"""<section style="font-size: 16px;"><p><span leaf="">{WORDS}</span></p>
<section style="text-align: center;"><section style="background: #eee"><p style="font-size: 18px;"><strong><span>晚点的渡船</span></strong></p></section></section>
<p><span>{WORDS}</span></p><p><img data-src="https://mmbiz.qpic.cn/ferry/640" src="data:image/gif;base64,R0" alt="渡船"></p>
<section style="border-left: 3px solid #ccc;"><p><span>河有河的时间。</span></p></section>
<p style="font-size: 20px;"><span>码头上的人</span></p>
<ul><li><section><span>有人看水</span></section></li><li><p><span>有人看表</span></p></li></ul><p><span>{WORDS}</span></p></section>"""


def read(page: str) -> Article:
    found = read_page(page.encode(), address=ADDRESS, media_type="text/html")
    assert isinstance(found, Page), found
    return parse(found.document, file="")


FIRST = f"""<html><head><meta property="og:title" content="渡船为什么晚点"><meta name="author" content="某甲">
<meta property="og:image" content="https://mmbiz.qpic.cn/cover/0"></head><body>
<h1 class="rich_media_title" id="activity-name">
    渡船为什么晚点
</h1><div id="meta_content"><span id="js_author_name">某甲</span><a id="js_name"> 河边杂志 </a><em id="publish_time"></em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;">{BODY}</div>
<div class="qr_code_pc">微信扫一扫关注该公众号</div>
<script>var ct = "1762009200"; var nickname = htmlDecode("河边杂志");</script></body></html>"""
ESCAPED = BODY.replace("\n", "\\x0a").replace("<", "\\x3c").replace("'", "\\x27")
SECOND = f"""<html><head><title></title></head><body><div id="js_article"></div><script>
window.cgiDataNew = {{ title: JsDecode('渡船为什么\\x26quot;晚点\\x26quot;'), nick_name: JsDecode('河边杂志'),
author: JsDecode('某甲'), ori_create_time: '1762009200' * 1,
content_noencode: JsDecode('{ESCAPED}'), }};
</script></body></html>"""


@pytest.mark.parametrize(("page", "title"), [(FIRST, "渡船为什么晚点"), (SECOND, '渡船为什么"晚点"')])
def test_post_says_who_wrote_it_and_when(page: str, title: str) -> None:
    article = read(page)
    assert (article.title, article.author, article.source) == (title, "某甲", "河边杂志")
    # Eleven in the evening in China is still this day, though not in UTC everywhere.
    assert (article.published, article.language, article.url) == (date(2025, 11, 1), "zh", ADDRESS)


@pytest.mark.parametrize("page", [FIRST, SECOND])
def test_post_keeps_what_its_style_means(page: str) -> None:
    article = read(page)
    assert [plain(section.title) for section in article.walk() if section.title] == [
        "晚点的渡船",
        "码头上的人",
    ]
    assert [plain_blocks(quote.body) for quote in article.quotes] == ["河有河的时间。"]
    text = "\n".join(plain_blocks(section.body) for section in article.walk())
    assert "有人看水\n有人看表" in text
    assert "渡船" in text
    assert "扫一扫" not in text


def test_single_large_line_is_no_heading() -> None:
    page = FIRST.replace('<p style="font-size: 20px;"><span>码头上的人</span></p>', "")
    assert [section for section in read(page).walk() if section.title] == []


def test_post_that_was_deleted_is_no_article() -> None:
    page = '<html><body><div class="weui-msg"><p class="weui-msg__desc">该内容已被发布者删除</p></div></body></html>'
    assert read_page(page.encode(), address=ADDRESS, media_type="text/html") == "deleted"


def test_script_of_another_kind_is_no_post() -> None:
    page = f"<html><body><article><p>{WORDS}</p><p>{WORDS[::-1]}</p></article><script>{json.dumps({'ct': 1})}</script></body></html>"
    assert read(page).source == "mp.weixin.qq.com"
