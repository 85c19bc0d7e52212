"""The text of the article in a page of any site."""

import logging
from typing import Final

from lxml.html import HtmlElement, fromstring, tostring
from trafilatura import bare_extraction
from trafilatura.settings import Document

from bot.sources.pages.markdown import make_absolute, markdown_of

# What it warns of is the page’s own affair, and a page is read once.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_TAGS: Final = {
    "main": "div", "item": "li", "row": "tr", "quote": "blockquote", "lb": "br", "del": "s", "graphic": "img",
    "ref": "a",
}  # fmt: skip
_STYLES: Final = {"#b": "strong", "#i": "em", "#u": "u", "#t": "code", "#sub": "sub", "#sup": "sup"}
_ATTRIBUTES: Final = {"a": {"target": "href"}, "img": {"src": "src", "alt": "alt", "title": "title"}}


def article_markdown(tree: HtmlElement, *, address: str) -> str:
    """Return the article of a page as Markdown; nothing when none is found."""
    make_absolute(tree, address)
    _keep_captions(tree)
    found = bare_extraction(
        tree,
        url=address,
        include_comments=False,
        include_links=True,
        include_images=True,
        include_formatting=True,
        include_tables=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document) or found.body is None:
        return ""
    for element in found.body.iter("*"):
        _to_html(element)
    return markdown_of(fromstring(tostring(found.body, encoding="unicode")), base=address)


def _keep_captions(tree: HtmlElement) -> None:
    """Put the caption of a figure with its picture: the library leaves captions out."""
    for figure in tree.iter("figure"):
        caption, image = figure.find(".//figcaption"), figure.find(".//img")
        if caption is not None and image is not None and not image.get("title"):
            image.set("title", " ".join(caption.text_content().split()))


def _to_html(element: HtmlElement) -> None:
    """Turn an element of the library's own vocabulary (TEI) into HTML."""
    style = element.get("rend", "")
    match element.tag:
        case "head":
            tag = style if style.startswith("h") else "h2"
        case "list":
            tag = style if style in {"ol", "ul"} else "ul"
        case "cell":
            tag = "th" if element.get("role") == "head" else "td"
        case "hi":
            tag = _STYLES.get(style, "span")
        case "code":
            tag = "pre" if "\n" in "".join(element.itertext()) else "code"
        case known:
            tag = _TAGS.get(known, known)
    kept = {new: element.get(old) for old, new in _ATTRIBUTES.get(tag, {}).items() if element.get(old)}
    element.tag = tag
    element.attrib.clear()
    element.attrib.update(kept)
