"""How fast a document becomes messages, and what Telegram would make of those; peers beside ours."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, Final

from bot.article.parse import parse
from bot.message.codec import load
from bot.message.edition import edition_of
from bot.message.formatted_text import to_message
from bot.message.limits import ENTITY_BYTES, ENTITY_LIMIT, TEXT_LIMIT, entity_bytes, utf16
from bot.message.model import Message
from bot.workers.preflight import messages_of
from tests.telegram import as_telegram_keeps_it, parsed_html
from tools.bench.documents import SIZE, Sample, samples
from tools.bench.rows import Row

_DOCUMENTS: Final = 60
_TIMES: Final = 3
_CONTENT: Final = Path(__file__).parents[2] / "content"
_PEERS: Final = Path(__file__).with_name("peers_reading.py")


_IN_PYTHON: Final = "chatgpt-md-converter"
"""The peer that is written in Python, as we are: of the others, only machines tell how much faster they are."""


def rows(peers: Path) -> Iterator[Row]:
    """Every figure on reading; `peers` is the Python of the environment where they are installed."""
    made = samples(_DOCUMENTS)
    texts = [sample.text for sample in made] + [
        file.read_text("utf-8") for file in sorted(_CONTENT.glob("*.md"))
    ]
    answer = subprocess.run(  # noqa: S603  # our own program
        [peers, _PEERS], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    theirs: dict[str, Any] = json.loads(answer.stdout)
    names = list(theirs)
    speeds = {name: _speed(theirs[name]["ms"], texts) for name in names}
    fastest, python = min(speeds.values()), speeds[_IN_PYTHON]
    whole = _speed([_best(lambda text=text: messages_of(parse(text, file="a.md"))) for text in texts], texts)  # type: ignore[misc]
    pages = _speed([_best(lambda text=text: edition_of(parse(text, file="a.md"))) for text in texts], texts)  # type: ignore[misc]
    yield Row("read, render and check every message, both languages", whole, "ms/10 kB", None, fastest)
    yield Row(f"  against {_IN_PYTHON}, which renders once", whole / python, "times", 1.5)
    yield Row("read and set in pages (what the peers do)", pages, "ms/10 kB", None, fastest)
    yield Row(f"  against {_IN_PYTHON}", pages / python, "times", 1)
    for name in names:
        yield Row(f"  {name}", speeds[name], "ms/10 kB")
    yield from _quality("ours", [_pages(sample.text) for sample in made], made, bound=0)
    for name in names:
        yield from _quality(
            name, [list(map(_message, parts)) for parts in theirs[name]["parts"][: len(made)]], made
        )
    yield from _large()


def _best(work: Callable[[], object]) -> float:
    """Milliseconds, the best of three."""
    best = float("inf")
    for _ in range(_TIMES):
        start = time.perf_counter()
        work()
        best = min(best, (time.perf_counter() - start) * 1000)
    return best


def _speed(times: Sequence[float], texts: Sequence[str]) -> float:
    """Median of milliseconds for 10 kB."""
    return median(one * SIZE / len(text.encode()) for one, text in zip(times, texts, strict=True))


def _pages(text: str) -> list[Message]:
    """The text of an article once, as its sections show it."""
    article = parse(text, file="a.md")
    edition = edition_of(article)
    title = Message(text=f"{article.title} · {article.source}")
    headings = [Message(text=section.head.title) for section in edition.sections if section.head.title]
    return [
        title,
        *headings,
        *(to_message(page) for section in edition.sections for page in section.pages if page),
    ]


def _message(part: dict[str, Any]) -> Message | str:
    """A peer's message; why Telegram refuses it, if it does."""
    try:
        if "html" in part:
            return parsed_html(part["html"])
    except ValueError as refused:
        return f"refused: {refused}"
    return load({**part, "buttons": []})


def _quality(
    name: str,
    documents: Sequence[Sequence[Message | str]],
    made: Sequence[Sample],
    *,
    bound: float | None = None,
) -> Iterator[Row]:
    parts = [part for document in documents for part in document]
    broken = sum(isinstance(part, str) or _breaks(part) for part in parts)
    altered = sum(isinstance(part, str) or _altered(part) for part in parts)
    texts = [" ".join(part.text for part in document if isinstance(part, Message)) for document in documents]
    lost = sum(word not in text for text, sample in zip(texts, made, strict=True) for word in sample.words)
    yield Row(f"{name}: parts that break a limit", 100 * broken / len(parts), "%", bound)
    yield Row(f"{name}: parts whose entities Telegram alters", 100 * altered / len(parts), "%", bound)
    yield Row(f"{name}: `**` left as it was written", sum(text.count("**") for text in texts), "times", bound)
    yield Row(f"{name}: words lost of {sum(len(one.words) for one in made)}", lost, "words", bound)


def _breaks(message: Message) -> bool:
    size = sum(entity_bytes(one.url, one.language) for one in message.entities)
    return utf16(message.text) > TEXT_LIMIT or len(message.entities) > ENTITY_LIMIT or size > ENTITY_BYTES


def _altered(message: Message) -> bool:
    """Space at the ends, which goes without harm, is not counted."""
    try:
        kept = as_telegram_keeps_it(message)
    except ValueError:
        return True
    return set(kept.entities) != set(message.entities)


_LARGE: Final = """
import sys, time
from pathlib import Path
from bot.workers.prepare import prepare
data = sys.stdin.buffer.read()
start = time.perf_counter()
prepare(data, "a.md")
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
print(time.perf_counter() - start, int(status["VmHWM"].split()[0]) / 1024)
"""


def _large() -> Iterator[Row]:
    """2 MB of prose, through everything that publishing does, in a process of its own.

    Its memory is not asked of getrusage, in which a new process begins with what this one needs.
    """
    numbers = count()
    text = ""
    parts: list[str] = []
    size = 0
    while size < 1_990_000:
        text = samples(next(numbers) + 1)[-1].text if len(parts) < 20 else parts[len(parts) % 20]
        parts.append(text)
        size += len(text.encode())
    data = "\n".join(parts).encode()[:2_000_000].decode(errors="ignore").encode()
    done = subprocess.run([sys.executable, "-c", _LARGE], input=data, capture_output=True, check=True)  # noqa: S603
    seconds, mebibytes = map(float, done.stdout.split())
    yield Row("2 MB of articles: read, rendered, every message checked", seconds, "s")
    yield Row("  the same: memory at most", mebibytes, "MiB", 200.0)
