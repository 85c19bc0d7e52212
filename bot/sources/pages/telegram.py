"""A post of a public channel of Telegram, as the page shows it that other sites embed."""

from typing import Final

from lxml.html import HtmlElement

from bot.article.metadata.dates import find_date
from bot.sources.addresses import telegram_post
from bot.sources.pages.markdown import make_absolute, markdown_of
from bot.sources.pages.metadata import PageMetadata

_MAX_TITLE_CHARS: Final = 80


def read_telegram_post(tree: HtmlElement, address: str) -> tuple[PageMetadata, str] | None:
    """Return what a post says about itself, and its text as Markdown; None for other pages."""
    post = telegram_post(address)
    texts = _of_class(tree, "tgme_widget_message_text") if post else []
    if post is None or not texts:
        return None
    content = texts[0]
    for line_break in content.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    lines = [line.strip() for line in content.text_content().split("\n") if line.strip()]
    first = lines[0] if lines else ""
    days = [find_date(str(each)) for each in tree.xpath("//time/@datetime")]
    make_absolute(content, post)
    metadata = PageMetadata(
        title=first if len(first) <= _MAX_TITLE_CHARS and len(lines) > 1 else "",
        site=next((_line(each) for each in _of_class(tree, "tgme_widget_message_owner_name")), ""),
        published=next(filter(None, days), None),
        address=post,
    )
    return metadata, markdown_of(content, base=post)


def _of_class(tree: HtmlElement, name: str) -> list[HtmlElement]:
    path = "//*[contains(concat(' ', normalize-space(@class), ' '), $name)]"
    return list(tree.xpath(path, name=f" {name} "))


def _line(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
