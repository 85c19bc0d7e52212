"""Read whatever people send or link to: a page or a file becomes a Markdown document with front matter."""

from dataclasses import replace
from typing import Final

from bot.errors import ArticleError
from bot.sources.files.archive import Archive
from bot.sources.files.book import read_book
from bot.sources.files.kinds import kind_of
from bot.sources.files.pdf import read_pdf
from bot.sources.files.word import word_html
from bot.sources.model import Page, Shell
from bot.sources.pages.markdown import markdown_of, tree_of
from bot.sources.pages.metadata import PageMetadata
from bot.sources.pages.page import document_about, read_page

_PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
_KINDS: Final = {
    "xl/workbook.xml": "Excel (.xlsx)", "ppt/presentation.xml": "PowerPoint (.pptx)",
    "content.xml": "OpenDocument",
}  # fmt: skip
"""What other archives are, by a member."""


def read_source(data: bytes, *, address: str, media_type: str, charset: str | None = None) -> Page | Shell:
    """Return the article in a page or file, or what a page is instead of one. ArticleError.

    `address` is where it was found, empty for a file; `media_type` is what its server or sender said.
    """
    kind = "page" if media_type in _PAGE_TYPES and data[:2] != b"PK" else kind_of(data, "")
    if kind in {"page", "text"}:
        return read_page(data, address=address, media_type=media_type, charset=charset)
    metadata, markdown = read_pdf(data) if kind == "pdf" else _read_archive(data)
    if not markdown.strip():
        raise ArticleError("error.empty", file="")
    document = document_about(replace(metadata, address=address), markdown)
    return Page(document=document, title=metadata.title, address=address)


def _read_archive(data: bytes) -> tuple[PageMetadata, str]:
    names = Archive(data).names
    if "word/document.xml" in names:
        tree = tree_of(word_html(data))
        return PageMetadata(), markdown_of(tree, base="") if tree is not None else ""
    if "META-INF/container.xml" in names:
        return read_book(data)
    raise ArticleError(
        "error.kind", file="", kind=next((_KINDS[name] for name in _KINDS if name in names), "ZIP")
    )
