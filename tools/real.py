"""Documents that nobody here wrote: none crashes, loses a word, or makes a message that Telegram alters.

    python -m tools.real FOLDER…

reads every README, changelog, manual and Markdown file below the folders. What a reader must see is taken from
markdown-it's HTML, so it does not depend on our own reading of the document.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.html_blocks import block_names

from bot.article.encoding import decode
from bot.article.metadata.front_matter import split_front_matter
from bot.article.metadata.keys import KEYS
from bot.article.model import Article
from bot.article.parse import parse
from bot.errors import ArticleError
from bot.message.edition import edition_of
from bot.message.limits import problems
from bot.workers.preflight import messages_of
from tests.telegram import is_altered

_NAMES: Final = re.compile(
    r".*\.(md|markdown)|METADATA|(README|CHANGELOG|CHANGES|NEWS|HISTORY)([.-].*)?", re.IGNORECASE
)
_OTHERS: Final = frozenset({".gz", ".html", ".py", ".js", ".xml", ".json", ".pyc", ".png"})
_WORD: Final = re.compile(r"\w+")
_INLINE: Final = frozenset("a abbr b big code del em font i ins kbd mark s small span strong tt u".split())
"""Elements that part no word; what is raised or lowered is looked for by itself."""
_HIDDEN: Final = frozenset(
    "script style template audio video noscript button svg canvas iframe object select textarea".split()
)
_ELEMENTS: Final = (
    _INLINE
    | _HIDDEN
    | frozenset(block_names)
    | frozenset(
        "acronym bdi bdo br cite data dfn embed img input label map mark math meta meter output picture pre progress "
        "q rp rt ruby samp slot source strike sub sup time title var video wbr".split()
    )
)
_ATTRIBUTES: Final = re.compile(
    r"""<[\w:.-]+(?:\s+[\w:@.-]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)|\s+(hidden|open))*\s*/?>"""
)


class _Words(HTMLParser):
    """The text of a page as its reader sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        source = self.get_starttag_text() or ""
        # What is no element of HTML was never meant to be one: `<your-token>`, `a <b and c> d`.
        if (tag not in _ELEMENTS and not attrs) or not _ATTRIBUTES.fullmatch(source):
            self.pieces.append(source)
        else:
            self.pieces.append("" if tag in _INLINE else f" {dict(attrs).get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        self.pieces.append("" if tag in _INLINE else " ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def documents(folders: Sequence[Path]) -> Iterator[tuple[Path, bytes]]:
    """Each different document once."""
    seen: set[bytes] = set()
    for folder in folders:
        for file in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if not _NAMES.fullmatch(file.name) or file.suffix in _OTHERS or not file.is_file():
                continue
            data = file.read_bytes()
            if data not in seen:
                seen.add(data)
                yield file, data


def lost(article: Article, text: str) -> list[str]:
    """Words that the page of a document shows, and our messages do not."""
    page = _Words()
    page.feed(
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(split_front_matter(text).body)
    )
    edition = edition_of(article)
    shown = " ".join(
        (
            *KEYS, article.title, edition.summary.text, article.source or "", article.author or "", str(article.published), article.url or "",
            *article.tags,
            *(f"{section.head.title} {' '.join(page.text for page in section.pages)}" for section in edition.sections),
        )
    )  # fmt: skip
    shown = unicodedata.normalize("NFKC", shown).casefold()
    have, together = set(_WORD.findall(shown)), "".join(shown.split())
    wanted = dict.fromkeys(_WORD.findall(unicodedata.normalize("NFKC", "".join(page.pieces)).casefold()))
    return [word for word in wanted if word not in have and word not in together]


def main(folders: Sequence[Path]) -> int:
    """Read all, print what went wrong and the figures; 1 if anything did but a refusal."""
    tally: Counter[str] = Counter()
    for file, data in documents(folders):
        tally["documents"] += 1
        try:
            text = decode(data, file=str(file))
            article = parse(text, file=str(file))
        except ArticleError as refused:
            tally[f"refused ({refused.key})"] += 1
            continue
        messages = [message for _, message in messages_of(article)]
        faults = [problem for message in messages for problem in problems(message)]
        altered = sum(map(is_altered, messages))
        missing = lost(article, text)
        tally["messages"] += len(messages)
        for kind, found in (
            ("broken limits", faults),
            ("altered messages", altered),
            ("documents with lost words", missing),
        ):
            if found:
                tally[kind] += 1
                print(kind, file, str(found)[:200])
    for kind, count in sorted(tally.items()):
        print(f"{count:>8} {kind}")
    return int(bool(tally.keys() & {"broken limits", "altered messages", "documents with lost words"}))


if __name__ == "__main__":
    sys.exit(main([Path(folder) for folder in sys.argv[1:]]))
