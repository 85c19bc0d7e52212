"""How well the article in a page is found, on saved pages that somebody has judged.

    python -m tools.pages FOLDER

FOLDER holds pages and `gold.json`: for each page its address, strings `with` that belong to the article, strings
`without` that do not, and `title`, `author`, `date` where known. Beside our reading in the same run: trafilatura's own
Markdown, and readability-lxml with markdownify if that is installed.
"""

import importlib
import json
import logging
import re
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from markdownify import markdownify
from trafilatura import extract
from trafilatura.metadata import extract_metadata

from bot.sources.model import Page
from bot.sources.pages.encoding import page_text
from bot.sources.pages.markdown import tree_of
from bot.sources.pages.metadata import read_metadata
from bot.sources.pages.page import read_page

Read = Callable[[bytes, str], str]
Gold = Mapping[str, Any]

_MARKUP: Final = re.compile(r"[*_#>|`\[\]\\~!]|\(https?://[^)]*\)")


def _ours(data: bytes, address: str) -> str:
    found = read_page(data, address=address, media_type="text/html")
    return found.document.split("\n---\n", 1)[-1] if isinstance(found, Page) else ""


def _trafilatura(data: bytes, address: str) -> str:
    found = extract(
        data,
        url=address,
        include_comments=False,
        output_format="markdown",
        include_links=True,
        include_images=True,
    )
    return found or ""


def _readability(data: bytes, address: str) -> str:
    del address
    document = importlib.import_module("readability").Document(data.decode("utf-8", "replace"))
    return str(markdownify(document.summary()))


def _readers() -> Iterator[tuple[str, Read]]:
    yield "ours", _ours
    yield "trafilatura, its own Markdown", _trafilatura
    try:
        importlib.import_module("readability")
    except ImportError:
        print("readability-lxml is not installed: left out", file=sys.stderr)
    else:
        yield "readability-lxml + markdownify", _readability


def _bare(text: str) -> str:
    return " ".join(_MARKUP.sub("", unicodedata.normalize("NFC", text)).split()).casefold()


def _letters(text: str | None) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text or "").casefold() if char.isalnum())


def _text_scores(read: Read, pages: Mapping[str, tuple[bytes, Gold]]) -> str:
    right = missed = wrong = empty = 0
    times = []
    for data, gold in pages.values():
        begun = time.process_time()
        found = _bare(read(data, gold["url"]))
        times.append((time.process_time() - begun) * 1000)
        empty += not found
        hits = [_bare(each) in found for each in gold["with"]]
        right, missed = right + sum(hits), missed + len(hits) - sum(hits)
        wrong += sum(_bare(each) in found for each in gold["without"])
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return (
        f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  empty {empty}  "
        f"{statistics.median(times):.0f} ms a page (median)"
    )


def _field_scores(pages: Mapping[str, tuple[bytes, Gold]]) -> Iterator[str]:
    for name in ("title", "author", "date"):
        known = [(data, gold) for data, gold in pages.values() if gold.get(name)]
        ours = theirs = 0
        for data, gold in known:
            tree, other = tree_of(page_text(data)), tree_of(page_text(data))
            if tree is None or other is None:
                continue
            said, stated = read_metadata(tree, gold["url"]), extract_metadata(other, default_url=gold["url"])
            mine = str(said.published or "") if name == "date" else getattr(said, name)
            ours += _letters(mine) == _letters(gold[name])
            theirs += _letters(getattr(stated, name)) == _letters(gold[name])
        yield f"{name:<7} ours {ours}/{len(known)}  trafilatura {theirs}/{len(known)}"


def main() -> int:
    """Print the figures."""
    logging.disable(logging.CRITICAL)
    folder = Path(sys.argv[1])
    golds: dict[str, Gold] = json.loads((folder / "gold.json").read_text("utf-8"))
    files = {name: folder / (name if name.endswith(".html") else f"{name}.html") for name in golds}
    pages = {name: (files[name].read_bytes(), gold) for name, gold in golds.items()}
    print(f"{len(pages)} pages")
    for name, read in _readers():
        print(f"{name:<32} {_text_scores(read, pages)}")
    for line in _field_scores(pages):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
