"""The bytes of a page as text: what the server, the page and the bytes themselves say of their encoding."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from charset_normalizer import from_bytes

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEAD_BYTES: Final = 8_192
_WIDER: Final = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
"""What browsers read under a name: the encoding that pages really use (WHATWG Encoding, section 4.2)."""
_MAX_WRONG_SHARE: Final = 0.002
"""Of characters that do not decode: a stray byte in a page is no other encoding."""
_GUESSED_BYTES: Final = 100_000


def page_text(data: bytes, charset: str | None = None) -> str:
    """Return a page as text; `charset` is what the server said. Bytes that fit nothing become U+FFFD."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in _candidates(data, charset):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= len(text) * _MAX_WRONG_SHARE:
            return text
    guess = from_bytes(data[:_GUESSED_BYTES]).best()
    return data.decode(guess.encoding if guess else "utf-8", "replace")


def _candidates(data: bytes, charset: str | None) -> Iterator[str]:
    """Yield encodings, the likeliest first; each that Python knows."""
    # Text in another encoding is hardly ever valid UTF-8, whatever is said of it.
    yield "utf-8"
    declared = [found.decode("ascii") for found in _DECLARED.findall(data[:_HEAD_BYTES])]
    for name in (charset or "", *declared):
        wider = _WIDER.get(name.lower(), name)
        try:
            if wider:
                yield codecs.lookup(wider).name
        except LookupError:
            continue
