"""The process in which documents or pages are read: `python -m bot.workers.process document`, or `page`.

They come from anywhere, and parsers of Markdown, YAML, TOML and HTML have inputs that take them hours or
gigabytes. So they run here: with an empty environment, bounded in memory and processor time, unable to open
a file or a socket. Requests and answers are frames on standard input and output (`bot/workers/frames.py`).
"""

import codecs
import contextlib
import encodings.aliases
import importlib
import io
import os
import resource
import signal
import sys
import traceback
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO, Final, assert_never

from bot.editing.prepared import Prepared
from bot.errors import ArticleError
from bot.sources.model import Page, Shell
from bot.workers.frames import (
    TOO_MUCH,
    DocumentRead,
    DocumentRequest,
    PageRead,
    PageRequest,
    WorkAnswer,
    WorkerReady,
    WorkFault,
    WorkRefused,
    WorkRequest,
    read_request,
    write_answer,
)
from bot.workers.prepare import prepare

MAX_MEMORY_BYTES: Final = 512_000_000
NICENESS: Final = 10
"""Readers come first."""

_ENCODINGS: Final = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "idna")
_WARM_UP: Final = (
    "---\ntitle: T\ndate: 2026-01-23\n---\nAn *article* with a [link](https://a.example).\n\n> Words. — Ada",
    "+++\ntitle = 'T'\n+++\n## 标题\n\n正文，<b>和</b>更多。",
)
_WARM_UP_PAGES: Final = tuple(
    f"<html lang='{language}'><head><title>T - Site</title><meta name='date' content='{day}'></head><body>"
    f"<article><h1>T</h1><p class='date'>{day}</p>"
    + f"<p>{words} <a href='/x'>x</a> <b>y</b></p>" * 12
    + "<table><tr><td>1</td></tr></table><pre><code>z</code></pre></article></body></html>"
    for language, day, words in (
        (
            "en",
            "January 23, 2026",
            "The river remembers everyone who hurried it, and it forgives none of them. ",
        ),
        ("zh", "2026年1月23日", "河流记得每一个催促过它的人，却从不原谅任何一个。"),
        ("de", "23. Januar 2026", "Der Fluss vergisst keinen, der ihn jemals zur Eile getrieben hat. "),
    )
)
_WARM_UP_WORD: Final = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Words.</w:t></w:r></w:p></w:body></w:document>",
}
_WARM_UP_BOOK: Final = {
    "META-INF/container.xml": '<container><rootfile full-path="book.opf"/></container>',
    "book.opf": "<package><date>2026-01-23</date><item id='a' href='a.html' media-type='text/html'/>"
    "<itemref idref='a'/></package>",
    "a.html": "<html><body><p>Words.</p></body></html>",
}
_WARM_UP_PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 47>>stream\nBT /F 12 Tf 20 200 Td (Words of a page.) Tj ET  \nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
)


def main(kind: str) -> None:
    """Answer requests of a kind until standard input ends."""
    os.nice(NICENESS)
    requests, answers = sys.stdin.buffer, _take_standard_output()
    # Everything that would open a file later is loaded now, before that is forbidden.
    warm_up(pages=kind == "page")
    confine()
    write_answer(answers, WorkerReady())
    while request := read_request(requests):
        with _processor_time(request.cpu_s):
            answer, pieces = read(request)
        write_answer(answers, answer, pieces)
        if isinstance(answer, WorkRefused) and answer.key == TOO_MUCH:
            return  # the memory that is in use is of no use to the next document


def read(request: WorkRequest) -> tuple[WorkAnswer, tuple[bytes, ...]]:
    """Return what became of a document or page: every exception is its own."""
    try:
        match request:
            case DocumentRequest():
                return _accepted(prepare(request.data, request.file, request.recurring))
            case PageRequest():
                return PageRead(page=_read_page(request)), ()
            case _:
                assert_never(request)
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


def _read_page(request: PageRequest) -> Page | Shell:
    # Only a process for pages knows how: what this imports takes a second and 60 MB.
    from bot.sources.reading import read_source  # noqa: PLC0415  # see above

    return read_source(
        request.data, address=request.address, media_type=request.media_type, charset=request.charset
    )


def _accepted(prepared: Prepared) -> tuple[WorkAnswer, tuple[bytes, ...]]:
    sections, quotes = prepared.section_pieces, prepared.quote_pieces
    head = replace(prepared, section_pieces=(), quote_pieces=(), columns=b"")
    answer = DocumentRead(prepared=head, sections=len(sections), quotes=len(quotes))
    return answer, (*sections, *quotes, prepared.columns)


def _take_standard_output() -> BinaryIO:
    """Keep standard output for answers alone, whatever else may print."""
    # Whatever else prints, libraries included, goes to standard error.
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def warm_up(*, pages: bool = False) -> None:
    """Load all that is loaded lazily, while files can still be opened."""
    for name in _ENCODINGS:
        codecs.lookup(name)
    if not pages:
        for text in _WARM_UP:
            prepare(text.encode(), "warm-up.md")
        return
    importlib.import_module("_strptime")  # loaded by the first `strptime`
    for name in ("punycode", *encodings.aliases.aliases.values()):
        with contextlib.suppress(LookupError):
            codecs.lookup(name)
    for text in (*_WARM_UP_PAGES, "<p>A page that has hardly any text makes the library look for more.</p>"):
        page = PageRequest(
            address="https://a.example/b", media_type="text/html", charset=None, cpu_s=0, data=text.encode()
        )
        _read_page(page)
    for data in (_archive(_WARM_UP_WORD), _archive(_WARM_UP_BOOK), _WARM_UP_PDF):
        _read_page(PageRequest(address="", media_type="", charset=None, cpu_s=0, data=data))


def _archive(members: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def confine() -> None:
    """Bound memory; open no more files or sockets, write none, start no process, leave no core."""
    for limit, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # a system that does not know or allow this limit
            resource.setrlimit(limit, (most, most))


@contextlib.contextmanager
def _processor_time(seconds: float) -> Iterator[None]:
    """End this process when the work takes more processor time; the system's signal stops any code."""
    # Processor time, not time: on a busy machine a document is not refused for others’ work.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "document")
