"""A few whole sentences that stand for an article whose author wrote no summary. Pure; no model, no network.

A sentence counts for what it has in common with the title and for how early it stands. On some kinds of texts
that is better than the first paragraph, on others worse (`docs/measurements.md`): it is offered, not taken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.article.asides import is_aside
from bot.article.language import units_of
from bot.article.model import Paragraph, Section, SectionId
from bot.article.plain_text import plain, visible

_MARK: Final = re.compile(r"([。！？]+|[.!?…]+)([\"”’』」）)]*)(\s*)")
_SHORT: Final = re.compile(
    r"(?:^|[\s(“\"])"
    r"(?:[A-Z]|mrs?|ms|dr|prof|st|vs|e\.g|i\.e|no|fig|al|jr|sr|etc|cf|z\.b|bzw|ca)$",
    re.IGNORECASE,
)
"""What stands before a full stop that ends no sentence."""
BY_THE_BOT: Final = "bot"
"""What `summary_by` says in the metadata of an article whose summary was chosen here."""

_SIGN: Final = re.compile(r"([\\`*_<>#~|^=$&])")
_MARKER: Final = re.compile(r"^(\d{0,9})([-+.)])")
"""What begins a list."""
_MAX_SENTENCES: Final = 400
"""From the beginning; what stands later is hardly what an article is about."""
_MIN_UNITS: Final = 6
_MAX_UNITS: Final = 60
"""Words, or characters of Chinese, of a sentence that can be chosen."""
_MOST: Final = 3
_ROOM: Final = 60
"""Units of all that are chosen."""
_EARLY: Final = 3
_WEIGHT_OF_PLACE: Final = 0.3


@dataclass(frozen=True, slots=True)
class ChosenSentence:
    """A sentence of an article, as it stands there, and the section that it is from."""

    text: str
    section: SectionId


def chosen_sentences(title: str, sections: Sequence[Section]) -> tuple[ChosenSentence, ...]:
    """Return up to three sentences in reading order; nothing where none can be chosen."""
    about = _grams(units_of(title))
    ranked: list[tuple[float, int, int, ChosenSentence]] = []
    for number, found in enumerate(_sentences(sections)):
        units = units_of(found.text)
        if not _MIN_UNITS <= len(units) <= _MAX_UNITS:
            continue
        said = _grams(units)
        common = len(about & said) / (len(about) * len(said)) ** 0.5 if about and said else 0.0
        score = common + _WEIGHT_OF_PLACE / (1 + number / _EARLY)
        ranked.append((-score, number, len(units), found))
    taken: list[tuple[int, ChosenSentence]] = []
    room = _ROOM
    for _, number, length, found in sorted(ranked, key=lambda each: each[:2]):
        if length <= room and len(taken) < _MOST:
            taken.append((number, found))
            room -= length
    return tuple(found for _, found in sorted(taken, key=lambda each: each[0]))


def in_markdown(sentences: Sequence[ChosenSentence]) -> str:
    """Return sentences as a Markdown paragraph that says just these words."""
    text = _SIGN.sub(r"\\\1", " ".join(each.text for each in sentences))
    # Brackets behind a backslash would be a formula.
    text = text.replace("[", "&#91;").replace("]", "&#93;")
    return _MARKER.sub(r"\1\\\2", text)


def sentences_in(text: str) -> list[str]:
    """Return the sentences of a paragraph.

    A mark within quotation marks ends none where the sentence goes on: “真的？”他问.
    """
    found, start = [], 0
    for mark in _MARK.finditer(text):
        if _ends(text, mark):
            found.append(text[start : mark.end()])
            start = mark.end()
    found.append(text[start:])
    return [sentence for each in found if (sentence := " ".join(each.split()))]


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Return whether a sentence ends with a mark, and the quotation marks and spaces behind it."""
    after = text[mark.end() : mark.end() + 1]
    if mark[1][0] in "。！？":
        return not (mark[2] and after.isalnum()) and after not in {"，", "、", "；"}
    if not mark[3] and after:
        return False
    if mark[1] == "." and _SHORT.search(text[max(mark.start() - 8, 0) : mark.start()]):
        return False
    return not after.islower()


def sections_of(sentences: str, sections: Sequence[Section]) -> tuple[SectionId, ...]:
    """Return the sections in which the sentences of a text stand, each once."""
    wanted = set(sentences_in(sentences))
    found = (each.section for each in _sentences(sections) if each.text in wanted)
    return tuple(dict.fromkeys(found))


def _sentences(sections: Sequence[Section]) -> Iterator[ChosenSentence]:
    count = 0
    for top in sections:
        for section in top.walk():
            for block in section.body:
                if not isinstance(block, Paragraph) or is_aside(block):
                    continue
                for text in sentences_in(visible(plain(block.inlines))):
                    count += 1
                    if count > _MAX_SENTENCES:
                        return
                    yield ChosenSentence(text, section.id)


def _grams(units: Sequence[str]) -> set[str]:
    """Return the words of a text; of characters that stand without spaces, the pairs."""
    pairs = {one + other for one, other in pairwise(units) if len(one) == len(other) == 1}
    return pairs | {unit for unit in units if len(unit) > 1}
