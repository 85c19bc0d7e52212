"""Bytes to text: which encoding a document is written in, and what is no document at all."""

from typing import Final

from bot.errors import ArticleError
from bot.text import clean

MAX_BYTES: Final = 2_000_000

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_COMMON: Final = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都"
    "然没于起还发成事只作当想看文开手用主行方又如前所本见经头面公同三已老从动两长，。、：！？《》「」（）"
    "這來個國說們為時過學對裡後麼沒於還發開當見經頭動兩長無現實問題關業電話機會應該點與進東車書"
)
_SAMPLE_BYTES: Final = 20_000
_HEAD_BYTES: Final = 4_000
_KINDS: Final = {
    b"%PDF-": "PDF", b"{\\rtf": "RTF", b"\xd0\xcf\x11\xe0": "Word, Excel", b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF", b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7z", b"Rar!": "RAR", b"SQLite format 3": "SQLite",
}  # fmt: skip
_IN_ZIP: Final = {
    b"word/": "Word (.docx)", b"xl/": "Excel (.xlsx)", b"ppt/": "PowerPoint (.pptx)",
    b"application/epub": "EPUB",
    b"application/vnd.oasis": "OpenDocument",
}  # fmt: skip
"""How files of other kinds begin, and what is in those that are archives."""
_TEXT_CONTROLS: Final = frozenset("\t\n\r\f\x1b")
_MAX_CONTROL_SHARE: Final = 0.02


def decode(data: bytes, *, file: str) -> str:
    """Return text with LF line ends. ArticleError for what is too big, empty, binary or in no known encoding.

    Read are UTF-8 and UTF-16 (with or without a byte order mark), GB18030 and Big5.
    """
    if kind := _other_kind(data):
        raise ArticleError("error.kind", file=file, kind=kind)
    if len(data) > MAX_BYTES:
        raise ArticleError("error.too_big", file=file, size=f"{len(data) / 1_000_000:.1f}")
    text = _text(data, file).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ArticleError("error.empty", file=file)
    sample = text[:_SAMPLE_BYTES]
    strange = sum(1 for char in sample if char < " " and char not in _TEXT_CONTROLS)
    if strange > len(sample) * _MAX_CONTROL_SHARE:
        raise ArticleError("error.binary", file=file)
    return clean(text)


def _other_kind(data: bytes) -> str:
    """Return what a file is that people take for a text; nothing for one that may be."""
    beginning = data[:_HEAD_BYTES]
    if beginning.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _IN_ZIP.items() if mark in beginning or mark in data), "ZIP")
    return next((kind for mark, kind in _KINDS.items() if beginning.lstrip().startswith(mark)), "")


def _text(data: bytes, file: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, file)
    wide = _unmarked_utf16(data)
    if wide is not None:
        return _strictly(data, wide, file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _chinese(data)
        if text is None:
            line = data.count(b"\n", 0, error.start) + 1
            raise ArticleError("error.encoding", file=file, line=line) from error
        return text


def _strictly(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ArticleError("error.encoding", file=file, line=line) from error


def _unmarked_utf16(data: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark: every other byte of its line ends and spaces is zero."""
    sample = data[:_SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 50 < len(sample) or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _chinese(data: bytes) -> str | None:
    """GB18030 or Big5: most texts of one are also valid in the other, but then their characters are rare."""
    texts = []
    for encoding in ("gb18030", "big5hkscs"):
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return max(texts, key=_familiarity, default=None)


def _familiarity(text: str) -> float:
    wide = [char for char in text[:_SAMPLE_BYTES] if char > "\x7f"]
    return sum(char in _COMMON for char in wide) / max(len(wide), 1)
