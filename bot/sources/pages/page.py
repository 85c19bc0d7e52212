"""Read a page: its article as a Markdown document with front matter, or what the page is instead."""

import re
from typing import Final

from lxml.html import HtmlElement

from bot.article.metadata.writing import document_of
from bot.sources.addresses import host_of, without_tracking
from bot.sources.model import Page, Shell
from bot.sources.pages.article import article_markdown
from bot.sources.pages.encoding import page_text
from bot.sources.pages.markdown import tree_of
from bot.sources.pages.metadata import PageMetadata, read_metadata
from bot.sources.pages.shells import shell_of
from bot.sources.pages.telegram import read_telegram_post
from bot.sources.pages.trim import trimmed
from bot.sources.pages.wechat import read_wechat

_HTML: Final = re.compile(r"<(?:!doctype html|html|head|body|article|div|p)\b", re.IGNORECASE)
_SNIFFED_CHARS: Final = 2_000
_MARKUP: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)|[#>*_`|~-]")


def read_page(data: bytes, *, address: str, media_type: str, charset: str | None = None) -> Page | Shell:
    """Return the article of a page as a document, or what the page is instead of one."""
    text = page_text(data, charset)
    if not _HTML.search(text[:_SNIFFED_CHARS]) and media_type != "text/html":
        # A file of a code host, or any other text: it is a document as it is.
        return Page(document=text, title="", address=address) if text.strip() else "empty"
    tree = tree_of(text)
    if tree is None:
        return "empty"
    address = without_tracking(address) if address else ""
    known = read_wechat(tree, address) or read_telegram_post(tree, address)
    metadata, markdown = known or _of_any_site(text, address)
    if shell := shell_of(tree, title=metadata.title, text=_plain(markdown)):
        return shell
    document = document_about(metadata, markdown)
    return Page(document=document, title=metadata.title, address=metadata.address, noindex=_is_noindex(tree))


def _of_any_site(text: str, address: str) -> tuple[PageMetadata, str]:
    # Each of both changes its tree.
    tree, other = tree_of(text), tree_of(text)
    if tree is None or other is None:
        raise ValueError("a page that was read is no page")
    metadata = read_metadata(tree, address)
    return metadata, trimmed(article_markdown(other, address=address), title=metadata.title)


def _is_noindex(tree: HtmlElement) -> bool:
    """Return whether a page asks programs not to keep it."""
    said = tree.xpath("//meta[translate(@name, 'ROBTS', 'robts')='robots']/@content")
    return any("noindex" in str(each).lower() or "none" in str(each).lower().split() for each in said)


def document_about(metadata: PageMetadata, markdown: str) -> str:
    """Return an article as a document, with what is known about it as front matter."""
    fields = {
        "title": metadata.title,
        "source": metadata.site or (host_of(metadata.address) if metadata.address else ""),
        "author": metadata.author,
        "date": metadata.published,
        "url": metadata.address,
        "lang": metadata.language,
        "summary": metadata.description,
        "cover": metadata.image,
    }
    return document_of(fields, markdown)


def _plain(markdown: str) -> str:
    return " ".join(_MARKUP.sub(r"\1", markdown).split())
