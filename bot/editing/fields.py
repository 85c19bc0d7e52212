"""Documents with the metadata that their editors have changed."""

import asyncio

from bot.article.metadata.writing import with_fields
from bot.editing.model import Fields


async def bytes_with(text: str, fields: Fields) -> bytes:
    """Return a document with changed metadata.

    Front matter that somebody made to hurt takes seconds to read, so it is read beside the event loop.
    """
    document = await asyncio.to_thread(with_fields, text, fields) if fields else text
    return document.encode("utf-8", "surrogatepass")
