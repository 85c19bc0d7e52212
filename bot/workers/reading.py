"""What a worker process does with a request."""

import traceback
from dataclasses import replace
from typing import assert_never

from bot.editing.prepared import Prepared
from bot.errors import ArticleError
from bot.sources.feeds.model import Feed
from bot.sources.model import Page, Shell
from bot.workers.frames import (
    TOO_MUCH,
    DocumentRead,
    DocumentRequest,
    EntryRequest,
    FeedRead,
    FeedRequest,
    PageRead,
    PageRequest,
    WorkAnswer,
    WorkFault,
    WorkRefused,
    WorkRequest,
)
from bot.workers.prepare import prepare


def read(request: WorkRequest) -> tuple[WorkAnswer, tuple[bytes, ...]]:
    """Return what became of a document or page: every exception is its own."""
    try:
        if isinstance(request, DocumentRequest):
            return _accepted(prepare(request.data, request.file, request.recurring))
        return _read_source(request), ()
    except ArticleError as error:
        values = {name: str(value) for name, value in error.values.items()}
        return WorkRefused(key=error.key, line=error.line, values=values), ()
    except MemoryError:
        return WorkRefused(key=TOO_MUCH), ()
    except Exception as error:  # noqa: BLE001  # it is told
        frames = traceback.extract_tb(error.__traceback__)
        # Names of functions only: a message may quote the document.
        trace = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
        return WorkFault(error=type(error).__name__, trace=trace), ()


def _read_source(request: PageRequest | FeedRequest | EntryRequest) -> WorkAnswer:
    match request:
        case PageRequest():
            return PageRead(page=_read_page(request))
        case FeedRequest():
            return _read_feed(request)
        case EntryRequest():
            return PageRead(page=_document_of_entry(request))
        case _:
            assert_never(request)


def _read_page(request: PageRequest) -> Page | Shell:
    # Only a process for pages knows how: what this imports takes a second and 60 MB.
    from bot.sources.reading import read_source  # noqa: PLC0415  # see above

    return read_source(
        request.data, address=request.address, media_type=request.media_type, charset=request.charset
    )


def _read_feed(request: FeedRequest) -> FeedRead:
    from bot.sources.feeds.reading import read_feed  # noqa: PLC0415  # as above

    found = read_feed(
        request.data,
        address=request.address,
        media_type=request.media_type,
        charset=request.charset,
        today=request.today,
        known=request.known,
    )
    return FeedRead(feed=found) if isinstance(found, Feed) else FeedRead(feed=None, links=found)


def _document_of_entry(request: EntryRequest) -> Page:
    from bot.sources.feeds.reading import document_of_entry  # noqa: PLC0415  # as above

    entry = request.entry
    document = document_of_entry(entry, source=request.source, language=request.language, tags=request.tags)
    return Page(document=document, title=entry.title, address=entry.address)


def _accepted(prepared: Prepared) -> tuple[WorkAnswer, tuple[bytes, ...]]:
    sections, quotes = prepared.section_pieces, prepared.quote_pieces
    head = replace(prepared, section_pieces=(), quote_pieces=(), columns=b"")
    answer = DocumentRead(prepared=head, sections=len(sections), quotes=len(quotes))
    return answer, (*sections, *quotes, prepared.columns)
