"""Books (.epub): an archive of pages, and a list of them in reading order."""

import posixpath
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from lxml.etree import _Element
from lxml.html import HtmlElement

from bot.article.metadata.dates import find_date
from bot.errors import ArticleError
from bot.sources.files.archive import Archive
from bot.sources.pages.encoding import page_text
from bot.sources.pages.markdown import markdown_of, tree_of
from bot.sources.pages.metadata import PageMetadata

_CONTAINER: Final = "META-INF/container.xml"
_RIGHTS: Final = "META-INF/rights.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_FONT_ALGORITHMS: Final = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Fonts alone are often made unreadable, which hides no text."""
_PAGE_TYPES: Final = ("application/xhtml+xml", "text/html")
_NO_TEXT: Final = frozenset({"nav", "cover", "toc", "titlepage", "copyright-page", "landmarks"})


def read_book(data: bytes) -> tuple[PageMetadata, str]:
    """Return what a book says about itself, and its text as Markdown. ArticleError."""
    archive = Archive(data)
    if _is_protected(archive):
        raise ArticleError("file.encrypted", file="")
    package_path = _first(archive.tree(_CONTAINER), "rootfile", "full-path")
    package = archive.tree(package_path)
    folder = posixpath.dirname(package_path)
    chapters = [_chapter(archive, path) for path in _reading_order(package, folder) if path in archive.names]
    text = "\n".join(filter(str.strip, chapters))
    return _metadata(package), text


def _is_protected(archive: Archive) -> bool:
    if _RIGHTS in archive.names:
        return True
    if _ENCRYPTION not in archive.names:
        return False
    methods = [each.get("Algorithm", "") for each in _all(archive.tree(_ENCRYPTION), "EncryptionMethod")]
    return not all(method in _FONT_ALGORITHMS for method in methods)


def _reading_order(package: _Element, folder: str) -> Iterator[str]:
    """Yield the paths of the pages that are read one after another."""
    items = {
        each.get("id", ""): each
        for each in _all(package, "item")
        if each.get("media-type") in _PAGE_TYPES and "nav" not in each.get("properties", "").split()
    }
    for each in _all(package, "itemref"):
        item = items.get(each.get("idref", ""))
        if item is not None and each.get("linear") != "no":
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _chapter(archive: Archive, path: str) -> str:
    tree = tree_of(page_text(archive.read(path)))
    if tree is None:
        return ""
    body = tree.find("body")
    content: HtmlElement = tree if body is None else body
    for element in list(content.iter("nav", "section", "div")):
        types = {
            element.get("{http://www.idpf.org/2007/ops}type"),
            element.get("epub:type"),
            element.get("role"),
        }
        if {str(each).removeprefix("doc-") for each in types} & _NO_TEXT and element is not content:
            element.drop_tree()
    return markdown_of(content, base="")


def _metadata(package: _Element) -> PageMetadata:
    days = [find_date(_words(each)) for each in _all(package, "date")]
    return PageMetadata(
        title=next(filter(None, map(_words, _all(package, "title"))), ""),
        author=", ".join(dict.fromkeys(filter(None, map(_words, _all(package, "creator"))))),
        site=next(filter(None, map(_words, _all(package, "publisher"))), ""),
        published=next(filter(None, days), None),
        description=next(filter(None, map(_words, _all(package, "description"))), ""),
        address="",
    )


def _all(tree: _Element, name: str) -> list[_Element]:
    """Return the elements of a name, in whatever namespace."""
    return list(tree.iter(f"{{*}}{name}"))


def _first(tree: _Element, name: str, attribute: str) -> str:
    found = next((each.get(attribute) for each in _all(tree, name)), None)
    if not found:
        raise ArticleError("file.damaged", file="")
    return str(found)


def _words(element: _Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
