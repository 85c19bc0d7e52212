"""How near the first paragraph and the bot's choice of sentences come to summaries that people wrote.

`python -m tools.summaries FOLDER…` reads saved pages that describe themselves and Markdown with a summary in its
metadata, takes that away, and compares: ROUGE-1, -2 and -L (F1) over words and characters of Chinese, per language,
with the difference's 95 % interval (bootstrap over documents). What was copied from the text word by word counts
apart: it says where its author copied from, not what stands for the text.
"""

import html
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251  # a seed makes it repeatable
from typing import Final

from bot.article.chosen import chosen_sentences
from bot.article.language import units_of
from bot.article.metadata.front_matter import split_front_matter
from bot.article.metadata.writing import with_fields
from bot.article.model import Article
from bot.article.parse import parse
from bot.article.plain_text import plain_blocks
from bot.errors import BotError
from bot.sources.pages.page import read_page

_DESCRIPTION: Final = re.compile(
    r"<meta[^>]{0,200}?(?:name|property)=[\"'](?:og:)?description[\"'][^>]{0,100}?content=\"([^\"]{40,})\"",
    re.IGNORECASE,
)
_ROOM: Final = 60
"""Units of either that are compared, as much as a digest shows."""
_DRAWS: Final = 2_000
_COPIED_CHARS: Final = 60


@dataclass(frozen=True)
class Example:
    """An article without its summary, and the summary."""

    article: Article
    written: str

    @property
    def is_copied(self) -> bool:
        """Whether the summary begins as some sentence of the text."""
        text = "".join(units_of("\n".join(plain_blocks(each.body) for each in self.article.walk())))
        return "".join(units_of(self.written))[:_COPIED_CHARS] in text


def examples(folder: Path) -> Iterator[Example]:
    """Yield what can be compared of a folder."""
    for path in sorted(folder.rglob("*")):
        try:
            if path.suffix in {".html", ".htm"}:
                data = path.read_bytes()
                found = _DESCRIPTION.search(data.decode("utf-8", "replace"))
                page = (
                    read_page(data, address="https://example.org/page", media_type="text/html")
                    if found
                    else ""
                )
                if found and not isinstance(page, str):
                    bare = with_fields(page.document, {"summary": ""})
                    yield Example(parse(bare, file="page.md"), html.unescape(found[1]))
            elif path.suffix == ".md":
                text = path.read_text("utf-8", "replace")
                if summary := split_front_matter(text).text("summary"):
                    yield Example(parse(with_fields(text, {"summary": ""}), file=path.name), summary)
        except BotError:
            continue  # no article


def rouge(order: int, one: Sequence[str], other: Sequence[str]) -> float:
    """Return the F1 of the runs of so many units that two texts have in common."""
    left = Counter(zip(*(one[at:] for at in range(order)), strict=False))
    right = Counter(zip(*(other[at:] for at in range(order)), strict=False))
    both = left.total() + right.total()
    return 2 * (left & right).total() / both if both else 0.0


def rouge_l(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the F1 of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for unit in one:
        above, row = row, [0]
        for at, each in enumerate(other):
            row.append(above[at] + 1 if unit == each else max(above[at + 1], row[at]))
    return 2 * row[-1] / (len(one) + len(other)) if one and other else 0.0


def scores(text: str, written: str) -> tuple[float, float, float]:
    """Return ROUGE-1, -2 and -L of a text beside what somebody wrote."""
    units, wanted = units_of(text)[:_ROOM], units_of(written)
    return rouge(1, units, wanted), rouge(2, units, wanted), rouge_l(units, wanted)


def compare(name: str, chosen: Sequence[Example]) -> None:
    """Print how both do on some examples."""
    pairs = []
    for each in chosen:
        sentences = chosen_sentences(each.article.title, each.article.sections)
        if sentences:
            lead = scores(plain_blocks(each.article.summary), each.written)
            pairs.append((lead, scores(" ".join(one.text for one in sentences), each.written)))
    if not pairs:
        return
    means = [[sum(pair[side][at] for pair in pairs) / len(pairs) for at in range(3)] for side in range(2)]
    dice = Random(1)  # noqa: S311  # nothing secret
    differences = [pair[1][0] - pair[0][0] for pair in pairs]
    drawn = sorted(sum(dice.choices(differences, k=len(pairs))) / len(pairs) for _ in range(_DRAWS))
    low, high = drawn[_DRAWS // 40], drawn[-_DRAWS // 40]
    words = [" / ".join(f"{value:.3f}" for value in side) for side in means]
    print(
        f"{name:<18} {len(pairs):>4}   lead {words[0]}   chosen {words[1]}   "
        f"R1 {sum(differences) / len(pairs):+.3f} [{low:+.3f}, {high:+.3f}]"
    )


def main(folders: Sequence[str]) -> int:
    """Compare what is in the folders; 2 without any."""
    if not folders:
        print(__doc__)
        return 2
    found = [each for folder in folders for each in examples(Path(folder))]
    for language, _ in Counter(each.article.language for each in found).most_common():
        some = [each for each in found if each.article.language == language]
        compare(f"{language}, all", some)
        compare(f"{language}, not copied", [each for each in some if not each.is_copied])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
