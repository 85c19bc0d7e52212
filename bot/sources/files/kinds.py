"""What kind of file it is, by its bytes, and what to do about the kinds that are not read. Pure."""

import re
from typing import Final, Literal

from bot.errors import ArticleError

FileKind = Literal["text", "page", "pdf", "archive"]

MAX_FILE_BYTES: Final = 20_000_000
"""What Telegram hands to a bot; the text in it may have as much as any article."""

_PAGE_ENDINGS: Final = (".html", ".htm", ".xhtml")
_TEXT_ENDINGS: Final = (".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".rst", ".org", ".adoc")

_PAGE: Final = re.compile(
    # A comment ends at its first end: else there are as many ways to read a row of them as there are subsets.
    rb"\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEAD_BYTES: Final = 2_000
_ENCRYPTED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")
_OLE: Final = b"\xd0\xcf\x11\xe0"


def kind_of(data: bytes, name: str) -> FileKind:
    """Return what kind a file is. ArticleError for one of the old formats of Office, which can't be read."""
    beginning = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if b"%PDF-" in beginning[:1_024]:
        return "pdf"
    if beginning.startswith(b"PK\x03\x04"):
        return "archive"
    if beginning.startswith(_OLE):
        raise ArticleError("file.encrypted" if _ENCRYPTED_OFFICE in data else "file.old_office", file=name)
    ending = name.lower()
    is_page = ending.endswith(_PAGE_ENDINGS) or (
        not ending.endswith(_TEXT_ENDINGS) and _PAGE.match(beginning)
    )
    return "page" if is_page else "text"
