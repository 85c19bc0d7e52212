"""What kind of file it is, by its bytes, and what to do about the kinds that are not read. Pure."""

import re
from typing import Final, Literal

from bot.errors import ArticleError

FileKind = Literal["text", "page", "pdf", "archive"]

MAX_FILE_BYTES: Final = 20_000_000
"""What Telegram hands to a bot; the text in it may have as much as any article."""

PAGE_ENDINGS: Final = (".html", ".htm", ".xhtml")
TEXT_ENDINGS: Final = (".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".rst", ".org", ".adoc")
ENDINGS: Final = (*PAGE_ENDINGS, ".docx", ".epub", ".pdf")
"""How files are called that are turned into documents first."""

_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
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
    is_page = ending.endswith(PAGE_ENDINGS) or (not ending.endswith(TEXT_ENDINGS) and _PAGE.match(beginning))
    return "page" if is_page else "text"
