"""Files that editors send: whatever is no text already is read in a worker and becomes a document."""

from typing import Final

from bot.editing.links import ReadPage
from bot.errors import ArticleError
from bot.sources.fetch import Fetched
from bot.sources.files.kinds import FileKind, kind_of

_MEDIA_TYPES: Final[dict[FileKind, str]] = {"page": "text/html"}


async def document_in(
    data: bytes, name: str, *, read: ReadPage, owner: int | None, address: str = ""
) -> bytes:
    """Return the document in a file: its own bytes, or what was read of it. ArticleError."""
    kind = kind_of(data, name)
    if kind == "text":
        return data
    file = Fetched(address=address, media_type=_MEDIA_TYPES.get(kind, ""), charset=None, data=data)
    page = await read(file, owner=owner, name=name)
    if isinstance(page, str):
        raise ArticleError(f"page.{page}", file=name, host=name)
    return page.document.encode("utf-8", "surrogatepass")
