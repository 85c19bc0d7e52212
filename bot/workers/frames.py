"""What a bot and its worker process say to each other: frames of JSON, checked as they come in.

A request is a header and the bytes of a document or page. An answer is a header and, for a document that can
be published, a frame for each piece of its sections and quotes and one for the index. A frame is its
length, 4 bytes in network order, and so many bytes.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import BinaryIO, Final, Literal

from pydantic import TypeAdapter

from bot.article.model import Fingerprint
from bot.editing.prepared import Prepared
from bot.sources.feeds.model import Entry, Feed, FeedLinks
from bot.sources.model import Page, Shell

TOO_MUCH: Final = "error.too_slow"
"""The key of the refusal of a document that takes too much time or memory."""

LENGTH: Final = struct.Struct(">I")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequest:
    """A document to read; `cpu_s` bounds the seconds of processor time that it may take.

    `recurring` are paragraphs that other articles have as well, with the slugs of some.
    """

    file: str
    cpu_s: float
    data: bytes = b""
    recurring: dict[Fingerprint, set[str]] = field(default_factory=dict)
    kind: Literal["document"] = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """A page whose article is to be found; `media_type` and `charset` are what its server said."""

    address: str
    media_type: str
    charset: str | None
    cpu_s: float
    data: bytes = b""
    kind: Literal["page"] = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRequest:
    """A feed to read; days after `today` are none, and of `known` entries no text is wanted."""

    address: str
    media_type: str
    charset: str | None
    today: date
    known: frozenset[str]
    cpu_s: float
    data: bytes = b""
    kind: Literal["feed"] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRequest:
    """An entry of a feed to be made a document."""

    entry: Entry
    source: str
    language: str
    tags: tuple[str, ...]
    cpu_s: float
    data: bytes = b""
    kind: Literal["entry"] = "entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead:
    """What is at the address of a feed: that, or where there are some."""

    feed: Feed | None
    links: FeedLinks = field(default_factory=FeedLinks)
    kind: Literal["feed"] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRead:
    """A document that can be published; so many frames with sections and quotes follow, then its columns."""

    prepared: Prepared
    sections: int
    quotes: int
    kind: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """A page's article, or what the page is instead of one."""

    page: Page | Shell
    kind: Literal["page"] = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRefused:
    """An ArticleError: a key of the catalogue with its values, and the line where that is known."""

    key: str
    line: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    kind: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFault:
    """An exception of our own: its class, and the functions in which it happened, innermost first."""

    error: str
    trace: str
    kind: Literal["faulty"] = "faulty"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerReady:
    """The process can take documents."""

    kind: Literal["ready"] = "ready"


WorkRequest = DocumentRequest | PageRequest | FeedRequest | EntryRequest
WorkAnswer = DocumentRead | PageRead | FeedRead | WorkRefused | WorkFault | WorkerReady

_REQUEST: Final[TypeAdapter[WorkRequest]] = TypeAdapter(WorkRequest)
_ANSWER: Final[TypeAdapter[WorkAnswer]] = TypeAdapter(WorkAnswer)


def pack_request(request: WorkRequest) -> bytes:
    """Return a request's two frames."""
    return _frame(_REQUEST.dump_json(replace(request, data=b""))) + _frame(request.data)


def read_request(stream: BinaryIO) -> WorkRequest | None:
    """Return the next request; None at the end of the stream."""
    header, data = _read_frame(stream), _read_frame(stream)
    if header is None or data is None:
        return None
    return replace(_REQUEST.validate_json(header), data=data)


def write_answer(stream: BinaryIO, answer: WorkAnswer, pieces: Sequence[bytes] = ()) -> None:
    """Write an answer and its pieces."""
    stream.writelines(_frame(payload) for payload in (_ANSWER.dump_json(answer), *pieces))
    stream.flush()


def unpack_answer(payload: bytes) -> WorkAnswer:
    """Return the answer in a header frame. ValueError when it is none."""
    return _ANSWER.validate_json(payload)


def _frame(payload: bytes) -> bytes:
    return LENGTH.pack(len(payload)) + payload


def _read_frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None
