"""Posts of a public channel of Telegram, as `t.me/s/channel` shows them, as a feed."""

from typing import Final

from lxml.html import HtmlElement, tostring

from bot.article.metadata.dates import find_date
from bot.sources.feeds.addresses import channel_page
from bot.sources.feeds.model import Entry, Feed
from bot.sources.feeds.syndication import key_of
from bot.sources.pages.markdown import make_absolute

_MAX_TITLE_CHARS: Final = 80


def read_channel(tree: HtmlElement, address: str) -> Feed | None:
    """Return the posts in the page of a channel, the newest first; None when it is none."""
    posts = tree.xpath("//*[@data-post]")
    if channel_page(address) is None or not posts:
        return None
    titles = tree.xpath("//*[contains(@class, 'tgme_channel_info_header_title')]")
    entries = [entry for post in posts if (entry := _entry(post))]
    title = " ".join(titles[0].text_content().split()) if titles else ""
    return Feed(title=title, site=address, language="", entries=tuple(reversed(entries)))


def _entry(post: HtmlElement) -> Entry | None:
    texts = post.xpath(".//*[contains(@class, 'js-message_text')]") or post.xpath(
        ".//*[contains(@class, 'tgme_widget_message_text')]"
    )
    number = post.get("data-post", "")
    if not texts or "/" not in number:
        return None
    address = f"https://t.me/{number}"
    make_absolute(texts[0], address)
    html = tostring(texts[0], encoding="unicode", with_tail=False)
    for line_break in texts[0].iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    lines = [line.strip() for line in texts[0].text_content().split("\n") if line.strip()]
    days = [find_date(str(each)) for each in post.xpath(".//time/@datetime")]
    return Entry(
        key=key_of(address),
        address=address,
        title=lines[0] if len(lines) > 1 and len(lines[0]) <= _MAX_TITLE_CHARS else "",
        day=next(filter(None, days), None),
        html=html,
        is_whole=True,
    )
