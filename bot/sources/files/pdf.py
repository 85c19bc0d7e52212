"""PDFs: lines of text with their place and size, as the library finds them on each page."""

import ctypes
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from bot.errors import ArticleError
from bot.sources.files.layout import Line, html_of
from bot.sources.pages.headline import letters_of
from bot.sources.pages.markdown import markdown_of, tree_of
from bot.sources.pages.metadata import PageMetadata, person_in

MAX_PAGES: Final = 1_000
_FIXED_PITCH: Final = 1
_FIXED_NAMES: Final = re.compile(rb"mono|courier|consola|typewriter|code", re.IGNORECASE)
_MAX_NAME_BYTES: Final = 128
_BOLD: Final = 600
"""Weight from which on letters are bold."""
_MIN_CHARS_A_PAGE: Final = 10
"""On average; with fewer the pages are pictures."""
_HYPHENS: Final = frozenset({0x02, 0xFFFE})
"""What the library makes of a hyphen at the end of a line."""
_LINE_ENDS: Final = frozenset({0x0A, 0x0D})
_BULLETS: Final = str.maketrans({"\uf0b7": "•", "\uf0a7": "•", "\uf02d": "•", "\u00a0": " "})
_WRONG_TITLE: Final = ("microsoft word", "untitled", "无标题", "powerpoint", "slide 1", "document1", "文档1")
_FIRST_PAGES: Final = 2


def read_pdf(data: bytes) -> tuple[PageMetadata, str]:
    """Return what a PDF says about itself, and its text as Markdown. ArticleError."""
    document = _opened(data)
    try:
        if len(document) > MAX_PAGES:
            raise ArticleError("file.too_long", file="", pages=MAX_PAGES)
        pages = [list(_lines_of(document, number)) for number in range(len(document))]
        headings = [(entry.level, entry.get_title() or "") for entry in document.get_toc()]
        facts = document.get_metadata_dict(skip_empty=True)
    except PdfiumError as error:
        raise ArticleError("file.damaged", file="") from error
    finally:
        document.close()
    if sum(len(line.text) for page in pages for line in page) < _MIN_CHARS_A_PAGE * len(pages):
        raise ArticleError("file.scanned", file="")
    tree = tree_of(html_of(pages, headings))
    metadata = _metadata(facts, pages[:_FIRST_PAGES])
    return metadata, markdown_of(tree, base="") if tree is not None else ""


def _opened(data: bytes) -> PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        is_locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise ArticleError("file.encrypted" if is_locked else "file.damaged", file="") from error


def _lines_of(document: PdfDocument, number: int) -> Iterator[Line]:
    page = document[number]
    text_page = page.get_textpage()
    try:
        start, count = 0, text_page.count_chars()
        codes = [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]
        for index in range(count + 1):
            # The library joins what a hyphen parted, though it stands in two lines.
            is_cut = index < count and codes[index] in _HYPHENS
            if index == count or is_cut or codes[index] in _LINE_ENDS:
                if index > start and (line := _line(text_page, codes, start, index)):
                    yield replace(line, cut=is_cut)
                start = index + 1
    finally:
        text_page.close()
        page.close()


def _line(text_page: Any, codes: Sequence[int], start: int, end: int) -> Line | None:
    """Return the line of some characters; None when there are no letters in it."""
    text = "".join(map(chr, codes[start:end])).translate(_BULLETS)
    kept = "".join(char for char in text if char.isprintable() or char == "\t")
    if not kept.strip():
        return None
    shown = [index for index in range(start, end) if not chr(codes[index]).isspace()]
    boxes = [box for index in shown if (box := _box(text_page, index))]
    # Some fonts say nothing of their height.
    heights = [box.top - box.bottom for box in boxes if box.top > box.bottom]
    middle = (start + end) // 2
    is_fixed = _is_fixed(text_page, middle)
    height = statistics.median(heights) if heights else pdfium.FPDFText_GetFontSize(text_page, middle)
    return Line(
        text=kept.strip() if is_fixed else " ".join(kept.split()),
        size=round(height * 2) / 2,
        left=min((box.left for box in boxes), default=0.0),
        right=max((box.right for box in boxes), default=0.0),
        bottom=statistics.median(box.bottom for box in boxes) if boxes else 0.0,
        bold=pdfium.FPDFText_GetFontWeight(text_page, middle) >= _BOLD,
        fixed=is_fixed,
    )


def _box(text_page: Any, index: int) -> Any | None:
    box = pdfium.FS_RECTF()
    found = pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
    return box if found and box.right > box.left else None


def _is_fixed(text_page: Any, index: int) -> bool:
    """Return whether a character is set in letters of one width, as code is."""
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(_MAX_NAME_BYTES)
    pdfium.FPDFText_GetFontInfo(text_page, index, name, _MAX_NAME_BYTES, ctypes.byref(flags))
    # A font that is not in the file has no flags of its own, only a name.
    return bool(flags.value & _FIXED_PITCH or _FIXED_NAMES.search(name.value))


def _metadata(facts: dict[str, str], pages: Sequence[Sequence[Line]]) -> PageMetadata:
    """Return what a PDF says about itself, as far as a reader sees it too: programs fill in a lot."""
    title, author = (" ".join(facts.get(name, "").split()) for name in ("Title", "Author"))
    shown = letters_of(" ".join(line.text for page in pages for line in page))
    is_wrong = title.lower().startswith(_WRONG_TITLE) or letters_of(title) not in shown
    is_author = letters_of(author) in shown and person_in(author)
    return PageMetadata(title="" if is_wrong else title, author=author if is_author else "")
