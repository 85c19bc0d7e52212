"""Addresses of one page are known as one, and those of two pages as two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.addresses import (
    MAX_ADDRESS_CHARS,
    address_key,
    host_of,
    readable,
    telegram_post,
    web_address,
    without_tracking,
)
from tests.hostile import examples

PAGE = "https://example.org/a/page"
WECHAT = "https://mp.weixin.qq.com/s"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a/page",
        "https://www.example.org/a/page",
        "https://m.example.org/a/page",
        "https://amp.example.org/a/page/",
        "HTTPS://EXAMPLE.ORG:443/a/page",
        "http://example.org:80/a/page",
        "https://reader:secret@example.org/a/page",
        "example.org/a/page",
        "https://example.org/a/page/index.html",
        "https://example.org/a/page#part-2",
        "https://example.org/a/page?utm_source=x&utm_medium=y",
        "https://example.org/a/page?from=timeline&spm=a1.b2&fbclid=1&ref=home",
        "https://example.org/a/page/amp/",
        "https://example.org/a/page?amp=1",
        "https://example.org/%61/page",
        "https://www.google.com/amp/s/example.org/a/page",
        "https://example-org.cdn.ampproject.org/c/s/example.org/a/page",
        "  <https://example.org/a/page>\n",
    ],
)
def test_addresses_of_one_page_have_one_key(address: str) -> None:
    assert address_key(address) == address_key(PAGE) == "example.org/a/page"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a/Page",
        "https://example.org/a/page2",
        "https://blog.example.org/a/page",
        "https://example.org:8080/a/page",
        "https://example.org/a/page?id=2",
        "https://example.org/a/page?source=book",
        "https://example.org/a/amplifier",
        "https://www.org/a/page",
    ],
)
def test_address_of_another_page_has_another_key(address: str) -> None:
    assert address_key(address) != address_key(PAGE)


def test_order_of_parameters_makes_no_other_page() -> None:
    assert (
        address_key(f"{PAGE}?b=2&a=1")
        == address_key(f"{PAGE}?a=1&utm_id=9&b=2")
        == "example.org/a/page?a=1&b=2"
    )


def test_post_of_wechat_is_known_by_what_names_it() -> None:
    shared = f"{WECHAT}?__biz=MzI%3D&mid=1&idx=2&sn=ab&chksm=9&scene=21&mpshare=1#wechat_redirect"
    assert address_key(shared) == address_key("http://mp.weixin.qq.com/s?sn=ab&idx=2&mid=1&__biz=MzI=")
    assert address_key(shared) != address_key(f"{WECHAT}?__biz=MzI=&mid=1&idx=1&sn=ab")
    assert (
        address_key(f"{WECHAT}/AbC_d?scene=1")
        == address_key(f"{WECHAT}/AbC_d")
        != address_key(f"{WECHAT}/AbC_e")
    )


@pytest.mark.parametrize(
    "address", ["https://t.me/s/rivers/123", "http://telegram.me/rivers/123?single", "t.me/rivers/123/"]
)
def test_post_of_telegram_is_one_by_any_of_its_addresses(address: str) -> None:
    assert address_key(address) == address_key("https://t.me/rivers/123") == "t.me/rivers/123"
    assert readable(web_address(address) or "") == "https://t.me/rivers/123?embed=1&mode=tme"


@pytest.mark.parametrize(
    "address", ["https://t.me/rivers", "https://t.me/c/1234/5", "https://example.org/rivers/123"]
)
def test_other_address_is_read_where_it_is(address: str) -> None:
    assert telegram_post(address) is None
    assert readable(address) == address


def test_international_host_is_the_same_in_both_ways_of_writing() -> None:
    assert address_key("https://例子.中国/文") == address_key("https://xn--fsqu00a.xn--fiqs8s/%E6%96%87")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "word", "two words", "javascript:alert(1)", "mailto:jane@example.org", "ftp://example.org/a",
        "file:///etc/passwd", "http://", "http://[::1", "https://example.org:99999/", "https://localhost/",
        "https://exa mple.org/", f"https://{'a' * 70}.org/", f"https://example.org/{'a' * MAX_ADDRESS_CHARS}",
        "https://.../", "//example.org/a", "0.´", "https://a¨.org/", "https://a b.org", "https://[::1%25eth0]/",
    ],
)  # fmt: skip
def test_text_that_is_no_web_address(text: str) -> None:
    assert web_address(text) is None
    assert address_key(text) is None


def test_web_address_is_written_as_the_standard_has_it() -> None:
    assert web_address("Example.org/ä b") is None
    assert web_address("Example.org:8080/ä?q=ü") == "https://example.org:8080/%C3%A4?q=%C3%BC"
    assert web_address("http://reader:secret@example.org") == "http://example.org/"
    assert web_address("http://[2001:db8::1]:8080/a") == "http://[2001:db8::1]:8080/a"


def test_address_without_tracking_leads_to_the_same_page() -> None:
    assert without_tracking(f"{PAGE}?utm_source=x&id=3#top") == f"{PAGE}?id=3"


def test_site_is_named_by_its_host() -> None:
    assert host_of("https://www.example.org:8080/a") == "example.org"


@given(st.text(max_size=60) | st.text(alphabet=":/?#[]@.%&=aA0-", max_size=40).map("https://".__add__))
@examples(300)
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = web_address(text)
    if found is not None:
        assert web_address(found) == found
        assert address_key(found) == address_key(text)
        assert address_key(without_tracking(found)) == address_key(found)
