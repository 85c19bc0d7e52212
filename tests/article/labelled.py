"""Documents whose quotes were marked by hand, and how well the parser finds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.article.parse import parse
from bot.article.plain_text import plain

FOLDER = Path(__file__).parent / "labelled"


class Label(NamedTuple):
    """A quote as a person would note it down."""

    text: str
    by: str | None
    url: str | None
    section: str


@dataclass(frozen=True)
class Document:
    """A file with the quotes that are in it, and those that were found in it."""

    name: str
    marked: frozenset[Label]
    found: frozenset[Label]

    @property
    def missed(self) -> frozenset[str]:
        return frozenset(label.text for label in self.marked) - {label.text for label in self.found}

    @property
    def invented(self) -> frozenset[str]:
        return frozenset(label.text for label in self.found) - {label.text for label in self.marked}

    @property
    def differing(self) -> list[tuple[Label, Label]]:
        """Found, but said by another, elsewhere, or with another link."""
        found = {label.text: label for label in self.found}
        return [(one, found[one.text]) for one in self.marked if one.text in found and found[one.text] != one]


class Score(NamedTuple):
    """Shares between 0 and 1."""

    precision: float
    recall: float
    attributed: float


def documents() -> Iterator[Document]:
    labels = yaml.safe_load((FOLDER / "labels.yaml").read_text(encoding="utf-8"))
    for file in sorted(FOLDER.glob("*.md")):
        article = parse(file.read_text(encoding="utf-8"), file=file.name)
        titles = {section.id: plain(section.title) or article.title for section in article.walk()}
        found = frozenset(Label(q.text, q.by, q.url, titles[q.section]) for q in article.quotes)
        marked = frozenset(
            Label(label["text"], label.get("by"), label.get("url"), label["section"])
            for label in labels[file.stem]
        )
        yield Document(file.stem, marked, found)


def score(read: list[Document]) -> Score:
    marked = sum(len(one.marked) for one in read)
    missed = sum(len(one.missed) for one in read)
    invented = sum(len(one.invented) for one in read)
    differing = sum(len(one.differing) for one in read)
    right = marked - missed
    return Score(right / (right + invented), right / marked, (right - differing) / right)


if __name__ == "__main__":
    read = list(documents())
    for one in read:
        for text in sorted(one.missed):
            print(one.name, "missed", repr(text))  # noqa: T201
        for text in sorted(one.invented):
            print(one.name, "invented", repr(text))  # noqa: T201
        for pair in one.differing:
            print(one.name, "differs", *map(tuple, pair))  # noqa: T201
    print(len(read), "documents", sum(len(one.marked) for one in read), "quotes", score(read))  # noqa: T201
